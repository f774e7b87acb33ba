// All factorizations with the same product: C S = (C V) (T S) with V = T^-1. A solution has n x n numbers.
import { choleskyFactor } from "../../compute/solvers/linear-solve.js";
import { dot, transposedMultiply } from "../products.js";

/** A solution: T rotates spectra, V concentrations. Row-major, shape [n, n] each. */
export interface Rotation {
  readonly T: Float64Array;
  readonly V: Float64Array;
}

/**
 * The rotations of one resolved pair.
 *
 * The rows of T sum to 1. With closure this keeps the sum of the rows of C at 1. Without closure, spectra are
 * first scaled to the same area, which it preserves: scale is not part of the ambiguity. The n (n - 1)
 * unknowns are the entries of T off its diagonal, row by row. All zero is the pair itself.
 */
export class RotationSpace {
  readonly unknowns: number;
  /** S S^T and C^T C, shape [n, n]. */
  readonly gramS: Float64Array;
  readonly gramC: Float64Array;
  /** Covariance of a column of S and of a row of C for noise of standard deviation one, shape [n, n]. */
  readonly covarianceS: Float64Array;
  readonly covarianceC: Float64Array;

  /**
   * @param C row-major, shape [rows, n]
   * @param S row-major, shape [n, columns]
   * @param closed whether the rows of C sum to 1
   */
  constructor(
    readonly C: Float64Array,
    readonly S: Float64Array,
    readonly rows: number,
    readonly n: number,
    readonly columns: number,
    readonly closed: boolean,
  ) {
    this.unknowns = n * (n - 1);
    this.gramS = new Float64Array(n * n);
    this.gramC = new Float64Array(n * n);
    for (let i = 0; i < n; i++) {
      for (let j = 0; j < n; j++) {
        this.gramS[i * n + j] = dot(S, i * columns, S, j * columns, columns);
      }
    }
    transposedMultiply(C, n, C, n, rows, this.gramC);
    this.covarianceS = inverseOf(this.gramC, n);
    this.covarianceC = closed ? closedCovariance(S, n, columns) : inverseOf(this.gramS, n);
  }

  /** Allocates a rotation. */
  empty(): Rotation {
    return { T: new Float64Array(this.n ** 2), V: new Float64Array(this.n ** 2) };
  }

  /**
   * Fills a rotation from the unknowns.
   *
   * @returns false where T has no inverse or a negative determinant, which no continuous path reaches
   */
  set(x: Float64Array, { T, V }: Rotation): boolean {
    const { n } = this;
    for (let i = 0, at = 0; i < n; i++) {
      let rest = 1;
      for (let j = 0; j < n; j++) {
        if (j === i) continue;
        T[i * n + j] = x[at];
        rest -= x[at++];
      }
      T[i * n + i] = rest;
    }
    return invert(T, n, V) > 0;
  }

  /**
   * Gradient with respect to the unknowns from those with respect to T and V, both taken as independent; dT
   * is changed.
   */
  pullBack({ V }: Rotation, dT: Float64Array, dV: Float64Array, out: Float64Array): void {
    const { n } = this;
    // d V = -V dT V, hence dT gains -V^T dV V^T.
    for (let i = 0; i < n; i++) {
      for (let j = 0; j < n; j++) {
        let sum = 0;
        for (let k = 0; k < n; k++) {
          let inner = 0;
          for (let l = 0; l < n; l++) inner += dV[k * n + l] * V[j * n + l];
          sum += V[k * n + i] * inner;
        }
        dT[i * n + j] -= sum;
      }
    }
    this.toUnknowns(dT, out);
  }

  /** Gradient with respect to the unknowns from that with respect to T. */
  toUnknowns(dT: Float64Array, out: Float64Array): void {
    const { n } = this;
    for (let i = 0, at = 0; i < n; i++) {
      for (let j = 0; j < n; j++) if (j !== i) out[at++] = dT[i * n + j] - dT[i * n + i];
    }
  }

  /**
   * Gradient with respect to the unknowns of `vector` times row k of T (side S) or column k of V (side C).
   */
  entrySlope(side: "C" | "S", k: number, { V }: Rotation, vector: Float64Array, out: Float64Array): void {
    const { n } = this;
    if (side === "S") {
      out.fill(0);
      for (let j = 0, at = k * (n - 1); j < n; j++) if (j !== k) out[at++] = vector[j] - vector[k];
      return;
    }
    // d (p V e_k) = -(p V) dT (V e_k)
    for (let i = 0, at = 0; i < n; i++) {
      let left = 0;
      for (let l = 0; l < n; l++) left -= vector[l] * V[l * n + i];
      for (let j = 0; j < n; j++) if (j !== i) out[at++] = left * (V[j * n + k] - V[i * n + k]);
    }
  }

  /** C V, shape [rows, n]. */
  concentrations({ V }: Rotation): Float64Array {
    const { rows, n, C } = this;
    const out = new Float64Array(rows * n);
    for (let i = 0; i < rows; i++) {
      for (let j = 0; j < n; j++) {
        let sum = 0;
        for (let l = 0; l < n; l++) sum += C[i * n + l] * V[l * n + j];
        out[i * n + j] = sum;
      }
    }
    return out;
  }

  /** T S, shape [n, columns]. */
  spectra({ T }: Rotation): Float64Array {
    const { n, columns, S } = this;
    const out = new Float64Array(n * columns);
    for (let i = 0; i < n; i++) {
      for (let j = 0; j < n; j++) {
        const t = T[i * n + j];
        for (let k = 0; k < columns; k++) out[i * columns + k] += t * S[j * columns + k];
      }
    }
    return out;
  }
}

/** Gauss-Jordan elimination with pivots, a into out; returns the determinant, 0 where there is no inverse. */
function invert(a: Float64Array, n: number, out: Float64Array): number {
  const left = a.slice();
  out.fill(0);
  for (let i = 0; i < n; i++) out[i * n + i] = 1;
  let determinant = 1;
  for (let c = 0; c < n; c++) {
    let pivot = c;
    for (let r = c + 1; r < n; r++) if (Math.abs(left[r * n + c]) > Math.abs(left[pivot * n + c])) pivot = r;
    const value = left[pivot * n + c];
    if (!(Math.abs(value) > 1e-12)) return 0;
    if (pivot !== c) {
      determinant = -determinant;
      for (let k = 0; k < n; k++) {
        [left[c * n + k], left[pivot * n + k]] = [left[pivot * n + k], left[c * n + k]];
        [out[c * n + k], out[pivot * n + k]] = [out[pivot * n + k], out[c * n + k]];
      }
    }
    determinant *= value;
    for (let k = 0; k < n; k++) {
      left[c * n + k] /= value;
      out[c * n + k] /= value;
    }
    for (let r = 0; r < n; r++) {
      const factor = left[r * n + c];
      if (r === c || factor === 0) continue;
      for (let k = 0; k < n; k++) {
        left[r * n + k] -= factor * left[c * n + k];
        out[r * n + k] -= factor * out[c * n + k];
      }
    }
  }
  return determinant;
}

/**
 * Inverse of a positive definite matrix, scaled so that its pivots do not depend on units; zeros where there
 * is none.
 */
function inverseOf(a: Float64Array, n: number): Float64Array {
  const scale = Float64Array.from({ length: n }, (_, i) => 1 / Math.sqrt(a[i * n + i] || 1));
  const scaled = a.map((v, at) => v * scale[Math.floor(at / n)] * scale[at % n]);
  const out = new Float64Array(n * n);
  if (!choleskyFactor(scaled.slice(), n) || invert(scaled, n, out) === 0) return out.fill(0);
  return out.map((v, at) => v * scale[Math.floor(at / n)] * scale[at % n]);
}

/** With rows of sum 1 only differences of spectra matter: the covariance of c within that plane. */
function closedCovariance(S: Float64Array, n: number, columns: number): Float64Array {
  const m = n - 1;
  const out = new Float64Array(n * n);
  if (m === 0) return out;
  const differences = new Float64Array(m * columns);
  for (let j = 0; j < m; j++) {
    for (let k = 0; k < columns; k++) differences[j * columns + k] = S[j * columns + k] - S[m * columns + k];
  }
  const gram = new Float64Array(m * m);
  for (let i = 0; i < m; i++) {
    for (let j = 0; j < m; j++) {
      gram[i * m + j] = dot(differences, i * columns, differences, j * columns, columns);
    }
  }
  const inner = inverseOf(gram, m);
  for (let i = 0; i < m; i++) {
    for (let j = 0; j < m; j++) {
      const v = inner[i * m + j];
      out[i * n + j] = v;
      // The last concentration is 1 minus the others.
      out[i * n + m] -= v;
      out[m * n + j] -= v;
      out[m * n + m] += v;
    }
  }
  return out;
}
