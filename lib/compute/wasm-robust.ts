// Robust fits of many rows through the compiled kernels: the fast twin of RobustFit.fitPlainly
// (lib/chemometrics/fit-robust.ts).
import { type Kernels, rowsOfBlock } from "./wasm.js";
import { sumOf } from "./wasm-fit.js";
import type { Floats } from "./wasm-products.js";

/** What all rows share; `robustBlock` in wasm/robust.as.ts says what each means. */
export interface RobustProblem {
  readonly n: number;
  readonly nEnergies: number;
  readonly nonNegative: boolean;
  readonly closure: boolean | "at most";
  readonly vectors: Float64Array;
  readonly roots: Float64Array;
  readonly nUsed: number;
  readonly floor: number;
  readonly bisquare: boolean;
  readonly cutoff: number;
}

/** Concentrations, scaled residuals and scales of all rows; see RobustFit.fitMany. */
export function robustRows(
  kernels: Kernels,
  problem: RobustProblem,
  data: Floats,
  rows: number,
  C: Floats,
  scaled: Float64Array,
  scales: Float64Array,
): void {
  const { n, nEnergies, vectors } = problem;
  const bytes = data.BYTES_PER_ELEMENT;
  const block = rowsOfBlock(nEnergies * bytes, rows);
  const capacity = nEnergies + (nEnergies % 2);
  const [V, roots, work, D, c, u, s] = kernels.place(
    8 * n * capacity,
    8 * capacity,
    8 * 4 * capacity,
    block * nEnergies * bytes,
    8 * block * n,
    8 * block * nEnergies,
    8 * block,
  );
  kernels.f64(V, n * capacity).fill(0);
  for (let j = 0; j < n; j++) {
    kernels.put(V + 8 * j * capacity, vectors, j * nEnergies, (j + 1) * nEnergies);
  }
  kernels.f64(roots, capacity).fill(0);
  kernels.put(roots, problem.roots);
  const run = data instanceof Float32Array ? kernels.run.robustRows32 : kernels.run.robustRows64;
  for (let first = 0; first < rows; first += block) {
    const count = Math.min(block, rows - first);
    kernels.put(D, data, first * nEnergies, (first + count) * nEnergies);
    run(
      D,
      count,
      nEnergies,
      capacity,
      V,
      n,
      Number(problem.nonNegative),
      sumOf(problem.closure),
      roots,
      problem.nUsed,
      problem.floor,
      Number(problem.bisquare),
      problem.cutoff,
      work,
      c,
      u,
      s,
    );
    C.set(kernels.f64(c, count * n), first * n);
    scaled.set(kernels.f64(u, count * nEnergies), first * nEnergies);
    scales.set(kernels.f64(s, count), first);
  }
}
