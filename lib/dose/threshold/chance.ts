// How often would a straight line look as broken as this? Asked of the data's own noise, which may be larger at some doses than
// at others: criteria that take it for even find breaks where it grows.
import { random } from "../../compute/random.js";
import { type Before, BreakProfile, hinge } from "./broken-line.js";
import { condense } from "./condense.js";
import type { Points } from "./points.js";
import { numbered } from "./replicates.js";
import { straight } from "./straight.js";

/** Replicates; as many as tell one in a hundred from more. */
const REPLICATES = 399;

/**
 * Share of replicates without a break in which a broken line beats the straight one by as much as in the data.
 *
 * A replicate is the straight line plus the residuals about it, each with a random sign and in its own place, so that they are as
 * large and as uneven as they are (a wild bootstrap). Blocks of neighbours keep one sign.
 *
 * @param best break of the data
 * @returns 1 / 400 to 1
 * @see C. F. J. Wu, Annals of Statistics 14 (1986) 1261; E. Flachaire, Computational Statistics and Data Analysis 49 (2005) 361
 */
export function chanceOfBreak(points: Points, before: Before, best: number, seed: number): number {
  const { x, y, w, block } = points;
  const { intercept, slope, leverage } = straight(points);
  const line = x.map((v) => intercept + slope * v);
  const residual = y.map((v, i) => (v - line[i]) / Math.sqrt(Math.max(1 - leverage(i), LEAST_FREE)));
  const { numbers, size } = numbered(block ?? Int32Array.from(x.keys()));
  const signs = new Float64Array(size);
  const own = gain(points, before, best);
  const drawn = new Float64Array(y.length);
  let as = 1;
  for (let r = 0; r < REPLICATES; r++) {
    const { uniform } = random(seed, STREAM, r);
    for (let b = 0; b < size; b++) signs[b] = uniform() < 0.5 ? -1 : 1;
    for (let i = 0; i < drawn.length; i++) drawn[i] = line[i] + signs[numbers[i]] * residual[i];
    if (gain({ x, y: drawn, w }, before) >= own) as++;
  }
  return as / (REPLICATES + 1);
}

/** Other numbers than those of the interval's replicates. */
const STREAM = 1;

/** A point that alone decides its own residual has none that could be drawn. */
const LEAST_FREE = 0.1;

/** Residual of the straight line over that of the broken one. */
function gain(all: Points, before: Before, at?: number): number {
  const { points, within } = condense(all);
  const best = at ?? new BreakProfile(points, before).best;
  if (best === null) return 0;
  const broken = hinge(points, best, before).rss + within;
  return broken > 0 ? (straight(points).rss + within) / broken : Number.POSITIVE_INFINITY;
}
