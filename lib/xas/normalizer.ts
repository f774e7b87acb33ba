// Edge-step normalization as one small linear map: the fast version of `normalize` for many spectra on one
// axis.
import type { WindowFit } from "../compute/wasm-spectra.js";
import { ArgumentError, quote } from "../errors.js";
import type { Spectrum } from "./shift.js";
import { windowFit } from "./window-fit.js";
import {
  checkNormalizeOptions,
  type NormalizeOptions,
  TINY_STEP,
  type Windows,
  windowsFor,
} from "./windows.js";

/**
 * Normalizes spectra that share an axis, an e0 and the windows. The two fits are linear in the spectrum.
 * Their coefficients are inner products with rows that the constructor computes once.
 *
 * The result agrees with `normalize`, which describes windows and defaults. Disturbed energies are not looked
 * for in each spectrum: `normalize` of their mean finds those that `leaveOut` takes.
 */
export class Normalizer {
  /** Edge energy, eV. */
  readonly e0: number;
  /** Windows and degrees that are used. */
  readonly windows: Windows;
  private readonly n: number;
  /** E - e0, eV. */
  private readonly x: Float64Array;
  /** Indices [from, to) of the energies at and above e0. */
  private readonly flatFrom: number;
  private readonly flatTo: number;
  /** Degree of the post-edge curve as it is evaluated. A constant above the pre-edge line is a line. */
  private readonly degree: number;
  /** For a constant above the pre-edge line: mean of E - e0 over the post-edge points, eV; else NaN. */
  private readonly center: number;
  private readonly pre: Projection;
  private readonly post: Projection;
  /**
   * Coefficients of the current spectrum in powers of E - e0: the pre-edge line, then from `POST` on the
   * post-edge polynomial.
   */
  private readonly coefficients: Float64Array;

  /**
   * @param energy eV, ascending or descending
   * @param leaveOut indices of energies that the fits do not use, as `leftOut` of `normalize`
   * @throws ArgumentError when e0 is not a number, the axis is not strictly monotonic, an option is unknown
   *   or invalid, or a given window is not covered by the axis
   * @throws DataError when the scan is too short for default windows, or a window holds too few energies
   */
  constructor(
    energy: ArrayLike<number>,
    options: NormalizeOptions & { e0: number },
    leaveOut: readonly number[] = [],
  ) {
    const given = checkNormalizeOptions("Normalizer", options);
    if (given.e0 === undefined) {
      throw new ArgumentError(
        `Normalizer: expected e0 in eV, got ${quote(given.e0)}; findE0(energy, mu) of a mean spectrum gives one`,
        { option: "e0", value: given.e0 },
      );
    }
    this.e0 = given.e0;
    this.windows = windowsFor(energy, given.e0, given, "Normalizer");
    const { pre, post, preDegree, degree } = this.windows;
    this.degree = Math.max(1, degree);
    this.n = energy.length;
    this.x = Float64Array.from(energy, (e) => e - given.e0);
    this.pre = projection(windowFit(energy, this.e0, pre, preDegree, "pre", "Normalizer", leaveOut));
    this.post = projection(windowFit(energy, this.e0, post, degree, "post", "Normalizer", leaveOut));
    const { from, count, rows } = this.post;
    const inPost = this.x.subarray(from, from + count);
    this.center = degree === 0 ? inPost.reduce((sum, t, i) => sum + rows[BLOCK * i] * t, 0) : Number.NaN;
    this.coefficients = new Float64Array(POST + this.post.rows.length / this.post.count);
    this.flatFrom = Math.max(
      0,
      this.x.findIndex((t) => t >= 0),
    );
    this.flatTo = this.x.findLastIndex((t) => t >= 0) + 1;
  }

  /**
   * Writes the normalized spectrum into `out`. It allocates nothing and does not check lengths.
   *
   * Where the edge step is not positive, or a window holds a NaN, `out` is filled with NaN. A NaN outside the
   * windows, or at an energy that is left out, stays NaN.
   *
   * @param mu shape [nEnergies], in the order of the axis
   * @param out shape [nEnergies]; may be `mu` itself
   * @param flatten true: `flat`, false: `norm`, as `normalize` defines them
   * @returns edge step; NaN where there is none
   */
  apply(mu: Spectrum, out: Spectrum, flatten: boolean): number {
    const { n, x, degree, coefficients: c, flatFrom, flatTo } = this;
    project(this.pre, mu, c, 0);
    project(this.post, mu, c, POST);
    if (this.windows.degree === 0) {
      c[POST + 1] = c[1];
      c[POST] -= c[1] * this.center;
    }
    const step = c[POST] - c[0];
    if (!(step > TINY_STEP * (Math.abs(c[POST]) + Math.abs(c[0]))) || step === Infinity) {
      for (let i = 0; i < n; i++) out[i] = Number.NaN;
      return Number.NaN;
    }
    const scale = 1 / step;
    const base = c[0];
    const slope = c[1];
    const from = flatten ? flatFrom : 0;
    const to = flatten ? flatTo : 0;
    for (let i = 0; i < from; i++) out[i] = (mu[i] - base - slope * x[i]) * scale;
    for (let i = from; i < to; i++) {
      const t = x[i];
      let post = c[POST + degree];
      for (let d = POST + degree - 1; d >= POST; d--) post = post * t + c[d];
      out[i] = (mu[i] - post) * scale + 1;
    }
    for (let i = to; i < n; i++) out[i] = (mu[i] - base - slope * x[i]) * scale;
    return step;
  }
}

interface Projection {
  /** First index of the window on the caller's axis. */
  readonly from: number;
  /** Number of energies in the window. */
  readonly count: number;
  /** Weights of three coefficients for each energy, shape [blocks, count, 3], padded with zeros. */
  readonly rows: Float64Array;
}

/** Coefficients are computed three at a time, so that each value is read once for a parabola. */
const BLOCK = 3;
/** Index of the first post-edge coefficient. The pre-edge line takes one block. */
const POST = BLOCK;

/** The rows of a fit, three beside each other. */
function projection({ from, count, rows }: WindowFit): Projection {
  const degree = rows.length / count - 1;
  const blocks = new Float64Array(Math.ceil((degree + 1) / BLOCK) * count * BLOCK);
  for (let d = 0; d <= degree; d++) {
    const block = Math.floor(d / BLOCK) * count * BLOCK;
    for (let i = 0; i < count; i++) blocks[block + i * BLOCK + (d % BLOCK)] = rows[d * count + i];
  }
  return { from, count, rows: blocks };
}

function project({ from, count, rows }: Projection, mu: Spectrum, out: Float64Array, at: number): void {
  for (let row = 0, k = at; row < rows.length; k += BLOCK) {
    let a = 0;
    let b = 0;
    let c = 0;
    for (let i = 0; i < count; i++, row += BLOCK) {
      // An energy that is left out, where the spectrum may hold a NaN.
      if (rows[row] === 0 && rows[row + 1] === 0 && rows[row + 2] === 0) continue;
      const value = mu[from + i];
      a += rows[row] * value;
      b += rows[row + 1] * value;
      c += rows[row + 2] * value;
    }
    out[k] = a;
    out[k + 1] = b;
    out[k + 2] = c;
  }
}
