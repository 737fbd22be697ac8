import { button, h, setText } from "../kit/kit.js";
import { proposer } from "../training/acting.js";

/** The networks that were saved by name. */
export function makeNetworks(root, tools) {
  const act = proposer(tools);
  const title = h("h2", {});
  const none = h("p", { class: "caption" });
  const list = h("ul", {});
  root.append(h("section", { class: "panel networks" }, h("header", {}, title, none), list));
  return {
    update({ rows, words }) {
      setText(title, words.title);
      setText(none, words.none);
      list.replaceChildren(...rows.map((row) => line(row, words, act)));
    },
  };
}

function line(row, words, act) {
  const press = (does, word, look) => button(word, () => act({ do: does, network: row.id }), look);
  const open = h("span", { class: "actions" }, [
    press("open_network", words.builder, { icon: "file" }),
    row.trains && press("train_network", words.train, { icon: "play" }),
    row.mine &&
      !row.asked &&
      press("ask_network", "", { icon: "trash", label: `${words.delete}: ${row.name}` }),
  ]);
  const asked =
    row.asked &&
    h("span", { class: "asked", role: "alert" }, [
      h("span", { class: "label" }, words.question),
      press("delete_network", words.deleteNow, { icon: "trash", kind: "fix" }),
      press("keep", words.keep),
    ]);
  return h(
    "li",
    { "data-network": row.id },
    h("b", {}, row.name),
    h("span", { class: "caption", title: row.exactly }, `${row.params} ${words.params} · ${row.when}`),
    asked,
    open,
  );
}
