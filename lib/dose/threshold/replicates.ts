// Data as they might have been: pairs, blocks of neighbours or residuals of the fit, drawn again.
import type { Random } from "../../compute/random.js";
import { type Before, brokenAt, hinge } from "./broken-line.js";
import { type Condensed, condense } from "./condense.js";
import type { Points } from "./points.js";

/** From this many points on, pairs are drawn; below, residuals of the fit, because too few pairs may leave no break at all. */
const LEAST_FOR_PAIRS = 20;

/** How replicates of the data are drawn, given the break that fits them best. */
export function replicatesOf(points: Points, at: number, before: Before): (draw: Random) => Condensed {
  if (!points.block && points.x.length < LEAST_FOR_PAIRS) return drawResiduals(points, at, before);
  return drawBlocks(points, points.block ?? Int32Array.from(points.x.keys()));
}

/** As many blocks as there are, with replacement; the points of a block that is drawn twice count twice. */
function drawBlocks(points: Points, block: Int32Array): (draw: Random) => Condensed {
  const { numbers: own, size } = numbered(block);
  const count = new Int32Array(size);
  const times = new Int32Array(own.length);
  return (draw) => {
    count.fill(0);
    for (let k = 0; k < count.length; k++) count[Math.floor(draw.uniform() * count.length)]++;
    for (let i = 0; i < own.length; i++) times[i] = count[own[i]];
    return condense(points, times);
  };
}

/** Blocks numbered from 0, and how many there are. */
export function numbered(block: Int32Array): { readonly numbers: Int32Array; readonly size: number } {
  const known = new Map<number, number>();
  const numbers = block.map((b) => {
    if (!known.has(b)) known.set(b, known.size);
    return known.get(b) as number;
  });
  return { numbers, size: known.size };
}

/** The fitted line plus its own residuals in another order, with replacement, each to the scale of its place. */
function drawResiduals({ x, y, w }: Points, at: number, before: Before): (draw: Random) => Condensed {
  const n = x.length;
  const fit = hinge({ x, y, w }, at, before);
  const course = x.map((v) => brokenAt(fit, v));
  const standard = y.map((v, i) => (v - course[i]) * Math.sqrt(w[i]));
  return (draw) => ({
    points: { x, y: course.map((v, i) => v + standard[Math.floor(draw.uniform() * n)] / Math.sqrt(w[i])), w },
    within: 0,
  });
}
