// How a number that is computed from a normalized spectrum depends on the spectrum before its normalization.
import { windowFit } from "./window-fit.js";
import type { NormalizeOptions } from "./windows.js";

/**
 * Carries derivatives with respect to a normalized spectrum through the normalization of `Normalizer`, with
 * its two fits and its edge step, back to the spectrum before.
 */
export class NormalizationGradient {
  readonly #x: Float64Array;
  readonly #pre: ReturnType<typeof windowFit>;
  readonly #post: ReturnType<typeof windowFit>;
  /** Mean of E - e0 over the post-edge points; used where the post-edge is a constant above the line. */
  readonly #center: number;
  readonly #c = { pre: new Float64Array(2), post: new Float64Array(6) };

  /** @param leaveOut indices of energies that the fits do not use */
  constructor(
    energies: ArrayLike<number>,
    private readonly options: Required<NormalizeOptions>,
    private readonly flatten: boolean,
    leaveOut: readonly number[] = [],
  ) {
    const { e0, pre, post, preDegree, degree } = options;
    this.#x = Float64Array.from(energies, (e) => e - e0);
    this.#pre = windowFit(energies, e0, pre, preDegree, "pre", "normalize", leaveOut);
    this.#post = windowFit(energies, e0, post, degree, "post", "normalize", leaveOut);
    const { from, count, rows } = this.#post;
    let center = 0;
    for (let i = 0; i < count; i++) center += rows[i] * this.#x[from + i];
    this.#center = center;
  }

  /**
   * @param gradient derivatives with respect to the normalized spectrum; replaced by those with respect to the
   *   spectrum before
   * @param normalized the normalized spectra, row-major
   * @param first index of the first energy of the spectrum among them
   * @param edgeStep of the spectrum
   */
  pull(gradient: Float64Array, normalized: ArrayLike<number>, first: number, edgeStep: number): void {
    const { flatten } = this;
    const { pre, post } = this.#c;
    const x = this.#x;
    const degree = Math.max(1, this.options.degree);
    pre.fill(0);
    post.fill(0);
    let ofStep = 0;
    for (let k = 0; k < x.length; k++) {
      const own = gradient[k] / edgeStep;
      if (own === 0) continue;
      gradient[k] = own;
      const t = x[k];
      const isFlat = flatten && t >= 0;
      ofStep -= own * (normalized[first + k] - (isFlat ? 1 : 0));
      if (isFlat) for (let d = 0, power = 1; d <= degree; d++, power *= t) post[d] -= own * power;
      else {
        pre[0] -= own;
        pre[1] -= own * t;
      }
    }
    this.#spread(gradient, ofStep);
  }

  /** Derivatives of the edge step with respect to the spectrum, into `gradient`. */
  edgeStep(gradient: Float64Array): void {
    gradient.fill(0);
    this.#c.pre.fill(0);
    this.#c.post.fill(0);
    this.#spread(gradient, 1);
  }

  /** Adds what comes through the coefficients of the fits. */
  #spread(gradient: Float64Array, ofStep: number): void {
    const { pre, post } = this.#c;
    post[0] += ofStep;
    pre[0] -= ofStep;
    if (this.options.degree === 0) pre[1] += post[1] - post[0] * this.#center;
    add(gradient, this.#pre, pre, this.options.preDegree);
    add(gradient, this.#post, post, this.options.degree);
  }
}

function add(
  gradient: Float64Array,
  { from, count, rows }: ReturnType<typeof windowFit>,
  coefficients: Float64Array,
  degree: number,
): void {
  for (let d = 0; d <= degree; d++) {
    for (let i = 0; i < count; i++) gradient[from + i] += coefficients[d] * rows[d * count + i];
  }
}
