// Spectra fitted so that glitches do not pull, row after row: the fast twin of RobustRow (lib/chemometrics/fit-robust.ts),
// where the method and its reasons are described. Steps and their order are the same.
import { AT_MOST_ONE, above, ONE } from "./fit.as";
import { addProduct, one, total } from "./pairs.as";
import { MOST, prepare, solve } from "./solver.as";

const SIGMA_PER_MEDIAN: f64 = 1.4826;
const HUBER_CUTOFF: f64 = 1.345;
const SCALE_STEPS: i32 = 5;
const MAX_STEPS: i32 = 50;
const SETTLED: f64 = 1e-8;

const G = memory.data(MOST * MOST * 8);
const b = memory.data(MOST * 8);
const before = memory.data(MOST * 8);

/**
 * @param D rows, [rows, length]
 * @param V vectors as `fitBlock` takes them, [n, capacity]; all rows of float64 that follow have this length, an even number that is
 *   at least length, and zeros behind
 * @param roots square roots of the weights of the energies, [capacity]
 * @param nUsed how many of them are not zero
 * @param floor least scale: 1 where the weights are 1 / sigma^2, otherwise 0
 * @param bisquare whether the last steps are the bisquare's; else Huber's throughout
 * @param cutoff of that loss
 * @param work buffer of 4 capacity
 * @param C receives concentrations, [rows, n]
 * @param scaled receives residuals in robust standard deviations, [rows, length]
 * @param scales receives the robust standard deviation of each row
 */
function robustBlock<T>(
  D: usize,
  rows: i32,
  length: i32,
  capacity: i32,
  V: usize,
  n: i32,
  nonNegative: bool,
  sum: i32,
  roots: usize,
  nUsed: i32,
  floor: f64,
  bisquare: bool,
  cutoff: f64,
  work: usize,
  C: usize,
  scaled: usize,
  scales: usize,
): void {
  const bytes = (<usize>capacity) << 3;
  const closure = sum === ONE;
  const nBasis = closure ? n - 1 : n;
  const origin = V + <usize>(n - 1) * bytes;
  const d = work;
  const u = work + bytes;
  const w = u + bytes;
  const sorted = w + bytes;
  const huber = bisquare ? HUBER_CUTOFF : cutoff;
  for (let i = 0; i < rows; i++) {
    const c = C + ((<usize>(i * n)) << 3);
    const at = D + <usize>i * <usize>length * sizeof<T>();
    let most: f64 = 0;
    memory.fill(d, 0, bytes);
    for (let k: usize = 0; k < <usize>length; k++) {
      const value = one<T>(at + k * sizeof<T>());
      const root = load<f64>(roots + (k << 3));
      most = max(most, abs(value) * root);
      store<f64>(d + (k << 3), closure ? value - load<f64>(origin + (k << 3)) : value);
      store<f64>(w + (k << 3), root * root);
    }
    for (let k: usize = <usize>length; k < <usize>capacity; k++) store<f64>(w + (k << 3), 0);
    weightedFit(d, V, bytes, n, nBasis, w, nonNegative, sum, c);
    let scale: f64 = 0;
    for (let step = 0; step < MAX_STEPS; step++) {
      residuals(d, V, bytes, nBasis, c, roots, u);
      if (step < SCALE_STEPS)
        scale = max(SIGMA_PER_MEDIAN * middle(u, roots, capacity, nUsed, sorted), max(floor, 1e-12 * most));
      huberWeights(u, roots, capacity, 1 / (scale * huber), w);
      if (settled(d, V, bytes, n, nBasis, w, nonNegative, sum, c)) break;
      if (bisquare && step === SCALE_STEPS - 1) break;
    }
    for (let step = 0; bisquare && step < MAX_STEPS; step++) {
      residuals(d, V, bytes, nBasis, c, roots, u);
      bisquareWeights(u, roots, capacity, 1 / (scale * cutoff), w);
      if (settled(d, V, bytes, n, nBasis, w, nonNegative, sum, c)) break;
    }
    residuals(d, V, bytes, nBasis, c, roots, u);
    const out = scaled + ((<usize>i * <usize>length) << 3);
    for (let k: usize = 0; k < <usize>length; k++)
      store<f64>(out + (k << 3), load<f64>(u + (k << 3)) / scale);
    store<f64>(scales + ((<usize>i) << 3), scale);
  }
}

/** Another fit; true when it changed next to nothing. */
function settled(
  d: usize,
  V: usize,
  bytes: usize,
  n: i32,
  nBasis: i32,
  w: usize,
  nonNegative: bool,
  sum: i32,
  c: usize,
): bool {
  memory.copy(before, c, (<usize>n) << 3);
  weightedFit(d, V, bytes, n, nBasis, w, nonNegative, sum, c);
  let change: f64 = 0;
  for (let j: usize = 0; j < <usize>n; j++)
    change = max(change, abs(load<f64>(c + (j << 3)) - load<f64>(before + (j << 3))));
  return change < SETTLED;
}

function weightedFit(
  d: usize,
  V: usize,
  bytes: usize,
  n: i32,
  nBasis: i32,
  w: usize,
  nonNegative: bool,
  sum: i32,
  c: usize,
): void {
  memory.fill(G, 0, (<usize>(n * n)) << 3);
  memory.fill(b, 0, (<usize>n) << 3);
  for (let i = 0; i < nBasis; i++) {
    const v = V + <usize>i * bytes;
    for (let j = 0; j <= i; j++) {
      const g = threefold(w, v, V + <usize>j * bytes, bytes);
      store<f64>(G + ((<usize>(i * n + j)) << 3), g);
      store<f64>(G + ((<usize>(j * n + i)) << 3), g);
    }
    store<f64>(b + ((<usize>i) << 3), threefold(w, v, d, bytes));
  }
  prepare(G, n, nonNegative, sum === ONE);
  solve(b, 8, c);
  if (sum === AT_MOST_ONE && above(c, n)) {
    prepare(G, n, nonNegative, true);
    solve(b, 8, c);
  }
}

/** Sum of the products of three rows; two sums at a time. */
function threefold(x: usize, y: usize, z: usize, bytes: usize): f64 {
  let s = f64x2.splat(0);
  let t = f64x2.splat(0);
  let k: usize = 0;
  for (; k + 16 < bytes; k += 32) {
    s = addProduct(s, f64x2.mul(v128.load(x + k), v128.load(y + k)), v128.load(z + k));
    t = addProduct(t, f64x2.mul(v128.load(x + k, 16), v128.load(y + k, 16)), v128.load(z + k, 16));
  }
  if (k < bytes) s = addProduct(s, f64x2.mul(v128.load(x + k), v128.load(y + k)), v128.load(z + k));
  return total(f64x2.add(s, t));
}

/** (d - sum_j c_j v_j) root */
function residuals(d: usize, V: usize, bytes: usize, nBasis: i32, c: usize, roots: usize, out: usize): void {
  for (let k: usize = 0; k < bytes; k += 16) {
    let e = v128.load(d + k);
    let v = V + k;
    for (let j: usize = 0; j < <usize>nBasis; j++) {
      e = f64x2.sub(e, f64x2.mul(v128.load64_splat(c + (j << 3)), v128.load(v)));
      v += bytes;
    }
    v128.store(out + k, f64x2.mul(e, v128.load(roots + k)));
  }
}

/** root^2 min(1, 1 / |u|) */
function huberWeights(u: usize, roots: usize, capacity: i32, factor: f64, w: usize): void {
  const ones = f64x2.splat(1);
  const f = f64x2.splat(factor);
  for (let k: usize = 0; k < (<usize>capacity) << 3; k += 16) {
    const root = v128.load(roots + k);
    const size = f64x2.abs(f64x2.mul(v128.load(u + k), f));
    const weight = f64x2.div(ones, f64x2.max(size, ones));
    v128.store(w + k, f64x2.mul(f64x2.mul(root, root), weight));
  }
}

/** root^2 (1 - u^2)^2, and 0 beyond 1 */
function bisquareWeights(u: usize, roots: usize, capacity: i32, factor: f64, w: usize): void {
  const ones = f64x2.splat(1);
  const zeros = f64x2.splat(0);
  const f = f64x2.splat(factor);
  for (let k: usize = 0; k < (<usize>capacity) << 3; k += 16) {
    const root = v128.load(roots + k);
    const x = f64x2.mul(v128.load(u + k), f);
    const rest = f64x2.max(f64x2.sub(ones, f64x2.mul(x, x)), zeros);
    v128.store(w + k, f64x2.mul(f64x2.mul(root, root), f64x2.mul(rest, rest)));
  }
}

/** The middle (upper of two) of |u| over the energies that count, by partial sorting in `sorted`. */
function middle(u: usize, roots: usize, capacity: i32, nUsed: i32, sorted: usize): f64 {
  let count: usize = 0;
  for (let k: usize = 0; k < (<usize>capacity) << 3; k += 8) {
    if (!(load<f64>(roots + k) > 0)) continue;
    store<f64>(sorted + (count << 3), abs(load<f64>(u + k)));
    count++;
  }
  const wanted = nUsed >> 1;
  let low = 0;
  let high = nUsed - 1;
  while (low < high) {
    const pivot = load<f64>(sorted + ((<usize>((low + high) >> 1)) << 3));
    let i = low;
    let j = high;
    while (i <= j) {
      while (load<f64>(sorted + ((<usize>i) << 3)) < pivot) i++;
      while (load<f64>(sorted + ((<usize>j) << 3)) > pivot) j--;
      if (i <= j) {
        const x = sorted + ((<usize>i) << 3);
        const y = sorted + ((<usize>j) << 3);
        const swap = load<f64>(x);
        store<f64>(x, load<f64>(y));
        store<f64>(y, swap);
        i++;
        j--;
      }
    }
    if (wanted <= j) high = j;
    else if (wanted >= i) low = i;
    else break;
  }
  return load<f64>(sorted + ((<usize>wanted) << 3));
}

export function robustRows32(
  D: usize,
  rows: i32,
  length: i32,
  capacity: i32,
  V: usize,
  n: i32,
  nonNegative: bool,
  sum: i32,
  roots: usize,
  nUsed: i32,
  floor: f64,
  bisquare: bool,
  cutoff: f64,
  work: usize,
  C: usize,
  scaled: usize,
  scales: usize,
): void {
  robustBlock<f32>(
    D,
    rows,
    length,
    capacity,
    V,
    n,
    nonNegative,
    sum,
    roots,
    nUsed,
    floor,
    bisquare,
    cutoff,
    work,
    C,
    scaled,
    scales,
  );
}

export function robustRows64(
  D: usize,
  rows: i32,
  length: i32,
  capacity: i32,
  V: usize,
  n: i32,
  nonNegative: bool,
  sum: i32,
  roots: usize,
  nUsed: i32,
  floor: f64,
  bisquare: bool,
  cutoff: f64,
  work: usize,
  C: usize,
  scaled: usize,
  scales: usize,
): void {
  robustBlock<f64>(
    D,
    rows,
    length,
    capacity,
    V,
    n,
    nonNegative,
    sum,
    roots,
    nUsed,
    floor,
    bisquare,
    cutoff,
    work,
    C,
    scaled,
    scales,
  );
}
