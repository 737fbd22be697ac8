import { h } from "../kit/kit.js";
import { makeKernels } from "./kernels.js";
import { makeLayers } from "./layers.js";

/** Inside the network at the step that the slider is at: what the step did to each layer, and the first layer's kernels. */
export function makeInside(root) {
  const layers = makeLayers();
  const kernels = makeKernels();
  const panels = h("div", { class: "two inside" });
  root.append(panels);
  let shown = "";
  let hasKernels = false;
  return {
    update(data) {
      const parts = [data.layers && layers, data.kernels && kernels].filter(Boolean);
      const text = JSON.stringify([Boolean(data.layers), Boolean(data.kernels)]);
      if (text !== shown) panels.replaceChildren(...parts.map((part) => part.root));
      shown = text;
      panels.classList.toggle("alone", parts.length < 2);
      hasKernels = Boolean(data.kernels);
      if (data.layers) layers.update(data.layers);
      if (data.kernels) kernels.update(data.kernels);
    },
    draw() {
      if (hasKernels) kernels.paint();
    },
  };
}
