import { macCount, outputShape, paramCount, refusalOf } from "./math.js";

/** What two fields do to the layer's cost: the settings of a map, and what each costs. Pure. */

const numbers = (from, to) => Array.from({ length: to - from + 1 }, (_, index) => from + index);

/** The fields that can be an axis of the map, with the values that are looked at. */
export const AXES_OF_MAP = {
  kernel: numbers(1, 11),
  stride: numbers(1, 8),
  padding: numbers(0, 8),
  dilation: numbers(1, 6),
  size: [4, 6, 8, 10, 12, 16, 20, 24, 28, 32],
  channels: [1, 2, 4, 8, 16, 32, 64, 128, 256],
  filters: [1, 2, 4, 8, 16, 32, 64, 128, 256],
};

const PAIRS_OF_MAP = ["kernel", "stride", "padding", "dilation", "size"];

/** What the colour can stand for. */
export const COLOURS_OF_MAP = {
  macs: macCount,
  params: paramCount,
  output: (state) =>
    outputShape(state)
      .slice(1)
      .reduce((product, size) => product * size, 1),
};

/** The fields that set an axis of the map to a value. */
export function settingOf(name, value) {
  const fields = { [name]: PAIRS_OF_MAP.includes(name) ? [value, value] : value };
  return name === "padding" ? { ...fields, pad: "number" } : fields;
}

/** The value that a state has on an axis of the map; null where H and W differ. */
export function valueOn(state, name) {
  if (!PAIRS_OF_MAP.includes(name)) return state[name];
  const [first, second] = state[name];
  return state.axes === 1 || first === second ? second : null;
}

/**
 * Every cell of the map in rows from the smallest value of the upright axis on: { x, y, fields, refusal, value, share },
 * `share` from 0 for the least of all to 1 for the most, by powers.
 */
export function mapOf(state, across, upright, colour) {
  const count = COLOURS_OF_MAP[colour];
  const cells = AXES_OF_MAP[upright].map((y) =>
    AXES_OF_MAP[across].map((x) => {
      const fields = { ...settingOf(upright, y), ...settingOf(across, x) };
      const setting = { ...state, ...fields };
      const refusal = refusalOf(setting);
      return { x, y, fields, refusal, setting, value: refusal ? null : count(setting) };
    }),
  );
  const values = cells
    .flat()
    .filter(({ value }) => value > 0)
    .map(({ value }) => Math.log(value));
  const [least, most] = [Math.min(...values), Math.max(...values)];
  for (const cell of cells.flat())
    cell.share = cell.value > 0 ? (Math.log(cell.value) - least) / (most - least || 1) : 0;
  return cells;
}
