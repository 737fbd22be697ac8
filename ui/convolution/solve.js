import { button, exact, h, holds, numberField, say, setText, short } from "../lab/lab.js";
import { isPool, isTransposed, macCount, paramCount } from "./math.js";

const GOALS = ["keep", "halve", "double", "size"];

/**
 * Solve for it: the output that is wanted, and every setting that gives it, the cheapest first; one click takes one.
 * Python works the offers out; `set(state, offers, fresh)` shows them, pale while they are about an older state.
 */
export function makeSolver(bench) {
  const goals = GOALS.map((name) => {
    const chip = button(say(`${name}Goal`), () =>
      bench.take({ goal: bench.now.goal === name ? "none" : name }),
    );
    return [name, chip];
  });
  const sizes = [0, 1].map((index) =>
    numberField({
      label: say(index ? "W" : "H"),
      min: 1,
      max: 6000,
      value: 4,
      settle: (value) => bench.take({ goal: "size", wanted: replacedAt(bench.now.wanted, index, value) }),
    }),
  );
  const wanted = h(
    "div",
    { class: "wanted-sizes" },
    sizes.map((size) => size.root),
  );
  const found = h("p", { class: "caption", "aria-live": "polite" });
  const list = h("div", { class: "offers" });
  const root = h(
    "div",
    { class: "group solver", title: say("solveSays") },
    h("span", { class: "label" }, say("solve")),
    h(
      "div",
      { class: "chips" },
      goals.map(([, chip]) => chip),
    ),
    wanted,
    found,
    list,
  );
  let known = "";
  let typed = [];

  return {
    root,
    set(state, offers, fresh) {
      for (const [name, chip] of goals) chip.setAttribute("aria-pressed", String(state.goal === name));
      wanted.hidden = state.goal !== "size";
      sizes.forEach((size, index) => {
        size.root.hidden = state.axes === 1 && index === 0;
        // What is being typed stays, whatever is drawn meanwhile.
        if (state.wanted[index] !== typed[index]) size.set(state.wanted[index]);
      });
      typed = state.wanted;
      const shows = state.goal !== "none" && offers !== null;
      list.hidden = found.hidden = !shows;
      if (!shows) return;
      list.classList.toggle("stale", !fresh);
      if (!fresh) return;
      setText(found, foundWords(offers));
      const text = JSON.stringify([state, offers]);
      if (text !== known) list.replaceChildren(...offerRows(bench, state, offers));
      known = text;
    },
  };
}

const replacedAt = (list, at, value) => list.map((old, index) => (index === at ? value : old));

function foundWords({ wanted, all, list, bounds }) {
  const size = wanted.join(" × ");
  if (!all) return say("noOffers", { size, ...bounds });
  return say(all > list.length ? "offersShown" : "offersFound", { n: exact(all), size, shown: list.length });
}

function offerRows(bench, state, offers) {
  if (!offers.all) return wayOut(bench, state, offers.wanted);
  return offers.list.map((offer) => {
    const row = button("", () => bench.take(offer.changes));
    row.className = "offer";
    row.setAttribute("aria-pressed", String(holds(state, offer.changes)));
    const after = { ...state, ...offer.changes };
    const costs = { params: exact(paramCount(after)), macs: exact(macCount(after)) };
    row.title = say("offerCosts", costs);
    row.append(
      h("span", { class: "mono" }, offerWords(state, offer.changes)),
      h("span", { class: "cost" }, isPool(state) ? "" : short(macCount(after))),
      h("span", { class: "remark" }, remarkOf(offer)),
    );
    return row;
  });
}

/** k 3 s 2 p 1, and what differs from the usual. */
function offerWords(state, { kernel, stride, padding, dilation, output_padding, pad }) {
  const parts = [`k ${kernel[1]}`, `s ${stride[1]}`, `p ${pad === "same" ? "same" : padding[1]}`];
  if (dilation[1] > 1) parts.push(`d ${dilation[1]}`);
  if (isTransposed(state) && output_padding[1]) parts.push(`op ${output_padding[1]}`);
  return parts.join("  ");
}

function remarkOf({ unread, idle }) {
  if (idle) return say("offerIdle");
  return unread ? say("offerUnread", { n: exact(unread) }) : "";
}

/** No setting reaches it: the layer that could, which grows where the other one shrinks. */
function wayOut(bench, state, wanted) {
  const sizes = state.axes === 2 ? state.size : state.size.slice(1);
  const grows = wanted.every((size, axis) => size > sizes[axis]);
  if (isTransposed(state) && !grows)
    return [button(say("useConv"), () => bench.take({ layer: "conv" }), { kind: "fix" })];
  const spread = () => bench.take({ layer: "transposed", padding: [0, 0], pad: "number" });
  return !isTransposed(state) && grows ? [button(say("useTransposed"), spread, { kind: "fix" })] : [];
}
