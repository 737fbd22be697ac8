import { h, segmented, setText, tick } from "../kit/kit.js";
import { proposer } from "../training/acting.js";

/** What stands above the curves: the badge, and what is drawn over what. */
export function makeBar(root, tools) {
  const act = proposer(tools);
  let controls;
  let said;
  const badge = h("span", { class: "badge" });
  const going = h("span", { class: "caption" });
  const place = h("div", { class: "bar-of-curves" });
  root.append(place);

  function build({ words, axes, axis, held, log }) {
    const loss = segmented({
      label: words.loss,
      options: [
        ["training", words.training],
        ["validation", words.validation],
      ],
      value: held ? "validation" : "training",
      settle: (value) => act({ do: "held", value: value === "validation" }),
    });
    const along = segmented({
      label: words.along,
      options: axes,
      value: axis,
      settle: (value) => act({ do: "axis", value }),
    });
    const scale = tick({ label: words.log, value: log, settle: (value) => act({ do: "log", value }) });
    const labelled = (word, control) =>
      h("span", { class: "labelled" }, h("span", { class: "label" }, word), control.root);
    place.replaceChildren(
      labelled(words.loss, loss),
      labelled(words.along, along),
      scale.root,
      h("span", { class: "space" }),
      going,
      badge,
    );
    return { loss, along, scale };
  }

  return {
    update(data) {
      const words = JSON.stringify(data.words);
      if (words !== said) controls = build(data);
      said = words;
      controls.loss.set(data.held ? "validation" : "training");
      controls.along.set(data.axis);
      controls.scale.set(data.log);
      setText(going, data.going);
      badge.hidden = !data.badge;
      if (!data.badge) return;
      badge.className = `badge state ${data.badge.tone}`;
      badge.title = data.badge.means;
      badge.replaceChildren(h("i", { "aria-hidden": "true" }), data.badge.word);
    },
  };
}

/** A table of what differs between the runs, and of what does not, folded away. */
export function makeTable(root) {
  const title = h("h2", {});
  const hint = h("p", { class: "caption" });
  const none = h("p", { class: "caption" });
  const table = h("table", {});
  const more = h("summary", {});
  const rest = h("table", {});
  const fold = h("details", {}, more, rest);
  root.append(h("section", { class: "panel differences" }, h("header", {}, title, hint), none, table, fold));
  return {
    update({ names, rows, rest: equal, words }) {
      setText(title, words.title);
      setText(hint, words.hint);
      setText(none, rows.length ? "" : words.none);
      setText(more, words.rest);
      fold.hidden = !equal.length;
      table.replaceChildren(head(names), body(rows));
      rest.replaceChildren(body(equal));
    },
  };
}

function head(names) {
  const cells = names.map((name, index) =>
    h(
      "th",
      { scope: "col" },
      h("i", { class: `swatch curve-${index}`, "aria-hidden": "true" }),
      h("span", {}, name),
    ),
  );
  return h("thead", {}, h("tr", {}, h("td", {}), cells));
}

function body(rows) {
  return h(
    "tbody",
    {},
    rows.map(({ label, values, best }) =>
      h(
        "tr",
        {},
        h("th", { scope: "row" }, label),
        values.map((value, index) => h("td", { class: index === best && "best", title: value }, value)),
      ),
    ),
  );
}
