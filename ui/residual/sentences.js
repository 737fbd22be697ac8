import { dimensions, exact, h, say, significant } from "../lab/lab.js";
import { spreadOf, standingStill } from "./axis.js";
import { meetingOf, roadOf } from "./math.js";

const VANISHED = 1e-3; // stem over head, from which on the front is said to get next to nothing

/** The law under a block: what comes out, and what the derivative is; with a zeroed convolution, what was found. */
export function lawOf(state, name, zeros) {
  const act = say(`activation${state.activation}`);
  const road = name === "plain" ? "plain" : roadOf(state);
  const skip = { plain: "", identity: "x", zeros: say("padded"), projection: "W·x" }[road] ?? "";
  const slope = { plain: "", identity: "1", zeros: "1", projection: "W" }[road] ?? "";
  const outputs = [piece("", `y = ${act}(`), skip && piece("input", skip), skip && piece("", " + ")];
  return {
    outputs: [...outputs, state.zeroed ? piece("padding", "0") : piece("weight", "F(x)"), piece("", ")")],
    slopes: [
      piece("", say("slope")),
      piece("gradient", [slope, state.zeroed ? "" : "F′(x)"].filter(Boolean).join(" + ") || "0"),
    ],
    words: state.zeroed ? zerosWords(name, zeros, act) : say(`${road}Law`),
  };
}

const piece = (about, words) => h("b", { class: about ? `of-${about}` : "" }, words);

function zerosWords(name, zeros, act) {
  if (!zeros) return say("tryingOut");
  if (zeros.says) return zeros.says;
  const found = zeros[name];
  if (!found) return "";
  if (name === "plain")
    return say(found.nonzero ? "plainNonzero" : "plainZero", {
      n: exact(found.numbers),
      some: exact(found.nonzero),
    });
  return say(found.differing ? "residualDiffers" : "residualSame", {
    n: exact(found.numbers),
    some: exact(found.differing),
    act,
  });
}

/** A refused sum in words; null where it works. */
export function faultOf(state) {
  const { branch, skip, verdict, sum } = meetingOf(state);
  if (verdict === "same") return null;
  const values = { branch: dimensions(branch), skip: dimensions(skip), sum: sum ? dimensions(sum) : "" };
  return say(verdict === "copies" ? "broadcasts" : "refuses", values);
}

/** What a block leaves of the gradient, as a factor; "…" while nobody has measured. */
export function factorWords(curve, pending) {
  if (!curve) return pending ? "× …" : "–";
  return curve.factor === null ? "–" : `× ${significant(curve.factor, 2)}`;
}

/** What the chart says, honest about what a vanishing gradient explains and what it does not: [text, strong] pieces. */
export function moralOf(gradients) {
  const { plain, residual, norm } = gradients;
  const [stem, head] = [spreadOf(plain.norms[0]), spreadOf(plain.norms.at(-1))];
  const still = standingStill(plain.moved);
  const count = plain.norms.length;
  const first = norm ? normWords(stem, head) : bareWords(plain, still, count);
  const joins = residual ? residualWords(residual, norm) : say("mendFirst");
  return [
    [first, true],
    [joins, false],
    [say(norm ? "degradation" : "notTheReason"), false],
  ];
}

function normWords(stem, head) {
  if (!stem || !head) return say("noNumber");
  const values = { stem: significant(stem.median, 2), head: significant(head.median, 2) };
  return say(stem.median > VANISHED * head.median ? "normKeeps" : "normLoses", values);
}

function bareWords(plain, still, count) {
  if (still) return say("layersStill", { still, n: count, factor: factorWords(plain) });
  return say("allMove", { n: count, factor: factorWords(plain) });
}

function residualWords(residual, norm) {
  const still = standingStill(residual.moved);
  const name = still ? "residualStill" : norm ? "residualWithNorm" : "residualBare";
  return say(name, { factor: factorWords(residual), still });
}
