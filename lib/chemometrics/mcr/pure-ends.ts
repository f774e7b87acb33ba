// Constraints for a series that starts with one pure species and ends with another.
import { ArgumentError, quote } from "../../errors.js";
import type { McrConstraints } from "./constraints/index.js";

/**
 * The constraint that the first row is the first species alone and the last row the last one: a cell before its charge, and
 * at the end of it. Of the usual constraints it narrows the feasible bands most.
 *
 * @param nRows rows of the series, at least 2
 * @param nComponents at least 2; default 3
 * @throws ArgumentError for numbers that are smaller or no whole numbers
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
