// Components compared with those of shuffled values.

import { random } from "../../../compute/random.js";
import { symmetricEigenvalues } from "../../../compute/solvers/eigenvalues.js";
import { columnGram, rowGram } from "../gram.js";

/**
 * Horn's parallel analysis with values shuffled within each column.
 *
 * @param D centered data, row-major, shape [rows, columns]
 * @param centered its squared singular values, falling
 * @returns number of leading components above the 95th percentile of shuffled ones
 * @see J. L. Horn, Psychometrika 30 (1965) 179; A. Buja, N. Eyuboglu, Multivariate Behavioral Research 27
 *   (1992) 509 (shuffling)
 */
export function parallelAnalysis(
  D: Float64Array,
  rows: number,
  columns: number,
  centered: Float64Array,
  replicates: number,
  seed: number,
): number {
  const c = Math.min(rows, columns);
  const drawn: Float64Array[] = [];
  const shuffled = new Float64Array(rows * columns);
  for (let r = 0; r < replicates; r++) {
    const draw = random(seed, r);
    shuffled.set(D);
    for (let k = 0; k < columns; k++) {
      for (let i = rows - 1; i > 0; i--) {
        const j = Math.floor(draw.uniform() * (i + 1));
        const a = shuffled[i * columns + k];
        shuffled[i * columns + k] = shuffled[j * columns + k];
        shuffled[j * columns + k] = a;
      }
    }
    const gram = rows <= columns ? rowGram(shuffled, rows, columns) : columnGram(shuffled, rows, columns);
    drawn.push(symmetricEigenvalues(gram, c));
  }
  for (let n = 0; n < centered.length; n++) {
    const sorted = Float64Array.from(drawn, (values) => values[n]).sort();
    const percentile = sorted[Math.min(replicates - 1, Math.ceil(0.95 * replicates) - 1)];
    if (!(centered[n] > percentile)) return n;
  }
  return centered.length;
}
