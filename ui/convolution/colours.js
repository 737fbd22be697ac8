/**
 * One colour for each cell of the kernel: bilinear in OKLab between four corners, light enough for a dark index in both
 * themes. The index is printed as well, so that nothing rests on colour alone.
 */
const CORNERS = [
  [0.73, 0.14, 0.08], // top left: red
  [0.87, -0.02, 0.15], // top right: yellow
  [0.7, 0.06, -0.13], // bottom left: violet
  [0.78, -0.12, 0.0], // bottom right: green
];

/** The colour of cell (i, j) of a kernel of rows × columns. */
export function kernelColour(i, j, rows, columns) {
  const across = columns > 1 ? j / (columns - 1) : 0.5;
  const down = rows > 1 ? i / (rows - 1) : 0;
  const shares = [(1 - across) * (1 - down), across * (1 - down), (1 - across) * down, across * down];
  const mix = (part) =>
    CORNERS.reduce((sum, corner, index) => sum + corner[part] * shares[index], 0).toFixed(3);
  return `oklab(${mix(0)} ${mix(1)} ${mix(2)})`;
}
