// Finds pixels whose edge step cannot be used: collects the steps tile by tile, and compares them with their
// median at the end.
import { median } from "../../compute/stats.js";
import type { EdgeStepCount } from "../invalid.js";
import { shared } from "./shared.js";

/** Smallest and largest edge step of each final pixel over the time steps, in shared memory. */
export interface EdgeStepRange {
  /** Infinity: none so far; -Infinity: one that is not positive. */
  readonly least: Float32Array;
  readonly greatest: Float32Array;
}

/**
 * How far an edge step may be from the median. The noise of a normalized spectrum is that of the absorbance
 * over the edge step: at a third of it the noise is three times as large. The limit is relative to the median
 * and not to the spread, because scattered steps make the spread large.
 */
const FACTOR = 3;
/** The median is that of so many pixels at most. */
const SAMPLE = 1 << 13;

/** Memory for the edge steps of an image. */
export function edgeStepRange(nPixels: number): EdgeStepRange {
  const range = { least: shared(Float32Array, nPixels), greatest: shared(Float32Array, nPixels) };
  clearEdgeSteps(range);
  return range;
}

/** Forgets all edge steps. */
export function clearEdgeSteps({ least, greatest }: EdgeStepRange): void {
  least.fill(Number.POSITIVE_INFINITY);
  greatest.fill(Number.NEGATIVE_INFINITY);
}

/** Adds those of other time steps. */
export function addEdgeSteps(range: EdgeStepRange, other: EdgeStepRange): void {
  for (let p = 0; p < range.least.length; p++) {
    if (other.least[p] < range.least[p]) range.least[p] = other.least[p];
    if (other.greatest[p] > range.greatest[p]) range.greatest[p] = other.greatest[p];
  }
}

/**
 * Adds the edge steps of a tile.
 *
 * @param edgeSteps NaN where a pixel has none
 * @param first final pixel of the first of them
 * @param isWhole whether a pixel of the tile has a value at all energies before it is normalized
 */
export function noteEdgeSteps(
  { least, greatest }: EdgeStepRange,
  edgeSteps: Float64Array,
  count: number,
  first: number,
  isWhole: (j: number) => boolean,
): void {
  for (let j = 0; j < count; j++) {
    const step = edgeSteps[j];
    const p = first + j;
    if (step < least[p]) least[p] = step;
    if (step > greatest[p]) greatest[p] = step;
    if (Number.isNaN(step) && isWhole(j)) least[p] = Number.NEGATIVE_INFINITY;
  }
}

/** The pixels of an answer whose edge steps are unusual; undefined where there are none. */
export function countEdgeSteps(
  { least, greatest }: EdgeStepRange,
  place: Int32Array,
): EdgeStepCount | undefined {
  let [nonPositive, positive] = [0, 0];
  for (let p = 0; p < place.length; p++) {
    if (place[p] < 0) continue;
    if (least[p] === Number.NEGATIVE_INFINITY) nonPositive++;
    else if (greatest[p] > 0) positive++;
  }
  const every = Math.max(1, Math.ceil(positive / SAMPLE));
  const isPositive = (p: number): boolean => place[p] >= 0 && least[p] > 0 && greatest[p] > 0;
  const size = Math.ceil(positive / every);
  const [lows, highs] = [new Float64Array(size), new Float64Array(size)];
  let [seen, n] = [0, 0];
  for (let p = 0; p < place.length; p++) {
    if (!isPositive(p) || seen++ % every > 0) continue;
    lows[n] = least[p];
    highs[n++] = greatest[p];
  }
  const [low, high] = [median(lows.subarray(0, n)), median(highs.subarray(0, n))];
  const [floor, ceiling] = [low / FACTOR, high * FACTOR];
  let scattered = 0;
  for (let p = 0; p < place.length; p++) {
    if (isPositive(p) && (least[p] < floor || greatest[p] > ceiling)) scattered++;
  }
  if (nonPositive + scattered === 0) return undefined;
  return { nonPositive, scattered, total: nonPositive + positive, median: (low + high) / 2 };
}
