// Initial estimate from evolving factor analysis: the ranges of the components give the first concentrations.
import { toMatrix } from "../../../compute/matrix.js";
import { evolvingFactorAnalysis } from "../../diagnostics/evolving-factors.js";
import { meanRow } from "../../products.js";
import type { EstimateInput } from "./estimate.js";
import { spectraOfProfiles } from "./from-profiles.js";

/** A longer series is first averaged to at most this many groups of adjacent rows. */
const MOST_GROUPS = 150;

/**
 * Concentration profiles from evolving factor analysis, and the non-negative spectra that fit D with them.
 * The rows must be in order of time. A component that never rises above the noise is left out.
 *
 * @returns row-major, shape [found, columns]; in order of appearance
 */
export function evolvingFactors({ D, rows, columns, n, closure }: EstimateInput): Float64Array {
  const size = Math.max(1, Math.floor(rows / Math.max(n, MOST_GROUPS)));
  const groups = Math.floor(rows / size);
  const means = new Float64Array(groups * columns);
  for (let i = 0; i < rows; i++) {
    // The last group contains the remaining rows.
    const group = Math.min(groups - 1, Math.floor(i / size));
    const count = group === groups - 1 ? rows - (groups - 1) * size : size;
    for (let k = 0; k < columns; k++) means[group * columns + k] += D[i * columns + k] / count;
  }
  if (groups < 2) return means;
  const found = evolvingFactorAnalysis(toMatrix(means, groups, columns), { components: n }).concentrations;
  const present = Array.from({ length: n }, (_, j) => j).filter((j) => found.getColumn(j).some((v) => v > 0));
  if (present.length === 0) return meanRow(means, groups, columns);
  const C = new Float64Array(groups * present.length);
  for (let i = 0; i < groups; i++) {
    present.forEach((j, at) => {
      C[i * present.length + at] = found.get(i, j);
    });
  }
  return spectraOfProfiles(C, means, groups, columns, present.length, closure);
}
