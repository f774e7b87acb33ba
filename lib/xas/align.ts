// Shift of one spectrum against a mean spectrum: the core of the foil calibration.
import { type CubicSpline, intervalOf } from "../compute/interpolate.js";
import { MAD_TO_SIGMA } from "../compute/stats.js";

/**
 * The iteration ends with a step below this, eV. Convergence is quadratic, so the remaining error is smaller.
 */
const TOLERANCE = 1e-3;
const MAX_ITERATIONS = 25;
/** Longest step, eV: the linear model is not valid beyond it. */
const LONGEST_STEP = 2;
/** At most this fraction of the points may be left out as glitches. */
const MAX_GLITCHES = 0.15;
/** Smallest deviation of a glitch, as a fraction of the edge step; interpolation errors are smaller. */
const SMALLEST_GLITCH = 5e-3;

/** A cubic spline as plain data. */
export type Spline = Pick<CubicSpline, "x" | "c">;

/**
 * Fits y(E) = scale * mean(E + shift) + offset + slope * E to the points of a window by Gauss-Newton.
 *
 * At a given shift the model, linearized in it, is linear in (offset, slope, scale * step, scale). Each
 * iteration is therefore a small least-squares fit with the columns 1, E, mean', mean, and only the shift
 * needs a starting value. Points far off the fit (diamond glitches) are left out and the rest is fitted
 * again.
 */
export class Aligner {
  /** Results of the last `fit`. */
  shift = 0;
  scale = 0;
  offset = 0;
  slope = 0;
  /** Root mean square residual over the points in use, in the units of the spectrum. */
  residual = 0;
  /** Standard error of `scale`. */
  scaleError = 0;
  /** Points left out as glitches. */
  glitches = 0;

  private readonly n: number;
  /** E mapped to [-1, 1], the coordinate of `slope`. */
  readonly u: Float64Array;
  private readonly use: Uint8Array;
  private readonly r: Float64Array;
  private readonly sorted: Float64Array;
  /** Upper triangle and right-hand side of the 4 x 4 normal equations, then their solution. */
  private readonly g = new Float64Array(14);
  private readonly p = new Float64Array(4);

  /** @param x energies of the window, ascending, eV */
  constructor(private readonly x: Float64Array) {
    this.n = x.length;
    const middle = (x[0] + x[this.n - 1]) / 2;
    const half = (x[this.n - 1] - x[0]) / 2;
    this.u = x.map((e) => (e - middle) / half);
    this.use = new Uint8Array(this.n);
    this.r = new Float64Array(this.n);
    this.sorted = new Float64Array(this.n);
  }

  /**
   * @param mean reference; continued linearly beyond its ends
   * @param y values at the energies of the window, finite
   * @param start shift to start from, eV
   * @param farthest largest |shift| that counts as converged, eV
   * @param rounds largest number of searches for glitches; 0 while the mean is not yet aligned
   * @returns true when it converged; the results are in the fields
   */
  fit(mean: Spline, y: Float64Array, start: number, farthest: number, rounds = 4): boolean {
    const { n, use } = this;
    use.fill(1);
    this.glitches = 0;
    this.shift = start;
    for (let round = 0; ; round++) {
      if (!this.iterate(mean, y, farthest)) return false;
      if (round === rounds || !this.dropGlitches()) return true;
      if (this.glitches > MAX_GLITCHES * n) return false;
    }
  }

  /** Replaces the glitches of the spectrum fitted last by the values of the fit. */
  repair(y: Float64Array): void {
    if (this.glitches === 0) return;
    for (let i = 0; i < this.n; i++) if (this.use[i] === 0) y[i] -= this.r[i];
  }

  private iterate(mean: Spline, y: Float64Array, farthest: number): boolean {
    const { p } = this;
    for (let i = 0; i < MAX_ITERATIONS; i++) {
      if (!this.normalEquations(mean, y)) return false;
      this.offset = p[0];
      this.slope = p[1];
      this.scale = p[3];
      // With a vanishing scale the step is undefined: the spectrum has no edge.
      if (!(Math.abs(p[3]) > 1e-9)) return this.conclude(mean, y, true);
      const step = Math.min(Math.max(p[2] / p[3], -LONGEST_STEP), LONGEST_STEP);
      const done = Math.abs(step) < TOLERANCE;
      if (done) this.conclude(mean, y, false);
      this.shift += step;
      if (done) return true;
      if (!(Math.abs(this.shift) <= farthest)) break;
    }
    this.conclude(mean, y, false);
    return false;
  }

  /** Builds and solves the normal equations at the present shift; false when they are singular. */
  private normalEquations(mean: Spline, y: Float64Array): boolean {
    const { n, x, u, use, shift } = this;
    const nodes = mean.x;
    const c = mean.c;
    const last = nodes.length - 2;
    let k = intervalOf(nodes, x[0] + shift);
    let s11 = 0;
    let s1u = 0;
    let s1d = 0;
    let s1m = 0;
    let suu = 0;
    let sud = 0;
    let sum = 0;
    let sdd = 0;
    let sdm = 0;
    let smm = 0;
    let y1 = 0;
    let yu = 0;
    let yd = 0;
    let ym = 0;
    for (let i = 0; i < n; i++) {
      if (use[i] === 0) continue;
      const q = x[i] + shift;
      while (k < last && nodes[k + 1] <= q) k++;
      const t = Math.min(Math.max(q - nodes[k], 0), nodes[k + 1] - nodes[k]);
      const a = 4 * k;
      const d = c[a + 1] + t * (2 * c[a + 2] + 3 * t * c[a + 3]);
      const m = c[a] + t * (c[a + 1] + t * (c[a + 2] + t * c[a + 3])) + (q - nodes[k] - t) * d;
      const v = u[i];
      const w = y[i];
      s11 += 1;
      s1u += v;
      s1d += d;
      s1m += m;
      suu += v * v;
      sud += v * d;
      sum += v * m;
      sdd += d * d;
      sdm += d * m;
      smm += m * m;
      y1 += w;
      yu += v * w;
      yd += d * w;
      ym += m * w;
    }
    const g = this.g;
    g[0] = s11;
    g[1] = s1u;
    g[2] = s1d;
    g[3] = s1m;
    g[4] = suu;
    g[5] = sud;
    g[6] = sum;
    g[7] = sdd;
    g[8] = sdm;
    g[9] = smm;
    g[10] = y1;
    g[11] = yu;
    g[12] = yd;
    g[13] = ym;
    return this.solve();
  }

  /** L D L' of the 4 x 4 system in `g`. The last pivot gives the standard error of `scale`. */
  private solve(): boolean {
    const { g, p } = this;
    const l10 = g[1] / g[0];
    const l20 = g[2] / g[0];
    const l30 = g[3] / g[0];
    const d1 = g[4] - l10 * g[1];
    const e12 = g[5] - l10 * g[2];
    const e13 = g[6] - l10 * g[3];
    const l21 = e12 / d1;
    const l31 = e13 / d1;
    const d2 = g[7] - l20 * g[2] - l21 * e12;
    const e23 = g[8] - l20 * g[3] - l21 * e13;
    const l32 = e23 / d2;
    const d3 = g[9] - l30 * g[3] - l31 * e13 - l32 * e23;
    if (!(g[0] > 4 && d1 > 1e-12 * g[4] && d2 > 1e-12 * g[7] && d3 > 1e-12 * g[9])) return false;
    const z0 = g[10];
    const z1 = g[11] - l10 * z0;
    const z2 = g[12] - l20 * z0 - l21 * z1;
    const z3 = g[13] - l30 * z0 - l31 * z1 - l32 * z2;
    p[3] = z3 / d3;
    p[2] = z2 / d2 - l32 * p[3];
    p[1] = z1 / d1 - l21 * p[2] - l31 * p[3];
    p[0] = z0 / g[0] - l10 * p[1] - l20 * p[2] - l30 * p[3];
    this.scaleError = 1 / Math.sqrt(d3);
    return true;
  }

  /** Residuals of the linear model just solved. Glitches are in `r`, but not in the root mean square. */
  private conclude(mean: Spline, y: Float64Array, result: boolean): boolean {
    const { n, x, u, r, p, use, shift } = this;
    const nodes = mean.x;
    const c = mean.c;
    const last = nodes.length - 2;
    let k = intervalOf(nodes, x[0] + shift);
    let total = 0;
    let count = 0;
    for (let i = 0; i < n; i++) {
      const q = x[i] + shift;
      while (k < last && nodes[k + 1] <= q) k++;
      const t = Math.min(Math.max(q - nodes[k], 0), nodes[k + 1] - nodes[k]);
      const a = 4 * k;
      const d = c[a + 1] + t * (2 * c[a + 2] + 3 * t * c[a + 3]);
      const m = c[a] + t * (c[a + 1] + t * (c[a + 2] + t * c[a + 3])) + (q - nodes[k] - t) * d;
      r[i] = y[i] - p[0] - p[1] * u[i] - p[2] * d - p[3] * m;
      if (use[i] === 0) continue;
      total += r[i] * r[i];
      count++;
    }
    this.residual = Math.sqrt(total / Math.max(1, count - 4));
    this.scaleError *= this.residual;
    return result;
  }

  /** Leaves out points more than 5 sigma off the fit; true when the set of points changed. */
  private dropGlitches(): boolean {
    const { n, r, use, sorted } = this;
    let largest = 0;
    for (let i = 0; i < n; i++) if (use[i] === 1) largest = Math.max(largest, Math.abs(r[i]));
    // Normal noise rarely exceeds this limit, so that most spectra need no sorting.
    const negligible = SMALLEST_GLITCH * Math.abs(this.scale);
    if (this.glitches === 0 && largest <= Math.max(4 * this.residual, negligible)) return false;
    for (let i = 0; i < n; i++) sorted[i] = Math.abs(r[i]);
    sorted.sort();
    const sigma = MAD_TO_SIGMA * sorted[n >> 1];
    const limit = Math.max(5 * sigma, negligible);
    let changed = false;
    this.glitches = 0;
    for (let i = 0; i < n; i++) {
      const keep = Math.abs(r[i]) <= limit ? 1 : 0;
      if (keep !== use[i]) changed = true;
      use[i] = keep;
      if (keep === 0) this.glitches++;
    }
    return changed;
  }
}
