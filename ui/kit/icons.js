import { s } from "./dom.js";

/** One set of icons, drawn on 16 × 16. */
export const ICONS = {
  play: "M4 2.5v11l9-5.5z",
  pause: "M4 2.5h3v11H4zM9 2.5h3v11H9z",
  next: "M3 2.5v11l7-5.5zM11 2.5h2v11h-2z",
  previous: "M13 2.5v11L6 8zM3 2.5h2v11H3z",
  stop: "M3.5 3.5h9v9h-9z",
  rewind: "M8 3a5 5 0 1 1-4.8 3.6l1.4.4A3.5 3.5 0 1 0 8 4.5V7L4 3.8 8 .6z",
  copy: "M5 1h8v10h-2V3H5zM3 4h7v11H3z",
  plus: "M7 2h2v5h5v2H9v5H7V9H2V7h5z",
  minus: "M2 7h12v2H2z",
  cross: "M3.4 2 8 6.6 12.6 2 14 3.4 9.4 8l4.6 4.6-1.4 1.4L8 9.4 3.4 14 2 12.6 6.6 8 2 3.4z",
  check: "M6 12.6 1.6 8.2 3 6.8l3 3 7-7 1.4 1.4z",
  undo: "M6 2v3h3a4 4 0 0 1 0 8H4v-1.7h5a2.3 2.3 0 0 0 0-4.6H6v3L1.5 5.9z",
  redo: "M10 2v3H7a4 4 0 0 0 0 8h5v-1.7H7a2.3 2.3 0 0 1 0-4.6h3v3l4.5-3.8z",
  link: "M6.5 11.5 5 13a2.5 2.5 0 0 1-3.5-3.5l3-3A2.5 2.5 0 0 1 8 6.3l-1 1A1.2 1.2 0 0 0 5.4 7.4l-3 3A1.2 1.2 0 0 0 4.1 12l1.3-1.2zM9.5 4.5 11 3a2.5 2.5 0 0 1 3.5 3.5l-3 3A2.5 2.5 0 0 1 8 9.7l1-1a1.2 1.2 0 0 0 1.6-.1l3-3A1.2 1.2 0 0 0 11.9 4l-1.3 1.2z",
  download: "M7 1h2v7l2.5-2.5L13 7l-5 5-5-5 1.5-1.5L7 8zM2 13h12v2H2z",
  seed: "M8 1.5 14 5v6l-6 3.5L2 11V5zM8 3.4 4.6 5.3 8 7.2l3.4-1.9z",
  grip: "M5 3h2v2H5zM9 3h2v2H9zM5 7h2v2H5zM9 7h2v2H9zM5 11h2v2H5zM9 11h2v2H9z",
  lock: "M4 7V5a4 4 0 0 1 8 0v2h1v7H3V7zm2 0h4V5a2 2 0 0 0-4 0z",
  up: "M8 3 14 9l-1.4 1.4L9 6.8V14H7V6.8l-3.6 3.6L2 9z",
  down: "M8 13 2 7l1.4-1.4L7 9.2V2h2v7.2l3.6-3.6L14 7z",
  chevron: "M5.5 2.5 11 8l-5.5 5.5-1.4-1.4L8.2 8 4.1 3.9z",
  upload: "M7 11V4.5L4.5 7 3 5.5l5-5 5 5L11.5 7 9 4.5V11zM2 13h12v2H2z",
  trash: "M6 1h4l1 2h3v2H2V3h3zM3.5 6h9l-.7 9H4.2zM6 8v5h1.2V8zm2.8 0v5H10V8z",
  search:
    "M7 1.5a5.5 5.5 0 1 0 3.2 9.9l3.4 3.4 1.3-1.3-3.4-3.4A5.5 5.5 0 0 0 7 1.5m0 1.8a3.7 3.7 0 1 1 0 7.4 3.7 3.7 0 0 1 0-7.4",
  unlock: "M4 7V5a4 4 0 0 1 7.7-1.5l-1.8.8A2 2 0 0 0 6 5v2h7v7H3V7z",
  axes: "M2.5 2H4v10h10v1.5H2.5zM7 4.2h6v1.6H7zM7 8h4v1.6H7z",
  file: "M3 1h6l4 4v10H3zm5.5 1.5v3h3z",
  branch: "M7 14V9.4L3.7 6.1V3.5H2L4.7.5l2.7 3H5.5v1.8L8 7.8l2.5-2.5V3.5H8.6l2.7-3 2.7 3h-1.7v2.6L9 9.4V14z",
  duplicate: "M5 1h10v10h-3V9.5h1.5v-7h-7V4H5zM1 5h10v10H1z",
};

/** An icon by its name, in the colour of the text around it; the word for it stands on its button. */
export function icon(name) {
  return s("svg", { viewBox: "0 0 16 16", "aria-hidden": "true" }, s("path", { d: ICONS[name] }));
}
