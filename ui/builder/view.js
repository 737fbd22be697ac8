import { h, icon, mount, setText } from "../kit/kit.js";
import { makeDiagram } from "./diagram.js";
import { makeDrag } from "./drag.js";
import { listenToKeys } from "./keys.js";
import { makeOutbox } from "./outbox.js";
import { makePalette } from "./palette.js";
import { makeProgram } from "./program.js";
import { makeSeal } from "./seal.js";
import { makeTable } from "./table.js";
import { makeToolbar } from "./toolbar.js";

const NARROW = 1120; // pixels under which the parts stand below one another
const STRUCTURAL = new Set(["add", "delete", "duplicate", "move", "fix", "add branch", "delete branch"]);

/**
 * The builder. Python hands over one value with everything that is shown (ui/builder/view.py); what a person does goes
 * back as actions (ui/builder/actions.py). Nothing is counted here.
 */
export default mount((root, tools) => {
  const outbox = makeOutbox(tools);
  let built = null;
  let known = "";

  function update(data) {
    const words = JSON.stringify(data.words);
    if (words !== known) built = build(root, data.words, outbox, tools);
    known = words;
    built.update(data);
  }

  return { live: true, update, draw: (width) => built?.draw(width) };
});

function build(root, words, outbox, tools) {
  const state = { data: null, text: "", holding: null };
  const desk = makeDesk(state, outbox, words);
  const seal = makeSeal(words, tools);
  const parts = {
    toolbar: makeToolbar(words, desk, seal),
    table: makeTable(words, desk),
    diagram: makeDiagram(words, desk),
    program: makeProgram(words, desk),
    palette: makePalette((kind, [where, index]) => desk.propose({ do: "add", kind, where, index })),
    note: makeNote(words, desk),
  };
  desk.parts = parts;
  desk.begin = makeDrag(
    parts.table.body,
    () => rowElements(state, parts.table),
    (path, [where, index]) => desk.propose({ do: "move", path, where, index }),
  );
  const side = h("div", { class: "side" }, parts.diagram.root, parts.program.root);
  const grid = h("div", { class: "grid" }, parts.table.root, side);
  const whole = h("div", { class: "whole" }, parts.toolbar.root, parts.note.root, grid, parts.palette.root);
  root.replaceChildren(whole);
  listenToKeys(whole, parts.table, desk, tools.signal);
  listenToPointer(parts.table.body, desk);

  function update({ seal: verdict, ...data }) {
    seal.set(verdict);
    const text = JSON.stringify(data);
    if (text !== state.text) show(data);
    state.text = text;
  }

  function show(data) {
    const before = state.data;
    const answered = outbox.heard(data.desk, data.done);
    state.data = data;
    if (!outbox.busy()) state.holding = null;
    parts.toolbar.set(data);
    parts.note.set(data.note);
    const inside = whole.getRootNode().activeElement;
    const hadFocus = Boolean(inside?.closest?.(".table"));
    parts.table.set(data);
    parts.program.set(data);
    parts.diagram.set(data);
    parts.palette.set(data.palette, words);
    const path = data.open?.path ?? null;
    const moved = path !== (before?.open?.path ?? null);
    parts.diagram.mark(path, moved);
    parts.program.mark(path, moved);
    follow(answered, path, hadFocus);
  }

  /** After a change of structure the focus goes to the row that it is about. */
  function follow(answered, path, hadFocus) {
    const structural = answered.some((action) => STRUCTURAL.has(action.do));
    if (!structural || path === null) return;
    parts.table.show(path);
    const focused = whole.getRootNode().activeElement;
    if (state.data.open?.focus || focused?.closest(".deeds")) return;
    if (hadFocus || answered.some((action) => action.do === "add")) parts.table.rove(path, true);
  }

  function draw(width) {
    whole.classList.toggle("narrow", width < NARROW);
    arrangeParts(grid, side, parts, width >= NARROW);
    parts.diagram.measure(width);
  }
  return { update, draw };
}

/** The order in the document is the order on the screen: the diagram comes first where the parts are stacked. */
function arrangeParts(grid, side, { table, diagram }, wide) {
  if (wide && diagram.root.parentNode !== side) side.prepend(diagram.root);
  if (!wide && diagram.root.parentNode !== grid) grid.insertBefore(diagram.root, table.root);
}

/** What the parts may do: propose actions, open rows, hold a value under the hand. */
function makeDesk(state, outbox, words) {
  const desk = {
    propose: (action) => outbox.propose(action),
    train: () => outbox.leave(),
    say: (sentence) => desk.parts.note.set(sentence),
    json: () => `${JSON.stringify(JSON.parse(state.data.text), null, 2)}\n`,
    address: () => linkTo(state.data.link),
    openPath: () => state.data?.open?.path ?? null,
    rowAt: (path) => state.data.rows.find((row) => row.path === path),
    drag: (event, row) => desk.begin(event, row),
    addAtEnd: (anchor) => desk.addAt(anchor, state.data.insert),
    addAt: (anchor, place) => desk.parts.palette.open(anchor, place, flowsAt(state.data.rows, place)),
    holds: (path, field) => state.holding === `${path} ${field}`,
    open(path) {
      if (path !== desk.openPath()) desk.toggle(path);
      desk.parts.table.show(path);
    },
    /** Opens a row, or closes it where it is open; shown at once, before Python has answered. */
    toggle(path, enter = false) {
      const open = path === desk.openPath() ? null : path;
      if (open === null && enter) return desk.parts.table.enterPanel();
      desk.parts.table.rove(path, true);
      desk.parts.table.markOpen(open);
      desk.propose({ do: "open", path: open });
    },
    leavePanel: () => desk.parts.table.rove(desk.openPath() ?? "input", true),
    point(path) {
      desk.parts.table.hover(path);
      desk.parts.diagram.hover(path);
    },
    /** The hand on a control: what it settles, and what it passes through. */
    hand: (path, field) => ({
      settle(value) {
        state.holding = null;
        desk.propose({ do: "set", path, field, value });
      },
      live(value) {
        state.holding = `${path} ${field}`;
        outbox.proposeLive({ do: "set", path, field, value });
      },
    }),
    words,
  };
  return desk;
}

function linkTo(link) {
  const address = new URL(location.href);
  address.searchParams.set("net", link);
  return address.href;
}

/** The layout of what flows at a place, as far as the rows tell. */
function flowsAt(rows, [where, index]) {
  const before = rows.find((row) => row.after && row.after[0] === where && row.after[1] === index);
  return before?.gives ?? null;
}

function rowElements(state, table) {
  return state.data.rows
    .map((row) => ({ row, root: table.element(row.path) }))
    .filter(({ root }) => root?.isConnected);
}

function listenToPointer(body, desk) {
  const path = (event) => event.target.closest?.(".row")?.dataset.path ?? null;
  body.addEventListener("pointerover", (event) => desk.point(path(event)));
  body.addEventListener("pointerleave", () => desk.point(null));
}

/** A sentence over the table, until the next action or until it is closed. */
function makeNote(words, desk) {
  const says = h("span", {});
  const close = h("button", { class: "fold", type: "button", "aria-label": words.close }, icon("cross"));
  const root = h("div", { class: "note", role: "status" }, says, close);
  close.addEventListener("click", () => {
    root.hidden = true;
    desk.propose({ do: "hush" });
  });
  root.hidden = true;
  return {
    root,
    set(sentence) {
      setText(says, sentence);
      root.hidden = !sentence;
    },
  };
}
