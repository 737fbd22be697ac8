import {
  button,
  exact,
  fixed,
  h,
  isSaid,
  makeFault,
  numberField,
  say,
  segmented,
  selectField,
  setText,
} from "../lab/lab.js";
import { isPool } from "./math.js";
import { bytesOf, paintColours, paintLevels, pictureOf, scaleOf } from "./pixels.js";
import { relationOf } from "./relation.js";

const LARGEST_FILE = 16 * 1024 * 1024; // bytes of a picture that is read at all

/**
 * A picture and what the layer's first filters make of it, computed by PyTorch. A cell of a map under the pointer shows
 * what of the picture it comes from.
 *
 * @param {object} bench
 * @param {{side: number, own: (picture) => void, again: () => void}} hand `side` in pixels of a picture that is brought
 */
export function makeImageView(bench, hand) {
  const source = h("canvas", {});
  const box = h("span", { class: "reads-box", hidden: true });
  const caption = h("p", { class: "caption" });
  const maps = h("div", { class: "maps" });
  const sentence = h("p", { class: "sentence", "aria-live": "polite" });
  const fault = makeFault(bench);
  const retry = button(say("askAgain"), hand.again);
  const choices = makeImageChoices(bench, hand);
  const probe = h("span", { hidden: true });
  const left = h("div", { class: "source" }, h("div", { class: "map-frame" }, source, box), caption);
  const through = h("div", { class: "through" }, left, maps);
  const root = h("div", { class: "image-view" }, choices.root, fault.root, retry, through, sentence, probe);
  const shown = { key: "", answer: null, state: null, cards: [], at: null };

  function colourOf(token) {
    probe.style.color = `var(--${token})`;
    return getComputedStyle(probe)
      .color.match(/\d+(\.\d+)?/g)
      .slice(0, 3)
      .map(Number);
  }

  function build(answer, state) {
    Object.assign(shown, { answer, state, at: null });
    paintColours(source, answer.picture);
    shown.cards = answer.maps.map((map, index) =>
      makeMap(map, mapName(answer, index), colourOf, (at) => point(at, index)),
    );
    maps.replaceChildren(...shown.cards.map((card) => card.root));
    setText(caption, pictureWords(state, answer));
    point(null, 0);
  }

  /** Shows what a cell of a map comes from; null for no cell. */
  function point(at, index) {
    shown.at = at;
    for (const card of shown.cards) card.mark(at);
    const reads = at && readsOf(shown.state, shown.answer.picture, at);
    placeBox(box, reads, shown.answer.picture);
    setText(sentence, at ? cellSentence(shown, at, index, reads) : say("pointAtMap", mapCount(shown.answer)));
  }

  return {
    root,
    draw(state, image) {
      choices.set(state);
      const ready = image?.is === "ready";
      fault.set(image?.is === "refused" ? { says: image.says, fixes: image.fixes } : null);
      retry.hidden = !image?.again;
      root.classList.toggle("waiting", image?.is === "asking");
      through.hidden = image?.is === "refused" || (!shown.answer && !ready);
      if (!ready) {
        if (!shown.answer) setText(sentence, image?.is === "asking" ? say("computing") : "");
        return;
      }
      const key = JSON.stringify([image.answer, colourOf("positive")]);
      if (key !== shown.key) build(image.answer, state);
      shown.key = key;
    },
  };
}

/** The picture, the weights, and the seed these are drawn under. */
function makeImageChoices(bench, hand) {
  const picture = selectField({
    label: say("imageField"),
    options: ["shapes", "flower", "china", "digit", "own"].map((name) => [name, say(`${name}Image`)]),
    value: "shapes",
    settle: (name) => bench.take({ image: name }),
  });
  const file = h("input", {
    type: "file",
    accept: "image/*",
    class: "spoken",
    "aria-label": say("chooseFile"),
    tabindex: -1,
  });
  const choose = button(say("chooseFile"), () => file.click(), { icon: "upload" });
  const refused = h("span", { class: "caption" });
  const weights = segmented({
    label: say("imageWeightsField"),
    options: [
      ["bank", say("bankWeights")],
      ["drawn", say("drawnWeights")],
    ],
    value: "bank",
    settle: (name) => bench.take({ image_weights: name }),
  });
  const seed = numberField({
    label: say("seedField"),
    min: 0,
    max: 9999,
    value: 0,
    settle: (value) => bench.take({ seed: value }),
  });
  let held = null;

  file.addEventListener("change", async () => {
    const chosen = file.files[0];
    file.value = "";
    if (!chosen) return;
    const found = chosen.size > LARGEST_FILE ? null : await pictureOf(chosen, hand.side);
    setText(refused, found ? "" : say("noPicture"));
    if (found) hand.own(found);
  });

  return {
    root: h("div", { class: "image-choices" }, picture.root, choose, file, weights.root, seed.root, refused),
    set(state) {
      picture.set(state.image);
      weights.set(state.image_weights);
      weights.root.hidden = isPool(state);
      seed.root.hidden = isPool(state) || state.image_weights === "bank";
      if (state.seed !== held) seed.set(state.seed);
      held = state.seed;
    },
  };
}

/** One map with its name and the range of its values. */
function makeMap(map, name, colourOf, point) {
  const canvas = h("canvas", { role: "img", "aria-label": name });
  const mark = h("span", { class: "cell-mark", hidden: true });
  const scale = h("span", { class: "map-scale" });
  const frame = h("div", { class: "map-frame" }, canvas, mark);
  const range = `${fixed(map.low, 2)} … ${fixed(map.high, 2)}`;
  const root = h(
    "figure",
    { class: "map-card" },
    frame,
    scale,
    h("figcaption", {}, h("b", {}, name), h("span", { class: "mono" }, range)),
  );
  const colours = scaleOf(map.low, map.high, colourOf);
  paintLevels(canvas, map, colours);
  scale.style.background = `linear-gradient(90deg, ${[0, 51, 102, 153, 204, 255].map((at) => `rgb(${colours[at]})`)})`;
  frame.addEventListener("pointermove", (event) => {
    const place = canvas.getBoundingClientRect();
    const column = Math.floor(((event.clientX - place.left) / place.width) * map.width);
    const row = Math.floor(((event.clientY - place.top) / place.height) * map.height);
    if (row >= 0 && column >= 0 && row < map.height && column < map.width) point({ row, column });
  });
  frame.addEventListener("pointerleave", () => point(null));
  return {
    root,
    mark: (at) => placeBox(mark, at && { rows: [at.row, at.row], columns: [at.column, at.column] }, map),
  };
}

/** Lays a box over some cells of a canvas that fills its frame. */
function placeBox(box, cells, { width, height }) {
  box.hidden = !cells;
  if (!cells) return;
  const share = (value, all) => `${(100 * value) / all}%`;
  box.style.left = share(cells.columns[0], width);
  box.style.top = share(cells.rows[0], height);
  box.style.width = share(cells.columns[1] - cells.columns[0] + 1, width);
  box.style.height = share(cells.rows[1] - cells.rows[0] + 1, height);
}

/** Rows and columns of the picture that an output cell depends on; null where it depends on none. */
function readsOf(state, picture, { row, column }) {
  const over = { ...state, size: [picture.height, picture.width], spread: "scatter" };
  const along = (index, at) => {
    const relation = relationOf(over, index);
    const cell = relation.time === "left" ? at + relation.axis.left : at;
    const sources = relation.byRight[cell]
      .map(({ x }) => relation.leftCell(x).source)
      .filter((source) => source !== null);
    return sources.length ? [Math.min(...sources), Math.max(...sources)] : null;
  };
  const [rows, columns] = [along(0, row), along(1, column)];
  return rows && columns && { rows, columns };
}

function mapName(answer, index) {
  const name = answer.names[index];
  return name && isSaid(`${name}Map`) ? say(`${name}Map`) : say("mapNumber", { n: index + 1 });
}

const mapCount = (answer) => ({ shown: exact(answer.maps.length), all: exact(answer.channels) });

function pictureWords(state, { picture, maps }) {
  const sizes = `${picture.height} × ${picture.width} → ${maps[0].height} × ${maps[0].width}`;
  const from = isSaid(`${state.image}Credit`) ? ` · ${say(`${state.image}Credit`)}` : "";
  return sizes + from;
}

function cellSentence({ answer }, { row, column }, index, reads) {
  const map = answer.maps[index];
  const level = bytesOf(map.bytes)[row * map.width + column];
  const value = fixed(map.low + ((map.high - map.low) * level) / 255, 2);
  const name = `${mapName(answer, index)} [${row},${column}] ≈ ${value}`;
  if (!reads) return `${name}, ${say("fromNothing")}`;
  const stretch = ([first, last]) => (first === last ? String(first) : `${first}–${last}`);
  return `${name}, ${say("fromCells", { rows: stretch(reads.rows), columns: stretch(reads.columns) })}`;
}
