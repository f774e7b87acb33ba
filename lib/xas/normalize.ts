// Edge-step normalization of one spectrum. `Normalizer` is the fast version for many spectra on one axis.
import { polynomialValue } from "../compute/polynomial.js";
import { ascendingAxis, checkLength } from "./axis.js";
import { findE0 } from "./edge.js";
import { edgeFits, edgePoints, leftOutOf } from "./edge-fits.js";
import {
  checkNormalizeOptions,
  edgeStepUncertainty,
  type NormalizeOptions,
  type Windows,
  windowsFor,
} from "./windows.js";

export type { NormalizeOptions } from "./windows.js";

/** Result of `normalize`, with the windows and degrees that were used, in the order of the given axis. */
export interface Normalized extends Windows {
  /** Edge energy, eV. */
  readonly e0: number;
  /** post(e0) - pre(e0), in the units of mu. */
  readonly edgeStep: number;
  /**
   * Relative uncertainty of the edge step because of the limited range of the scan: 0.02 for long scans, 0.11
   * for a scan that ends 40 eV above e0. It is null where the post-edge window or its degree was given.
   */
  readonly edgeStepUncertainty: number | null;
  /** Indices of the energies in the windows that the fits leave out, because they are disturbed. */
  readonly leftOut: readonly number[];
  /** Coefficients of the pre-edge line in E - e0: [value at e0, slope per eV]. */
  readonly preCoefficients: Float64Array;
  /** Coefficients of the post-edge polynomial in ascending powers of E - e0. */
  readonly postCoefficients: Float64Array;
  /** (mu - pre) / edgeStep, shape [nEnergies]. */
  readonly norm: Float64Array;
  /**
   * `norm` below e0, and (mu - post) / edgeStep + 1 from e0 on: `norm` without the curvature of the post-edge
   * polynomial.
   */
  readonly flat: Float64Array;
}

/**
 * Normalized absorption. A line is fitted to the pre-edge window and a polynomial to the post-edge window,
 * both by least squares. The edge step is their difference at e0.
 *
 * Windows are in eV relative to e0 and include both ends. Windows and degrees that are not given follow from
 * the range of the scan by the rule in {@link NormalizeOptions}. The result states what was used. A post-edge
 * of degree 0 is a constant above the pre-edge line. Polynomials are in powers of E - e0, because powers of
 * 8000 eV would lose digits. Glitches and stretches without beam in a window are left out of its fit, as in
 * `findE0`.
 *
 * @param energy eV, strictly monotonic, ascending or descending, shape [nEnergies]
 * @param mu absorption, shape [nEnergies]; a NaN outside the windows stays NaN and has no other effect
 * @param options e0 (default: findE0), pre, post, preDegree, degree
 * @throws ShapeError when the lengths differ
 * @throws ArgumentError when the axis is not monotonic, an option is unknown or invalid, or a given window is
 *   not covered by the axis
 * @throws DataError when the scan is too short for default windows, a window holds too few energies or a NaN, a
 *   jump or too many disturbed points, the edge step is not positive, or the scan has no edge
 * @see Ravel and Newville, J. Synchrotron Rad. 12 (2005) 537: the meaning of norm and flat in Athena
 * @example
 * const energies = Array.from({ length: 300 }, (_, i) => 8250 + 2 * i);
 * const mu = energies.map((e) => 0.2 + 0.7 * (0.5 + Math.atan((e - 8345) / 2) / Math.PI));
 * const { edgeStep, norm } = normalize(energies, mu, { e0: 8345 });
 * edgeStep; // 0.67; the arctangent reaches 0.7 far above the edge
 */
export function normalize(
  energy: ArrayLike<number>,
  mu: ArrayLike<number>,
  options: NormalizeOptions = {},
): Normalized {
  const given = checkNormalizeOptions("normalize", options);
  ascendingAxis(energy, "normalize", 2);
  checkLength(mu, energy.length, "normalize");
  const e0 = given.e0 ?? findE0(energy, mu);
  const windows = windowsFor(energy, e0, given, "normalize");
  const points = edgePoints(energy, mu, e0, windows, "normalize");
  const leftOut = leftOutOf(energy, e0, windows, points);
  const fits = edgeFits(points, e0, windows, "normalize");
  const { pre: preCoefficients, post: postCoefficients, edgeStep } = fits;
  const norm = new Float64Array(mu.length);
  const flat = new Float64Array(mu.length);
  for (let i = 0; i < mu.length; i++) {
    const x = energy[i] - e0;
    norm[i] = (mu[i] - polynomialValue(preCoefficients, x)) / edgeStep;
    flat[i] = x < 0 ? norm[i] : (mu[i] - polynomialValue(postCoefficients, x)) / edgeStep + 1;
  }
  return {
    e0,
    ...windows,
    edgeStep,
    edgeStepUncertainty: edgeStepUncertainty(windows),
    leftOut,
    preCoefficients,
    postCoefficients,
    norm,
    flat,
  };
}
