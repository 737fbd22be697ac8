import { ease, exact, s, setAttributes, setText, text } from "../kit/kit.js";

const TALLEST = 128;
const SHORTEST = 22;
const LEAN = 13; // how far a slab's side leans back
const MIDDLE = 104;

/**
 * The builder's miniature: the slabs of a small network while the channels of one convolution grow and shrink, with
 * its parameters.
 */
export function stack(svg, { frames, words }, width, height) {
  const slabs = frames[0].slabs.map(({ about }) => makeSlab(about));
  const total = text(width - 2, 22, "", { class: "total mono", "text-anchor": "end" });
  svg.append(
    s("path", { class: "wire", d: `M2 ${MIDDLE}H${width - 2}` }),
    ...slabs.map((slab) => slab.root),
    total,
    text(width - 2, 39, words.parameters, { class: "unit", "text-anchor": "end" }),
  );

  function place(now) {
    const taken = now.slabs.reduce((sum, slab) => sum + slabWidth(slab) + LEAN, 0);
    const gap = (width - 16 - taken) / (slabs.length - 1);
    let x = 8;
    now.slabs.forEach((slab, index) => {
      placeSlab(slabs[index], slab, x, height - 8);
      slabs[index].root.classList.toggle("changed", slab.channels !== frames[0].slabs[index].channels);
      x += slabWidth(slab) + LEAN + gap;
    });
    setText(total, exact(now.params));
  }

  return (phase) => {
    const grown = ease(1.5 * Math.sin(Math.PI * phase));
    place(frames[Math.round(grown * (frames.length - 1))]);
  };
}

function makeSlab(about) {
  const parts = {
    top: s("path", { class: "top" }),
    side: s("path", { class: "side" }),
    front: s("rect", { class: "front", rx: 2 }),
    channels: text(0, 0, "", { class: "channels mono", "text-anchor": "middle" }),
  };
  return { root: s("g", { class: `slab of-${about}` }, ...Object.values(parts)), ...parts };
}

function placeSlab({ top, side, front, channels }, slab, x, bottom) {
  const wide = slabWidth(slab);
  const tall = slabHeight(slab);
  const y = MIDDLE - tall / 2;
  const rise = 0.7 * LEAN;
  setAttributes(front, { x, y, width: wide, height: tall });
  setAttributes(side, { d: `M${x + wide} ${y}l${LEAN} ${-rise}v${tall}l${-LEAN} ${rise}Z` });
  setAttributes(top, { d: `M${x} ${y}l${LEAN} ${-rise}h${wide}l${-LEAN} ${rise}Z` });
  setAttributes(channels, { x: x + (wide + LEAN) / 2, y: bottom });
  setText(channels, exact(slab.channels));
}

/** The side of a feature map is drawn to scale, the length of a vector by its logarithm. */
function slabHeight({ share }) {
  return Math.max(SHORTEST, share * TALLEST);
}

function slabWidth({ side, channels }) {
  return side > 1 ? 5 + 0.95 * channels : 8;
}
