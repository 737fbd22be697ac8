import { h, say } from "../lab/lab.js";
import { cellOfTap } from "./cells.js";
import { columnX, isDrawn, rowY } from "./geometry.js";
import { editableOf, withCell, withWeight } from "./values.js";

const MOST_VALUE = 99;

/**
 * A box over a cell, to type its number: an input cell or a weight of the values view. It opens on a click or on Enter
 * and closes on Enter, Escape or when it is left.
 *
 * @param {{take: (fields) => void, scene: () => object, back: () => void}} hand `back` gives the focus to the picture
 */
export function makeEditor(hand) {
  const box = h("input", {
    type: "number",
    class: "cell-editor",
    min: -MOST_VALUE,
    max: MOST_VALUE,
    step: 1,
    hidden: true,
    "aria-label": say("cellValue"),
  });
  let target = null;

  function close(keeps) {
    if (!target) return;
    const editing = target;
    target = null;
    box.hidden = true;
    const value = Number(box.value);
    if (keeps && box.value !== "" && box.checkValidity() && value !== editing.value) change(editing, value);
  }

  function change({ weight, cell }, value) {
    const { state } = hand.scene();
    hand.take(weight ? withWeight(state, weight, value) : withCell(state, cell, value));
  }

  box.addEventListener("blur", () => close(true));
  box.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" && event.key !== "Escape") return;
    event.preventDefault();
    event.stopPropagation();
    close(event.key === "Enter");
    hand.back();
  });

  return {
    root: box,

    /** Opens over a place, where it holds a number that can be set; says whether it did. */
    open(scene, grids, place) {
      const editable = editableOf(scene, place);
      if (!editable) return false;
      const grid = grids[place.grid];
      const { row, column } = editable.weight ? cellOfTap(scene, editable.weight) : place;
      if (!isDrawn(grid, row, column)) return false;
      const value = editable.weight ? scene.values.weight(editable.weight) : scene.values.left(row, column);
      target = { ...editable, value };
      const width = Math.max(44, grid.size + 6);
      box.style.left = `${columnX(grid, column) + grid.size / 2 - width / 2}px`;
      box.style.top = `${rowY(grid, row) + grid.size / 2 - 15}px`;
      box.style.width = `${width}px`;
      box.value = value;
      box.hidden = false;
      box.focus();
      box.select();
      return true;
    },
  };
}
