import { directionsOf, isCell, layersOf, readsOf, shownSteps, stepsText, unitsOf } from "./math.js";

/** The fields that the values do not depend on. */
const UNSEEN = { at: null, batch: null, batch_first: null };

const seenOf = (state) => JSON.stringify({ ...state, ...UNSEEN });

/** Whether two states have the same values, whatever the batch and wherever one looks. */
export const hasSameValues = (one, other) => seenOf(one) === seenOf(other);

/**
 * A state as lanes and columns, with the values of every lane where a worker has sent them.
 *
 * @param {object} state
 * @param {object | null} answer of netlib/questions/unrolled.py, for this very state
 */
export function sceneOf(state, answer) {
  const directions = directionsOf(state);
  const lanes = [];
  for (let layer = 0; layer < layersOf(state); layer++)
    for (let direction = 0; direction < directions; direction++)
      lanes.push({
        layer,
        direction,
        row: lanes.length,
        reads: readsOf(state, layer),
        values: answer?.lanes[lanes.length] ?? null,
      });
  const columns = shownSteps(state.steps);
  return {
    state,
    lanes,
    columns,
    directions,
    layers: layersOf(state),
    letters: stepsText(state),
    units: unitsOf(state),
    fold: columns.findIndex((step, index) => step !== index), // -1: nothing is left out
    isCell: isCell(state),
    answer,
  };
}

/** Where one looks, as places that the scene has: lane, column, unit. */
export function placeIn(scene, [layer, direction, step, unit]) {
  const lane =
    scene.lanes.find((one) => one.layer === layer && one.direction === direction) ?? scene.lanes[0];
  let column = 0;
  scene.columns.forEach((shown, index) => {
    if (Math.abs(shown - step) < Math.abs(scene.columns[column] - step)) column = index;
  });
  return { row: lane.row, column, unit: Math.min(unit, scene.units - 1) };
}

/** The same place as the state keeps it. */
export function atOf(scene, { row, column, unit }) {
  const { layer, direction } = scene.lanes[row];
  return [layer, direction, scene.columns[column], unit];
}

/** A place after a step along an axis, kept inside. */
export function moved(scene, place, { columns = 0, rows = 0, units = 0 }) {
  const inside = (value, count) => Math.max(0, Math.min(count - 1, value));
  return {
    row: inside(place.row + rows, scene.lanes.length),
    column: inside(place.column + columns, scene.columns.length),
    unit: inside(place.unit + units, scene.units),
  };
}
