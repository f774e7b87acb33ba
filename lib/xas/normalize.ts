// Edge-step normalisation of one spectrum. Plain on purpose: `Normalizer` is the fast twin for many.
import { polynomialFit, polynomialValue } from "../compute/polynomial.js";
import { ArgumentError, DataError, quote } from "../errors.js";
import { ascendingAxis, checkLength } from "./axis.js";
import { findE0 } from "./edge.js";
import { edgeWindow, type NormalizeOptions, TINY_STEP, windowOptions } from "./windows.js";

export type { NormalizeOptions } from "./windows.js";

/** What `normalize` returns; arrays follow the order of the axis that came in. */
export interface Normalized {
  /** Edge energy, eV. */
  readonly e0: number;
  /** post(e0) - pre(e0), in the units of mu. */
  readonly edgeStep: number;
  /** Pre-edge line in ascending powers of E - e0: [value at e0, slope per eV]. */
  readonly preCoefficients: Float64Array;
  /** Post-edge polynomial in ascending powers of E - e0; the first is its value at e0. */
  readonly postCoefficients: Float64Array;
  /** (mu - pre) / edgeStep, shape [nEnergies]. */
  readonly norm: Float64Array;
  /** norm below e0; from e0 on (mu - post) / edgeStep + 1, which is norm without the curvature of the post-edge. */
  readonly flat: Float64Array;
}

/**
 * Normalised absorption: a line through the pre-edge, a polynomial through the post-edge, each by least squares in a
 * window; the edge step is their difference at e0.
 *
 * Windows are in eV relative to e0 and include both their ends. Coefficients belong to powers of E - e0, not of E:
 * powers of 8000 eV would lose digits.
 *
 * @param energy eV, strictly monotonic, ascending or descending, shape [nEnergies]
 * @param mu absorption, shape [nEnergies]; NaN outside the windows stays NaN and harms nothing else
 * @param options e0 (default: findE0), pre [-60, -20], post [50, 540], degree of the post-edge (2)
 * @throws ShapeError when the lengths differ
 * @throws ArgumentError when the axis is not monotonic or an option means nothing
 * @throws DataError when a window holds too few energies or a NaN, or the edge step is not positive
 * @see Ravel and Newville, J. Synchrotron Rad. 12 (2005) 537: the meaning of norm and flat in Athena
 */
export function normalize(
  energy: ArrayLike<number>,
  mu: ArrayLike<number>,
  options: NormalizeOptions = {},
): Normalized {
  const windows = windowOptions(options, "normalize");
  ascendingAxis(energy, "normalize", 2);
  checkLength(mu, energy.length, "normalize");
  const e0 = options.e0 ?? findE0(energy, mu);
  if (!Number.isFinite(e0)) {
    throw new ArgumentError(`normalize: expected e0 in eV, got ${quote(e0)}; leave it out to have it found`, {
      option: "e0",
      value: e0,
    });
  }
  const preCoefficients = edgeFit("pre", windows.pre, 1);
  const postCoefficients = edgeFit("post", windows.post, windows.degree);
  const edgeStep = postCoefficients[0] - preCoefficients[0];
  if (!(edgeStep > TINY_STEP * (Math.abs(postCoefficients[0]) + Math.abs(preCoefficients[0])))) {
    throw new DataError(
      `normalize: expected a positive edge step at e0 = ${e0.toFixed(2)} eV, got ${edgeStep.toPrecision(4)}; is mu an absorbance (not a transmission), and does the axis span the edge?`,
      { edgeStep, e0 },
    );
  }
  const norm = new Float64Array(mu.length);
  const flat = new Float64Array(mu.length);
  for (let i = 0; i < mu.length; i++) {
    const x = energy[i] - e0;
    norm[i] = (mu[i] - polynomialValue(preCoefficients, x)) / edgeStep;
    flat[i] = x < 0 ? norm[i] : (mu[i] - polynomialValue(postCoefficients, x)) / edgeStep + 1;
  }
  return { e0, edgeStep, preCoefficients, postCoefficients, norm, flat };

  function edgeFit(name: "pre" | "post", window: readonly [number, number], degree: number): Float64Array {
    const [from, to] = edgeWindow(energy, e0, window, degree + 1, name, "normalize");
    const x = new Float64Array(to - from);
    const y = new Float64Array(to - from);
    for (let i = from; i < to; i++) {
      if (!Number.isFinite(mu[i])) {
        throw new DataError(
          `normalize: expected finite values in the ${name}-edge window, got ${mu[i]} at ${energy[i]} eV (index ${i}); remove the point or move ${name}`,
          { window: name, index: i, energy: energy[i] },
        );
      }
      x[i - from] = energy[i] - e0;
      y[i - from] = mu[i];
    }
    return polynomialFit(x, y, degree);
  }
}
