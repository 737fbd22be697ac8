import { makeSeal } from "../builder/seal.js";
import { h } from "../kit/kit.js";

/** The referee's seal, above the picture at the right, beside the page's title; it asks by the event `seal`. */
export function makePageSeal(tools) {
  const root = h("div", { class: "page-seal" });
  const around = { ...tools, ask: (_name, value) => tools.ask("seal", value) };
  let seal = null;
  return {
    root,
    set(data, words) {
      if (!seal) {
        seal = makeSeal(words, around);
        root.append(seal.root, seal.menu);
      }
      seal.set(data);
    },
  };
}
