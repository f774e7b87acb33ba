// Edge energy: the maximum of the derivative, and the first inflection, which calibrates a foil.
import type { CubicSpline } from "../compute/interpolate.js";
import { polynomialFit } from "../compute/polynomial.js";
import { median } from "../compute/stats.js";
import { edgesBetween } from "../elements/edges.js";
import { ArgumentError, DataError, quote } from "../errors.js";
import { checkOptions } from "../options.js";
import { ascendingAxis, ascendingSpectrum, rangeText, requireElectronvolts } from "./axis.js";
import { smooth } from "./smooth.js";
import { type Points, roughest, undisturbed } from "./undisturbed.js";

/** Means over this range on either side locate the edge approximately, eV. */
const SIDE = 12;
/** The spectrum is smoothed within this distance of the edge, eV. */
const REACH = 60;
/**
 * A maximum of the derivative counts if it is at least this fraction of the highest one: 0.8 to 1 for the
 * first one of Ni foils.
 */
const SIGNIFICANT = 0.4;
/** At least this fraction of the rise remains above an edge; above the sharpest white lines, 0.5. */
const STAYS = 0.4;
/** A spectrum has two edges if another step is at least this fraction of the largest one ... */
const RIVAL = 0.6;
/** ... or, for a fall near the edge, this fraction: white lines fall by less. */
const FALL = 0.8;
/** Longest gap, eV and in typical steps, across which a spectrum is interpolated. */
const GAP = 3;
const GAP_STEPS = 2.5;
/**
 * Largest step of the axis at an edge, eV: about two core-hole widths of a 3d K edge. Steps of 6 eV give
 * errors of 0.6 eV on a Ni foil, and steps of 10 eV find the second inflection.
 */
const RESOLVED = 3;
/**
 * A gap within this distance of the edge, eV, may hide a steeper part if the spectrum rises across it by this
 * fraction of the edge step.
 */
const GAP_REACH = 15;
const GAP_RISE = 0.08;
/** The spectrum must extend this far on either side of the edge: eV, and points. */
const SIDES = 8;
const LEAST_BESIDE = 3;
/**
 * More than this far below the edge, and this far above its first point, the derivative of a spectrum is
 * noise only, eV.
 */
const QUIET = 20;
const QUIET_END = 4;
/** The rise of an edge begins at most this far below it, eV. */
const BEFORE = 15;
/**
 * Within `SIDE` eV below an edge the spectrum falls by at most this fraction of the step, besides the decline
 * of the background: by 0.05 in reference spectra, by 0.6 to 1.4 before an oscillation of the fine structure.
 */
const FALLS = 0.35;
/**
 * Where less than this lies below an edge, eV, its derivative must be narrower than `BROAD` eV, or than a
 * thousandth of its energy: core holes of heavy elements are short-lived. Edges of reference spectra have 4 to
 * 10 eV, oscillations of the fine structure 11 to 17 eV.
 */
const SHOWN = 30;
const BROAD = 11;
/** A glitch within this distance of the edge may move it, eV. */
const NEAR = 10;
/**
 * Two maxima are separate if the derivative between them falls by at least this fraction of the lower one.
 */
const PROMINENT = 0.15;

/**
 * Edge energy: position of the highest maximum of the derivative of the smoothed spectrum, eV.
 *
 * Values that are not finite, spikes, glitches of a few points, stretches without beam and constant ends are
 * left out. If the edge is then uncertain, the spectrum is refused. For Ni foils the result may be the first
 * or the second inflection (8333 or about 8345 eV): use `firstInflection` to calibrate.
 *
 * @param energy eV, strictly monotonic, ascending or descending, shape [nEnergies], at least 5
 * @param mu absorption, shape [nEnergies]
 * @returns eV
 * @throws ShapeError when the lengths differ
 * @throws ArgumentError when the axis is not monotonic
 * @throws DataError when there is no rising edge, or the largest step is a fall (a transmission)
 * @example
 * const energies = Array.from({ length: 121 }, (_, i) => 8300 + i);
 * const mu = energies.map((e) => 0.5 + Math.atan((e - 8345) / 2) / Math.PI);
 * findE0(energies, mu); // 8345 eV
 */
export function findE0(energy: ArrayLike<number>, mu: ArrayLike<number>): number {
  const call = "findE0";
  const points = prepare(energy, mu, call);
  const step = largestStep(points, call);
  const curve = edgeCurve(points, step.middle);
  const peaks = prominentPeaks(curve);
  // On a coarse axis a distant maximum may be as high by chance. The edge lies within the range that located
  // the step.
  const near = peaks.filter((p) => Math.abs(p.energy - step.middle) <= 2 * SIDE);
  const best = highest(near.length > 0 ? near : peaks);
  if (best === undefined) throw noEdge(call, energy);
  requireCertain(points, best.energy, step, curve, call);
  requireResolved(points, best.energy, call);
  return best.energy;
}

/** Options of `firstInflection`. */
export interface FirstInflectionOptions {
  /** Expected inflection, eV; default: anywhere on the steepest edge of the axis. */
  readonly near?: number;
  /** Largest distance from `near`, eV; default 10. */
  readonly window?: number;
}

/**
 * First inflection of the rising edge, eV: the first significant maximum of the derivative, 8333 eV for a Ni
 * foil.
 *
 * It is not always the highest maximum: in several Ni foils the second inflection, 12 eV above, is higher. A
 * maximum is significant if it is at least 0.4 of the highest one and separate from the next. Pre-edge peaks
 * of oxides are below 0.4.
 *
 * @param energy eV, strictly monotonic, ascending or descending, shape [nEnergies], at least 5
 * @param mu absorption, shape [nEnergies]; single spikes and values that are not finite are left out
 * @param options near: nominal energy, eV (8333 for Ni); window: half width of the search around it, eV (10)
 * @returns eV, between the points of the axis
 * @throws ShapeError when the lengths differ
 * @throws ArgumentError when the axis is not monotonic or an option is invalid
 * @throws DataError when there is no rising edge or none within the window, or when the largest step is a
 *   fall
 * @example
 * const energies = Array.from({ length: 121 }, (_, i) => 8300 + i);
 * const foil = energies.map((e) => Math.atan((e - 8333) / 1.5) + 2 * Math.atan((e - 8345) / 1.5));
 * firstInflection(energies, foil, { near: 8333 }); // 8333.0 eV, not the steeper rise at 8345 eV
 */
export function firstInflection(
  energy: ArrayLike<number>,
  mu: ArrayLike<number>,
  options: FirstInflectionOptions = {},
): number {
  const call = "firstInflection";
  const { near, window = 10 } = checkOptions(call, options, { near: true, window: true });
  if ((near !== undefined && !Number.isFinite(near)) || !(window > 0 && window < Infinity)) {
    throw new ArgumentError(
      `firstInflection: expected near in eV and window > 0 eV, got near ${quote(near)}, window ${quote(window)}; for Ni use { near: 8333 }`,
      { near, window },
    );
  }
  const points = prepare(energy, mu, call);
  // A spectrum without an edge is refused, because its derivative has maxima too.
  const step = largestStep(points, call, near !== undefined);
  if (near === undefined) {
    const curve = edgeCurve(points, step.middle);
    const found = firstInflectionWithin(curve, step.middle, 2 * SIDE);
    if (found === undefined) throw noEdge(call, energy);
    requireCertain(points, found, step, curve, call);
    requireResolved(points, found, call);
    return found;
  }
  const curve = edgeCurve(points, near, window);
  const found = firstInflectionWithin(curve, near, window);
  if (found === undefined) {
    throw new DataError(
      `firstInflection: expected an inflection within ${window} eV of ${near} eV, got none on an axis of ${rangeText(energy)}; widen the window or correct near`,
      { near, window },
    );
  }
  requireCertain(points, found, step, curve, call);
  requireResolved(points, found, call);
  return found;
}

/**
 * First significant maximum of the derivative within `reach` of `center`, eV; undefined when there is none.
 */
export function firstInflectionWithin(curve: CubicSpline, center: number, reach: number): number | undefined {
  const peaks = prominentPeaks(curve).filter((p) => Math.abs(p.energy - center) <= reach);
  const top = highest(peaks);
  return peaks.find((p) => top !== undefined && p.height >= SIGNIFICANT * top.height)?.energy;
}

interface Step {
  /** eV */
  readonly middle: number;
  /** Height, in the units of the spectrum. */
  readonly size: number;
}

interface Peak {
  readonly energy: number;
  readonly height: number;
}

function prepare(energy: ArrayLike<number>, mu: ArrayLike<number>, call: string): Points {
  const { axis, descending } = ascendingAxis(energy, call, 5);
  requireElectronvolts(axis, call);
  const values = ascendingSpectrum(mu, axis.length, descending, call);
  const finite = values.filter(Number.isFinite).length;
  if (finite < 5) {
    throw new DataError(
      `${call}: expected at least 5 finite values, got ${finite} of ${axis.length}; the spectrum is masked or empty`,
      { finite },
    );
  }
  const points = undisturbed(axis, values);
  if (points.x.length < 5) throw noEdge(call, energy);
  return points;
}

/**
 * The largest step between the means of what lies `SIDE` eV below and above.
 *
 * @param anyOther whether another step of similar size is accepted
 * @throws DataError when the largest step is a fall, as in a transmission, or when another step is as large
 */
function largestStep({ x, y, sigma }: Points, call: string, anyOther = false): Step {
  const n = x.length;
  const sums = new Float64Array(n + 1);
  let scale = 0;
  for (let i = 0; i < n; i++) {
    sums[i + 1] = sums[i] + y[i];
    scale = Math.max(scale, Math.abs(y[i]));
  }
  const rises = new Float64Array(n);
  let best = 0;
  let low = 0;
  let high = 0;
  for (let i = 1; i < n; i++) {
    const center = (x[i - 1] + x[i]) / 2;
    while (x[low] < center - SIDE && low < i - 1) low++;
    while (high < n && x[high] <= center + SIDE) high++;
    const below = i - low;
    const above = Math.max(high, i + 1) - i;
    const rise = (sums[i + above] - sums[i]) / above - (sums[i] - sums[low]) / below;
    const noise = 6 * sigma * Math.sqrt(1 / below + 1 / above) + 1e-9 * scale;
    rises[i] = Math.abs(rise) > noise ? rise : 0;
    if (Math.abs(rises[i]) > Math.abs(rises[best])) best = i;
  }
  if (best === 0) throw noEdge(call, x);
  const middle = (x[best - 1] + x[best]) / 2;
  const size = rises[best];
  if (size < 0) {
    throw new DataError(
      `${call}: expected a rising absorption edge, got a spectrum that falls at its largest step, near ${middle.toFixed(1)} eV on an axis of ${rangeText(x)}; give absorbance, not transmission, on an axis that spans the edge`,
      { energy: middle },
    );
  }
  // The slope of the background contributes to all steps.
  const slope = median(rises);
  const rival = rises.findIndex((rise, i) => {
    const distance = i === 0 ? 0 : Math.abs((x[i - 1] + x[i]) / 2 - middle);
    // Near the edge only a large fall counts: white lines fall by less.
    const share =
      distance > 3 * SIDE ? RIVAL : distance > SIDE && rise < slope ? FALL : Number.POSITIVE_INFINITY;
    return Math.abs(rise - slope) > share * (size - slope);
  });
  if (rival > 0 && !anyOther) {
    throw new DataError(
      `${call}: expected one absorption edge, got a step near ${middle.toFixed(1)} eV and another near ${x[rival].toFixed(1)} eV; leave out where the beam was lost, or cut the scan around one edge`,
      { energy: middle, other: x[rival] },
    );
  }
  return { middle, size };
}

/**
 * Refuses an inflection between points that are too far apart to locate it, or to tell it from the next one.
 */
function requireResolved({ x }: Points, edge: number, call: string): void {
  const at = x.findIndex((e) => e >= edge);
  const step = x[at] - x[at - 1];
  if (step <= RESOLVED) return;
  throw new DataError(
    `${call}: expected points at most ${RESOLVED} eV apart at the inflection, got ${step.toFixed(1)} eV at ${edge.toFixed(1)} eV; record the edge in finer steps, or give the known energy of the edge where it is an option`,
    { energy: edge, step },
  );
}

/** Refuses an edge whose position may be wrong because of missing or disturbed points beside it. */
function requireCertain(
  points: Points,
  edge: number,
  { size }: Step,
  curve: CubicSpline,
  call: string,
): void {
  const { x, y, sigma } = points;
  const n = x.length;
  const below = x.filter((e) => e < edge).length;
  if (x[0] > edge - SIDES || x[n - 1] < edge + SIDES || Math.min(below, n - below) < LEAST_BESIDE) {
    throw new DataError(
      `${call}: expected an edge with at least ${SIDES} eV and ${LEAST_BESIDE} points of spectrum on either side, got one at ${edge.toFixed(1)} eV and usable points from ${rangeText(x)}; record a wider range`,
      { energy: edge },
    );
  }
  const steps = x.subarray(1).map((e, i) => e - x[i]);
  const local = steps.filter((_, i) => Math.abs(x[i] - edge) <= 2 * SIDE);
  const widest = Math.max(GAP, GAP_STEPS * median(local));
  for (let i = 0; i < n - 1; i++) {
    if (steps[i] < widest) continue;
    const isAt = edge > x[i] - 1.5 && edge < x[i + 1] + 1.5;
    const isNear = x[i] < edge + GAP_REACH && x[i + 1] > edge - GAP_REACH;
    if (!isAt && !(isNear && y[i + 1] - y[i] > GAP_RISE * size + 4 * sigma)) continue;
    throw new DataError(
      `${call}: expected points over the whole edge, got no usable point between ${x[i].toFixed(1)} and ${x[i + 1].toFixed(1)} eV, where the edge at ${edge.toFixed(1)} eV may lie; record them again`,
      { energy: edge, gap: [x[i], x[i + 1]] },
    );
  }
  requireEdgeInScan(points, edge, size, curve, call);
  // Without an edge the maximum of the derivative is noise.
  const height = curve.derivative(edge);
  const noise = curve.x.reduce((most, e) => {
    const isBefore = e > Math.max(curve.x[0] + QUIET_END, edge - REACH) && e < edge - QUIET;
    return isBefore ? Math.max(most, Math.abs(curve.derivative(e))) : most;
  }, 0);
  if (noise > SIGNIFICANT * height) {
    throw new DataError(
      `${call}: expected an edge that stands out of the noise, got one at ${edge.toFixed(1)} eV no steeper than the noise below it; average more spectra or pixels`,
      { energy: edge },
    );
  }
  const rough = roughest(points, edge - NEAR, edge + NEAR, size);
  if (rough === undefined) return;
  throw new DataError(
    `${call}: expected a smooth edge, got an outlier near ${rough.toFixed(1)} eV; it may have moved the edge found at ${edge.toFixed(1)} eV; remove the outlier or record it again`,
    { energy: edge, off: rough },
  );
}

/**
 * Refuses a rise of the fine structure, as in a scan that begins above its edge: it follows a fall, or it is
 * broad and close to the start of the scan.
 */
function requireEdgeInScan(
  { x, y }: Points,
  edge: number,
  size: number,
  curve: CubicSpline,
  call: string,
): void {
  const below = [...x.keys()].filter((i) => x[i] >= edge - REACH && x[i] < edge - BEFORE);
  const fall = below.length < LEAST_BESIDE ? 0 : -SIDE * slopeOf(below);
  const smallest = Math.min(...below.map((i) => Math.abs(y[i])));
  // A photoelectric cross section falls with at most the fourth power of the energy.
  const falls = fall > FALLS * size + (4 * SIDE * smallest) / edge;
  const isBroad = x[0] > edge - SHOWN && widthOf(curve, edge) > Math.max(BROAD, edge / 1000);
  if (!falls && !isBroad) return;
  const names = edgesBetween(x[0] - 100, x[0])
    .reverse()
    .map((one) => `${one.name} (${one.energy} eV)`);
  throw new DataError(
    `${call}: expected an absorption edge within the scan of ${rangeText(x)}, got a rise at ${edge.toFixed(1)} eV ${falls ? "after a fall, as in" : "as broad as"} the fine structure above an edge${names.length > 0 ? `; edges shortly below the scan are ${names.join(", ")}` : ""}; record a scan that begins below its edge`,
    { energy: edge, first: x[0], last: x[x.length - 1] },
  );

  function slopeOf(indices: readonly number[]): number {
    return polynomialFit(
      indices.map((i) => x[i] - edge),
      indices.map((i) => y[i]),
      1,
    )[1];
  }
}

/** Full width at half maximum of the derivative, eV. */
function widthOf(curve: CubicSpline, edge: number): number {
  const half = curve.derivative(edge) / 2;
  const last = curve.x[curve.x.length - 1];
  let [from, to] = [edge, edge];
  while (from > curve.x[0] && curve.derivative(from) > half) from -= 0.1;
  while (to < last && curve.derivative(to) > half) to += 0.1;
  return to - from;
}

/** The smoothed spectrum around an edge. */
function edgeCurve({ x, y }: Points, center: number, margin = 0): CubicSpline {
  let first = x.findIndex((e) => e >= center - margin - REACH);
  let last = x.findLastIndex((e) => e <= center + margin + REACH);
  // The smoothing needs a minimum number of points on coarse or short axes.
  while (last - first < 7 && (first > 0 || last < x.length - 1)) {
    first = Math.max(0, first - 1);
    last = Math.min(x.length - 1, last + 1);
  }
  return smooth(x.slice(first, last + 1), y.slice(first, last + 1));
}

/** Extrema of the derivative of the spline, which alternate, between its values at the two ends. */
function extrema({ x, c }: CubicSpline): Peak[] {
  const out: Peak[] = [{ energy: x[0], height: c[1] }];
  const last = x.length - 2;
  for (let i = 0; i <= last; i++) {
    // The second derivative 2 c2 + 6 c3 t changes its sign within the interval.
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

/**
 * Maxima of the derivative that are separated from every higher maximum by a fall of at least `PROMINENT`,
 * ascending in energy.
 */
function prominentPeaks(curve: CubicSpline): Peak[] {
  const all = extrema(curve);
  const out: Peak[] = [];
  for (let i = 1; i < all.length - 1; i++) {
    const { height } = all[i];
    if (!(height > 0 && height > all[i - 1].height && height >= all[i + 1].height)) continue;
    const base = Math.max(lowestUntilHigher(all, i, -1), lowestUntilHigher(all, i, 1));
    if (height - base >= PROMINENT * height && staysUp(curve, all[i].energy)) out.push(all[i]);
  }
  return out;
}

/**
 * Whether the spectrum stays up after its rise. After a bump it falls back, and before a dip it was higher.
 */
function staysUp(curve: CubicSpline, energy: number): boolean {
  const { x } = curve;
  const before: number[] = [];
  let lowest = Number.POSITIVE_INFINITY;
  for (let i = 1; i < x.length; i++) {
    // The curve is not determined where nothing was measured.
    if (x[i] - x[i - 1] > 1) continue;
    if (x[i] > energy - 2.5 * SIDE && x[i] < energy - SIDE / 2) before.push(curve.value(x[i]));
    if (x[i] > energy && x[i] < energy + 2 * SIDE) lowest = Math.min(lowest, curve.value(x[i]));
  }
  const base = median(before);
  const rise = curve.value(energy) - base;
  return Number.isNaN(base) || (rise > 0 && lowest - base >= STAYS * rise);
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
