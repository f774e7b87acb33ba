// Correlations of the inputs.
import { ArgumentError, quote } from "../../errors.js";
import type { Input } from "./inputs.js";
import { factorOf } from "./propagate.js";

/** Two inputs and their correlation, between -1 and 1. */
export type InputCorrelation = readonly [input: string, other: string, correlation: number];

/**
 * Correlation matrix of the inputs, [n, n], and its lower Cholesky factor.
 *
 * @throws ArgumentError for an input without uncertainty, an input that is not normal, a correlation outside
 *   (-1, 1), or a correlation matrix that is not positive definite
 */
export function correlationOf(
  inputs: readonly Input[],
  correlations: readonly InputCorrelation[],
): { readonly matrix: Float64Array; readonly factor: Float64Array } {
  if (!Array.isArray(correlations)) {
    throw new ArgumentError(
      `doseBudget: expected correlations as a list of [input, other input, r], got ${quote(correlations)}`,
    );
  }
  const n = inputs.length;
  const seen = new Set<number>();
  const matrix = Float64Array.from({ length: n * n }, (_, ij) => (ij % (n + 1) === 0 ? 1 : 0));
  for (const one of correlations) {
    const [a, b, r] = Array.isArray(one) ? one : [];
    const [i, j] = [a, b].map((name) => indexOf(inputs, name));
    if (i === j || !(typeof r === "number" && Math.abs(r) < 1)) {
      throw new ArgumentError(
        `doseBudget: expected a correlation [input, other input, r] with -1 < r < 1, got ${quote(one)}`,
      );
    }
    if (seen.has(i * n + j)) {
      throw new ArgumentError(
        `doseBudget: expected one correlation of ${a} and ${b}, got two; leave one out`,
      );
    }
    seen.add(i * n + j).add(j * n + i);
    matrix[i * n + j] = matrix[j * n + i] = r;
  }
  const factor = factorOf(matrix, n);
  if (factor) return { matrix, factor };
  throw new ArgumentError(
    `doseBudget: expected a positive definite correlation matrix, got ${quote(correlations)}; bring them closer to 0`,
  );
}

function indexOf(inputs: readonly Input[], name: unknown): number {
  const index = inputs.findIndex((input) => input.name === name);
  const known = inputs.map((input) => quote(input.name)).join(", ");
  if (index < 0) {
    throw new ArgumentError(
      `doseBudget: expected correlations of inputs with an uncertainty (${known}), got ${quote(name)}`,
    );
  }
  if (inputs[index].distribution === "normal") return index;
  throw new ArgumentError(
    `doseBudget: expected correlations of normal inputs, got the uniform ${quote(name)}`,
  );
}
