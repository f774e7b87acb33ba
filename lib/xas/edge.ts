// Where an edge is: the maximum of the derivative, and the first inflection that calibrates a foil.
import type { CubicSpline } from "../compute/interpolate.js";
import { ArgumentError, DataError, quote } from "../errors.js";
import { ascendingAxis, ascendingSpectrum, rangeText } from "./axis.js";
import { despike, smooth } from "./smooth.js";

/** Absorption on this much of the axis on either side tells where the edge roughly is, eV. */
const SIDE = 12;
/** The spectrum is smoothed within this distance of the edge, eV. */
const REACH = 60;
/** A maximum of the derivative counts from this share of the highest one on: real Ni foils have 0.8 to 1 in the first. */
const SIGNIFICANT = 0.4;
/** Between two maxima the derivative falls at least by this share of the lower one, or they are one that noise has split. */
const PROMINENT = 0.15;

/**
 * Edge energy: the highest maximum of the derivative of the smoothed spectrum, between the points of the axis.
 *
 * Lone spikes are removed first; points that are not finite are left out. For Ni foils the result may be the first or the
 * second inflection (8333 or about 8345 eV): use `firstInflection` to calibrate.
 *
 * @param energy eV, strictly monotonic, ascending or descending, shape [nEnergies], at least 5
 * @param mu absorption, shape [nEnergies]
 * @returns eV
 * @throws ShapeError when the lengths differ
 * @throws ArgumentError when the axis is not monotonic
 * @throws DataError when there is no rising edge, or the largest step is a fall (a transmission)
 */
export function findE0(energy: ArrayLike<number>, mu: ArrayLike<number>): number {
  const edge = prepare(energy, mu, "findE0");
  const middle = edgeMiddle(edge, "findE0");
  const peaks = prominentPeaks(edgeCurve(edge, middle));
  // On a coarse axis a far maximum may be as high by chance; the edge is within the boxes that found it.
  const near = peaks.filter((p) => Math.abs(p.energy - middle) <= 2 * SIDE);
  const best = highest(near.length > 0 ? near : peaks);
  if (best === undefined) throw noEdge("findE0", energy);
  return best.energy;
}

/** Options of `firstInflection`. */
export interface FirstInflectionOptions {
  /** Where the inflection should be, eV; default: anywhere on the steepest edge of the axis. */
  readonly near?: number;
  /** How far from `near` it may be, eV; default 10. */
  readonly window?: number;
}

/**
 * First inflection of the rising edge: the first significant maximum of the derivative, which is 8333 eV for a Ni foil.
 *
 * Not the highest maximum: in several Ni foils that is the second inflection, 12 eV above. Significant means at least 0.4
 * of the highest one and set off from the next; pre-edge peaks of oxides stay below.
 *
 * @param energy eV, strictly monotonic, ascending or descending, shape [nEnergies], at least 5
 * @param mu absorption, shape [nEnergies]; lone spikes and points that are not finite are left out
 * @param options near: nominal energy, eV (8333 for Ni); window: half width of the search around it, eV (10)
 * @returns eV, between the points of the axis
 * @throws ShapeError when the lengths differ
 * @throws ArgumentError when the axis is not monotonic or an option means nothing
 * @throws DataError when there is no rising edge, or none within the window, or the largest step is a fall
 */
export function firstInflection(
  energy: ArrayLike<number>,
  mu: ArrayLike<number>,
  options: FirstInflectionOptions = {},
): number {
  const { near, window = 10 } = options;
  const edge = prepare(energy, mu, "firstInflection");
  // An edge must be there at all, so that noise is not taken for one.
  const middle = edgeMiddle(edge, "firstInflection");
  if (near === undefined) {
    const found = firstInflectionWithin(edgeCurve(edge, middle), middle, 2 * SIDE);
    if (found === undefined) throw noEdge("firstInflection", energy);
    return found;
  }
  if (!Number.isFinite(near) || !(window > 0)) {
    throw new ArgumentError(
      `firstInflection: expected near in eV and window > 0 eV, got near ${quote(near)}, window ${quote(window)}; for Ni use { near: 8333 }`,
      { near, window },
    );
  }
  const found = firstInflectionWithin(edgeCurve(edge, near, window), near, window);
  if (found === undefined) {
    throw new DataError(
      `firstInflection: expected an inflection within ${window} eV of ${near} eV, got none on an axis of ${rangeText(energy)}; widen the window or correct near`,
      { near, window },
    );
  }
  return found;
}

/** First significant maximum of a smooth curve's derivative within `reach` of `center`, eV; undefined when there is none. */
export function firstInflectionWithin(curve: CubicSpline, center: number, reach: number): number | undefined {
  const peaks = prominentPeaks(curve).filter((p) => Math.abs(p.energy - center) <= reach);
  const top = highest(peaks);
  return peaks.find((p) => top !== undefined && p.height >= SIGNIFICANT * top.height)?.energy;
}

interface Edge {
  /** Ascending, finite points only, without spikes. */
  readonly x: Float64Array;
  readonly y: Float64Array;
  /** Noise of a point. */
  readonly sigma: number;
}

interface Peak {
  readonly energy: number;
  readonly height: number;
}

function prepare(energy: ArrayLike<number>, mu: ArrayLike<number>, call: string): Edge {
  const { axis, descending } = ascendingAxis(energy, call, 5);
  const values = ascendingSpectrum(mu, axis.length, descending, call);
  const valid = (_: number, i: number): boolean => Number.isFinite(values[i]);
  const x = axis.filter(valid);
  const y = values.filter(Number.isFinite);
  if (x.length < 5) {
    throw new DataError(
      `${call}: expected at least 5 finite values, got ${x.length} of ${axis.length}; the spectrum is masked or empty`,
      { finite: x.length },
    );
  }
  const { values: clean, sigma } = despike(x, y);
  return { x, y: clean, sigma };
}

/**
 * Middle of the largest step between the means of what lies `SIDE` eV below and above.
 *
 * @throws DataError when it is a fall, as in a transmission: what rises there is the far side of a white line
 */
function edgeMiddle({ x, y, sigma }: Edge, call: string): number {
  const n = x.length;
  const sums = new Float64Array(n + 1);
  for (let i = 0; i < n; i++) sums[i + 1] = sums[i] + y[i];
  let largest = 0;
  let isFall = false;
  let middle = Number.NaN;
  let low = 0;
  let high = 0;
  for (let i = 1; i < n; i++) {
    const center = (x[i - 1] + x[i]) / 2;
    while (x[low] < center - SIDE && low < i - 1) low++;
    while (high < n && x[high] <= center + SIDE) high++;
    const below = i - low;
    const above = Math.max(high, i + 1) - i;
    const rise = (sums[i + above] - sums[i]) / above - (sums[i] - sums[low]) / below;
    const size = Math.abs(rise);
    if (size > largest && size > 6 * sigma * Math.sqrt(1 / below + 1 / above)) {
      largest = size;
      isFall = rise < 0;
      middle = center;
    }
  }
  if (Number.isNaN(middle)) throw noEdge(call, x);
  if (isFall) {
    throw new DataError(
      `${call}: expected a rising absorption edge, got a spectrum that falls at its largest step, near ${middle.toFixed(1)} eV on an axis of ${rangeText(x)}; give absorbance, not transmission, on an axis that spans the edge`,
      { energy: middle },
    );
  }
  return middle;
}

/** The smoothed spectrum around an edge. */
function edgeCurve({ x, y }: Edge, center: number, margin = 0): CubicSpline {
  let first = x.findIndex((e) => e >= center - margin - REACH);
  let last = x.findLastIndex((e) => e <= center + margin + REACH);
  // On coarse or short axes take what there is: smoothing wants a few points.
  while (last - first < 7 && (first > 0 || last < x.length - 1)) {
    first = Math.max(0, first - 1);
    last = Math.min(x.length - 1, last + 1);
  }
  return smooth(x.slice(first, last + 1), y.slice(first, last + 1));
}

/** Extrema of the spline's derivative, alternating, with its values at both ends around them. */
function extrema({ x, c }: CubicSpline): Peak[] {
  const out: Peak[] = [{ energy: x[0], height: c[1] }];
  const last = x.length - 2;
  for (let i = 0; i <= last; i++) {
    // Second derivative 2 c2 + 6 c3 t changes its sign within the interval.
    const width = x[i + 1] - x[i];
    const start = c[4 * i + 2];
    const end = start + 3 * c[4 * i + 3] * width;
    if ((start > 0 && end <= 0) || (start < 0 && end >= 0)) {
      const t = -start / (3 * c[4 * i + 3]);
      out.push({ energy: x[i] + t, height: c[4 * i + 1] + t * (2 * start + 3 * t * c[4 * i + 3]) });
    }
  }
  const t = x[last + 1] - x[last];
  const k = 4 * last;
  out.push({ energy: x[last + 1], height: c[k + 1] + t * (2 * c[k + 2] + 3 * t * c[k + 3]) });
  return out;
}

/** Maxima of the derivative that stand out of the surroundings that separate them from higher ones, ascending in energy. */
function prominentPeaks(curve: CubicSpline): Peak[] {
  const all = extrema(curve);
  const out: Peak[] = [];
  for (let i = 1; i < all.length - 1; i++) {
    const { height } = all[i];
    if (!(height > 0 && height > all[i - 1].height && height >= all[i + 1].height)) continue;
    const base = Math.max(lowestUntilHigher(all, i, -1), lowestUntilHigher(all, i, 1));
    if (height - base >= PROMINENT * height) out.push(all[i]);
  }
  return out;
}

function lowestUntilHigher(all: Peak[], i: number, step: number): number {
  let lowest = all[i].height;
  for (let k = i + step; k >= 0 && k < all.length && all[k].height <= all[i].height; k += step) {
    lowest = Math.min(lowest, all[k].height);
  }
  return lowest;
}

function highest(peaks: Peak[]): Peak | undefined {
  return peaks.reduce<Peak | undefined>(
    (a, b) => (a === undefined || b.height > a.height ? b : a),
    undefined,
  );
}

function noEdge(call: string, energy: ArrayLike<number>): DataError {
  return new DataError(
    `${call}: expected a rising absorption edge, got none on an axis of ${rangeText(energy)}; is mu an absorbance, and does the axis span the edge?`,
  );
}
