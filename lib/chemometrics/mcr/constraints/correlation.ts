// Components with known concentrations in some rows, from another method: the resolved values are calibrated
// with them.

import { toVector, type Vector } from "../../../compute/matrix.js";
import { DataError, ShapeError } from "../../../errors.js";
import type { Active, Constraint } from "./constraint.js";
import type { Problem } from "./problem.js";
import { components, parts } from "./read.js";

/** Reference concentrations of one component. */
export interface CorrelationOptions {
  readonly component: number;
  /** One number per row, NaN where it is unknown; at least two different known ones. */
  readonly reference: ArrayLike<number>;
}

/** The fitted calibration line, resolved = intercept + slope x reference, before its application. */
export interface CorrelationFound {
  readonly component: number;
  readonly slope: number;
  readonly intercept: number;
  /** Correlation coefficient over the known rows. */
  readonly correlation: number;
}

/**
 * Known rows get their reference, the others the value of the calibration line.
 *
 * @see M. C. Antunes et al., Analytica Chimica Acta 461 (2002) 145; T. Azzouz, R. Tauler, Talanta 74 (2008)
 *   1201
 */
export const correlation: Constraint<CorrelationOptions | readonly CorrelationOptions[]> = {
  read(option, problem): Active | null {
    if (option === undefined) return null;
    const list = parts("correlation", option, { component: true, reference: true }).map((part) => {
      const [component] = components("correlation", [part.component], problem);
      const reference = readReference(part, problem);
      return { component, place: problem.places[component], reference };
    });
    const found = new Map<number, CorrelationFound>();
    const used = list.filter(({ place }) => place >= 0);
    return {
      named: true,
      scaled: used.map(({ place }) => place),
      found: () => [...found.values()],
      apply(on, { C }) {
        if (on === "S") return;
        for (const { component, place, reference } of used) {
          const line = calibrationLine(C, problem, place, reference);
          // The line is 1:1 once the known rows have their references, and contains no information on the
          // fit.
          if (line.isExact) continue;
          const { slope, intercept, correlation } = line;
          found.set(component, { component, slope, intercept, correlation });
          for (let i = 0; i < problem.rows; i++) {
            const at = i * problem.n + place;
            if (!Number.isNaN(reference[i])) C[at] = reference[i];
            // A component that is not correlated with its references has no calibration line.
            else if (slope !== 0) C[at] = (C[at] - intercept) / slope;
          }
        }
      },
      violation(on, { C }) {
        let worst = 0;
        let most = 0;
        if (on === "S") return 0;
        for (const { place, reference } of used) {
          for (let i = 0; i < problem.rows; i++) {
            if (Number.isNaN(reference[i])) continue;
            most = Math.max(most, Math.abs(reference[i]));
            worst = Math.max(worst, Math.abs(C[i * problem.n + place] - reference[i]));
          }
        }
        return worst > 0 ? worst / most : 0;
      },
    };
  },
};

function readReference({ component, reference: given }: CorrelationOptions, { rows }: Problem): Vector {
  const reference = toVector(given, "mcrAls", "correlation.reference");
  if (reference.length !== rows) {
    throw new ShapeError(
      `mcrAls: expected correlation.reference to have ${rows} numbers, one per row of D (NaN where unknown), got ${reference.length}`,
      { component, expected: rows, got: reference.length },
    );
  }
  const known = Array.from(reference).filter((v) => !Number.isNaN(v));
  if (known.every(Number.isFinite) && new Set(known).size >= 2) return reference;
  throw new DataError(
    `mcrAls: expected correlation.reference of component ${component} to hold two finite numbers or more that differ, got ` +
      `${new Set(known).size}; with one known row use fixed.C`,
    { component },
  );
}

function calibrationLine(
  C: Float64Array,
  { n }: Problem,
  place: number,
  reference: ArrayLike<number>,
): { slope: number; intercept: number; correlation: number; isExact: boolean } {
  let count = 0;
  let meanX = 0;
  let meanY = 0;
  let isExact = true;
  for (let i = 0; i < reference.length; i++) {
    if (Number.isNaN(reference[i])) continue;
    count++;
    meanX += reference[i];
    meanY += C[i * n + place];
    if (C[i * n + place] !== reference[i]) isExact = false;
  }
  meanX /= count;
  meanY /= count;
  let xx = 0;
  let xy = 0;
  let yy = 0;
  for (let i = 0; i < reference.length; i++) {
    if (Number.isNaN(reference[i])) continue;
    const dx = reference[i] - meanX;
    const dy = C[i * n + place] - meanY;
    xx += dx * dx;
    xy += dx * dy;
    yy += dy * dy;
  }
  const slope = xy / xx;
  return {
    slope,
    intercept: meanY - slope * meanX,
    correlation: yy > 0 ? xy / Math.sqrt(xx * yy) : 0,
    isExact,
  };
}
