// Everything that TypeScript may call: the kernels for each precision of the data. Addresses are bytes in this module's memory;
// lib/compute/wasm*.ts copy blocks of data there.
import {
  columnProducts,
  lowerGram,
  rowPower,
  rowProducts,
  rowResidual,
  rowResidualOfThree,
  transpose,
} from "./products.as";

export { expose } from "./exposure.as";
export { fitRows32, fitRows64, solveColumns } from "./fit.as";
export {
  addFrame16,
  addFrame32,
  addFrame64,
  foldWeighted,
  frameSum16,
  frameSum32,
  frameSum64,
} from "./frame-sums.as";
export {
  accumulate16,
  darkLimits,
  foldSums,
  meanCounts,
  meanLogs16,
  meanLogs32,
  meanOfFew,
} from "./frames.as";
export { robustRows32, robustRows64 } from "./robust.as";
export { addRows, spectraOf, useAxis, useNormalization } from "./spectra.as";

/** First byte that is free for data. */
export function firstFree(): usize {
  return __heap_base;
}

export function rowProducts32(
  A: usize,
  rows: i32,
  B: usize,
  n: i32,
  length: i32,
  out: usize,
  spare: usize,
): void {
  rowProducts<f32>(A, rows, B, n, length, out, (<usize>n) << 3, spare, 0);
}

export function rowProducts64(
  A: usize,
  rows: i32,
  B: usize,
  n: i32,
  length: i32,
  out: usize,
  spare: usize,
): void {
  rowProducts<f64>(A, rows, B, n, length, out, (<usize>n) << 3, spare, 0);
}

export function columnProducts32(A: usize, n: i32, B: usize, columns: i32, rows: i32, out: usize): void {
  columnProducts<f32>(A, n, B, columns, rows, out);
}

export function columnProducts64(A: usize, n: i32, B: usize, columns: i32, rows: i32, out: usize): void {
  columnProducts<f64>(A, n, B, columns, rows, out);
}

/** Sum of squares of each row of D. */
export function powers32(D: usize, rows: i32, columns: i32, out: usize): void {
  for (let i: usize = 0; i < <usize>rows; i++) {
    store<f64>(out + (i << 3), rowPower<f32>(D + i * <usize>columns * 4, columns));
  }
}

export function powers64(D: usize, rows: i32, columns: i32, out: usize): void {
  for (let i: usize = 0; i < <usize>rows; i++) {
    store<f64>(out + (i << 3), rowPower<f64>(D + i * <usize>columns * 8, columns));
  }
}

/** Residual sum of squares of each row of D - C S. */
export function residuals32(D: usize, C: usize, S: usize, rows: i32, n: i32, columns: i32, out: usize): void {
  residuals<f32>(D, C, S, rows, n, columns, out);
}

export function residuals64(D: usize, C: usize, S: usize, rows: i32, n: i32, columns: i32, out: usize): void {
  residuals<f64>(D, C, S, rows, n, columns, out);
}

function residuals<T>(D: usize, C: usize, S: usize, rows: i32, n: i32, columns: i32, out: usize): void {
  for (let i: usize = 0; i < <usize>rows; i++) {
    const d = D + i * <usize>columns * sizeof<T>();
    const c = C + ((i * <usize>n) << 3);
    const sum =
      n === 3 ? rowResidualOfThree<T>(d, c, S, columns) : rowResidual<T>(d, c, S, n, columns, 0, 0, 0);
    store<f64>(out + (i << 3), sum);
  }
}

/** Lower triangle of out [columns, columns] += D^T D; `transposed` is a buffer of [columns, capacity], with an even capacity >= rows. */
export function gram32(
  D: usize,
  rows: i32,
  columns: i32,
  transposed: usize,
  capacity: i32,
  out: usize,
  spare: usize,
): void {
  transpose<f32>(D, rows, columns, transposed, capacity);
  lowerGram(transposed, columns, capacity, out, spare);
}

export function gram64(
  D: usize,
  rows: i32,
  columns: i32,
  transposed: usize,
  capacity: i32,
  out: usize,
  spare: usize,
): void {
  transpose<f64>(D, rows, columns, transposed, capacity);
  lowerGram(transposed, columns, capacity, out, spare);
}
