// Energy shift of every pixel from the spectra of a metal foil.
import type { CubicSpline } from "../compute/interpolate.js";
import { median } from "../compute/stats.js";
import { ArgumentError, DataError, quote, ShapeError } from "../errors.js";
import { type OptionNames, requireOptions } from "../options.js";
import { inUnit } from "../units.js";
import { Aligner, type Spline } from "./align.js";
import { ascendingAxis, rangeText } from "./axis.js";
import { findE0, firstInflectionWithin } from "./edge.js";
import type { Spectrum } from "./shift.js";
import { smooth, smoothNodes } from "./smooth.js";
import { smoothMap } from "./smooth-map.js";

/** Result of `calibrateFoil` for a pixel. Only pixels with flag `good` are used for the smooth map. */
export const FoilFlag = {
  /** Its shift was found and is used for the smooth map. */
  good: 0,
  /** It has values that are not finite near the edge; no raw shift. */
  invalid: 1,
  /** It shows no absorption edge; no raw shift. */
  noEdge: 2,
  /** The search for its shift did not end, or left the permitted range; no raw shift. */
  notConverged: 3,
  /** A shift was found, but the spectrum does not look like the foil. */
  residual: 4,
  /** A shift was found, but it lies far off the smooth map. */
  outlier: 5,
} as const;

/** Options of `calibrateFoil`. */
export interface CalibrateFoilOptions {
  /** True energy of the foil's first inflection, eV: 8333 for a nickel foil. */
  readonly reference: number;
  /** Expected first inflection on the nominal axis, eV; default: on the steepest edge. */
  readonly near?: number;
  /** Largest distance from `near`, eV; default 10. */
  readonly window?: number;
  /** Energies that are aligned, eV relative to the edge, both ends included; default [-30, 60]. */
  readonly range?: readonly [number, number];
  /** Largest shift of a pixel against the mean, eV; default 10. */
  readonly maxShift?: number;
  /** Largest root-mean-square misfit in units of the edge step; default 0.1. */
  readonly maxResidual?: number;
  /**
   * Total degree of the smooth map, 0..6; default 3. Lowered if there are too few pixels, rows or columns.
   */
  readonly degree?: number;
}

const NAMES: OptionNames<CalibrateFoilOptions> = {
  reference: true,
  near: true,
  window: true,
  range: true,
  maxShift: true,
  maxResidual: true,
  degree: true,
};

/** Result of `calibrateFoil`. Maps are row-major, shape [height * width]. */
export interface FoilCalibration {
  /** Smooth map: true energy = nominal energy + shift, eV; a value for every pixel. */
  readonly shift: Float64Array;
  /** Shift of each pixel as measured, eV; NaN where there is none. */
  readonly raw: Float64Array;
  /** One of `FoilFlag` for each pixel. */
  readonly flags: Uint8Array;
  /** First inflection of the aligned mean spectrum on the nominal axis, eV. */
  readonly inflection: number;
  /** Root mean square of raw - shift over good pixels, eV. */
  readonly rms: number;
  /** Coefficients of the smooth map for u^i v^j; u and v run from -1 to 1 over columns and rows. */
  readonly coefficients: Float64Array;
  /** [i, j] of each coefficient. */
  readonly exponents: readonly (readonly [number, number])[];
}

const LEAST_GOOD = 6;
/** Width of the bins of the mean spectrum, eV; its features are 2 eV wide. */
const BIN = 0.2;
/**
 * Smallest smoothing length of the mean spectrum, eV. At 1 % noise in 1000 pixels the noise of its inflection
 * is 0.015 eV; with 0.5 eV it would be 0.04 eV. The bias is 0.015 eV for the foil of the simulation and at
 * most 0.1 eV for sharper ones. It is the same for all pixels.
 */
const MEAN_SMOOTHING = 0.7;
/** All inflections of an edge lie within this distance of its steepest point, eV. */
const EDGE_WIDTH = 24;
/** Number of pixels in the mean spectrum. The noise of a mean over more pixels would not matter. */
const MEAN_PIXELS = 2000;
/** The mean is iterated until the root-mean-square change of the shifts per round is below this, eV. */
const MEAN_TOLERANCE = 5e-4;
const MEAN_ROUNDS = 10;
/** A pixel has no edge if it is smaller than this fraction of the mean edge, or this many standard errors. */
const SMALLEST_EDGE = 0.1;
const EDGE_SIGMAS = 8;

/**
 * Energy shift of every pixel. The edge of each pixel is aligned with the mean foil spectrum, and the first
 * inflection of the mean gives the absolute scale. A polynomial is fitted robustly to the shifts over the
 * image.
 *
 * The alignment uses the whole edge, so it is accurate where the inflection of a single pixel cannot be
 * found. The mean is computed again from aligned spectra, so that the dispersion over the field does not
 * broaden it.
 *
 * @param energy nominal energies, eV, strictly monotonic, ascending or descending, shape [nEnergies]
 * @param spectra absorbance of the foil, pixel-major, shape [height * width, nEnergies]
 * @param shape [height, width]
 * @throws ShapeError when spectra, axis and shape disagree
 * @throws ArgumentError when the axis is not monotonic or an option is invalid
 * @throws DataError when no edge is found or fewer than 6 pixels can be calibrated
 * @example
 * const foil = Cube.load({ part: "foilStatic" }).absorb();
 * const { energies, data } = await foil.spectra(); // one spectrum per pixel
 * const { height, width } = foil.schema;
 * calibrateFoil(energies, data, [height, width], { reference: 8333 }).shift; // eV, one per pixel
 */
export function calibrateFoil(
  energy: ArrayLike<number>,
  spectra: Spectrum,
  shape: readonly [number, number],
  options: CalibrateFoilOptions,
): FoilCalibration {
  const model = foilModel(energy, spectra, shape, options);
  return finishFoil(model, alignPixels(model, spectra, 0, shape[0] * shape[1]));
}

/** What the pixels of a foil are aligned with, as plain data: it can be sent to another thread. */
export interface FoilModel {
  readonly energies: Float64Array;
  readonly shape: readonly [number, number];
  /** First energy of the steepest edge of a typical spectrum, eV. */
  readonly edge: number;
  readonly mean: Spline;
  /** First inflection of the mean on the nominal axis, eV. */
  readonly inflection: number;
  /** Shifts of every `stride`-th pixel against the mean, eV: where the pixels beside it start. */
  readonly starts: Float64Array;
  readonly stride: number;
  /** Largest root-mean-square misfit of an edge as high as that of the mean. */
  readonly misfit: number;
  readonly options: ReturnType<typeof checkFoilOptions>;
}

/** The alignment of neighboring pixels. */
export interface FoilAlignment {
  /** Shift of each pixel as measured, eV; NaN where there is none. */
  readonly raw: Float64Array;
  /** One of `FoilFlag` for each pixel. */
  readonly flags: Uint8Array;
}

/** First step of `calibrateFoil`: the mean spectrum and its first inflection. */
export function foilModel(
  energy: ArrayLike<number>,
  spectra: Spectrum,
  shape: readonly [number, number],
  options: CalibrateFoilOptions,
): FoilModel {
  const checked = checkFoilOptions(options);
  const { axis, descending } = ascendingAxis(energy, "calibrateFoil", 8);
  const nPixels = checkShape(spectra, shape, axis.length);
  const rough = typicalSpectrum(spectra, nPixels, axis.length, descending);
  const edge = findE0(axis, rough);
  const region = new Region(axis, descending, spectra, edge, checked.range, checked.maxShift);
  const aligner = new Aligner(region.window);
  const stride = Math.max(1, Math.floor(nPixels / MEAN_PIXELS));
  const { mean, starts } = alignedMean(region, aligner, rough, nPixels, stride, checked.maxShift);
  const inflection = meanInflection(mean, region, options);
  const energies = Float64Array.from(energy);
  const misfit = checked.maxResidual * extent(region.window.map((e) => mean.value(e)));
  const { x, c } = mean;
  return { energies, shape, edge, mean: { x, c }, inflection, starts, stride, misfit, options: checked };
}

/** Second step: the pixels [from, to), each by itself. */
export function alignPixels(model: FoilModel, spectra: Spectrum, from: number, to: number): FoilAlignment {
  const { energies, edge, mean, inflection, starts, stride, misfit, options } = model;
  const { reference, range, maxShift } = options;
  const { axis, descending } = ascendingAxis(energies, "calibrateFoil", 8);
  const region = new Region(axis, descending, spectra, edge, range, maxShift);
  const aligner = new Aligner(region.window);
  const raw = new Float64Array(to - from);
  const flags = new Uint8Array(to - from);
  for (let p = from; p < to; p++) {
    const start = starts[Math.floor(p / stride)];
    const flag = region.read(p)
      ? judge(aligner, mean, region.values, start, maxShift, misfit)
      : FoilFlag.invalid;
    flags[p - from] = flag;
    const known = flag === FoilFlag.good || flag === FoilFlag.residual;
    raw[p - from] = known ? reference - inflection + aligner.shift : Number.NaN;
  }
  return { raw, flags };
}

/** Last step: the smooth map, from the alignment of all pixels. */
export function finishFoil(
  { shape, inflection, options: { degree } }: FoilModel,
  { raw, flags }: FoilAlignment,
): FoilCalibration {
  const good = flags.map((flag) => (flag === FoilFlag.good ? 1 : 0));
  requireGood(flags, LEAST_GOOD);
  const { map, clipped, coefficients, exponents, rms } = smoothMap(raw, good, shape, degree);
  for (let p = 0; p < flags.length; p++) if (clipped[p] === 1) flags[p] = FoilFlag.outlier;
  return { shift: map, raw, flags, inflection, rms, coefficients, exponents };
}

/**
 * The part of the axis near the edge: the window that is aligned, with a margin on both sides for the mean.
 */
class Region {
  readonly axis: Float64Array;
  /** Energies that are aligned: `axis` without its margins. */
  readonly window: Float64Array;
  /** Values of the pixel read last, on `axis`; `values` is the part in the window. */
  readonly all: Float64Array;
  readonly values: Float64Array;
  private readonly first: number;

  constructor(
    axis: Float64Array,
    private readonly descending: boolean,
    private readonly spectra: Spectrum,
    readonly edge: number,
    range: readonly [number, number],
    maxShift: number,
  ) {
    const from = axis.findIndex((e) => e >= edge + range[0]);
    const to = axis.findLastIndex((e) => e <= edge + range[1]);
    if (to - from < 7 || axis[to] <= edge) {
      throw new DataError(
        `calibrateFoil: expected at least 8 energies within [${range}] eV of the edge at ${edge.toFixed(1)} eV, got ${Math.max(0, to - from + 1)} on an axis of ${rangeText(axis)}; record the foil with finer steps or widen range`,
        { edge, range },
      );
    }
    this.first = axis.findIndex((e) => e >= axis[from] - maxShift);
    const end = axis.findLastIndex((e) => e <= axis[to] + maxShift) + 1;
    this.axis = axis.slice(this.first, end);
    this.window = axis.slice(from, to + 1);
    this.nEnergies = axis.length;
    this.all = new Float64Array(this.axis.length);
    this.values = this.all.subarray(from - this.first, to + 1 - this.first);
  }

  private readonly nEnergies: number;

  /**
   * Reads a pixel into `all` and `values`. Returns false when the window holds a value that is not finite.
   */
  read(pixel: number): boolean {
    const { all, values, nEnergies, spectra } = this;
    const step = this.descending ? -1 : 1;
    const start = pixel * nEnergies + (this.descending ? nEnergies - 1 - this.first : this.first);
    for (let i = 0; i < all.length; i++) all[i] = spectra[start + step * i];
    for (let i = 0; i < values.length; i++) if (!Number.isFinite(values[i])) return false;
    return true;
  }

  /** The part on `axis` of an array on the whole axis. */
  cut(values: Float64Array): Float64Array {
    return values.slice(this.first, this.first + this.axis.length);
  }
}

/** Median over at most 400 pixels at each energy, in ascending order. It is robust against dead pixels. */
function typicalSpectrum(spectra: Spectrum, nPixels: number, n: number, descending: boolean): Float64Array {
  const stride = Math.max(1, Math.floor(nPixels / 400));
  const column = new Float64Array(Math.ceil(nPixels / stride));
  const out = new Float64Array(n);
  for (let i = 0; i < n; i++) {
    for (let k = 0; k < column.length; k++) {
      const value = spectra[k * stride * n + (descending ? n - 1 - i : i)];
      column[k] = Number.isFinite(value) ? value : Number.NaN;
    }
    out[i] = median(column);
  }
  return out;
}

/**
 * Mean of the aligned spectra, iterated until the shifts converge, and the shifts of every `stride`-th pixel.
 *
 * Every value is added to the bin at its shifted energy. Pixels with different shifts sample the edge at
 * different energies, so the mean is known between the points of the axis, and no interpolation broadens it.
 */
function alignedMean(
  region: Region,
  aligner: Aligner,
  rough: Float64Array,
  nPixels: number,
  stride: number,
  maxShift: number,
): { mean: CubicSpline; starts: Float64Array } {
  const { axis, window } = region;
  const middle = (window[0] + window[window.length - 1]) / 2;
  const half = (window[window.length - 1] - window[0]) / 2;
  const nBins = Math.ceil((axis[axis.length - 1] - axis[0]) / BIN) + 1;
  const bins = Float64Array.from({ length: nBins }, (_, i) => axis[0] + i * BIN);
  const sum = new Float64Array(nBins);
  const weight = new Float64Array(nBins);
  const starts = new Float64Array(Math.ceil(nPixels / stride));

  const guess = region.cut(rough);
  const height = extent(guess);
  let mean = smooth(
    axis,
    guess.map((v) => v / height),
  );
  for (let round = 0; round < MEAN_ROUNDS; round++) {
    sum.fill(0);
    weight.fill(0);
    let drift = 0;
    let change = 0;
    let count = 0;
    for (let s = 0; s < starts.length; s++) {
      if (!region.read(s * stride)) continue;
      if (judge(aligner, mean, region.values, starts[s], maxShift, 0.3, round) !== FoilFlag.good) continue;
      const { shift, scale, offset, slope } = aligner;
      drift += shift - starts[s];
      change += (shift - starts[s]) ** 2;
      count++;
      starts[s] = shift;
      aligner.repair(region.values);
      for (let i = 0; i < axis.length; i++) {
        const at = Math.round((axis[i] + shift - axis[0]) / BIN);
        const value = region.all[i] - offset - (slope * (axis[i] - middle)) / half;
        if (at < 0 || at >= nBins || !Number.isFinite(value)) continue;
        // The value is moved to the middle of its bin with the slope of the mean.
        sum[at] += value + scale * mean.derivative(bins[at]) * (bins[at] - axis[i] - shift);
        weight[at] += scale;
      }
    }
    if (count === 0) break;
    mean = smoothNodes(
      bins,
      sum.map((s, i) => (weight[i] > 0 ? s / weight[i] : 0)),
      weight,
      MEAN_SMOOTHING,
    );
    // A common drift of all pixels does not matter, because the inflection of the mean gives the scale.
    if (change / count - (drift / count) ** 2 < MEAN_TOLERANCE ** 2) break;
  }
  return { mean, starts };
}

function meanInflection(mean: CubicSpline, { edge, axis }: Region, options: CalibrateFoilOptions): number {
  const { near = edge, window = options.near === undefined ? EDGE_WIDTH : 10 } = options;
  const found = firstInflectionWithin(mean, near, window);
  if (found !== undefined) return found;
  throw new DataError(
    `calibrateFoil: expected the foil's first inflection within ${window} eV of ${near.toFixed(1)} eV, got none on an axis of ${rangeText(axis)}; widen window or correct near`,
    { near, window },
  );
}

/** Aligns one spectrum with the mean and returns its flag. */
function judge(
  aligner: Aligner,
  mean: Spline,
  values: Float64Array,
  start: number,
  maxShift: number,
  maxResidual: number,
  rounds?: number,
): number {
  const converged = aligner.fit(mean, values, start, maxShift, rounds);
  const { scale, scaleError, residual } = aligner;
  if (!(scale > SMALLEST_EDGE && scale > EDGE_SIGMAS * scaleError)) return FoilFlag.noEdge;
  if (!converged) return FoilFlag.notConverged;
  return residual <= maxResidual * scale ? FoilFlag.good : FoilFlag.residual;
}

/** Difference between the largest and the smallest value. */
function extent(values: Float64Array): number {
  let low = Number.POSITIVE_INFINITY;
  let high = Number.NEGATIVE_INFINITY;
  for (const v of values) {
    if (v < low) low = v;
    if (v > high) high = v;
  }
  return high - low;
}

function requireGood(flags: Uint8Array, least: number): void {
  const counts = new Array<number>(6).fill(0);
  for (const flag of flags) counts[flag]++;
  if (counts[FoilFlag.good] >= least) return;
  const why = Object.entries(FoilFlag)
    .filter(([, flag]) => flag !== FoilFlag.good && counts[flag] > 0)
    .map(([name, flag]) => `${counts[flag]} ${name}`);
  throw new DataError(
    `calibrateFoil: expected at least ${least} pixels that can be calibrated, got ${counts[FoilFlag.good]} of ${flags.length} (${why.join(", ")}); bin more, average more foil cubes, or check that the foil was in the beam`,
    { good: counts[FoilFlag.good], pixels: flags.length },
  );
}

function checkFoilOptions(options: CalibrateFoilOptions) {
  const given = requireOptions<CalibrateFoilOptions>("calibrateFoil", options, NAMES);
  const { reference, range = [-30, 60], maxShift = 10, maxResidual = 0.1, degree = 3 } = given;
  const refuse = (option: string, expected: string, value: unknown): never => {
    throw new ArgumentError(
      `calibrateFoil: expected ${option} ${expected}, got ${quote(value)}; leave it out for the default`,
      { option, value },
    );
  };
  if (!(Number.isFinite(reference) && reference > 0)) {
    throw new ArgumentError(
      `calibrateFoil: expected reference, the true energy of the foil's first inflection in eV, got ${quote(reference)}; for a nickel foil { reference: 8333 }`,
      { option: "reference", value: reference },
    );
  }
  inUnit("calibrateFoil", "reference", "energy", reference);
  if (!(range?.length === 2 && range[0] < 0 && range[1] > 0 && Number.isFinite(range[1] - range[0]))) {
    refuse("range", "as [low < 0, high > 0] in eV relative to the edge", range);
  }
  if (!(maxShift > 0 && maxShift < Infinity)) refuse("maxShift", "> 0 eV", maxShift);
  if (!(maxResidual > 0)) refuse("maxResidual", "> 0, as a fraction of the edge step", maxResidual);
  if (!(Number.isInteger(degree) && degree >= 0 && degree <= 6)) {
    refuse("degree", "as an integer from 0 to 6", degree);
  }
  const { near, window } = given;
  if (near !== undefined && !Number.isFinite(near)) refuse("near", "in eV", near);
  if (window !== undefined && !(window > 0 && window < Infinity)) refuse("window", "> 0 eV", window);
  return { reference, range, maxShift, maxResidual, degree };
}

function checkShape(spectra: Spectrum, shape: readonly [number, number], nEnergies: number): number {
  const nPixels = shape?.[0] * shape?.[1];
  if (!(Number.isInteger(nPixels) && nPixels > 0) || spectra?.length !== nPixels * nEnergies) {
    throw new ShapeError(
      `calibrateFoil: expected spectra of shape [height * width, nEnergies] = [${quote(shape?.[0])} * ${quote(shape?.[1])}, ${nEnergies}], got ${spectra?.length ?? quote(spectra)} values; spectra are pixel-major`,
      { shape, nEnergies, got: spectra?.length },
    );
  }
  return nPixels;
}
