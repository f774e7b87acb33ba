// Camera image as a grid of square pixels at the sample, centered on the optical axis.

/** An image: rows x columns square pixels, centered; x to the right and y down. */
export interface Grid {
  readonly rows: number;
  readonly columns: number;
  /** um at the sample */
  readonly pixelSize: number;
  /** mm: where the origin of positions is in the image, [x, y] from its center; default in the center. */
  readonly center?: readonly [number, number];
}

/** Position of the center of a row or column relative to the center of the image, mm. */
export function position(index: number, count: number, pixelSize: number): number {
  return (index - (count - 1) / 2) * pixelSize * 1e-3;
}

/**
 * A function of position on every pixel of a grid.
 *
 * @param f function of x and y, mm
 * @param samples points per side over which each pixel is averaged; 1 takes the center of the pixel
 * @returns row-major, shape [rows, columns]
 */
export function onGrid(grid: Grid, f: (x: number, y: number) => number, samples = 1): Float64Array {
  const { rows, columns, pixelSize, center: [cx, cy] = [0, 0] } = grid;
  const out = new Float64Array(rows * columns);
  const pitch = pixelSize / samples;
  for (let i = 0; i < rows * samples; i++) {
    const y = position(i, rows * samples, pitch) - cy;
    const row = Math.floor(i / samples) * columns;
    for (let j = 0; j < columns * samples; j++) {
      out[row + Math.floor(j / samples)] += f(position(j, columns * samples, pitch) - cx, y);
    }
  }
  if (samples > 1) for (let p = 0; p < out.length; p++) out[p] /= samples * samples;
  return out;
}
