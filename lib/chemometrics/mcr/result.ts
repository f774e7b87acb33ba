// Results of MCR-ALS other than C and S.

import type { Matrix } from "ml-matrix";
import { percent } from "../../compute/format.js";
import type { Alternation } from "./alternate.js";
import { PATIENCE } from "./alternate.js";
import type { Factors, Problem } from "./constraints/problem.js";
import type { Data } from "./data.js";
import { RUNAWAY } from "./runaway.js";

/** Explained fraction of the (weighted) sum of squares of D about zero. */
export interface McrVariance {
  /** All components together: r2. */
  readonly explained: number;
  /** sum (c_j s_j)^2 / sum d^2 for each component. */
  readonly components: readonly number[];
  /** Sum over the components minus the fraction explained together: 0 without overlap. */
  readonly overlap: number;
}

/** C, S and lack of fit of each block of a multiset. */
export interface McrBlocks {
  /** C of each row of blocks. */
  readonly C: readonly Matrix[];
  /** S of each column of blocks. */
  readonly S: readonly Matrix[];
  /**
   * Experimental lack of fit in %, [row of blocks][column of blocks]; null where a block is missing or zero.
   */
  readonly lackOfFit: readonly (readonly (number | null)[])[];
}

export function varianceOf(data: Data, { C, S }: Factors, n: number, residual: number): McrVariance {
  const { rows, columns, weights, sumOfSquares } = data;
  const own = new Float64Array(n);
  for (let j = 0; j < n; j++) {
    for (let i = 0; i < rows; i++) {
      let row = 0;
      for (let k = 0; k < columns; k++) {
        row += (weights ? weights[i * columns + k] : 1) * S[j * columns + k] ** 2;
      }
      own[j] += C[i * n + j] ** 2 * row;
      if (weights === null) {
        // Without weights the sum of a row is the same for all.
        for (i++; i < rows; i++) own[j] += C[i * n + j] ** 2 * row;
      }
    }
  }
  const components = Array.from(own, (v) => v / sumOfSquares);
  const explained = 1 - residual / sumOfSquares;
  return { explained, components, overlap: components.reduce((a, b) => a + b, 0) - explained };
}

/** D - C S; NaN where a value is missing. */
export function residualMatrix(data: Data, C: Matrix, S: Matrix): Matrix {
  const { rows, columns, absent } = data;
  const out = C.mmul(S);
  for (let i = 0; i < rows; i++) {
    for (let k = 0; k < columns; k++) {
      const at = i * columns + k;
      out.set(i, k, absent?.[at] ? Number.NaN : data.data[at] - out.get(i, k));
    }
  }
  return out;
}

export function blocksOf(data: Data, C: Matrix, S: Matrix): McrBlocks {
  const { rowBounds, columnBounds, columns, weights } = data;
  const [n, last] = [C.columns - 1, (bounds: readonly number[], b: number): number => bounds[b + 1] - 1];
  const partsC = rowBounds.slice(1).map((_, p) => C.subMatrix(rowBounds[p], last(rowBounds, p), 0, n));
  const partsS = columnBounds
    .slice(1)
    .map((_, q) => S.subMatrix(0, n, columnBounds[q], last(columnBounds, q)));
  const lackOfFit = partsC.map((c, p) =>
    partsS.map((s, q) => {
      const fit = c.mmul(s);
      let residual = 0;
      let total = 0;
      for (let i = 0; i < fit.rows; i++) {
        for (let k = 0; k < fit.columns; k++) {
          const at = (rowBounds[p] + i) * columns + columnBounds[q] + k;
          const w = weights ? weights[at] : 1;
          total += w * data.data[at] ** 2;
          residual += w * (data.data[at] - fit.get(i, k)) ** 2;
        }
      }
      return total > 0 ? 100 * Math.sqrt(residual / total) : null;
    }),
  );
  return { C: partsC, S: partsS, lackOfFit };
}

/** Components with zero concentrations everywhere. */
export function absentComponents(C: Matrix): number[] {
  const most = new Float64Array(C.columns);
  for (let i = 0; i < C.rows; i++) {
    for (let j = 0; j < C.columns; j++) most[j] = Math.max(most[j], Math.abs(C.get(i, j)));
  }
  const all = Math.max(...most);
  return Array.from(most.keys()).filter((j) => !(most[j] > 1e-9 * all));
}

/**
 * Each component with a free scale gets a spectrum with maximum 1; its concentrations are scaled inversely.
 */
export function scaleToMaximum(
  { C, S }: Factors,
  { rows, columns, n }: Problem,
  scaled: ReadonlySet<number>,
): void {
  for (let j = 0; j < n; j++) {
    if (scaled.has(j)) continue;
    let most = 0;
    for (let k = 0; k < columns; k++) most = Math.max(most, Math.abs(S[j * columns + k]));
    if (most === 0) continue;
    for (let k = 0; k < columns; k++) S[j * columns + k] /= most;
    for (let i = 0; i < rows; i++) C[i * n + j] *= most;
  }
}

/** Reason for the end, and advice. */
export function advise(
  { stop, trace, bestIteration }: Alternation,
  tolerance: number,
  lackOfFit: number,
  { vanished, runaway }: { readonly vanished: readonly number[]; readonly runaway: readonly number[] },
  violations: Readonly<Record<string, number>>,
): string {
  const last = trace.length;
  const change = last > 1 ? Math.abs(1 - trace[last - 1] / trace[last - 2]) : 1;
  const fit = `lack of fit ${lackOfFit.toPrecision(3)} %`;
  const texts = {
    converged: `converged after ${last} iterations at ${fit}`,
    "max-iterations":
      `stopped after ${last} iterations at ${fit}, which still changed by ${percent(change)} in the last one ` +
      `(tolerance ${percent(tolerance)}); raise maxIterations if that matters`,
    diverged:
      `stopped after ${last} iterations, ${Math.min(last, PATIENCE)} of them without a better fit; iteration ` +
      `${bestIteration} is returned, ${fit}; use exact constraints (nonNegative: true, closure: true), fewer components or ` +
      "another start",
    runaway:
      `stopped after ${last} iterations, for ${componentsOf(runaway)} ran away: beyond ${RUNAWAY} times the largest number ` +
      `of D, which D does not support; iteration ${bestIteration} is returned, ${fit}; request fewer components, ` +
      "bound them (constraints.fixed.upper, or norm without closure), or leave out rows and energies with many missing numbers",
  };
  const sentences = [texts[stop]];
  if (vanished.length > 0) {
    sentences.push(`no spectrum contains ${componentsOf(vanished)}: request fewer components`);
  }
  if (lackOfFit > 99) {
    sentences.push("the fit explains nothing: check the sign of D and the constraints");
  }
  const broken = Object.entries(violations).filter(([, violation]) => violation > 1e-9);
  if (broken.length > 0) {
    const list = broken.map(([name, violation]) => `${name} is off by ${percent(violation)}`).join(", ");
    sentences.push(`the constraints do not all hold together: ${list}; drop or relax one`);
  }
  return sentences.join("; ");
}

function componentsOf(list: readonly number[]): string {
  return `${list.length === 1 ? "component" : "components"} ${list.join(", ")} (counted from 0)`;
}
