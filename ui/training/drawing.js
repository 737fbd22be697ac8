import { h, setText } from "../kit/kit.js";
import { filled } from "./images.js";

const INK = 255;
const FINE = 12; // a side up to which a stroke is as thin as a cell

/**
 * The image on its way: the one that was picked, or one that is drawn into the same frame, cell by cell at the data's
 * own size. `settled(text)` gets the drawing as base64, one byte a cell, or null once it is wiped.
 */
export function makeDrawing(settled) {
  const face = h("i", { class: "drawn-under", "aria-hidden": "true" });
  const canvas = h("canvas", { role: "img" });
  const invitation = h("span", { class: "drawn-here", "aria-hidden": "true" });
  const frame = h("div", { class: "drawn-frame" }, face, canvas, invitation);
  const clear = h("button", { class: "button", type: "button", onclick: wipe });
  const says = h("p", { class: "drawn-name" });
  const hint = h("p", { class: "caption" });
  const root = h("div", { class: "drawn" }, frame, h("div", { class: "drawn-line" }, says, clear), hint);
  let data;
  let ink = null; // what is drawn, null where the picked image is shown
  let last = null; // where the pointer was
  let isKnown = false; // whether the page has had the present drawing

  canvas.addEventListener("pointerdown", (event) => {
    if (!data.draws || event.button !== 0) return;
    event.preventDefault();
    canvas.setPointerCapture(event.pointerId);
    ink ??= new Uint8Array(data.size[0] * data.size[1]);
    isKnown = false;
    last = cellUnder(event);
    stroke(last, last);
  });
  canvas.addEventListener("pointermove", (event) => {
    if (!last) return;
    const now = cellUnder(event);
    stroke(last, now);
    last = now;
  });
  for (const name of ["pointerup", "pointercancel"])
    canvas.addEventListener(name, () => {
      if (!last) return;
      last = null;
      isKnown = false;
      settled(btoa(String.fromCharCode(...ink)));
    });

  function wipe() {
    ink = null;
    isKnown = true;
    paint();
    settled(null);
  }

  function cellUnder({ clientX, clientY }) {
    const box = canvas.getBoundingClientRect();
    const [rows, columns] = data.size;
    return {
      x: ((clientX - box.left) / box.width) * columns - 0.5,
      y: ((clientY - box.top) / box.height) * rows - 0.5,
    };
  }

  /** Ink within a radius of the line from one point to another, softer at its edge; ink is never taken away. */
  function stroke(from, to) {
    const [rows, columns] = data.size;
    const radius = Math.max(rows, columns) <= FINE ? 0.55 : Math.max(rows, columns) / 22;
    for (let row = 0; row < rows; row++)
      for (let column = 0; column < columns; column++) {
        const away = distanceTo({ x: column, y: row }, from, to);
        const share = Math.max(0, Math.min(1, radius + 0.5 - away));
        const at = row * columns + column;
        ink[at] = Math.max(ink[at], Math.round(INK * share));
      }
    paint();
  }

  function paint() {
    const [rows, columns] = data.size;
    canvas.width = columns;
    canvas.height = rows;
    clear.hidden = !ink;
    invitation.hidden = Boolean(ink) || !data.draws;
    face.hidden = Boolean(ink);
    const truth = data.truth ?? "";
    const name = ink ? data.words.yours : filled(data.words.picked, { number: data.picked + 1, truth });
    setText(says, name);
    canvas.setAttribute("aria-label", name);
    if (!ink) return;
    const context = canvas.getContext("2d");
    const image = context.createImageData(columns, rows);
    ink.forEach((level, at) => {
      image.data.set([level, level, level, 255], 4 * at);
    });
    context.putImageData(image, 0, 0);
  }

  return {
    root,
    update(now) {
      data = now;
      const share = (100 * data.picked) / Math.max(1, data.count - 1);
      face.style.backgroundImage = `url("${data.sheet}")`;
      face.style.backgroundSize = `100% ${100 * data.count}%`;
      face.style.backgroundPosition = `0 ${share}%`;
      frame.classList.toggle("open", data.draws);
      setText(clear, data.words.clear);
      setText(invitation, data.words.draw);
      setText(hint, data.draws ? data.words.hint : data.words.pick);
      takeBack();
      paint();
    },
  };

  /** The page's drawing counts where the hand has made none; one that the page has had and has no more is wiped. */
  function takeBack() {
    if (last) return;
    if (data.drawn !== null) {
      isKnown = true;
      ink ??= Uint8Array.from(atob(data.drawn), (sign) => sign.charCodeAt(0));
    } else if (isKnown) ink = null;
  }
}

function distanceTo(point, from, to) {
  const [dx, dy] = [to.x - from.x, to.y - from.y];
  const length = dx * dx + dy * dy;
  const along = length ? ((point.x - from.x) * dx + (point.y - from.y) * dy) / length : 0;
  const share = Math.max(0, Math.min(1, along));
  return Math.hypot(point.x - from.x - share * dx, point.y - from.y - share * dy);
}
