/**
 * The kit: what every picture imports. `import { h, slider, mount } from "../kit/kit.js";`
 *
 * The loader (ui/component.py) joins these files and the picture's own into one module.
 */
export * from "./controls.js";
export * from "./dom.js";
export * from "./files.js";
export * from "./icons.js";
export * from "./marks.js";
export * from "./motion.js";
export * from "./mount.js";
export * from "./numbers.js";
