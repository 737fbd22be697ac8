import { change, dimensions, exact, h, number, say, setText, shapeChip, short } from "../lab/lab.js";
import {
  directionsOf,
  isCell,
  isEmbedded,
  KINDS,
  macCount,
  macText,
  paramCount,
  paramRows,
  recurrentParams,
  shapesOf,
  tableParams,
  vocabularyOf,
} from "./math.js";

const ABOUT = { x: "input", output: "output", h_n: "nothing", c_n: "nothing" };

/** Parameters with their sum, the three kinds side by side, the tensors with their axes, multiply-adds, notes. */
export function makeSums() {
  const params = number(say("parameters"), "weight");
  const rows = h("div", { class: "rows mono" });
  const why = h("p", { class: "caption why" });
  const bars = makeBars();
  const tensors = h("div", { class: "tensors" });
  const macs = number(say("macs"), "compute");
  const flops = h("span", { class: "caption flops" });
  const notes = h("div", { class: "notes" });
  macs.root.append(flops);
  const root = h(
    "div",
    { class: "totals sums" },
    h("div", { class: "counted" }, params.root, rows, why),
    bars.root,
    tensors,
    macs.root,
    notes,
  );
  let known = "";

  /** @param {object | null} counted what Python has counted for this very state */
  function set(state, kept, counted) {
    const text = JSON.stringify([state, kept, counted]);
    if (text === known) return;
    known = text;
    const found = {
      params: counted?.params.value ?? paramCount(state),
      macs: counted?.macs.value ?? macCount(state),
    };
    setCount(params, found.params, kept && paramCount(kept));
    setCount(macs, found.macs, kept && macCount(kept), macText(state).map(exact).join(" · "));
    setText(flops, say("flops", { n: short(2 * found.macs) }));
    rows.replaceChildren(...rowsOf(state));
    setText(why, whyOf(state));
    bars.set(state);
    tensors.replaceChildren(...tensorsOf(state, kept));
    notes.replaceChildren(...notesOf(state).map((words) => h("p", { class: "caption" }, words)));
  }

  return { root, set };
}

function setCount(view, now, before, formula = "") {
  const differs = before !== null && before !== now;
  view.set(short(now), {
    exactly: exact(now),
    change: differs ? change(now, before) || say("wasA", { value: short(before) }) : "",
    formula,
  });
  view.root.querySelector(".news").title = differs ? say("wasA", { value: exact(before) }) : "";
}

function rowsOf(state) {
  const row = (text, value) => h("div", {}, h("span", {}, text), h("b", {}, exact(value)));
  const found = paramRows(state).map(({ text, value }) => row(text, value));
  if (isEmbedded(state)) found.unshift(row(`${vocabularyOf(state)}·${state.width}`, tableParams(state)));
  return found;
}

/** Why there are two bias vectors, where there are. */
function whyOf(state) {
  if (!state.bias) return say("noBias");
  return say(state.kind === "GRU" ? "twoBiasesGru" : "twoBiases");
}

function makeBars() {
  const lines = KINDS.map((kind) => {
    const piece = h("i", {});
    const value = h("b", { class: "mono" });
    return { kind, piece, value, root: h("div", {}, h("span", {}, kind), piece, value) };
  });
  return {
    root: h(
      "div",
      { class: "kinds-compared" },
      lines.map((line) => line.root),
    ),
    set(state) {
      const one = recurrentParams(state, "RNN");
      const most = recurrentParams(state, "LSTM");
      for (const { kind, piece, value, root } of lines) {
        const count = recurrentParams(state, kind);
        root.classList.toggle("on", kind === state.kind);
        piece.style.setProperty("--share", `${(100 * count) / most}%`);
        setText(value, `${count / one}×`);
        root.title = say("paramsOf", { kind, n: exact(count) });
      }
    },
  };
}

function tensorsOf(state, kept) {
  const before = kept ? shapesOf(kept) : {};
  return Object.entries(shapesOf(state)).map(([name, { dims, axes }]) => {
    const chip = shapeChip(dims, axes, ABOUT[name]);
    if (name === "h_n" || name === "c_n") chip.root.classList.add("dashed");
    const old = before[name] && dimensions(before[name].dims);
    const differs = old && old !== dimensions(dims);
    return h(
      "div",
      { "data-tensor": name, title: differs ? say("wasA", { value: old }) : undefined },
      h("b", { class: "mono" }, isCell(state) ? cellNames[name] : name),
      chip.root,
    );
  });
}

const cellNames = { x: "x_t", h_n: "h", c_n: "c" };

function notesOf(state) {
  if (isCell(state)) return [say("cellSays")];
  const found = [];
  const { batch_first: first, hidden_size: hidden } = state;
  if (directionsOf(state) === 2)
    found.push(
      say("backSays", {
        where: first ? `output[:, 0, ${hidden}:]` : `output[0, :, ${hidden}:]`,
        last: first ? `output[:, -1]` : `output[-1]`,
      }),
    );
  if (first) found.push(say("batchFirstSays"));
  else found.push(say("timeFirstSays"));
  return found;
}
