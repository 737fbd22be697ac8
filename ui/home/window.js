import { kernelColour } from "../convolution/colours.js";
import { s, setAttributes, setText, text } from "../kit/kit.js";

const SIDE_IN = 19;
const FROM_LEFT = 14; // where the padded input begins, from the left and from above
const FROM_TOP = 14;
const SIDE_OUT = 26;
const RESTS_AT = [1, 1]; // the window that is shown at rest

/** The convolution miniature: a window steps over the padded input, and each place of it makes one cell of the output. */
export function sweep(svg, { size, kernel, stride, padding, output }, width, height) {
  const padded = size + 2 * padding;
  const outputLeft = width - output * SIDE_OUT - 16;
  const outputTop = FROM_TOP + (padded * SIDE_IN - output * SIDE_OUT) / 2;
  const taps = s("g", {}, tapsOf(kernel));
  const frame = s("rect", { class: "window", width: kernel * SIDE_IN, height: kernel * SIDE_IN, rx: 3 });
  const funnel = s("path", { class: "reaches" });
  const outputs = cells(output, output, outputLeft, outputTop, SIDE_OUT);
  const place = text(outputLeft + (output * SIDE_OUT) / 2, height - 10, "", {
    class: "place mono",
    "text-anchor": "middle",
  });
  svg.append(
    ...inputCells(padded, padding),
    funnel,
    taps,
    frame,
    ...outputs,
    text(outputLeft + (output * SIDE_OUT) / 2, outputTop - 12, `${output} × ${output}`, {
      class: "total mono",
      "text-anchor": "middle",
    }),
    place,
  );

  function show(row, column, made) {
    const [x, y] = [FROM_LEFT + column * stride * SIDE_IN, FROM_TOP + row * stride * SIDE_IN];
    setAttributes(taps, { transform: `translate(${x} ${y})` });
    setAttributes(frame, { x, y });
    const right = x + kernel * SIDE_IN;
    const [toX, toY] = [outputLeft + column * SIDE_OUT, outputTop + row * SIDE_OUT];
    const below = `V${toY + SIDE_OUT}L${right} ${y + kernel * SIDE_IN}Z`;
    setAttributes(funnel, { d: `M${right} ${y}L${toX} ${toY}${below}` });
    outputs.forEach((cell, index) => {
      const is = index === row * output + column ? "now" : index < made ? "made" : "";
      setAttributes(cell, { class: `made-cell ${is}` });
    });
    setText(place, `y[${row},${column}]`);
  }

  return (phase) => {
    const rests = phase === 0;
    const count = output * output;
    const at = rests ? RESTS_AT[0] * output + RESTS_AT[1] : Math.min(count - 1, Math.floor(phase * count));
    show(Math.floor(at / output), at % output, rests ? count : at);
  };
}

function inputCells(padded, padding) {
  const isPadding = (at) => at < padding || at >= padded - padding;
  return cells(padded, padded, FROM_LEFT, FROM_TOP, SIDE_IN).map((cell, index) => {
    const outside = isPadding(Math.floor(index / padded)) || isPadding(index % padded);
    setAttributes(cell, { class: `read-cell ${outside ? "padding" : ""}` });
    return cell;
  });
}

function tapsOf(kernel) {
  return cells(kernel, kernel, 0, 0, SIDE_IN).map((cell, index) => {
    cell.style.fill = kernelColour(Math.floor(index / kernel), index % kernel, kernel, kernel);
    return cell;
  });
}

function cells(rows, columns, x, y, side) {
  return Array.from({ length: rows * columns }, (_, index) =>
    s("rect", {
      x: x + (index % columns) * side + 1,
      y: y + Math.floor(index / columns) * side + 1,
      width: side - 2,
      height: side - 2,
      rx: 2.5,
    }),
  );
}
