// Spectra with missing values filled in, for initial estimates and principal components. The fit itself
// leaves missing values out.
import type { Data } from "../mcr/data.js";
import { type Floats, multiplyTransposed } from "../products.js";
import { leadingSubspace } from "./subspace.js";

const MAX_ROUNDS = 200;

/**
 * D with each missing value replaced by its reconstruction from n principal components of the completed D,
 * iterated from the means of the energies. The same array where nothing is missing.
 *
 * @returns row-major, shape [rows, columns]
 * @see B. Walczak, D. L. Massart, Chemometrics and Intelligent Laboratory Systems 58 (2001) 15
 */
export function completed({ data, rows, columns, absent }: Data, n: number): Floats {
  if (absent === null) return data;
  const out = Float64Array.from(data);
  for (let k = 0; k < columns; k++) {
    let sum = 0;
    let count = 0;
    for (let i = 0; i < rows; i++) {
      if (absent[i * columns + k]) continue;
      sum += data[i * columns + k];
      count++;
    }
    for (let i = 0; i < rows; i++)
      if (absent[i * columns + k]) out[i * columns + k] = count > 0 ? sum / count : 0;
  }
  const scores = new Float64Array(rows * n);
  for (let round = 0; round < MAX_ROUNDS; round++) {
    const vectors = leadingSubspace(out, rows, columns, n);
    multiplyTransposed(out, rows, vectors, n, columns, scores);
    let change = 0;
    let size = 0;
    for (let at = 0; at < out.length; at++) {
      if (!absent[at]) continue;
      const i = Math.floor(at / columns);
      let value = 0;
      for (let a = 0; a < n; a++) value += scores[i * n + a] * vectors[a * columns + (at % columns)];
      change += (value - out[at]) ** 2;
      size += value * value;
      out[at] = value;
    }
    if (change <= 1e-10 * size) break;
  }
  return out;
}
