// Interpolation from the places of the kinetics to the pixels of a recording.

import { type Grid, position } from "../recording/grid.js";
import type { CoarseGrid, CoarseState } from "./concentrations.js";
import { doseRateAt } from "./spot.js";

/**
 * Concentrations of species 1 and 2 in the pixels of a grid: interpolated along the dose rate where a place
 * depends on nothing else, so that a sharp threshold stays sharp; over the image otherwise.
 *
 * @returns two maps of shape [rows, columns]
 */
export function onPixels({ grid: coarse, c1, c2 }: CoarseState, grid: Grid): [Float32Array, Float32Array] {
  const doseRate = coarse.along && doseRateAt(coarse.along, grid);
  const interpolated = (map: Float32Array): Float32Array => {
    const out = new Float32Array(grid.rows * grid.columns);
    if (doseRate) interpolateAlong(map, coarse, doseRate, out);
    else interpolateMap(map, coarse, grid, out);
    return out;
  };
  return [interpolated(c1), interpolated(c2)];
}

function interpolateAlong(
  map: ArrayLike<number>,
  { left, pitch, columns }: CoarseGrid,
  doseRate: Float64Array,
  out: Float32Array,
): void {
  for (let p = 0; p < out.length; p++) {
    const { lower, upper, fraction } = between(doseRate[p], left, pitch, columns);
    out[p] = map[lower] + fraction * (map[upper] - map[lower]);
  }
}

/**
 * Bilinear interpolation of a coarse map at the pixel centers of a grid; constant beyond the outermost points
 * of the map.
 *
 * @param out shape [rows, columns] of the grid
 */
function interpolateMap(map: ArrayLike<number>, coarse: CoarseGrid, grid: Grid, out: Float32Array): void {
  const [cx, cy] = grid.center ?? [0, 0];
  const columns = Array.from({ length: grid.columns }, (_, j) =>
    between(position(j, grid.columns, grid.pixelSize) - cx, coarse.left, coarse.pitch, coarse.columns),
  );
  for (let i = 0; i < grid.rows; i++) {
    const y = between(position(i, grid.rows, grid.pixelSize) - cy, coarse.top, coarse.pitch, coarse.rows);
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
