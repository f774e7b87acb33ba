import { ArgumentError, quote, SchemaError } from "../../errors.js";
import { checkOptions } from "../../options.js";
import { inUnit } from "../../units.js";
import { requireEdge } from "../edge.js";
import type { OtherVerb } from "./verb.js";

/** How the energy axis is tied to the foil. */
export interface CalibrateOptions {
  /** Energy of the foil's first inflection, eV; default the edge of the scan. */
  readonly reference?: number;
  /** Degree of the polynomial in x and y that the shift map is smoothed with; default 3. */
  readonly degree?: number;
}

/** Energy axis from the foil: its first inflection is `reference` eV. */
export interface CalibrateStep {
  readonly verb: "calibrate";
  readonly reference: number;
  /** Degree of the smooth shift map. */
  readonly degree: number;
}
declare module "../plan.js" {
  interface OtherSteps {
    calibrate: CalibrateStep;
  }
}

/** Energy axis of each pixel from the foil. The shift map is made at the final binning and applied once. */
export const calibrate: OtherVerb<CalibrateStep, [options?: CalibrateOptions]> = {
  name: "calibrate",
  kind: "spectrum",
  once: true,
  layer: "shift",
  needs: ["flat", "foil"],

  add({ source, schema }, given) {
    const options = checkOptions("calibrate", given, { reference: true, degree: true });
    if (schema.calibrated) {
      throw new SchemaError(
        "calibrate: expected a cube without calibration, got one that was saved with it; drop .calibrate()",
      );
    }
    if (schema.quantity === "normalized") {
      throw new SchemaError(
        "calibrate: expected counts or absorbance, got normalised spectra; call .calibrate() before .normalize()",
      );
    }
    if (!source.foil) {
      throw new SchemaError(
        `calibrate: expected a foil and a flat-field recording for ${source.name}, got none or only one of them; name them in the manifest or in Cube.load({ sample, foil, flat })`,
      );
    }
    const reference =
      options.reference === undefined
        ? requireEdge(source, "calibrate", "{ reference }, the energy of the foil's first inflection")
        : inUnit("calibrate", "reference", "energy", options.reference);
    const degree = options.degree ?? 3;
    const [low, high] = [Math.min(...schema.energies), Math.max(...schema.energies)];
    if (!(reference > low && reference < high)) {
      throw new ArgumentError(
        `calibrate: expected a reference energy inside the scan, ${low.toFixed(1)} to ${high.toFixed(1)} eV, got ${quote(reference)}`,
        { value: reference },
      );
    }
    if (!Number.isInteger(degree) || degree < 0 || degree > 6) {
      throw new ArgumentError(`calibrate: expected a degree 0 to 6 for the shift map, got ${quote(degree)}`, {
        value: degree,
      });
    }
    return {
      step: { verb: "calibrate", reference, degree },
      schema: { calibrated: true, layers: [...schema.layers, "shift"] },
    };
  },

  sentence: ({ reference, degree }) =>
    `calibrate: the foil's first inflection is ${reference} eV; shift map (degree ${degree}) at the final binning, applied once`,
};
