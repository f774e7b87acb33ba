// Initial estimate from the purest energies, where only one species absorbs.
import type { Floats } from "../../products.js";
import type { EstimateInput } from "./estimate.js";
import { spectraOfProfiles } from "./from-profiles.js";

/**
 * SIMPLISMA: the variable with the largest ratio of standard deviation to mean, then the one with the largest
 * ratio times its independence of those already chosen. Their profiles along the rows are the initial
 * concentrations. The spectra follow by non-negative least squares.
 *
 * `noise` times the largest mean is added to the mean in the ratio, so that a variable without signal is not
 * pure. Above an X-ray absorption edge every species absorbs at every energy, so pure variables hardly exist,
 * and "purest-rows" is usually closer.
 *
 * @returns row-major, shape [found, columns]; in the order of choice
 * @see W. Windig, J. Guilment, Analytical Chemistry 63 (1991) 1425
 */
export function purestVariables({
  D,
  rows,
  columns,
  n: wanted,
  closure,
  noise,
}: EstimateInput): Float64Array {
  const chosen = choose(D, rows, columns, wanted, noise);
  const n = chosen.length;
  const C = new Float64Array(rows * n);
  for (let i = 0; i < rows; i++) for (let j = 0; j < n; j++) C[i * n + j] = D[i * columns + chosen[j]];
  return spectraOfProfiles(C, D, rows, columns, n, closure);
}

function choose(D: Floats, rows: number, columns: number, n: number, noise: number): number[] {
  const mean = new Float64Array(columns);
  const square = new Float64Array(columns);
  for (let i = 0; i < rows; i++) {
    for (let k = 0; k < columns; k++) {
      mean[k] += D[i * columns + k] / rows;
      square[k] += D[i * columns + k] ** 2 / rows;
    }
  }
  let largest = 0;
  for (let k = 0; k < columns; k++) largest = Math.max(largest, Math.abs(mean[k]));
  const purity = new Float64Array(columns);
  // Each profile as a vector normalized with the noise offset. Independence is the part outside the span of
  // the chosen ones.
  const rest = new Float64Array(columns * rows);
  for (let k = 0; k < columns; k++) {
    const raised = Math.abs(mean[k]) + noise * largest;
    purity[k] = raised > 0 ? Math.sqrt(Math.max(0, square[k] - mean[k] ** 2)) / raised : 0;
    const length = Math.sqrt(rows * (Math.max(0, square[k] - mean[k] ** 2) + raised ** 2));
    for (let i = 0; i < rows; i++) rest[k * rows + i] = length > 0 ? D[i * columns + k] / length : 0;
  }
  const chosen: number[] = [];
  for (let count = 0; count < n; count++) {
    let best = 0;
    let most = -1;
    for (let k = 0; k < columns; k++) {
      if (chosen.includes(k)) continue;
      let independence = 0;
      for (let i = 0; i < rows; i++) independence += rest[k * rows + i] ** 2;
      if (purity[k] * independence > most) {
        most = purity[k] * independence;
        best = k;
      }
    }
    // The remaining parts of all profiles are rounding errors: the others are mixtures of those already
    // chosen.
    if (count > 0 && !(most > 1e-20)) break;
    chosen.push(best);
    projectOut(rest, rest.slice(best * rows, (best + 1) * rows), columns, rows);
  }
  return chosen;
}

function projectOut(rest: Float64Array, direction: Float64Array, count: number, length: number): void {
  let power = 0;
  for (let i = 0; i < length; i++) power += direction[i] ** 2;
  if (power === 0) return;
  for (let k = 0; k < count; k++) {
    let share = 0;
    for (let i = 0; i < length; i++) share += rest[k * length + i] * direction[i];
    share /= power;
    for (let i = 0; i < length; i++) rest[k * length + i] -= share * direction[i];
  }
}
