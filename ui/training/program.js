import { button, h, saveText } from "../kit/kit.js";

/** A run as files to save. */
export function makeProgram(root) {
  const place = h("section", { class: "taking" });
  root.append(place);
  return {
    update({ files, says }) {
      const save = ({ word, name, type, text }) =>
        button(word, () => saveText(text, name, type), { icon: "download" });
      place.replaceChildren(...files.map(save), h("p", { class: "caption" }, says));
    },
  };
}
