import { ArgumentError, quote, SchemaError } from "../../errors.js";
import { checkOptions, refuseNull } from "../../options.js";
import { inUnit } from "../../units.js";
import { finishFoil, foilModel } from "../../xas/calibrate-foil.js";
import { requireEdge } from "../edge.js";
import type { Source } from "../recorded.js";
import type { AbsorbStep } from "./absorb.js";
import type { AverageStep } from "./average.js";
import type { CropStep } from "./crop.js";
import type { OtherVerb, Plan } from "./verb.js";

/** How the energy axis is calibrated with the foil. */
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
  needs: ["flat", "foil"],
  aligns: true,

  add({ source, schema }, given) {
    const options = refuseNull(
      "calibrate",
      checkOptions("calibrate", given, { reference: true, degree: true }),
    );
    if (schema.calibrated) {
      throw new SchemaError(
        "calibrate: expected a cube without calibration, got one that was saved with it; drop .calibrate()",
      );
    }
    if (schema.quantity === "normalized") {
      throw new SchemaError(
        "calibrate: expected counts or absorbance, got normalized spectra; call .calibrate() before .normalize()",
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
      schema: { calibrated: true, maps: [...schema.maps, "shift"] },
    };
  },

  again: ({ reference, degree }) => [{ reference, degree }],

  sentence: ({ reference, degree }) =>
    `calibrate: the foil's first inflection is ${reference} eV; shift map (degree ${degree}) at the final binning, applied once`,

  checkLater({ reference }, { energies }, call) {
    const [low, high] = [Math.min(...energies), Math.max(...energies)];
    if (reference > low && reference < high) return;
    throw new SchemaError(
      `${call}: expected energies that keep the foil's edge at ${reference} eV, which .calibrate() needs, got ${low.toFixed(1)} to ${high.toFixed(1)} eV`,
      { low, high },
    );
  },

  map: {
    name: "shift",
    async compute(step, { source, schema }, { frameSteps, spectra, alignFoil, keep }) {
      const foil = source.foil as NonNullable<Source["foil"]>; // calibrate refuses a cube without
      const { height, width } = schema;
      const [from, to] = nearEdge(schema.energies, step.reference);
      const energies = schema.energies.slice(from, to);
      const mean: AverageStep = { verb: "average", group: foil.files.length };
      const logarithm: AbsorbStep = { verb: "absorb" };
      const edge: CropStep = { verb: "crop", x: [0, width], y: [0, height], frames: [from, to] };
      const absorbed = frameSteps.some((one) => one.verb === logarithm.verb);
      const steps = [mean, ...frameSteps, ...(absorbed ? [] : [logarithm]), edge];
      const ofFoil: Plan = {
        source: { ...source, sample: foil, flat: foil.flat },
        steps,
        schema: { ...schema, energies, quantity: "absorbance", times: [{ start: 0, end: 0, cubes: 1 }] },
      };
      return keep({ step, steps, energies }, [foil, foil.flat], async () => {
        const rows = await spectra(ofFoil, "calibrate: foil");
        const { reference, degree } = step;
        const model = foilModel(energies, rows, [height, width], { reference, degree });
        return finishFoil(model, await alignFoil(model, rows)).shift;
      });
    },
    reads({ reference }, { schema }) {
      const [from, to] = nearEdge(schema.energies, reference);
      return { of: "foil", frames: to - from };
    },
  },
};

/**
 * Frames [from, to) of a foil that are read: 120 eV on either side of the edge hold the aligned range, the
 * largest shift and a margin. A foil of unbinned full-size images would not fit into memory with all its
 * energies.
 */
function nearEdge(energies: readonly number[], reference: number): [number, number] {
  const near = (e: number): boolean => Math.abs(e - reference) <= 120;
  return [energies.findIndex(near), energies.findLastIndex(near) + 1];
}
