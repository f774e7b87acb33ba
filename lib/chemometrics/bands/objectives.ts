// Objectives of the search: fractions of the signal, entries of C and S, and additional quantities.
import type { Side } from "./limits.js";
import type { Rotation, RotationSpace } from "./rotation.js";

/** A function of a rotation that is minimized; of the order of one. */
export interface Objective {
  value(rotation: Rotation): number;
  /** Adds the partial derivatives with respect to T and V; without it the gradient is numerical. */
  addGradient?(rotation: Rotation, dT: Float64Array, dV: Float64Array): void;
}

/** Fraction of one component in the signal, ||c s|| / ||C S||. */
function shareOf({ n, gramS, gramC }: RotationSpace, k: number, { T, V }: Rotation): number {
  return Math.sqrt((form(gramS, T, k * n, 1, n) * form(gramC, V, k, n, n)) / productOf(gramS, gramC));
}

/** Logarithm of this fraction (sign 1), or its negative (sign -1). */
export function logShare(space: RotationSpace, k: number, sign: 1 | -1): Objective {
  const { n, gramS, gramC } = space;
  return {
    value: (rotation) => sign * Math.log(shareOf(space, k, rotation)),
    addGradient({ T, V }, dT, dV) {
      const s = sign / form(gramS, T, k * n, 1, n);
      const c = sign / form(gramC, V, k, n, n);
      for (let i = 0; i < n; i++) {
        for (let j = 0; j < n; j++) {
          dT[k * n + i] += s * gramS[i * n + j] * T[k * n + j];
          dV[i * n + k] += c * gramC[i * n + j] * V[j * n + k];
        }
      }
    },
  };
}

/** Entry of component k in S or C times a factor: `point` times its row of T or column of V. */
export function entryOf(side: Side, k: number, point: Float64Array, factor: number): Objective {
  const n = point.length;
  const index = (j: number): number => (side === "S" ? k * n + j : j * n + k);
  return {
    value({ T, V }) {
      const matrix = side === "S" ? T : V;
      let sum = 0;
      for (let j = 0; j < n; j++) sum += point[j] * matrix[index(j)];
      return factor * sum;
    },
    addGradient(_, dT, dV) {
      const out = side === "S" ? dT : dV;
      for (let j = 0; j < n; j++) out[index(j)] += factor * point[j];
    },
  };
}

/** ||C S||^2 from the two Gram matrices. */
function productOf(gramS: Float64Array, gramC: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < gramS.length; i++) sum += gramS[i] * gramC[i];
  return sum;
}

/** v^T A v for the elements of v from `from` with step `stride`. */
function form(a: Float64Array, v: Float64Array, from: number, stride: number, n: number): number {
  let sum = 0;
  for (let i = 0; i < n; i++) {
    for (let j = 0; j < n; j++) sum += v[from + i * stride] * a[i * n + j] * v[from + j * stride];
  }
  return sum;
}
