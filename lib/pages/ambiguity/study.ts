// The model of the page: a data set, its resolution with feasible bands, and the components at any place.
import { inverse, Matrix } from "ml-matrix";
import {
  type FeasibleArea,
  type FeasibleBands,
  feasibleBands,
} from "../../chemometrics/bands/feasible-bands.js";
import { fitComponents } from "../../chemometrics/fit/fit-components.js";
import { mcrAls } from "../../chemometrics/mcr/mcr-als.js";
import { DataError } from "../../errors.js";
import { type DataOptions, type DataSet, dataSet } from "./data.js";

/** Coordinates of one component in the plane of the spectra: one of two components, two of three. */
export type Point = readonly number[];

/** A resolved data set. */
export interface Study {
  readonly data: DataSet;
  readonly names: readonly string[];
  readonly result: { readonly C: Matrix; readonly S: Matrix };
  readonly bands: FeasibleBands;
  readonly area: FeasibleArea;
  /** Lack of fit of the result of MCR-ALS, %. */
  readonly lackOfFit: number;
  /** Points of the resolved and of the true components. */
  readonly resolved: readonly Point[];
  readonly truth: readonly Point[];
  /** Points of the solutions in which a component contributes least and most, by component. */
  readonly extremes: readonly { readonly minimum: readonly Point[]; readonly maximum: readonly Point[] }[];
}

/** Components at given points. */
export interface Placed {
  /** Shape [nComponents, nEnergies]. */
  readonly S: readonly (readonly number[])[];
  /** C T^-1 of the result, negative ones included; shape [nSpectra, nComponents]. */
  readonly C: readonly (readonly number[])[];
  /** Lack of fit with these concentrations, %: that of the result. */
  readonly lackOfFit: number;
  /** Lack of fit where no concentration may be negative, %. */
  readonly nonNegative: number;
  /** Lowest concentration and lowest value of a spectrum. */
  readonly lowest: { readonly C: number; readonly S: number };
  /** Whether no entry is below zero by more than the noise allows. */
  readonly feasible: boolean;
}

/** Resolves a data set by MCR-ALS, and finds all solutions that fit as well. */
export function study(options: DataOptions): Study {
  const data = dataSet(options);
  const D = data.D.map((row) => [...row]);
  // Bands are those of a converged result: more iterations than the default.
  const result = mcrAls(D, { components: options.species, tolerance: 1e-6, maxIterations: 1000 });
  const names = data.S.map((_, k) => `Cp${k + 1}`);
  // The largest concentration of each component: the number that a conclusion often rests on.
  const largest = names.map((name, k) => [name, (C: Matrix) => Math.max(...C.getColumn(k))] as const);
  const bands = feasibleBands(result, { quantities: Object.fromEntries(largest) });
  const { area } = bands;
  if (area === null) throw new DataError("study: expected an area of two or three components, got none");
  const place = (S: Matrix | readonly (readonly number[])[]): Point[] => pointsOf(area, S);
  return {
    data,
    names,
    result,
    bands,
    area,
    lackOfFit: result.lackOfFit.experimental,
    resolved: place(result.S),
    truth: place(data.S),
    extremes: bands.components.map(({ minimum, maximum }) => ({
      minimum: place(minimum.S),
      maximum: place(maximum.S),
    })),
  };
}

/**
 * Spectra at given points, and their concentrations.
 *
 * @throws DataError where the points do not span the space: two are equal, or three are on one line
 */
export function placed({ data, bands, result, resolved }: Study, points: readonly Point[]): Placed {
  if (!(spread(points) > 1e-6)) {
    throw new DataError("two components are equal, or three are on one line: concentrations are not unique");
  }
  const withOne = (all: readonly Point[]): Matrix => new Matrix(all.map((point) => [...point, 1]));
  // Rows with the sum one: the spectra move in the plane, and the concentrations keep their sum.
  const T = withOne(points).mmul(inverse(withOne(resolved)));
  const [C, S] = [result.C.mmul(inverse(T)), T.mmul(result.S)];
  const D = data.D.map((row) => [...row]);
  const positive = fitComponents(D, S, { nonNegative: true, closure: true }).C;
  const { standardErrors, noise } = bands.tolerance;
  return {
    S: S.to2DArray(),
    C: C.to2DArray(),
    lackOfFit: lackOfFit(D, C, S),
    nonNegative: lackOfFit(D, positive, S),
    lowest: { C: C.min(), S: S.min() },
    feasible: withinNoise(C, S, standardErrors * noise),
  };
}

/**
 * Solutions at the ends of the bands fulfil their limits exactly, and are then a little outside of the plane of the
 * data. Projected on it they exceed the noise by up to a quarter, and without noise by rounding.
 */
const FACTOR = 1.3;
const ROUNDING = 1e-3;

/**
 * Whether no entry is below zero by more than this many standard deviations of the noise allow. The standard
 * errors are those of least squares: of C with S known, and of S with C known.
 */
function withinNoise(C: Matrix, S: Matrix, noise: number): boolean {
  const errors = (gram: Matrix): number[] =>
    inverse(gram)
      .diagonal()
      .map((v) => FACTOR * noise * Math.sqrt(v) + ROUNDING);
  const [ofC, ofS] = [errors(S.mmul(S.transpose())), errors(C.transpose().mmul(C))];
  return (
    ofC.every((error, k) => Math.min(...C.getColumn(k)) >= -error) &&
    ofS.every((error, k) => Math.min(...S.getRow(k)) >= -error)
  );
}

/** The points of spectra, by projection on the axes. */
function pointsOf(
  { origin, axes, dimension }: FeasibleArea,
  S: Matrix | readonly (readonly number[])[],
): Point[] {
  const rows = S instanceof Matrix ? S.to2DArray() : S;
  return rows.map((row) =>
    Array.from({ length: dimension }, (_, d) =>
      row.reduce((sum, value, j) => sum + (value - origin[j]) * axes[d * origin.length + j], 0),
    ),
  );
}

function lackOfFit(D: number[][], C: Matrix, S: Matrix): number {
  const data = new Matrix(D);
  return (100 * Matrix.sub(data, C.mmul(S)).norm()) / data.norm();
}

/** Distance of two points, or twice the area of a triangle. */
function spread(points: readonly Point[]): number {
  const [a, b, c] = points;
  if (!c) return Math.abs(b[0] - a[0]);
  return Math.abs((b[0] - a[0]) * (c[1] - a[1]) - (b[1] - a[1]) * (c[0] - a[0]));
}
