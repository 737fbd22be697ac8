import { bytes, change, difference, exact, h, number, say, setText, short } from "../lab/lab.js";
import { costsOf, weightsAs } from "./math.js";

const KINDS = ["basic", "bottleneck"];

/**
 * What both blocks cost: the residual one large, the plain one and the difference under it, and how that differs from A.
 */
export function makeCosts() {
  const cards = {
    params: card("parameters", "weight", short),
    macs: card("macs", "compute", short),
    backward: card("keptForBackward", "memory", bytes),
  };
  const flops = h("span", { class: "caption flops" });
  cards.macs.root.append(flops);
  const ratio = makeRatio();
  return {
    root: h(
      "div",
      { class: "totals costs" },
      Object.values(cards).map((one) => one.root),
      ratio.root,
    ),
    set(state, kept) {
      const costs = costsOf(state);
      const before = kept && costsOf(kept);
      for (const [name, one] of Object.entries(cards)) one.set(costs, before, name);
      const { macs } = costs.residual ?? costs.plain;
      setText(flops, say("flops", { n: short(2 * macs) }));
      flops.title = exact(2 * macs);
      ratio.set(state);
    },
  };
}

function card(name, about, show) {
  const shown = number(say(name), about);
  const beside = h("span", { class: "beside" });
  shown.root.append(beside);
  return {
    root: shown.root,
    set(costs, before, field) {
      const now = costs.residual ?? costs.plain;
      const was = before && (before.residual ?? before.plain);
      shown.set(costs.residual ? show(now[field]) : "–", {
        exactly: exact(now[field]),
        change: costs.residual && was ? change(now[field], was[field]) : "",
        formula: costs.residual ? partsOf(now, field) : "",
      });
      shown.root.querySelector(".news").title = was ? say("wasA", { value: exact(was[field]) }) : "";
      setText(beside, besideOf(costs, field, show));
    },
  };
}

/** The layers' numbers that are added up; memory is no sum over layers. */
function partsOf(now, field) {
  return field === "backward" ? "" : now.parts.map((part) => short(part[field])).join(" + ");
}

function besideOf({ plain, residual }, field, show) {
  const words = say("plainCosts", { n: show(plain[field]) });
  if (!residual) return words;
  const more = residual[field] - plain[field];
  if (!more) return say("plainCostsSame", { n: show(plain[field]) });
  const by = field === "backward" ? `+${bytes(more)}` : difference(residual[field], plain[field]);
  return `${words} · ${say("shortcutCosts", { n: by })}`;
}

/** Weights of the convolutions, had the block the one form or the other. */
function makeRatio() {
  const value = h("b", {});
  const than = h("small", {});
  const bars = KINDS.map((kind) => {
    const bar = h("i", {});
    const count = h("b", {});
    return { kind, bar, count, root: h("div", {}, h("span", {}, say(kind)), bar, count) };
  });
  const root = h(
    "div",
    { class: "ratio" },
    h("span", { class: "label" }, say("basicToBottleneck")),
    h("span", { class: "times" }, value, than),
    h(
      "div",
      { class: "bars" },
      bars.map((one) => one.root),
    ),
  );
  return {
    root,
    set(state) {
      const [basic, narrow] = KINDS.map((kind) => weightsAs(state, kind));
      const most = Math.max(basic, narrow);
      const times = most / Math.min(basic, narrow);
      setText(value, `${times.toFixed(1)}×`);
      setText(than, say(basic >= narrow ? "fewer" : "more"));
      for (const { kind, bar, count, root: row } of bars) {
        const weights = kind === "basic" ? basic : narrow;
        bar.style.width = `${(100 * weights) / most}%`;
        setText(count, short(weights));
        count.title = exact(weights);
        row.classList.toggle("on", state.block === kind);
      }
    },
  };
}
