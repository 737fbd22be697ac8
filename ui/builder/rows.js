import { bar, h, icon, s, setText, text } from "../kit/kit.js";

const COSTS = [
  ["params", "weight"],
  ["macs", "compute"],
  ["bytes", "memory"],
];
const RIBBON = { width: 108, height: 36 };

/** Makes the element of a row by its type; each has `root`, `set(row)` and `kind`, which tells when it must be remade. */
export function makeRow(row, words, desk) {
  const made =
    row.type === "input" || row.type === "layer" ? makeLayer(row, words, desk) : makeThin(row, words, desk);
  made.kind = kindOf(row);
  made.set(row);
  return made;
}

/** Rows of the same kind are changed in place. */
export function kindOf(row) {
  return [row.type, row.path, row.title, row.editable, row.folded !== undefined].join("|");
}

function makeLayer(first, words, desk) {
  const state = { row: first };
  const grip = makeGrip(first, words, desk, state);
  const ribbon = makeRibbon();
  const rails = h("span", { class: "rails" });
  const fold = makeFold(first, words, desk, state);
  const title = h("b", {}, first.title);
  const says = h("span", { class: "says" });
  const mark = h("span", { class: "mark" });
  const shape = h("span", { class: "shape-cell", role: "gridcell" });
  const costs = COSTS.map(([name, about]) => makeCost(name, about));
  const add = makeAdd(words, desk, state);
  const name = h("span", { class: "name", role: "gridcell" }, rails, fold?.root, title, says, mark);
  const root = h(
    "div",
    { class: "row", role: "row", tabindex: -1, "data-path": first.path },
    grip,
    h("span", { class: "ribbon", role: "gridcell" }, ribbon.root),
    name,
    shape,
    costs.map((cost) => cost.root),
    add,
  );
  root.addEventListener("click", () => desk.toggle(first.path));

  function set(row) {
    state.row = row;
    drawRails(rails, row.rails);
    setText(says, row.says ?? "");
    says.title = row.says ?? "";
    fold?.set(row.folded);
    ribbon.set(row);
    setText(shape, row.shape);
    shape.title = row.axes ?? "";
    shape.classList.toggle("changes", Boolean(row.changes));
    for (const cost of costs) cost.set(row);
    for (const name of ["problem", "broken", "below"]) root.classList.toggle(name, row.state === name);
    root.classList.toggle("inner", row.type === "layer" && !row.editable);
    root.setAttribute("aria-level", String(1 + row.rails.length));
    if (row.folded !== undefined) root.setAttribute("aria-expanded", String(!row.folded));
    setText(mark, row.notes ? "•" : "");
    mark.title = row.notes ? words.remark.replace("{count}", row.notes) : "";
  }
  return { root, set };
}

function makeGrip(row, words, desk, state) {
  if (!row.editable) return h("span", { class: "grip", role: "gridcell" });
  const grip = h("span", { class: "grip", role: "gridcell", title: words.drag }, icon("grip"));
  grip.addEventListener("pointerdown", (event) => desk.drag(event, state.row));
  grip.addEventListener("click", (event) => event.stopPropagation());
  return grip;
}

function makeFold(row, words, desk, state) {
  if (row.folded === undefined) return null;
  const root = h("button", { class: "fold", type: "button", tabindex: -1 }, icon("chevron"));
  root.addEventListener("click", (event) => {
    event.stopPropagation();
    desk.propose({ do: "fold", path: state.row.path });
  });
  return {
    root,
    set(folded) {
      root.classList.toggle("open", !folded);
      root.setAttribute("aria-label", folded ? words.unfold : words.fold);
      root.setAttribute("aria-expanded", String(!folded));
    },
  };
}

function makeAdd(words, desk, state) {
  const add = h(
    "button",
    { class: "add", type: "button", tabindex: -1, title: words.addHere, "aria-label": words.addHere },
    icon("plus"),
  );
  add.addEventListener("click", (event) => {
    event.stopPropagation();
    desk.addAt(add, state.row.after);
  });
  return state.row.after ? add : null;
}

function makeCost(name, about) {
  const value = h("span", { class: "value" });
  const share = bar(about);
  const root = h("span", { class: "cost", role: "gridcell" }, value, share.root);
  return {
    root,
    set(row) {
      const [shown, exactly, part] = row[name] ?? ["–", "", 0];
      setText(value, shown);
      value.classList.toggle("zero", !row[name]);
      if (exactly && exactly !== shown) root.title = exactly;
      else root.removeAttribute("title");
      share.set(part);
      share.root.classList.toggle("none", part === 0);
    },
  };
}

/** The lines of the blocks around a row, from the outermost. */
function drawRails(root, rails) {
  const wanted = rails.join(" ");
  if (root.dataset.rails === wanted) return;
  root.dataset.rails = wanted;
  root.replaceChildren(...rails.map((rail) => h("i", { class: `rail ${rail}` })));
}

/** A bar as wide as there are channels and as high as the feature map, both by their logarithm. */
function makeRibbon() {
  const { width, height } = RIBBON;
  const shape = s("rect", { rx: 4 });
  const label = text(width / 2, height / 2 + 4.5, "", { class: "mono", "text-anchor": "middle" });
  const root = s(
    "svg",
    { viewBox: `0 0 ${width} ${height}`, height: height - 1, "aria-hidden": "true" },
    shape,
    label,
  );

  function set(row) {
    const [channels, side] = row.ribbon ?? [null, null];
    root.setAttribute("class", `of-${row.about}${row.ribbon ? "" : " unknown"}`);
    const wide = channels === null ? 30 : ribbonWidth(channels, side);
    const high = side === null ? 17 : Math.min(34, Math.max(17, 6 + log2(side) * 4.6));
    const box = { x: (width - wide) / 2, y: (height - high) / 2, width: wide, height: high };
    for (const [name, value] of Object.entries(box)) shape.style.setProperty(name, `${value}px`);
    setText(label, channels === null ? "" : short3(channels));
  }
  return { root, set };
}

function ribbonWidth(channels, side) {
  return Math.min(RIBBON.width - 2, side === null ? 16 + log2(channels) * 6.4 : 14 + log2(channels) * 9);
}

function log2(value) {
  return Math.log2(Math.max(1, value));
}

/** A number that fits a ribbon. */
function short3(value) {
  if (value < 1e5) return String(value);
  return value < 1e6 ? `${Math.round(value / 1e3)}k` : `${(value / 1e6).toFixed(1)}M`;
}

/** The head of a branch, an empty list, the place where branches join, and the row that shows more. */
function makeThin(first, words, desk) {
  const state = { row: first };
  const rails = h("span", { class: "rails" });
  const title = h("span", { class: "thin-title" });
  const says = h("span", { class: "says" });
  const shape = h("span", { class: "shape-cell", role: "gridcell" });
  const deeds = h("span", { class: "thin-deeds", role: "gridcell" }, thinDeeds(first, words, desk, state));
  const name = h("span", { class: "name", role: "gridcell" }, rails, title, says);
  const root = h(
    "div",
    { class: `row thin ${first.type}`, role: "row", tabindex: -1, "data-path": first.path },
    name,
    shape,
    deeds,
  );
  if (first.type === "more") root.addEventListener("click", () => desk.propose({ do: "more" }));

  function set(row) {
    state.row = row;
    drawRails(rails, row.rails);
    title.replaceChildren(...thinTitle(row, words));
    setText(says, row.says ?? "");
    setText(shape, row.shape ?? "");
    root.setAttribute("aria-level", String(1 + row.rails.length));
    root.classList.toggle("problem", row.about === "problem");
  }
  return { root, set };
}

function thinTitle(row, words) {
  if (row.type === "more") return [words.moreRows.replace("{count}", row.count)];
  if (row.type === "merge") return [h("i", { class: "sign" }, row.sign), row.title];
  return [row.title];
}

function thinDeeds(row, words, desk, state) {
  const made = [];
  if (row.after && row.type !== "merge")
    made.push(thinDeed(words.add, "plus", (button) => desk.addAt(button, state.row.after)));
  if (row.of && row.editable !== false) {
    const [path, number] = row.of;
    made.push(
      thinDeed(words.deleteBranch, "trash", () => desk.propose({ do: "delete branch", path, number })),
    );
  }
  return made;
}

function thinDeed(word, iconName, press) {
  const root = h(
    "button",
    { class: "thin-deed", type: "button", title: word, "aria-label": word },
    icon(iconName),
  );
  root.addEventListener("click", (event) => {
    event.stopPropagation();
    press(root);
  });
  return root;
}

/** What stands under a faulty row: the rule, what came, the way out, and the repairs as buttons. */
export function makeFault(row, words, desk) {
  const { says, hint, fixes } = row.problem;
  const repairs = fixes.map((fix, number) =>
    h(
      "button",
      {
        class: "button fix",
        type: "button",
        onclick: () => desk.propose({ do: "fix", path: row.path, number }),
      },
      fix,
    ),
  );
  const lead = h("span", { class: "spoken" }, `${words.fault}: `);
  return h(
    "div",
    { class: "fault", role: "row" },
    h(
      "div",
      { role: "gridcell" },
      h("p", { role: "alert" }, lead, says, says.endsWith(".") ? "" : ".", hint && ` ${hint}`),
      repairs.length > 0 && h("div", { class: "chips" }, repairs),
    ),
  );
}
