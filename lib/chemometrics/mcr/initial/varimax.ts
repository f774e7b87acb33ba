// Orthogonal rotation to simple structure.

const MAX_SWEEPS = 60;

/**
 * Rotates the columns of A with the largest variance of the squared entries within columns, after
 * normalization of the rows: every row comes close to a single column. In place.
 *
 * @param A row-major, shape [rows, n]
 * @see H. F. Kaiser, Psychometrika 23 (1958) 187 (normal varimax)
 */
export function varimax(A: Float64Array, rows: number, n: number): void {
  const weight = new Float64Array(rows);
  for (let i = 0; i < rows; i++) {
    let sum = 0;
    for (let a = 0; a < n; a++) sum += A[i * n + a] ** 2;
    weight[i] = sum > 0 ? 1 / sum : 0;
  }
  for (let sweep = 0; sweep < MAX_SWEEPS; sweep++) {
    let largest = 0;
    for (let a = 0; a < n; a++) {
      for (let b = a + 1; b < n; b++) {
        const angle = planeAngle(A, rows, n, a, b, weight);
        largest = Math.max(largest, Math.abs(angle));
        turn(A, rows, n, a, b, angle);
      }
    }
    if (largest < 1e-8) break;
  }
}

/** Angle in the plane of two columns with the largest criterion. */
function planeAngle(
  A: Float64Array,
  rows: number,
  n: number,
  a: number,
  b: number,
  weight: Float64Array,
): number {
  let sumU = 0;
  let sumV = 0;
  let difference = 0;
  let product = 0;
  for (let i = 0; i < rows; i++) {
    const x = A[i * n + a];
    const y = A[i * n + b];
    const u = weight[i] * (x * x - y * y);
    const v = weight[i] * 2 * x * y;
    sumU += u;
    sumV += v;
    difference += u * u - v * v;
    product += u * v;
  }
  const top = 2 * (product - (sumU * sumV) / rows);
  const bottom = difference - (sumU * sumU - sumV * sumV) / rows;
  return top === 0 && bottom === 0 ? 0 : Math.atan2(top, bottom) / 4;
}

function turn(A: Float64Array, rows: number, n: number, a: number, b: number, angle: number): void {
  const c = Math.cos(angle);
  const s = Math.sin(angle);
  for (let i = 0; i < rows; i++) {
    const x = A[i * n + a];
    const y = A[i * n + b];
    A[i * n + a] = c * x + s * y;
    A[i * n + b] = c * y - s * x;
  }
}
