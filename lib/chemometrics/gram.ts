// The Gram matrices of a data matrix: products of all pairs of its rows, or of its columns.
import { rowProducts } from "./products.js";

/** D D^T, shape [rows, rows]. */
export function rowGram(D: Float64Array, rows: number, columns: number): Float64Array {
  const out = new Float64Array(rows * rows);
  for (let i = 0; i < rows; i++) rowProducts(D, i * columns, D, i + 1, columns, out, i * rows);
  mirror(out, rows);
  return out;
}

/** Rows of D that are turned at a time, so that the turned block stays in the cache. */
const BLOCK = 128;

/** D^T D, shape [columns, columns]; D may have any number of rows. */
export function columnGram(D: Float64Array, rows: number, columns: number): Float64Array {
  const out = new Float64Array(columns * columns);
  // Products are made three by three, so the columns are filled up with zeros to a multiple of three.
  const padded = Math.ceil(columns / 3) * 3;
  const turned = new Float64Array(padded * BLOCK);
  const tile = new Float64Array(9);
  for (let first = 0; first < rows; first += BLOCK) {
    const count = Math.min(BLOCK, rows - first);
    for (let i = 0; i < count; i++) {
      const from = (first + i) * columns;
      for (let k = 0; k < columns; k++) turned[k * BLOCK + i] = D[from + k];
    }
    for (let k = 0; k < padded; k += 3) {
      for (let l = 0; l <= k; l += 3) {
        tileProducts(turned, k * BLOCK, l * BLOCK, count, tile);
        for (let a = 0; a < 3 && k + a < columns; a++) {
          for (let b = 0; b < 3 && l + b < columns; b++) out[(k + a) * columns + l + b] += tile[3 * a + b];
        }
      }
    }
  }
  mirror(out, columns);
  return out;
}

/** Dot products of three rows of the block with three others: six numbers read for nine products. */
function tileProducts(block: Float64Array, k: number, l: number, count: number, tile: Float64Array): void {
  let s00 = 0;
  let s01 = 0;
  let s02 = 0;
  let s10 = 0;
  let s11 = 0;
  let s12 = 0;
  let s20 = 0;
  let s21 = 0;
  let s22 = 0;
  for (let i = 0; i < count; i++) {
    const a0 = block[k + i];
    const a1 = block[k + BLOCK + i];
    const a2 = block[k + 2 * BLOCK + i];
    const b0 = block[l + i];
    const b1 = block[l + BLOCK + i];
    const b2 = block[l + 2 * BLOCK + i];
    s00 += a0 * b0;
    s01 += a0 * b1;
    s02 += a0 * b2;
    s10 += a1 * b0;
    s11 += a1 * b1;
    s12 += a1 * b2;
    s20 += a2 * b0;
    s21 += a2 * b1;
    s22 += a2 * b2;
  }
  tile[0] = s00;
  tile[1] = s01;
  tile[2] = s02;
  tile[3] = s10;
  tile[4] = s11;
  tile[5] = s12;
  tile[6] = s20;
  tile[7] = s21;
  tile[8] = s22;
}

function mirror(a: Float64Array, n: number): void {
  for (let i = 0; i < n; i++) for (let j = 0; j < i; j++) a[j * n + i] = a[i * n + j];
}
