// Constraints for a series that starts with one pure species and ends with another.
import { ArgumentError, quote } from "../../errors.js";
import type { McrConstraints } from "./constraints/index.js";

/**
 * Constraint that the first row contains the first species alone and the last row the last one: a cell before
 * and after its charge. Of the usual constraints it has the largest effect on feasible bands.
 *
 * @param nRows rows of the series, at least 2
 * @param nComponents at least 2; default 3
 * @throws ArgumentError for smaller numbers or numbers that are not whole
 * @example
 * const D = (await Cube.load().calibrate().absorb().normalize().spectra()).toRows();
 * const { C } = mcrAls(D, { components: 2, constraints: pureEnds(D.length, 2) });
 * C.get(0, 0); // 1
 */
export function pureEnds(nRows: number, nComponents = 3): McrConstraints {
  for (const [name, value] of Object.entries({ nRows, nComponents })) {
    if (Number.isInteger(value) && value >= 2) continue;
    throw new ArgumentError(`pureEnds: expected ${name} as a whole number from 2 on, got ${quote(value)}`, {
      [name]: value,
    });
  }
  return {
    zero: [
      { on: "C", only: [0], range: [0, 1] },
      { on: "C", only: [nComponents - 1], range: [nRows - 1, nRows] },
    ],
  };
}
