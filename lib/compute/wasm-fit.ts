// Fits of many rows through the compiled kernels: the fast twin of RowFit.fitPlainly
// (lib/chemometrics/row-fit.ts), and of one GramLeastSquares.solve after another.
import { type Kernels, rowsOfBlock } from "./wasm.js";
import { type Floats, WORTH_IT } from "./wasm-products.js";

/** More components than this go to the plain solver. */
export const MOST_COMPONENTS = 8;

/** What all rows share; `fitBlock` in wasm/fit.as.ts says what each array holds. */
export interface RowProblem {
  readonly n: number;
  readonly nEnergies: number;
  readonly nonNegative: boolean;
  readonly closure: boolean | "at most";
  readonly weights: Float64Array | null;
  readonly vectors: Float64Array;
  readonly projections: Float64Array;
  readonly onOrigin: Float64Array;
  readonly G: Float64Array;
}

/** What concentrations sum to, as the kernels call it: FREE, ONE, AT_MOST_ONE. */
export function sumOf(closure: boolean | "at most"): number {
  return closure === "at most" ? 2 : Number(closure);
}

/** Whether rows are enough, and components few enough, for the compiled kernel. */
export function isWorthIt(n: number, rows: number, nEnergies: number): boolean {
  return n <= MOST_COMPONENTS && n * rows * nEnergies >= WORTH_IT;
}

/** Concentrations of all rows to C [rows, n], and what else is requested; see RowFit.fitMany. */
export function fitRows(
  kernels: Kernels,
  problem: RowProblem,
  data: Floats,
  rows: number,
  C: Floats,
  residuals?: {
    readonly power: Float64Array;
    readonly residual: Float64Array;
    readonly weighted?: Float64Array;
  },
): void {
  const { n, nEnergies, weights } = problem;
  const bytes = data.BYTES_PER_ELEMENT;
  const block = rowsOfBlock(nEnergies * bytes, rows);
  const vectorBytes = 8 * n * nEnergies;
  const [P, V, onOrigin, G, w, D, products, c, power, residual, weighted] = kernels.place(
    vectorBytes,
    weights ? vectorBytes : 0,
    8 * n,
    8 * n * n,
    weights ? 8 * nEnergies : 0,
    block * nEnergies * bytes,
    8 * (block * n + 5),
    ...[8 * block * n, 8 * block, 8 * block, 8 * block],
  );
  kernels.put(P, problem.projections);
  if (weights) kernels.put(V, problem.vectors);
  kernels.put(onOrigin, problem.onOrigin);
  kernels.put(G, problem.G);
  if (weights) kernels.put(w, weights);
  const run = data instanceof Float32Array ? kernels.run.fitRows32 : kernels.run.fitRows64;
  for (let first = 0; first < rows; first += block) {
    const count = Math.min(block, rows - first);
    kernels.put(D, data, first * nEnergies, (first + count) * nEnergies);
    run(
      D,
      count,
      nEnergies,
      P,
      weights ? V : P,
      n,
      onOrigin,
      G,
      Number(problem.nonNegative),
      sumOf(problem.closure),
      weights ? w : 0,
      products,
      c,
      residuals ? power : 0,
      residual,
      weighted,
    );
    C.set(kernels.f64(c, count * n), first * n);
    residuals?.power.set(kernels.f64(power, count), first);
    residuals?.residual.set(kernels.f64(residual, count), first);
    if (weights) residuals?.weighted?.set(kernels.f64(weighted, count), first);
  }
}

/** Solves one problem for each column of B [n, count], into X [n, count], all with the same G. */
export function solveColumns(
  kernels: Kernels,
  n: number,
  nonNegative: boolean,
  closure: boolean,
  G: Float64Array,
  B: Float64Array,
  count: number,
  X: Float64Array,
): void {
  const [g, b, x, own] = kernels.place(8 * n * n, 8 * n * count, 8 * n * count, 8 * n);
  kernels.put(g, G, 0, n * n);
  kernels.put(b, B, 0, n * count);
  kernels.run.solveColumns(g, n, Number(nonNegative), Number(closure), b, count, x, own);
  X.set(kernels.f64(x, n * count));
}
