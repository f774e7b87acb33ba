// Spectra fitted with known components: a block of rows at a time, the fast twin of RowFit (lib/chemometrics/row-fit.ts).
import { addProduct } from "./pairs.as";
import { rowProducts, rowResidual } from "./products.as";
import { prepare, solve, wholeInverse } from "./solver.as";

/** Sums of the concentrations of a row. */
export const FREE: i32 = 0;
export const ONE: i32 = 1;
export const AT_MOST_ONE: i32 = 2;

/** Below this fraction of a row's sum of squares the residual is formed number by number. */
const SMALL_RESIDUAL: f64 = 1e-9;

/**
 * Fits rows of D by vectors, which with closure are the differences of the first n - 1 components from the last one, and that
 * last one, the origin.
 *
 * The residual comes from numbers that are there already: with d' = d - origin, sum (d' - sum c_j v_j)^2 = d'.d' - 2 c.b + c.G c
 * and d'.d' = d.d - 2 d.origin + origin.origin. It is a difference of numbers as large as d.d, so about 1e-15 of that is
 * rounding. Where it comes out below 1e-9 of d.d it is formed number by number instead; above, it is good to 1e-6 of itself.
 *
 * @param D rows of float32 or float64, [rows, length]
 * @param P vectors that rows are multiplied with, float64 [n, length]: V, times weights where there are any
 * @param V the vectors, float64 [n, length]; P itself where there are no weights
 * @param onOrigin P times the origin, n numbers, the last one the origin's sum of squares; all zero without closure
 * @param G products of the vectors, weighted, [n, n]; with closure the last row and column are zero
 * @param sum FREE, ONE (closure) or AT_MOST_ONE
 * @param weights one for each energy; 0: all one
 * @param products buffer of [rows, n] numbers and 5 more
 * @param C receives concentrations, float64 [rows, n]
 * @param power receives sums of squares of the rows; 0: not wanted, nor are residuals, and no row is looked at for NaN
 * @param residual receives sum (d - fit)^2; NaN, as the concentrations, where a row has no signal or a number is not finite
 * @param weighted receives sum weight (d - fit)^2, where there are weights
 */
function fitBlock<T>(
  D: usize,
  rows: i32,
  length: i32,
  P: usize,
  V: usize,
  n: i32,
  onOrigin: usize,
  G: usize,
  nonNegative: bool,
  sum: i32,
  weights: usize,
  products: usize,
  C: usize,
  power: usize,
  residual: usize,
  weighted: usize,
): void {
  const closure = sum === ONE;
  const rowBytes = (<usize>n) << 3;
  const last = (<usize>(n - 1)) << 3;
  const nBasis = closure ? n - 1 : n;
  const origin = closure ? V + ((<usize>(n - 1) * <usize>length) << 3) : 0;
  memory.fill(products, 0, <usize>rows * rowBytes + 40);
  if (power) memory.fill(power, 0, (<usize>rows) << 3);
  rowProducts<T>(D, rows, P, n, length, products, rowBytes, products + <usize>rows * rowBytes, power);
  prepare(G, n, nonNegative, closure);
  for (let i = 0; i < rows; i++) {
    const d = D + <usize>i * <usize>length * sizeof<T>();
    const b = products + <usize>i * rowBytes;
    const c = C + <usize>i * rowBytes;
    const at = (<usize>i) << 3;
    let ownPower: f64 = 0;
    if (power) {
      ownPower = load<f64>(power + at);
      if (!(ownPower > 0 && ownPower < Infinity)) {
        for (let j = 0; j < n; j++) store<f64>(c + ((<usize>j) << 3), NaN);
        store<f64>(residual + at, NaN);
        if (weights) store<f64>(weighted + at, NaN);
        continue;
      }
    }
    let r = ownPower;
    if (closure) {
      r += load<f64>(onOrigin + last) - 2 * load<f64>(b + last);
      for (let j = 0; j < n - 1; j++) {
        const own = b + ((<usize>j) << 3);
        store<f64>(own, load<f64>(own) - load<f64>(onOrigin + ((<usize>j) << 3)));
      }
      // The origin's difference from itself.
      store<f64>(b + last, 0);
    }
    solve(b, 8, c);
    if (sum === AT_MOST_ONE && above(c, n)) {
      // Convex: where the bound is broken without it, the best fit lies on it.
      prepare(G, n, nonNegative, true);
      solve(b, 8, c);
      prepare(G, n, nonNegative, false);
    }
    if (!power) continue;
    if (weights) {
      store<f64>(residual + at, rowResidual<T>(d, c, V, nBasis, length, origin, weights, weighted + at));
      continue;
    }
    for (let j = 0; j < nBasis; j++) {
      let onFit: f64 = 0;
      for (let k = 0; k < nBasis; k++) {
        onFit += load<f64>(G + ((<usize>(j * n + k)) << 3)) * load<f64>(c + ((<usize>k) << 3));
      }
      r += load<f64>(c + ((<usize>j) << 3)) * (onFit - 2 * load<f64>(b + ((<usize>j) << 3)));
    }
    if (!(r > SMALL_RESIDUAL * ownPower)) r = rowResidual<T>(d, c, V, nBasis, length, origin, 0, 0);
    store<f64>(residual + at, r);
  }
}

/** Whether n concentrations sum to more than one. */
export function above(c: usize, n: i32): bool {
  let sum: f64 = 0;
  for (let j: usize = 0; j < <usize>n; j++) sum += load<f64>(c + (j << 3));
  return sum > 1;
}

export function fitRows32(
  D: usize,
  rows: i32,
  length: i32,
  P: usize,
  V: usize,
  n: i32,
  onOrigin: usize,
  G: usize,
  nonNegative: bool,
  sum: i32,
  weights: usize,
  products: usize,
  C: usize,
  power: usize,
  residual: usize,
  weighted: usize,
): void {
  fitBlock<f32>(
    D,
    rows,
    length,
    P,
    V,
    n,
    onOrigin,
    G,
    nonNegative,
    sum,
    weights,
    products,
    C,
    power,
    residual,
    weighted,
  );
}

export function fitRows64(
  D: usize,
  rows: i32,
  length: i32,
  P: usize,
  V: usize,
  n: i32,
  onOrigin: usize,
  G: usize,
  nonNegative: bool,
  sum: i32,
  weights: usize,
  products: usize,
  C: usize,
  power: usize,
  residual: usize,
  weighted: usize,
): void {
  fitBlock<f64>(
    D,
    rows,
    length,
    P,
    V,
    n,
    onOrigin,
    G,
    nonNegative,
    sum,
    weights,
    products,
    C,
    power,
    residual,
    weighted,
  );
}

/** Solves one problem for each column of B [n, count], into the columns of X [n, count]. `x` is a buffer of n numbers. */
export function solveColumns(
  G: usize,
  n: i32,
  nonNegative: bool,
  closure: bool,
  B: usize,
  count: i32,
  X: usize,
  x: usize,
): void {
  prepare(G, n, nonNegative, closure);
  const pitch = (<usize>count) << 3;
  const inverse = nonNegative && !closure ? wholeInverse() : 0;
  let k = 0;
  // Two columns at once where no bound is active; what comes out negative is solved again.
  for (; inverse && k + 2 <= count; k += 2) {
    const at = (<usize>k) << 3;
    let negative = f64x2.splat(0);
    for (let i = 0; i < n; i++) {
      const row = inverse + ((<usize>(i * n)) << 3);
      let sum = f64x2.mul(v128.load64_splat(row), v128.load(B + at));
      for (let j: usize = 1; j < <usize>n; j++) {
        sum = addProduct(sum, v128.load64_splat(row + (j << 3)), v128.load(B + at + j * pitch));
      }
      v128.store(X + at + <usize>i * pitch, sum);
      negative = v128.or(negative, f64x2.lt(sum, f64x2.splat(0)));
    }
    if (!v128.any_true(negative)) continue;
    if (i64x2.extract_lane(negative, 0)) solveColumn(n, B + at, pitch, X + at, x);
    if (i64x2.extract_lane(negative, 1)) solveColumn(n, B + at + 8, pitch, X + at + 8, x);
  }
  for (; k < count; k++) solveColumn(n, B + ((<usize>k) << 3), pitch, X + ((<usize>k) << 3), x);
}

function solveColumn(n: i32, b: usize, pitch: usize, to: usize, x: usize): void {
  solve(b, pitch, x);
  for (let j: usize = 0; j < <usize>n; j++) store<f64>(to + j * pitch, load<f64>(x + (j << 3)));
}
