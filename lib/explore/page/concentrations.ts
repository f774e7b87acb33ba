// Exact concentrations of known components in one spectrum: minimize |d - c S|^2 with c >= 0, sum c = 1.

/** Concentrations and the R factor of their fit. */
export interface MixtureFit {
  /** NaN where the spectrum has a gap or no signal. */
  readonly concentrations: Float64Array;
  /** sum (d - c S)^2 / sum d^2 */
  readonly rFactor: number;
}

/** Products of the components' differences from the last one; the same for all spectra. */
export interface Basis {
  readonly n: number;
  readonly nEnergies: number;
  /** [n, nEnergies] */
  readonly S: Float64Array;
  readonly differences: Float64Array;
  readonly gram: Float64Array;
}

/** Prepares components, [n, nEnergies]. */
export function basisOf(S: Float64Array, n: number): Basis {
  const nEnergies = S.length / n;
  const last = (n - 1) * nEnergies;
  const differences = S.map((v, i) => v - S[last + (i % nEnergies)]);
  const gram = new Float64Array(n * n);
  for (let i = 0; i < n; i++) {
    for (let j = 0; j < n; j++) {
      for (let k = 0; k < nEnergies; k++) {
        gram[i * n + j] += differences[i * nEnergies + k] * differences[j * nEnergies + k];
      }
    }
  }
  return { n, nEnergies, S, differences, gram };
}

/**
 * The best mixture: of all sets of components the one whose least-squares mixture has no negative
 * concentration and fits best. The problem is convex, so that this is the solution; up to eight components
 * there are at most 255 sets.
 */
export function concentrationsOf(spectrum: ArrayLike<number>, basis: Basis): MixtureFit {
  const { n, nEnergies, S, differences, gram } = basis;
  const last = (n - 1) * nEnergies;
  const b = new Float64Array(n);
  let power = 0;
  for (let k = 0; k < nEnergies; k++) {
    power += spectrum[k] * spectrum[k];
    for (let i = 0; i < n; i++) b[i] += differences[i * nEnergies + k] * (spectrum[k] - S[last + k]);
  }
  if (!(power > 0 && power < Number.POSITIVE_INFINITY)) {
    return { concentrations: new Float64Array(n).fill(Number.NaN), rFactor: Number.NaN };
  }
  let best: Float64Array = new Float64Array(n);
  let lowest = Number.POSITIVE_INFINITY;
  for (let set = 1; set < 2 ** n; set++) {
    const x = mixtureOf(set, n, gram, b);
    if (!x) continue;
    let value = 0;
    for (let i = 0; i < n; i++) {
      value -= b[i] * x[i];
      for (let j = 0; j < n; j++) value += 0.5 * gram[i * n + j] * x[i] * x[j];
    }
    if (value < lowest) [lowest, best] = [value, x];
  }
  let residual = 0;
  for (let k = 0; k < nEnergies; k++) {
    let e = spectrum[k];
    for (let i = 0; i < n; i++) e -= best[i] * S[i * nEnergies + k];
    residual += e * e;
  }
  return { concentrations: best, rFactor: residual / power };
}

/**
 * Least-squares concentrations of the components in a set, sum one; null where one is negative or they depend
 * on one another.
 */
function mixtureOf(set: number, n: number, gram: Float64Array, b: Float64Array): Float64Array | null {
  const members: number[] = [];
  for (let i = 0; i < n; i++) if (set & (1 << i)) members.push(i);
  const reference = members[0];
  const others = members.slice(1);
  const m = others.length;
  const G = (i: number, j: number): number => gram[i * n + j];
  // Of differences from the set's first component, so that the sum is one whatever the others are.
  const A = others.map((i) =>
    others.map((j) => G(i, j) - G(i, reference) - G(reference, j) + G(reference, reference)),
  );
  const y = others.map((i) => b[i] - b[reference] - G(i, reference) + G(reference, reference));
  for (let i = 0; i < m; i++) {
    const whole = A[i][i];
    for (let j = 0; j < i; j++) {
      const factor = A[i][j] / A[j][j];
      for (let k = j; k < m; k++) A[i][k] -= factor * A[j][k];
      y[i] -= factor * y[j];
    }
    if (!(A[i][i] > 1e-13 * Math.abs(whole))) return null;
  }
  for (let i = m - 1; i >= 0; i--) {
    for (let j = i + 1; j < m; j++) y[i] -= A[i][j] * y[j];
    y[i] /= A[i][i];
  }
  const x = new Float64Array(n);
  x[reference] = 1;
  for (let i = 0; i < m; i++) {
    if (y[i] < 0) return null;
    x[others[i]] = y[i];
    x[reference] -= y[i];
  }
  return x[reference] < 0 ? null : x;
}
