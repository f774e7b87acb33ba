// Small constrained least squares in Gram form, the fast twin of GramLeastSquares (lib/compute/nnls.ts), where the method and
// its reasons are described:
//
//   minimize  1/2 x^T G x - b^T x,   subject to  x >= 0 (optional)  and  sum x = 1 (optional),   up to MOST unknowns
//
// Many problems share one G: the factor of the problem without active bounds is made once, in `prepare`.

/** Largest number of unknowns. */
export const MOST: i32 = 8;

/** A pivot below this fraction of its diagonal entry says that the matrix is singular to rounding. */
const SINGULAR_PIVOT: f64 = 1e-13;
/** A gradient below this fraction of the terms it is summed from counts as zero. */
const GRADIENT_NOISE: f64 = 1e-13;

/** A pivot below this fraction of its diagonal entry leaves the set to the method that loses fewer digits. */
const POOR_PIVOT: f64 = 1e-8;
/** Sets that are tried for one problem before the method that always ends takes over. */
const TRIES: i32 = 4;

const PASSIVE: i32 = 1;
const BOUND: i32 = 0;
const BLOCKED: i32 = 2;

const matrix = memory.data(MOST * MOST * 8);
const whole = memory.data(MOST * MOST * 8);
const beta = memory.data(MOST * 8);
const z = memory.data(MOST * 8);
const rhs = memory.data(MOST * 8);
const passive = memory.data(MOST * 4);
const state = memory.data(MOST * 4);
/** Inverse of G over each set of unknowns, zero outside of it. */
const inverses = memory.data((1 << MOST) * MOST * MOST * 8);
/** Of each set: 0 not made, 1 made, 2 too nearly singular. */
const made = memory.data(1 << MOST);

let n: i32 = 0;
let G: usize = 0;
let x: usize = 0;
let nonNegative: bool = false;
let closure: bool = false;
let nPassive: i32 = 0;
/** Whether `whole` holds the factor of all unknowns passive. */
let regular: bool = false;

function at(array: usize, i: i32): f64 {
  return load<f64>(array + ((<usize>i) << 3));
}

function put(array: usize, i: i32, value: f64): void {
  store<f64>(array + ((<usize>i) << 3), value);
}

function passiveAt(k: i32): i32 {
  return load<i32>(passive + ((<usize>k) << 2));
}

function setPassive(k: i32, j: i32): void {
  store<i32>(passive + ((<usize>k) << 2), j);
}

function stateOf(j: i32): i32 {
  return load<i32>(state + ((<usize>j) << 2));
}

function setState(j: i32, value: i32): void {
  store<i32>(state + ((<usize>j) << 2), value);
}

/** Takes the matrix [size, size] of the problems that follow, and their constraints. */
export function prepare(gram: usize, size: i32, isNonNegative: bool, isClosed: bool): void {
  G = gram;
  n = size;
  nonNegative = isNonNegative;
  closure = isClosed;
  usePassive(n);
  regular = factorPassive(whole);
  memory.fill(made, 0, 1 << n);
}

/** The inverse of G where it may be used for problems without active bounds; 0 otherwise. */
export function wholeInverse(): usize {
  const all = (1 << n) - 1;
  return hasInverse(all) ? inverseOf(all) : 0;
}

/** Solves for the right-hand side b, n numbers `stride` bytes apart; writes n numbers to `result`. */
export function solve(b: usize, stride: usize, result: usize): void {
  x = result;
  for (let j = 0; j < n; j++) put(beta, j, load<f64>(b + <usize>j * stride));
  if (!nonNegative) solveFree();
  else if (closure && n <= 3) solveTriangle();
  else if (!closure && (n === 3 ? solveThreeBySets() : solveBySets())) return;
  else if (!solveInterior()) solveActiveSet();
}

function inverseOf(set: i32): usize {
  return inverses + ((<usize>(set * n * n)) << 3);
}

function hasInverse(set: i32): bool {
  const mark = made + <usize>set;
  if (load<u8>(mark) === 0) store<u8>(mark, invert(set) ? 1 : 2);
  return load<u8>(mark) === 1;
}

/**
 * Non-negative: from all unknowns on, those with the wrong sign are exchanged at once, which mostly ends after one or two sets.
 * Problems with the same set share its inverse. False where that does not end soon, or G is too nearly singular.
 */
function solveBySets(): bool {
  const all = (1 << n) - 1;
  let set = all;
  for (let attempt = 0; attempt < TRIES; attempt++) {
    if (!hasInverse(set)) return false;
    const inverse = inverseOf(set);
    let wrong = 0;
    for (let i = 0; i < n; i++) {
      let sum: f64 = 0;
      for (let j = 0; j < n; j++) sum += at(inverse, i * n + j) * at(beta, j);
      put(x, i, sum);
      if (sum < 0) wrong |= 1 << i;
    }
    for (let i = 0; i < n; i++) {
      if (set & (1 << i)) continue;
      let descent = at(beta, i);
      let size = abs(descent);
      for (let j = 0; j < n; j++) {
        const term = at(G, i * n + j) * at(x, j);
        descent -= term;
        size += abs(term);
      }
      if (descent > GRADIENT_NOISE * size) wrong |= 1 << i;
    }
    if (wrong === 0) return true;
    set ^= wrong;
  }
  return false;
}

/** `solveBySets` for three unknowns, the usual number, written out. */
function solveThreeBySets(): bool {
  const b0 = at(beta, 0);
  const b1 = at(beta, 1);
  const b2 = at(beta, 2);
  let set = 7;
  for (let attempt = 0; attempt < TRIES; attempt++) {
    if (!hasInverse(set)) return false;
    const inverse = inverseOf(set);
    const h01 = at(inverse, 1);
    const h02 = at(inverse, 2);
    const h12 = at(inverse, 5);
    const x0 = at(inverse, 0) * b0 + h01 * b1 + h02 * b2;
    const x1 = h01 * b0 + at(inverse, 4) * b1 + h12 * b2;
    const x2 = h02 * b0 + h12 * b1 + at(inverse, 8) * b2;
    let wrong = i32(x0 < 0) | (i32(x1 < 0) << 1) | (i32(x2 < 0) << 2);
    if (set !== 7) {
      for (let i = 0; i < 3; i++) {
        if (set & (1 << i)) continue;
        const u = at(G, 3 * i) * x0;
        const v = at(G, 3 * i + 1) * x1;
        const w = at(G, 3 * i + 2) * x2;
        const b = at(beta, i);
        if (b - u - v - w > GRADIENT_NOISE * (abs(b) + abs(u) + abs(v) + abs(w))) wrong |= 1 << i;
      }
    }
    if (wrong === 0) {
      put(x, 0, x0);
      put(x, 1, x1);
      put(x, 2, x2);
      return true;
    }
    set ^= wrong;
  }
  return false;
}

/** Makes the inverse of G over a set; false where it is too nearly singular. */
function invert(set: i32): bool {
  let m = 0;
  for (let j = 0; j < n; j++) if (set & (1 << j)) setPassive(m++, j);
  for (let k = 0; k < m; k++) {
    for (let l = 0; l <= k; l++) put(matrix, k * m + l, at(G, passiveAt(k) * n + passiveAt(l)));
  }
  const inverse = inverseOf(set);
  memory.fill(inverse, 0, (<usize>(n * n)) << 3);
  if (!choleskyFactor(matrix, m, POOR_PIVOT)) return false;
  for (let k = 0; k < m; k++) {
    for (let l = 0; l < m; l++) put(rhs, l, l === k ? 1 : 0);
    choleskySolve(matrix, m, rhs);
    for (let l = 0; l < m; l++) put(inverse, passiveAt(l) * n + passiveAt(k), at(rhs, l));
  }
  return true;
}

function usePassive(count: i32): void {
  for (let j = 0; j < count; j++) setPassive(j, j);
  nPassive = count;
}

/** All unknowns free in sign; those that depend on earlier ones stay zero. */
function solveFree(): void {
  usePassive(n);
  if (regular) solveFactored(whole);
  else {
    nPassive = 0;
    for (let j = 0; j < n; j++) {
      setPassive(nPassive++, j);
      if (!solvePassive()) nPassive--;
    }
    if (nPassive > 0) solvePassive();
  }
  for (let j = 0; j < n; j++) put(x, j, 0);
  for (let k = 0; k < nPassive; k++) put(x, passiveAt(k), at(z, k));
}

/** The problem is convex: a solution without active bounds that satisfies them is the solution. */
function solveInterior(): bool {
  if (!regular) return false;
  usePassive(n);
  solveFactored(whole);
  for (let j = 0; j < n; j++) if (!(at(z, j) > 0)) return false;
  for (let j = 0; j < n; j++) put(x, j, at(z, j));
  return true;
}

function solveActiveSet(): void {
  for (let j = 0; j < n; j++) {
    put(x, j, 0);
    setState(j, BOUND);
  }
  nPassive = 0;
  if (closure) {
    const vertex = bestVertex();
    put(x, vertex, 1);
    setState(vertex, PASSIVE);
    setPassive(nPassive++, vertex);
  }
  // Each accepted step lowers the objective, so no set recurs; the limit only guards against rounding.
  const limit = 30 * n + 30;
  for (let step = 0; step < limit; step++) {
    const entering = mostNegativeGradient();
    if (entering < 0) return;
    setState(entering, PASSIVE);
    setPassive(nPassive++, entering);
    let first = true;
    for (;;) {
      const solved = solvePassive();
      if (first && !(solved && at(z, nPassive - 1) > 0)) {
        // Its gradient was rounding, or it depends on the others: leave it out until something else has changed.
        nPassive--;
        setState(entering, BLOCKED);
        break;
      }
      let alpha: f64 = 1;
      if (solved) {
        for (let k = 0; k < nPassive; k++) {
          if (at(z, k) <= 0) alpha = min(alpha, shareToBound(at(x, passiveAt(k)), at(z, k)));
        }
      }
      if (first) for (let j = 0; j < n; j++) if (stateOf(j) === BLOCKED) setState(j, BOUND);
      first = false;
      if (!solved) return;
      let kept = 0;
      for (let k = 0; k < nPassive; k++) {
        const j = passiveAt(k);
        const target = at(z, k);
        const own = at(x, j);
        if (target <= 0 && shareToBound(own, target) <= alpha) {
          put(x, j, 0);
          setState(j, BOUND);
        } else {
          put(x, j, own + alpha * (target - own));
          setPassive(kept++, j);
        }
      }
      const shrunk = kept < nPassive;
      nPassive = kept;
      if (!shrunk) break;
    }
  }
}

/** The bound unknown whose growth lowers the objective fastest, or -1 where the conditions of Kuhn and Tucker hold. */
function mostNegativeGradient(): i32 {
  // With closure the gradient counts relative to that of the passive unknowns, the multiplier of the sum.
  let multiplier: f64 = 0;
  let multiplierNoise: f64 = 0;
  if (closure) {
    for (let k = 0; k < nPassive; k++) {
      const i = passiveAt(k);
      let g = -at(beta, i);
      let size = abs(at(beta, i));
      for (let j = 0; j < n; j++) {
        const term = at(G, i * n + j) * at(x, j);
        g += term;
        size += abs(term);
      }
      multiplier += g * at(x, i);
      multiplierNoise += size * at(x, i);
    }
  }
  let best = -1;
  let lowest: f64 = 0;
  for (let i = 0; i < n; i++) {
    if (stateOf(i) !== BOUND) continue;
    let g = -at(beta, i);
    let size = abs(at(beta, i)) + multiplierNoise;
    for (let j = 0; j < n; j++) {
      const term = at(G, i * n + j) * at(x, j);
      g += term;
      size += abs(term);
    }
    g -= multiplier;
    if (g < lowest && g < -GRADIENT_NOISE * size) {
      lowest = g;
      best = i;
    }
  }
  return best;
}

/** Least squares over the passive unknowns, into z; false where they depend on one another. */
function solvePassive(): bool {
  if (!factorPassive(matrix)) return false;
  solveFactored(matrix);
  return true;
}

/** Factor for the passive unknowns. With closure: of differences from the first of them. */
function factorPassive(a: usize): bool {
  if (!closure) {
    for (let k = 0; k < nPassive; k++) {
      for (let l = 0; l <= k; l++) put(a, k * nPassive + l, at(G, passiveAt(k) * n + passiveAt(l)));
    }
    return choleskyFactor(a, nPassive, SINGULAR_PIVOT);
  }
  const r = passiveAt(0);
  const m = nPassive - 1;
  for (let k = 0; k < m; k++) {
    const i = passiveAt(k + 1);
    for (let l = 0; l <= k; l++) {
      const j = passiveAt(l + 1);
      put(a, k * m + l, at(G, i * n + j) - at(G, i * n + r) - at(G, j * n + r) + at(G, r * n + r));
    }
  }
  return choleskyFactor(a, m, SINGULAR_PIVOT);
}

/** Solves for the passive unknowns with their factor, into z. */
function solveFactored(a: usize): void {
  if (!closure) {
    for (let k = 0; k < nPassive; k++) put(z, k, at(beta, passiveAt(k)));
    choleskySolve(a, nPassive, z);
    return;
  }
  // Differences from the first passive vector take up the equality: its own share is what is left of one.
  const r = passiveAt(0);
  const m = nPassive - 1;
  for (let k = 0; k < m; k++) {
    const i = passiveAt(k + 1);
    put(rhs, k, at(beta, i) - at(beta, r) - at(G, i * n + r) + at(G, r * n + r));
  }
  choleskySolve(a, m, rhs);
  let rest: f64 = 1;
  for (let k = 0; k < m; k++) {
    put(z, k + 1, at(rhs, k));
    rest -= at(rhs, k);
  }
  put(z, 0, rest);
}

function choleskyFactor(a: usize, size: i32, least: f64): bool {
  for (let j = 0; j < size; j++) {
    const diagonal = at(a, j * size + j);
    let pivot = diagonal;
    for (let k = 0; k < j; k++) pivot -= at(a, j * size + k) * at(a, j * size + k);
    if (!(pivot > least * diagonal)) return false;
    const root = sqrt(pivot);
    put(a, j * size + j, root);
    for (let i = j + 1; i < size; i++) {
      let s = at(a, i * size + j);
      for (let k = 0; k < j; k++) s -= at(a, i * size + k) * at(a, j * size + k);
      put(a, i * size + j, s / root);
    }
  }
  return true;
}

function choleskySolve(a: usize, size: i32, v: usize): void {
  for (let i = 0; i < size; i++) {
    let s = at(v, i);
    for (let k = 0; k < i; k++) s -= at(a, i * size + k) * at(v, k);
    put(v, i, s / at(a, i * size + i));
  }
  for (let i = size - 1; i >= 0; i--) {
    let s = at(v, i);
    for (let k = i + 1; k < size; k++) s -= at(a, k * size + i) * at(v, k);
    put(v, i, s / at(a, i * size + i));
  }
}

/** How far from x >= 0 toward z <= 0 one can go before zero, as a fraction of the way. */
function shareToBound(from: f64, to: f64): f64 {
  return from > 0 ? from / (from - to) : 0;
}

function bestVertex(): i32 {
  let best = 0;
  for (let j = 1; j < n; j++) {
    if (0.5 * at(G, j * n + j) - at(beta, j) < 0.5 * at(G, best * n + best) - at(beta, best)) best = j;
  }
  return best;
}

/** Non-negative, sum one, n <= 3: the interior, else the best of the edges, each clamped to its ends. */
function solveTriangle(): void {
  if (n === 1) {
    put(x, 0, 1);
    return;
  }
  if (n === 2) {
    const t = edgeShare(0, 1);
    put(x, 0, t);
    put(x, 1, 1 - t);
    return;
  }
  const g22 = at(G, 8);
  const h00 = at(G, 0) - 2 * at(G, 2) + g22;
  const h11 = at(G, 4) - 2 * at(G, 5) + g22;
  const h01 = at(G, 1) - at(G, 2) - at(G, 5) + g22;
  const r0 = at(beta, 0) - at(beta, 2) - at(G, 2) + g22;
  const r1 = at(beta, 1) - at(beta, 2) - at(G, 5) + g22;
  const determinant = h00 * h11 - h01 * h01;
  if (determinant > SINGULAR_PIVOT * h00 * h11) {
    const a = (r0 * h11 - r1 * h01) / determinant;
    const c = (r1 * h00 - r0 * h01) / determinant;
    if (a >= 0 && c >= 0 && a + c <= 1) {
      put(x, 0, a);
      put(x, 1, c);
      put(x, 2, 1 - a - c);
      return;
    }
  }
  // A flat triangle ends here too: along a direction that changes nothing one always meets an edge.
  let lowest = Infinity;
  for (let skip = 0; skip < 3; skip++) {
    const i = skip === 0 ? 1 : 0;
    const j = skip === 2 ? 1 : 2;
    const t = edgeShare(i, j);
    const y0 = i === 0 ? t : 0;
    const y1 = i === 1 ? t : j === 1 ? 1 - t : 0;
    const objective = 0.5 * (h00 * y0 * y0 + h11 * y1 * y1) + h01 * y0 * y1 - r0 * y0 - r1 * y1;
    if (objective < lowest) {
      lowest = objective;
      put(x, 3 - i - j, 0);
      put(x, i, t);
      put(x, j, 1 - t);
    }
  }
}

/** The fraction of i in the best mixture of i and j alone. */
function edgeShare(i: i32, j: i32): f64 {
  const length = at(G, i * n + i) - 2 * at(G, i * n + j) + at(G, j * n + j);
  const t = (at(beta, i) - at(beta, j) - at(G, i * n + j) + at(G, j * n + j)) / length;
  return t > 0 ? min<f64>(t, 1) : 0;
}
