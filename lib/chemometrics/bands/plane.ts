// The plane (line, space) that contains the spectra of a closed mixture, with the principal components of the
// data as axes.
import { symmetricEigen } from "../../compute/solvers/eigen.js";
import { orthonormalize } from "../pca/subspace.js";
import { dot } from "../products.js";
import type { RotationSpace } from "./rotation.js";

/** Coordinates of spectra that are combinations of the resolved ones with weights of sum 1. */
export class Plane {
  readonly dimension: number;
  /** Mean spectrum of the data. */
  readonly origin: Float64Array;
  /** Orthonormal, shape [dimension, columns], in descending order of the spread of the data. */
  readonly axes: Float64Array;
  /** Standard deviation of the data along each axis. */
  readonly spread: Float64Array;
  /** Points of the resolved spectra, shape [n, dimension]. */
  readonly corners: Float64Array;
  /** Points of the data, shape [rows, dimension]; NaN for a row without signal. */
  readonly data: Float64Array;

  constructor(space: RotationSpace) {
    const { n, rows, columns, S, C } = space;
    const d = n - 1;
    this.dimension = d;
    const basis = new Float64Array(d * columns);
    for (let j = 0; j < d; j++) {
      for (let k = 0; k < columns; k++) basis[j * columns + k] = S[j * columns + k] - S[d * columns + k];
    }
    orthonormalize(basis, d, columns);
    const weights = barycentric(C, rows, n);
    const mean = new Float64Array(n);
    let counted = 0;
    for (let i = 0; i < rows; i++) {
      if (Number.isNaN(weights[i * n])) continue;
      counted++;
      for (let j = 0; j < n; j++) mean[j] += weights[i * n + j];
    }
    for (let j = 0; j < n; j++) mean[j] /= counted || 1;
    this.origin = new Float64Array(columns);
    for (let j = 0; j < n; j++) {
      for (let k = 0; k < columns; k++) this.origin[k] += mean[j] * S[j * columns + k];
    }
    const raw = cornersOn(basis, space, this.origin);
    const { values, vectors } = symmetricEigen(covariance(weights, raw, rows, n, d, counted), d);
    this.axes = new Float64Array(d * columns);
    for (let a = 0; a < d; a++) {
      for (let b = 0; b < d; b++) {
        for (let k = 0; k < columns; k++)
          this.axes[a * columns + k] += vectors[a * d + b] * basis[b * columns + k];
      }
    }
    this.spread = values.map((v) => Math.sqrt(Math.max(v, 1e-30 * values[0], Number.MIN_VALUE)));
    this.corners = cornersOn(this.axes, space, this.origin);
    this.data = new Float64Array(rows * d);
    for (let i = 0; i < rows; i++) this.data.set(this.at(weights, i * n), i * d);
  }

  /** The point of a combination with the given weights. */
  at(weights: Float64Array, from = 0): Float64Array {
    const d = this.dimension;
    const out = new Float64Array(d);
    for (let j = 0; j <= d; j++)
      for (let a = 0; a < d; a++) out[a] += weights[from + j] * this.corners[j * d + a];
    return out;
  }
}

/** Concentrations of each row with sum 1; NaN for rows with almost no signal. */
function barycentric(C: Float64Array, rows: number, n: number): Float64Array {
  const sums = Float64Array.from({ length: rows }, (_, i) => {
    let sum = 0;
    for (let j = 0; j < n; j++) sum += C[i * n + j];
    return sum;
  });
  const least = 1e-3 * sums.reduce((most, v) => Math.max(most, v), 0);
  return C.map((c, at) => {
    const sum = sums[Math.floor(at / n)];
    return sum > least ? c / sum : Number.NaN;
  });
}

function cornersOn(axes: Float64Array, { n, columns, S }: RotationSpace, origin: Float64Array): Float64Array {
  const d = n - 1;
  const out = new Float64Array(n * d);
  for (let j = 0; j < n; j++) {
    for (let a = 0; a < d; a++) {
      out[j * d + a] =
        dot(S, j * columns, axes, a * columns, columns) - dot(origin, 0, axes, a * columns, columns);
    }
  }
  return out;
}

function covariance(
  weights: Float64Array,
  corners: Float64Array,
  rows: number,
  n: number,
  d: number,
  counted: number,
): Float64Array {
  const out = new Float64Array(d * d);
  const point = new Float64Array(d);
  for (let i = 0; i < rows; i++) {
    if (Number.isNaN(weights[i * n])) continue;
    point.fill(0);
    for (let j = 0; j < n; j++)
      for (let a = 0; a < d; a++) point[a] += weights[i * n + j] * corners[j * d + a];
    for (let a = 0; a < d; a++) for (let b = 0; b < d; b++) out[a * d + b] += (point[a] * point[b]) / counted;
  }
  return out;
}
