// Runaway components: where values of D are missing, or signs are free, a component can grow without limit
// while the fit does not change.
import type { Factors } from "./constraints/problem.js";
import type { Data } from "./data.js";

/** A component runs away if its contribution exceeds the largest value of D by this factor. */
export const RUNAWAY = 100;

/** Finds the components that run away, by index. The scale between C and S does not matter. */
export function runawayOf(data: Data, n: number): (factors: Factors) => number[] {
  const { rows, columns, weights, sumOfSquares } = data;
  // The root mean square is a lower limit of the largest value, which is searched for only if needed.
  const usual = weights === null ? Math.sqrt(sumOfSquares / (rows * columns)) : 0;
  let largest: number | undefined;
  return ({ C, S }) => {
    const mostC = new Float64Array(n);
    const mostS = new Float64Array(n);
    for (let at = 0; at < C.length; at++) mostC[at % n] = Math.max(mostC[at % n], Math.abs(C[at]));
    for (let j = 0; j < n; j++) {
      for (let k = 0; k < columns; k++) mostS[j] = Math.max(mostS[j], Math.abs(S[j * columns + k]));
    }
    const out: number[] = [];
    for (let j = 0; j < n; j++) {
      const size = mostC[j] * mostS[j];
      if (size <= RUNAWAY * usual) continue;
      largest ??= largestThatCounts(data);
      // A component with a value that is not finite runs away, too.
      if (!(size <= RUNAWAY * largest)) out.push(j);
    }
    return out;
  };
}

function largestThatCounts({ data, weights }: Data): number {
  let most = 0;
  for (let at = 0; at < data.length; at++) {
    if (weights === null || weights[at] > 0) most = Math.max(most, Math.abs(data[at]));
  }
  return most;
}
