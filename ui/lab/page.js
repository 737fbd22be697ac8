import { mount } from "../kit/kit.js";
import { speak } from "./say.js";

/**
 * The life of a page's picture: like the kit's `mount`, and built anew when the language changes, so that what is built
 * once may say its words once. `build` gets (root, tools, data) and gives { update, draw, destroy }.
 */
export function labPage(build) {
  return mount((root, tools) => {
    let view = null;
    let language = null;
    return {
      update(data) {
        speak(data.words);
        if (data.lang !== language) {
          view?.destroy?.();
          root.replaceChildren();
          view = build(root, tools, data);
          language = data.lang;
        }
        view.update?.(data);
      },
      draw: (width) => view?.draw?.(width),
      destroy: () => view?.destroy?.(),
    };
  });
}
