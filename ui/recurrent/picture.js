import { h, s, say, setAttributes } from "../lab/lab.js";
import { makeCells } from "./cells.js";
import { layOut } from "./geometry.js";
import { makeOutlines } from "./outlines.js";
import { makeWires } from "./wires.js";

/** The unrolled picture: drawn anew when the scene changes; where one looks only moves a mark. */
export function makePicture(look) {
  const wires = makeWires();
  const cells = makeCells();
  const outlines = makeOutlines();
  const svg = s(
    "svg",
    { class: "unrolled", tabindex: 0, role: "group" },
    wires.root,
    cells.root,
    outlines.root,
    cells.chosen,
  );
  const root = h("div", { class: "unrolled-holder" }, svg);
  let drawn = null;
  let places = null;
  look.listen(svg, { ArrowUp: { rows: 1 }, ArrowDown: { rows: -1 } });

  function draw(scene, width, height) {
    if (drawn?.scene !== scene || drawn.width !== width || drawn.height !== height) {
      places = layOut(scene, width, height);
      setAttributes(svg, { viewBox: `0 0 ${width} ${height}`, height });
      svg.setAttribute("aria-label", labelOf(scene));
      wires.draw(scene, places);
      cells.draw(scene, places);
      outlines.draw(scene, places);
      drawn = { scene, width, height };
    }
    cells.mark(scene, places, look.place(scene));
  }

  return { root, draw };
}

function labelOf({ state, lanes }) {
  const { kind, steps, word } = state;
  return say("pictureOf", { kind, lanes: lanes.length, steps, word });
}
