// From the flat field (I0) to a map of the dose rate: Eqs. 1-3 of the paper.
//
//   F[k,p]  = I[k,p] / sum_p I[k] * Ft[k]                  flux of a pixel, ph/s; Ft = flux * upstream(E)
//   DR[k,p] = E[k] (1 - T[k]) F[k,p] / (A_pix tau rho)     Gy/s
//   DR[p]   = mean of DR[k,p] over k
import type { Matrix } from "ml-matrix";
import { type MatrixLike, toFlat, toMatrix, toVector } from "../compute/matrix.js";
import { ArgumentError, DataError, quote, ShapeError } from "../errors.js";
import { checkOptions, type OptionNames, requireOptions } from "../options.js";
import { inUnit } from "../units.js";
import { checkFlux, fluxAt } from "./beam.js";
import { positive } from "./check.js";
import { type Convention, checkConvention, DEFAULT_CONVENTION } from "./convention.js";
import { addFrames } from "./dose-rate-kernels.js";
import { Stack, type StackJson } from "./stack.js";

/** Settings that turn counts into dose rates. */
export interface DoseRateSettings {
  /** eV, one per frame, in the order of the frames. */
  readonly energies: ArrayLike<number>;
  readonly stack: Stack | StackJson;
  /** ph/s on the first layer of the stack, one number for all energies, or one for each. */
  readonly flux: number | ArrayLike<number>;
  /** Edge of a square pixel at the sample, um. */
  readonly pixelSize: number;
  /** Density convention; default "porous"; "phase" gives the dose of the solid. */
  readonly convention?: Convention;
}

/**
 * Dark-corrected flat-field counts: a matrix [height, width] for each energy, or one array of all in
 * row-major order.
 */
export type FlatField = readonly MatrixLike[] | FlatArray;

/** Row-major counts [nEnergies, height, width]. */
export interface FlatArray {
  readonly data: ArrayLike<number>;
  readonly shape: readonly [nEnergies: number, height: number, width: number];
}

/** Gy/s, [height, width], with its density convention. */
export type DoseRateMap = Matrix & { readonly convention: Convention };

/**
 * Dose rate of each pixel in the absorber, averaged over the energies of the scan.
 *
 * The frames must contain the whole beam: Eq. 1 divides the flux among their pixels in proportion to the
 * counts. {@link DoseRateAccumulator} describes the treatment of invalid and negative counts.
 *
 * @param flat dark-corrected flat-field counts, one frame per energy
 * @returns Gy/s, [height, width]; NaN where a pixel is invalid at any energy; with its `convention`
 * @throws ShapeError when frames, energies and flux disagree; ArgumentError for invalid settings
 * @throws DataError for a frame without light
 * @see Eqs. 1-3 of the paper
 * @example
 * const flat = { data: [1, 3, 2, 2], shape: [1, 2, 2] as const }; // counts at one energy, 2 x 2 pixels
 * const map = doseRateMap({ flat, energies: [8390], stack: rockCell(), flux: 1e9, pixelSize: 50 });
 * map.get(0, 1) / map.get(0, 0); // 3
 */
export function doseRateMap(input: DoseRateSettings & { readonly flat: FlatField }): DoseRateMap {
  const { flat, ...settings } = requireOptions("doseRateMap", input, {
    flat: true,
    ...SETTINGS,
  });
  const { count, shape, frame, atOnce } = frames(flat);
  if (count !== settings.energies?.length) {
    throw new ShapeError(
      `doseRateMap: expected one flat-field frame per energy, got ${count} frames and ${settings.energies?.length} energies`,
      { frames: count, energies: settings.energies?.length },
    );
  }
  const sum = new DoseRateAccumulator({ shape, ...settings });
  for (let first = 0; first < count; first += atOnce) {
    const length = Math.min(atOnce, count - first);
    sum.addMany(
      first,
      Array.from({ length }, (_, i) => frame(first + i)),
    );
  }
  const map = toMatrix(sum.finish(), ...shape);
  return Object.defineProperty(map, "convention", { value: sum.convention }) as DoseRateMap;
}

/** All frames, summed already. */
export interface SummedFrames {
  /** Sum of the valid counts of each frame. */
  readonly counts: Float64Array;
  /** Sum over the frames of weight x frame / counts, [height * width]; NaN where a count is not valid. */
  readonly sum: Float64Array;
}

/**
 * The same map frame by frame, for flat fields that do not fit into memory: `add` every frame once, in any
 * order, then `finish`.
 *
 * - A count that is not finite is invalid. It is left out of the sum of its frame, so that the valid pixels
 *   have all of the flux. The pixel is NaN in the map even if it is invalid at one energy only: a mean over
 *   fewer energies would be another quantity, since the absorption changes at the edge.
 * - A negative count (noise of a dark pixel) is kept, because its expectation is correct. Clipping at zero
 *   would take flux from other pixels and violate the conservation of energy. A pixel without light may
 *   therefore have a dose rate slightly below zero.
 */
export class DoseRateAccumulator {
  /** Density convention of the dose rates. */
  readonly convention: Convention;
  /** [height, width] */
  readonly shape: readonly [number, number];
  private readonly energies: ArrayLike<number>;
  private readonly total: Float64Array;
  private readonly added: Uint8Array;
  /** Dose rate of a pixel that received the whole beam, one per energy, Gy/s. */
  readonly weights: Float64Array;

  /** @param shape [height, width] of a frame */
  constructor(settings: DoseRateSettings & { readonly shape: readonly [number, number] }) {
    const {
      shape,
      energies,
      stack,
      flux,
      pixelSize,
      convention = DEFAULT_CONVENTION,
    } = requireOptions(CALL, settings, { shape: true, ...SETTINGS });
    if (!(shape?.length === 2 && shape.every((n) => Number.isInteger(n) && n > 0))) {
      throw new ShapeError(
        `${CALL}: expected shape [height, width] of whole numbers above zero, got ${quote(shape)}`,
      );
    }
    if (!(energies?.length > 0)) {
      throw new ArgumentError(`${CALL}: expected an array of energies in eV, got ${quote(energies)}`);
    }
    this.convention = checkConvention(CALL, convention);
    this.shape = [shape[0], shape[1]];
    this.energies = Float64Array.from(toVector(energies, CALL, "energies"));
    checkFlux(CALL, flux, energies.length);
    const area =
      inUnit(CALL, "pixelSize", "pixelSize", positive(CALL, "pixelSize", pixelSize, "um")) ** 2 * M2_PER_UM2;
    const perFluence = Stack.from(stack).doseRatePerFluence(energies, this.convention);
    this.weights = perFluence.map((factor, k) => (factor * fluxAt(flux, k)) / area);
    this.total = new Float64Array(shape[0] * shape[1]);
    this.added = new Uint8Array(energies.length);
  }

  /**
   * Adds the frame of energy k. The frame is not changed.
   *
   * @param frame dark-corrected counts, height * width values, row-major
   * @throws ArgumentError for an index k out of range or used before; ShapeError for a frame of another size
   * @throws DataError when the sum of the valid counts is not positive
   */
  add(k: number, frame: ArrayLike<number>): void {
    this.addMany(k, [frame]);
  }

  /** `add` for energies k, k + 1, ...; several frames at once take less time than single ones. */
  addMany(k: number, given: readonly ArrayLike<number>[]): void {
    const { total, added } = this;
    const frames = given.map((frame, i) => toVector(frame, `${CALL}.add`, `frame ${k + i}`));
    frames.forEach((frame, i) => {
      this.#refuse(k + i, frame);
    });
    addFrames(total, frames, this.weights.subarray(k, k + frames.length), (i, counts) => {
      this.#refuseDark(k + i, counts);
    });
    added.fill(1, k, k + frames.length);
  }

  /**
   * Adds all frames, which have been summed with `weights`.
   *
   * @throws DataError as `add`
   */
  addSum({ counts, sum }: SummedFrames): void {
    const { total, added } = this;
    counts.forEach((count, k) => {
      this.#refuseDark(k, count);
    });
    for (let p = 0; p < total.length; p++) total[p] += sum[p];
    added.fill(1);
  }

  #refuseDark(k: number, counts: number): void {
    if (counts > 0) return;
    const energy = this.energies[k];
    throw new DataError(
      `doseRateMap: expected a flat-field frame with light, got a sum of ${counts} counts at k = ${k} (${energy} eV); ` +
        "check the dark frame and that the beam was on",
      { k, energy, counts },
    );
  }

  #refuse(k: number, frame: ArrayLike<number>): void {
    const { total, added } = this;
    if (!(k in added)) {
      throw new ArgumentError(`${CALL}.add: expected an index below ${added.length}, got ${quote(k)}`, { k });
    }
    if (added[k])
      throw new ArgumentError(`${CALL}.add: expected each frame once, got k = ${k} a second time`, { k });
    if (frame.length !== total.length) {
      throw new ShapeError(
        `${CALL}.add: expected ${total.length} counts (${this.shape.join(" x ")}), got ${frame.length} at k = ${k}`,
        { k, expected: total.length, got: frame.length },
      );
    }
  }

  /**
   * The mean over all energies.
   *
   * @returns Gy/s, height * width values, row-major, a new array
   * @throws DataError when a frame was not added
   */
  finish(): Float64Array {
    const missing = this.added.indexOf(0);
    if (missing >= 0) {
      throw new DataError(
        `${CALL}.finish: expected a frame for each of ${this.added.length} energies, got none at k = ${missing} ` +
          `(${this.energies[missing]} eV)`,
        { k: missing },
      );
    }
    const nEnergies = this.added.length;
    const map = new Float64Array(this.total.length);
    for (let p = 0; p < map.length; p++) {
      const mean = this.total[p] / nEnergies;
      map[p] = Number.isFinite(mean) ? mean : Number.NaN;
    }
    return map;
  }
}

/** Number of frames that are added together where they have to be copied first. */
const AT_ONCE = 64;
const CALL = "DoseRateAccumulator";
const SETTINGS: OptionNames<DoseRateSettings> = {
  energies: true,
  stack: true,
  flux: true,
  pixelSize: true,
  convention: true,
};
const M2_PER_UM2 = 1e-12;

interface Frames {
  readonly count: number;
  readonly shape: readonly [number, number];
  readonly atOnce: number;
  frame(k: number): ArrayLike<number>;
}

function frames(flat: FlatField): Frames {
  if (typeof flat === "object" && flat !== null && "shape" in flat) return flatFrames(flat);
  if (!Array.isArray(flat) || flat.length === 0) {
    throw new ArgumentError(
      `doseRateMap: expected flat as a matrix per energy or { data, shape }, got ${quote(flat)}`,
    );
  }
  const first = toFlat(flat[0], "doseRateMap", "flat[0]");
  const frame = (k: number): Float64Array => {
    const { data, rows, columns } = toFlat(flat[k], "doseRateMap", `flat[${k}]`);
    if (rows === first.rows && columns === first.columns) return data;
    throw new ShapeError(
      `doseRateMap: expected frames of ${first.rows} x ${first.columns}, got ${rows} x ${columns} at k = ${k}`,
      { k },
    );
  };
  return { count: flat.length, shape: [first.rows, first.columns], frame, atOnce: AT_ONCE };
}

function flatFrames(flat: FlatArray): Frames {
  const { shape } = checkOptions("doseRateMap, flat", flat, { data: true, shape: true });
  const data = toVector(flat.data, "doseRateMap", "flat.data");
  const [count, height, width] = shape;
  const size = height * width;
  if (shape.length !== 3 || data.length !== count * size) {
    throw new ShapeError(
      `doseRateMap: expected flat.data of flat.shape [nEnergies, height, width], got ${data.length} values for ${quote(shape)}`,
    );
  }
  const seen = ArrayBuffer.isView(data);
  const frame = seen
    ? (k: number) => (data as Float64Array).subarray(k * size, (k + 1) * size)
    : (k: number) => Array.prototype.slice.call(data, k * size, (k + 1) * size);
  return { count, shape: [height, width], frame, atOnce: seen ? Math.max(1, count) : AT_ONCE };
}
