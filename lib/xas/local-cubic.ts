// Cubics fitted to the points around an energy, with weights that fall to zero at the ends: the maximum of a
// spectrum and its steepest rise, with their derivatives. Where the points of the axis lie hardly matters.

/** A fit reaches at least so many steps of the axis to either side: seven points have a weight. */
const LEAST_STEPS = 4.2;
/** Fewest energies within the range. */
const LEAST_POINTS = 8;
/** Accuracy of the energy, eV, and most evaluations until it is reached. */
const TOLERANCE = 1e-9;
const EVALUATIONS = 60;
/** Step of the derivative along the energy, eV. */
const STEP = 1e-3;

/** Which point of a spectrum is looked for. */
export type CubicPoint = "maximum" | "inflection";

/**
 * Finds the highest maximum, or the steepest rise, of spectra on one axis. The cubic around an energy t is the one
 * of least squares with the weights (1 - ((E - t) / reach)^2)^2. The maximum is where its slope at t is zero, the
 * inflection where its second derivative at t is zero.
 */
export class LocalCubic {
  /** Energy of the point, eV; after `find` was true. */
  energy = 0;
  /** Value of the cubic there. */
  value = 0;
  /** The points that the last fit used, [from, to). */
  from = 0;
  to = 0;
  /** Derivatives of the energy and of the value with respect to these points. */
  readonly energyGradient: Float64Array;
  readonly valueGradient: Float64Array;
  /** Points that may be used, [from, to). */
  readonly used: readonly [number, number];
  /** Which coefficient is largest near the point, and which vanishes there. */
  readonly #largest: number;
  readonly #zero: number;
  readonly #scan: readonly { readonly from: number; readonly row: Float64Array }[];
  readonly #row: Float64Array;
  readonly #matrix = new Float64Array(20);

  /**
   * @param axis eV, ascending
   * @param range eV: the point is looked for between these energies
   * @param reach half width of a fit, eV; more where the axis is coarse
   * @returns undefined where the axis has too few points for it
   */
  static on(
    axis: Float64Array,
    point: CubicPoint,
    range: readonly [number, number],
    reach: number,
  ): LocalCubic | undefined {
    const first = axis.findIndex((e) => e >= range[0]);
    const last = axis.findLastIndex((e) => e <= range[1]);
    const isWithin = first >= 4 && last <= axis.length - 5 && last - first >= LEAST_POINTS - 1;
    if (!isWithin) return undefined;
    let coarsest = 0;
    for (let k = first - 3; k <= last + 4; k++) coarsest = Math.max(coarsest, axis[k] - axis[k - 1]);
    return new LocalCubic(axis, point, first, last, Math.max(reach, LEAST_STEPS * coarsest));
  }

  private constructor(
    private readonly axis: Float64Array,
    point: CubicPoint,
    private readonly first: number,
    private readonly last: number,
    private readonly reach: number,
  ) {
    [this.#largest, this.#zero] = point === "maximum" ? [0, 1] : [1, 2];
    const [low, high] = [axis[first] - reach, axis[last] + reach];
    this.used = [axis.findIndex((e) => e > low), axis.findLastIndex((e) => e < high) + 1];
    this.#row = new Float64Array(axis.length);
    this.energyGradient = new Float64Array(axis.length);
    this.valueGradient = new Float64Array(axis.length);
    this.#scan = Array.from({ length: last - first + 1 }, (_, i) => {
      this.#fit(axis[first + i], this.#largest);
      return { from: this.from, row: this.#row.slice(0, this.to - this.from) };
    });
  }

  /** Finds the point; false where there is none within the range. @param spectrum finite in `used` */
  find(spectrum: Float64Array): boolean {
    const { axis, first, last } = this;
    let at = -1;
    let highest = Number.NEGATIVE_INFINITY;
    for (let i = 0; i <= last - first; i++) {
      const { from, row } = this.#scan[i];
      let value = 0;
      for (let j = 0; j < row.length; j++) value += row[j] * spectrum[from + j];
      if (value > highest) [highest, at] = [value, first + i];
    }
    if (at <= first || at >= last) return false;
    // Twice as far where the derivative does not yet change its sign.
    for (const steps of [1, 2]) {
      const [low, high] = [Math.max(first, at - steps), Math.min(last, at + steps)];
      const found = this.#root(spectrum, axis[low], axis[high]);
      if (Number.isNaN(found)) continue;
      return this.#derive(spectrum, found);
    }
    return false;
  }

  /** Where the derivative falls through zero (regula falsi of Illinois); NaN where it does not. */
  #root(spectrum: Float64Array, low: number, high: number): number {
    let [a, b] = [low, high];
    let [fa, fb] = [this.#coefficient(spectrum, a, this.#zero), this.#coefficient(spectrum, b, this.#zero)];
    if (!(fa > 0 && fb < 0)) return Number.NaN;
    let side = 0;
    for (let i = 0; i < EVALUATIONS && b - a > TOLERANCE; i++) {
      const t = (a * fb - b * fa) / (fb - fa);
      const f = this.#coefficient(spectrum, t, this.#zero);
      if (f === 0) return t;
      if (f > 0) {
        if (Math.abs(t - a) < TOLERANCE && i > 2) return t;
        [a, fa] = [t, f];
        if (side === 1) fb /= 2;
        side = 1;
      } else {
        if (Math.abs(t - b) < TOLERANCE && i > 2) return t;
        [b, fb] = [t, f];
        if (side === -1) fa /= 2;
        side = -1;
      }
    }
    return (a + b) / 2;
  }

  /** The energy moves by -(change of the derivative) / (its slope), and the value with it. */
  #derive(spectrum: Float64Array, t: number): boolean {
    const along = (d: number): number =>
      (this.#coefficient(spectrum, t + STEP, d) - this.#coefficient(spectrum, t - STEP, d)) / (2 * STEP);
    const [slope, ofValue] = [along(this.#zero), along(0)];
    if (!(slope < 0)) return false;
    this.energy = t;
    this.#fit(t, this.#zero);
    const n = this.to - this.from;
    for (let i = 0; i < n; i++) this.energyGradient[i] = -this.#row[i] / slope;
    this.value = this.#coefficient(spectrum, t, 0);
    for (let i = 0; i < n; i++) this.valueGradient[i] = this.#row[i] + ofValue * this.energyGradient[i];
    return true;
  }

  /** Coefficient d of the cubic around t, in powers of (E - t) / reach. */
  #coefficient(spectrum: Float64Array, t: number, d: number): number {
    this.#fit(t, d);
    let sum = 0;
    for (let i = 0; i < this.to - this.from; i++) sum += this.#row[i] * spectrum[this.from + i];
    return sum;
  }

  /** Weights of the points in coefficient d, from the normal equations of the four coefficients. */
  #fit(t: number, d: number): void {
    const { axis, reach } = this;
    const m = this.#matrix;
    m.fill(0);
    let [from, to] = [this.used[0], this.used[1]];
    while (axis[from] <= t - reach) from++;
    while (axis[to - 1] >= t + reach) to--;
    for (let i = from; i < to; i++) {
      const x = (axis[i] - t) / reach;
      const w = (1 - x * x) ** 2;
      for (let r = 0, left = w; r < 4; r++, left *= x) {
        for (let c = 0, term = left; c < 4; c++, term *= x) m[5 * r + c] += term;
      }
    }
    // The last column is the unit vector of the coefficient; the matrix is positive definite.
    m[5 * d + 4] = 1;
    for (let p = 0; p < 4; p++) {
      for (let r = p + 1; r < 4; r++) {
        const factor = m[5 * r + p] / m[6 * p];
        for (let c = p; c < 5; c++) m[5 * r + c] -= factor * m[5 * p + c];
      }
    }
    for (let r = 3; r >= 0; r--) {
      for (let c = r + 1; c < 4; c++) m[5 * r + 4] -= m[5 * r + c] * m[5 * c + 4];
      m[5 * r + 4] /= m[6 * r];
    }
    for (let i = from; i < to; i++) {
      const x = (axis[i] - t) / reach;
      this.#row[i - from] = (1 - x * x) ** 2 * (m[4] + x * (m[9] + x * (m[14] + x * m[19])));
    }
    this.from = from;
    this.to = to;
  }
}
