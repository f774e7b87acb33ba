// Assignment of resolved components to known ones, and their spectral angles.
import { type MatrixLike, toVector } from "../../compute/matrix.js";
import { ShapeError } from "../../errors.js";
import { finiteMatrix } from "../checks.js";

/**
 * Assigns found components to known ones with the smallest sum of squared spectral angles. Every assignment
 * is tried for at most eight components; for more, the closest pairs are assigned first.
 *
 * `permutation.map((j) => S.getRow(j))` are the found spectra in the order of the known ones.
 *
 * @param S found spectra, shape [nFound, nEnergies]
 * @param truth known spectra, shape [nKnown, nEnergies], nKnown <= nFound
 * @returns for each known component, the index of its found component
 * @throws ShapeError when the numbers of energies differ or fewer components are found than known; DataError
 *   for numbers that are not finite
 * @example
 * const known = [[1, 0, 0], [0, 1, 0]];
 * matchComponents([[0, 2, 0.1], [3, 0.1, 0]], known); // [1, 0]
 */
export function matchComponents(S: MatrixLike, truth: MatrixLike): number[] {
  const found = finiteMatrix(S, "matchComponents", "S");
  const known = finiteMatrix(truth, "matchComponents", "truth");
  if (found.columns !== known.columns) {
    throw new ShapeError(
      `matchComponents: expected spectra with the same energies, got ${found.columns} and ${known.columns}; interpolate first`,
      { expected: known.columns, got: found.columns },
    );
  }
  if (found.rows < known.rows) {
    throw new ShapeError(
      `matchComponents: expected at least ${known.rows} found components, as many as are known, got ${found.rows}`,
      { expected: known.rows, got: found.rows },
    );
  }
  const { columns } = found;
  const angle = Array.from({ length: known.rows }, (_, i) =>
    Array.from({ length: found.rows }, (_, j) =>
      spectralAngle(
        known.data.subarray(i * columns, (i + 1) * columns),
        found.data.subarray(j * columns, (j + 1) * columns),
      ),
    ),
  );
  return found.rows <= 8 ? bestPairing(angle, found.rows) : nearestFirst(angle, found.rows);
}

/**
 * Angle between two spectra as vectors, radians: 0 for the same shape with any scale, pi/2 for orthogonal
 * spectra (and where one of them is zero).
 *
 * @throws ShapeError when they differ in length
 * @example
 * spectralAngle([1, 1], [2, 2]); // 0
 * spectralAngle([1, 0], [1, 1]); // 0.7854 rad
 */
export function spectralAngle(one: ArrayLike<number>, other: ArrayLike<number>): number {
  const a = toVector(one, "spectralAngle", "the first spectrum");
  const b = toVector(other, "spectralAngle", "the second spectrum");
  if (a.length !== b.length) {
    throw new ShapeError(
      `spectralAngle: expected spectra of the same length, got ${a.length} and ${b.length}`,
      {
        expected: a.length,
        got: b.length,
      },
    );
  }
  let aa = 0;
  let bb = 0;
  for (let k = 0; k < a.length; k++) {
    aa += a[k] * a[k];
    bb += b[k] * b[k];
  }
  if (aa === 0 || bb === 0) return Math.PI / 2;
  // From the chord and its complement, because the arc cosine does not resolve angles below 1e-8.
  const an = 1 / Math.sqrt(aa);
  const bn = 1 / Math.sqrt(bb);
  let chord = 0;
  let sum = 0;
  for (let k = 0; k < a.length; k++) {
    chord += (a[k] * an - b[k] * bn) ** 2;
    sum += (a[k] * an + b[k] * bn) ** 2;
  }
  return 2 * Math.atan2(Math.sqrt(chord), Math.sqrt(sum));
}

function bestPairing(angle: readonly number[][], nFound: number): number[] {
  let best: number[] = [];
  let lowest = Number.POSITIVE_INFINITY;
  const taken = new Array<boolean>(nFound).fill(false);
  const current: number[] = [];
  const extend = (cost: number): void => {
    if (cost >= lowest) return;
    const i = current.length;
    if (i === angle.length) {
      lowest = cost;
      best = current.slice();
      return;
    }
    for (let j = 0; j < nFound; j++) {
      if (taken[j]) continue;
      taken[j] = true;
      current.push(j);
      extend(cost + angle[i][j] ** 2);
      current.pop();
      taken[j] = false;
    }
  };
  extend(0);
  return best;
}

function nearestFirst(angle: readonly number[][], nFound: number): number[] {
  const pairs = angle.flatMap((row, i) => row.map((value, j) => ({ i, j, value })));
  pairs.sort((a, b) => a.value - b.value);
  const permutation = new Array<number>(angle.length).fill(-1);
  const taken = new Array<boolean>(nFound).fill(false);
  for (const { i, j } of pairs) {
    if (permutation[i] >= 0 || taken[j]) continue;
    permutation[i] = j;
    taken[j] = true;
  }
  return permutation;
}
