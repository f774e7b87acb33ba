// The fits below and above an edge: the points that they use, without disturbed ones, and their polynomials.
import { polynomialFit, polynomialValue } from "../compute/polynomial.js";
import { median } from "../compute/stats.js";
import { DataError } from "../errors.js";
import { despike } from "./smooth.js";
import { jumpWithin, undisturbedStretch } from "./undisturbed.js";
import { edgeWindow, TINY_STEP, type Windows } from "./windows.js";

/** Points of a window. */
export interface WindowPoints {
  /** Indices on the axis. */
  readonly indices: readonly number[];
  /** E - e0, eV */
  readonly x: Float64Array;
  readonly y: Float64Array;
}

/** Points of both windows. */
export interface EdgePoints {
  readonly pre: WindowPoints;
  readonly post: WindowPoints;
}

type Name = keyof EdgePoints;

/** A fit needs undisturbed points over this fraction of its window. */
const REMAINING = 0.75;
/** Fewer points are too few for a judgment of their neighbors. */
const JUDGED = 8;
/** Closer to e0 than this, eV, the rise of an edge may be as steep as a jump. */
const RISE = 5;
/** Up to this far from e0, eV, only steps of at most `FINE` eV tell a jump from a white line ... */
const WHITE_LINE = 30;
const FINE = 1.2;
/** ... or of at most `COARSE` eV where the jump makes at least `MOST` of the edge step. */
const COARSE = 2.5;
const MOST = 0.75;
/** A jump between the edge and a window has at least this fraction of the edge step. */
const BETWEEN = 0.1;

/**
 * The points of both windows without glitches and stretches without beam, which would tilt the fits.
 *
 * @param missing whether values that are not finite are refused or left out
 * @throws DataError for a window with too few energies, a jump in or before it, or too many disturbed points
 */
export function edgePoints(
  energy: ArrayLike<number>,
  mu: ArrayLike<number>,
  e0: number,
  windows: Windows,
  call: string,
  missing: "refuse" | "leave out" = "refuse",
): EdgePoints {
  const pre = windowPoints("pre", windows.preDegree);
  const post = windowPoints("post", windows.degree);
  const edgeStep = Math.abs(median(post.y) - median(pre.y));
  const points = { pre: clean("pre", pre, edgeStep, call), post: clean("post", post, edgeStep, call) };
  const nearer = windows.nextEdge !== undefined && windows.nextEdge.distance < windows.post[0];
  refuseJumpBefore("pre");
  if (!nearer) refuseJumpBefore("post");
  return points;

  /** Refuses a window whose level is not that of the edge, because the spectrum jumps between them. */
  function refuseJumpBefore(name: Name): void {
    const sign = name === "pre" ? -1 : 1;
    const inner = [...points[name].indices].sort((a, b) => sign * (energy[a] - energy[b])).slice(0, 4);
    const reach = Math.min(...inner.map((i) => sign * (energy[i] - e0)));
    const between = Array.from({ length: energy.length }, (_, i) => i).filter((i) => {
      const x = sign * (energy[i] - e0);
      return x >= 0 && x < reach && Number.isFinite(mu[i]);
    });
    const order = [...between, ...inner].sort((a, b) => sign * (energy[a] - energy[b]));
    const x = Float64Array.from(order, (i) => sign * (energy[i] - e0));
    const y = Float64Array.from(order, (i) => mu[i]);
    if (x.length < JUDGED) return;
    const least = Math.max(BETWEEN * edgeStep, 16 * despike(x, y).sigma);
    const jump = jumpWithin({ x, y }, least, (step, at, size) => {
      const isTold = step <= FINE || (step <= COARSE && size >= MOST * edgeStep);
      return at >= WHITE_LINE || (at >= RISE && isTold);
    });
    if (jump === undefined) return;
    throw new DataError(
      `${call}: expected a smooth spectrum between the edge and the ${name}-edge window, got a jump ${jump.toFixed(1)} eV ${sign < 0 ? "below" : "above"} e0 = ${e0.toFixed(2)} eV; set ${name}: [low, high] to a range without it, or set the points without beam right first`,
      { window: name, jump: sign * jump },
    );
  }

  function windowPoints(name: Name, degree: number): WindowPoints {
    const [from, to] = edgeWindow(energy, e0, windows[name], degree, name, call);
    const indices: number[] = [];
    for (let i = from; i < to; i++) {
      if (Number.isFinite(mu[i])) indices.push(i);
      else if (missing === "refuse") {
        throw new DataError(
          `${call}: expected finite values in the ${name}-edge window, got ${mu[i]} at ${energy[i]} eV (index ${i}); remove the point or move ${name}`,
          { window: name, index: i, energy: energy[i] },
        );
      }
    }
    if (indices.length < 0.5 * (to - from)) throw tooFew(name, indices.length, to - from, call);
    const x = Float64Array.from(indices, (i) => energy[i] - e0);
    return { indices, x, y: Float64Array.from(indices, (i) => mu[i]) };
  }
}

/** Indices of the energies in the windows that are not among the points. */
export function leftOutOf(
  energy: ArrayLike<number>,
  e0: number,
  { pre, post }: Windows,
  points: EdgePoints,
): number[] {
  const kept = new Set([...points.pre.indices, ...points.post.indices]);
  return Array.from(energy, (e) => e - e0).flatMap((x, i) => {
    const isInside = [pre, post].some(([low, high]) => x >= low && x <= high);
    return isInside && !kept.has(i) ? [i] : [];
  });
}

/** @throws DataError where the rest is not enough */
function clean(name: Name, points: WindowPoints, edgeStep: number, call: string): WindowPoints {
  const { indices, x, y } = points;
  if (x.length < JUDGED) return points;
  const { kept, jump } = undisturbedStretch(x, y, edgeStep);
  if (jump !== undefined) {
    throw new DataError(
      `${call}: expected a smooth spectrum in the ${name}-edge window, got a jump ${Math.abs(jump).toFixed(1)} eV ${jump < 0 ? "below" : "above"} e0; end ${name} before it, or set the points without beam right first`,
      { window: name, jump },
    );
  }
  if (kept.size === x.length) return points;
  const left = x.filter((e) => kept.has(e));
  const span = (e: Float64Array): number => Math.abs((e.at(-1) ?? 0) - (e[0] ?? 0));
  if (left.length < x.length / 2 || span(left) < REMAINING * span(x)) {
    throw tooFew(name, left.length, x.length, call);
  }
  const isKept = (_: unknown, i: number): boolean => kept.has(x[i]);
  return { indices: indices.filter(isKept), x: left, y: y.filter(isKept) };
}

function tooFew(name: Name, count: number, all: number, call: string): DataError {
  return new DataError(
    `${call}: expected undisturbed values over the ${name}-edge window, got ${count} of ${all} points without glitches or lost beam; set ${name}: [low, high] to a range, relative to e0, where the beam was on`,
    { window: name, count },
  );
}

/** The two polynomials in powers of E - e0, and their difference at e0. */
export interface EdgeFits {
  /** Pre-edge: [value at e0, slope per eV]. */
  readonly pre: Float64Array;
  readonly post: Float64Array;
  readonly edgeStep: number;
}

/**
 * The pre-edge line and the post-edge polynomial. A post-edge of degree 0 is a constant above that line.
 *
 * @throws DataError where the edge step is not positive, or no edge lies between windows by default
 */
export function edgeFits(points: EdgePoints, e0: number, windows: Windows, call: string): EdgeFits {
  const zero = new Float64Array(2);
  const pre = curveOf(points.pre, windows.preDegree, zero);
  const post = curveOf(points.post, windows.degree, windows.degree === 0 ? pre : zero);
  const edgeStep = post[0] - pre[0];
  if (!(edgeStep > TINY_STEP * (Math.abs(post[0]) + Math.abs(pre[0])))) {
    throw new DataError(
      `${call}: expected a positive edge step at e0 = ${e0.toFixed(2)} eV, got ${edgeStep.toPrecision(4)}; is mu an absorbance (not a transmission), and does the axis span the edge?`,
      { edgeStep, e0 },
    );
  }
  if (windows.byRule.includes("pre") && windows.byRule.includes("post")) {
    requireEdge(points, { pre, post, edgeStep }, e0, call);
  }
  return { pre, post, edgeStep };
}

/** Polynomial of mu - base, plus base. */
function curveOf({ x, y }: WindowPoints, degree: number, base: Float64Array): Float64Array {
  const above = y.map((value, i) => value - polynomialValue(base, x[i]));
  const fitted = polynomialFit(x, above, degree);
  const terms = Math.max(fitted.length, base.length);
  return Float64Array.from({ length: terms }, (_, d) => (fitted[d] ?? 0) + (base[d] ?? 0));
}

/**
 * Root mean square of the structure in a window, relative to the edge step, that no edge has in both default
 * windows. Reference spectra and models have at most 0.07 above and 0.02 below the edge; windows beside an
 * oscillation of the fine structure have at least 0.09 and 0.08.
 */
const STRUCTURE = { pre: 0.04, post: 0.08 } as const;

/** Refuses a scan without an edge: the fine structure of one that lies below the scan, for example. */
function requireEdge(points: EdgePoints, fits: EdgeFits, e0: number, call: string): void {
  const isRough = (name: Name): boolean => {
    const { x, y } = points[name];
    if (x.length < JUDGED) return false;
    const residual = y.map((value, i) => value - polynomialValue(fits[name], x[i]));
    const square = residual.reduce((sum, v) => sum + v * v, 0) / x.length;
    const noise = despike(x, y).sigma;
    return square > (STRUCTURE[name] * fits.edgeStep) ** 2 + (2 * noise) ** 2;
  };
  if (!isRough("pre") || !isRough("post")) return;
  throw new DataError(
    `${call}: expected an absorption edge at e0 = ${e0.toFixed(2)} eV, got a step of ${fits.edgeStep.toPrecision(3)} that is no larger than the structure below and above it; record a scan that begins below the edge, or give the e0 of its edge`,
    { e0, edgeStep: fits.edgeStep },
  );
}
