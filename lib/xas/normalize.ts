// Edge-step normalization of one spectrum. `Normalizer` is the fast version for many spectra on one axis.
import { polynomialFit, polynomialValue } from "../compute/polynomial.js";
import { median } from "../compute/stats.js";
import { DataError } from "../errors.js";
import { ascendingAxis, checkLength } from "./axis.js";
import { findE0 } from "./edge.js";
import { undisturbedStretch } from "./undisturbed.js";
import {
  checkNormalizeOptions,
  edgeStepUncertainty,
  edgeWindow,
  type NormalizeOptions,
  TINY_STEP,
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
 * `findE0`; `Normalizer`, for many spectra, does not look for them.
 *
 * @param energy eV, strictly monotonic, ascending or descending, shape [nEnergies]
 * @param mu absorption, shape [nEnergies]; a NaN outside the windows stays NaN and has no other effect
 * @param options e0 (default: findE0), pre, post, preDegree, degree
 * @throws ShapeError when the lengths differ
 * @throws ArgumentError when the axis is not monotonic, an option is unknown or invalid, or a given window is
 *   not covered by the axis
 * @throws DataError when the scan is too short for default windows, a window holds too few energies or a NaN, a
 *   jump or too many disturbed points, or the edge step is not positive
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
  const { degree } = windows;
  const parts = undisturbedParts({
    pre: finitePart("pre", windows.preDegree),
    post: finitePart("post", degree),
  });
  const zero = new Float64Array(2);
  const preCoefficients = edgeFit("pre", windows.preDegree, zero);
  const postCoefficients = edgeFit("post", degree, degree === 0 ? preCoefficients : zero);
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
  const fits = {
    edgeStep,
    edgeStepUncertainty: edgeStepUncertainty(windows),
    preCoefficients,
    postCoefficients,
  };
  return { e0, ...windows, ...fits, norm, flat };

  /** Polynomial of mu - base in a window, plus base. */
  function edgeFit(name: "pre" | "post", degree: number, base: Float64Array): Float64Array {
    const { x, y } = parts[name];
    const above = y.map((value, i) => value - polynomialValue(base, x[i]));
    const fitted = polynomialFit(x, above, degree);
    const terms = Math.max(fitted.length, base.length);
    return Float64Array.from({ length: terms }, (_, d) => (fitted[d] ?? 0) + (base[d] ?? 0));
  }
  /** Points of a window, x = E - e0. */
  function finitePart(name: "pre" | "post", degree: number): Part {
    const [from, to] = edgeWindow(energy, e0, windows[name], degree + 1, name, "normalize");
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
    return { x, y };
  }
}

interface Part {
  /** E - e0, eV */
  readonly x: Float64Array;
  readonly y: Float64Array;
}

/** A fit needs undisturbed points over this fraction of its window. */
const REMAINING = 0.75;

/** The points of both windows without glitches and stretches without beam, which would tilt the fits. */
function undisturbedParts(parts: { readonly pre: Part; readonly post: Part }): typeof parts {
  const edgeStep = Math.abs(median(parts.post.y) - median(parts.pre.y));
  const clean = (name: "pre" | "post"): Part => {
    const { x, y } = parts[name];
    // Too few points for a judgment of their neighbors.
    if (x.length < 8) return parts[name];
    const { kept, jump } = undisturbedStretch(x, y, edgeStep);
    if (jump !== undefined) {
      throw new DataError(
        `normalize: expected a smooth spectrum in the ${name}-edge window, got a jump ${Math.abs(jump).toFixed(1)} eV ${jump < 0 ? "below" : "above"} e0; end ${name} before it, or set the points without beam right first`,
        { window: name, jump },
      );
    }
    if (kept.size === x.length) return parts[name];
    const left = x.filter((e) => kept.has(e));
    const span = (e: Float64Array): number => Math.abs((e.at(-1) ?? 0) - (e[0] ?? 0));
    if (left.length < x.length / 2 || span(left) < REMAINING * span(x)) {
      throw new DataError(
        `normalize: expected undisturbed values over the ${name}-edge window, got ${left.length} of ${x.length} points without glitches or lost beam; set ${name}: [low, high] to a range, relative to e0, where the beam was on`,
        { window: name, count: left.length },
      );
    }
    return { x: left, y: y.filter((_, i) => kept.has(x[i])) };
  };
  return { pre: clean("pre"), post: clean("post") };
}
