// Interpolation from the coarse grid of the kinetics to the pixels of a recording.

import { type Grid, position } from "../recording/grid.js";
import type { CoarseGrid } from "./concentrations.js";

/**
 * Bilinear interpolation of a coarse map at the pixel centres of a grid; beyond the map's outermost points it holds their
 * values.
 *
 * @param out shape [rows, columns] of the grid
 */
export function interpolateMap(
  map: ArrayLike<number>,
  coarse: CoarseGrid,
  grid: Grid,
  out: Float32Array,
): void {
  const columns = Array.from({ length: grid.columns }, (_, j) =>
    between(position(j, grid.columns, grid.pixelSize), coarse.left, coarse.pitch, coarse.columns),
  );
  for (let i = 0; i < grid.rows; i++) {
    const y = between(position(i, grid.rows, grid.pixelSize), coarse.top, coarse.pitch, coarse.rows);
    const a = y.lower * coarse.columns;
    const b = y.upper * coarse.columns;
    for (let j = 0; j < grid.columns; j++) {
      const x = columns[j];
      const above = map[a + x.lower] + x.fraction * (map[a + x.upper] - map[a + x.lower]);
      const below = map[b + x.lower] + x.fraction * (map[b + x.upper] - map[b + x.lower]);
      out[i * grid.columns + j] = above + y.fraction * (below - above);
    }
  }
}

function between(at: number, first: number, pitch: number, count: number) {
  const t = Math.min(Math.max((at - first) / pitch, 0), count - 1);
  const lower = Math.floor(t);
  return { lower, upper: Math.min(lower + 1, count - 1), fraction: t - lower };
}
