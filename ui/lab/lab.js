/**
 * What the pages about a layer share, and the kit: `import { … } from "../lab/lab.js";`
 *
 * See ui/lab/__init__.py for how a page is put together.
 */
export * from "../kit/kit.js";
export * from "./asking.js";
export * from "./away.js";
export * from "./bench.js";
export * from "./code.js";
export * from "./desk.js";
export * from "./exercises.js";
export * from "./fault.js";
export * from "./keep.js";
export * from "./page.js";
export * from "./presets.js";
export * from "./say.js";
export * from "./seal.js";
export * from "./totals.js";
