import { mount } from "../kit/kit.js";
import { speak } from "./say.js";
import { makePageSeal } from "./seal.js";

/**
 * The life of a page's picture: like the kit's `mount`, and built anew when the language changes, so that what is built
 * once may say its words once. `build` gets (root, tools, data) and gives { update, draw, destroy }. Where the data hold
 * a `seal`, it is drawn beside the title.
 */
export function labPage(build) {
  return mount((root, tools) => {
    let view = null;
    let seal = null;
    let language = null;
    return {
      update(data) {
        speak(data.words);
        if (data.lang !== language) {
          view?.destroy?.();
          root.replaceChildren();
          view = build(root, tools, data);
          seal = makePageSeal(tools);
          root.append(seal.root);
          language = data.lang;
        }
        if (data.seal) seal.set(data.seal, data.sealWords);
        view.update?.(data);
      },
      draw: (width) => view?.draw?.(width),
      destroy: () => view?.destroy?.(),
    };
  });
}
