import { DEFAULT_CONVENTION } from "../../dose/convention.js";
import { DoseRateAccumulator } from "../../dose/dose-rate-map.js";
import { type Convention, conventions, Stack, type StackJson } from "../../dose/stack.js";
import { ArgumentError, quote, SchemaError } from "../../errors.js";
import { checkOptions, oneOf, refuseNull } from "../../options.js";
import { inUnit } from "../../units.js";
import type { Recorded } from "../recorded.js";
import type { OtherVerb } from "./verb.js";

/** How flux becomes dose rate. */
export interface DoseRateOptions {
  /** ph/s incident on the stack; default from the manifest. */
  readonly flux?: number;
  /**
   * Energy at which the flux was measured, eV; default from the manifest. The flux on the absorber is taken
   * there and held over the scan, as in the paper. null: the incident flux is the same at each energy, and
   * the stack attenuates it at each.
   */
  readonly fluxEnergy?: number | null;
  /** Density convention; default "porous". A dose has no meaning without its convention. */
  readonly convention?: Convention;
}

/** Map `doseRate`, Gy/s: Eqs. 1-3 of the paper. */
export interface DoseRateStep {
  readonly verb: "doseRate";
  readonly stack: StackJson;
  /** ph/s incident on the stack. */
  readonly flux: number;
  /** eV at which the flux was measured; null where it holds for each energy of the scan alike. */
  readonly fluxEnergy: number | null;
  readonly convention: Convention;
}
declare module "../plan.js" {
  interface OtherSteps {
    doseRate: DoseRateStep;
  }
}

/** Adds the map doseRate (Gy/s): Eqs. 1-3 of the paper, from the whole recorded flat field. */
export const doseRate: OtherVerb<DoseRateStep, [stack?: Stack | StackJson, options?: DoseRateOptions]> = {
  name: "doseRate",
  kind: "map",
  once: true,
  needs: ["flat"],

  add({ source, schema }, stack, given) {
    const known = checkOptions("doseRate", given, { flux: true, fluxEnergy: true, convention: true });
    const options = refuseNull("doseRate", known, ["fluxEnergy"]);
    if (schema.maps.includes("doseRate")) {
      throw new SchemaError(
        "doseRate: expected a cube without a dose-rate map, got one that was saved with it; drop .doseRate()",
      );
    }
    if (!source.flat) {
      throw new SchemaError(
        `doseRate: expected a flat-field (I0) recording for ${source.name}, got none; name one in Cube.load({ sample, flat })`,
      );
    }
    if (source.pixelSize === undefined) {
      throw new SchemaError(
        `doseRate: expected the size of a pixel of ${source.name} at the sample, got none; give { pixelSize } in um in Cube.load({ sample, flat, pixelSize })`,
      );
    }
    const layers = stack ?? source.stack;
    if (layers === undefined) {
      throw new SchemaError(
        "doseRate: expected a stack of layers, got none, neither here nor in the manifest; call .doseRate(new Stack([...]))",
      );
    }
    const checked = layers instanceof Stack ? layers : Stack.from(layers);
    const flux = options.flux ?? source.flux;
    if (flux === undefined) {
      throw new SchemaError(
        "doseRate: expected the flux that enters the cell, got none, neither here nor in the manifest; give { flux } in ph/s",
      );
    }
    if (!(flux > 0) || !Number.isFinite(flux)) {
      throw new ArgumentError(`doseRate: expected flux > 0 in ph/s, got ${quote(flux)}`, { value: flux });
    }
    inUnit("doseRate", "flux", "flux", flux);
    const fluxEnergy = options.fluxEnergy === undefined ? (source.fluxEnergy ?? null) : options.fluxEnergy;
    if (fluxEnergy !== null) inUnit("doseRate", "fluxEnergy", "energy", fluxEnergy);
    if (fluxEnergy !== null) checked.upstream(fluxEnergy); // refuses an energy without attenuation tables now
    const convention = oneOf("doseRate", "convention", options.convention ?? DEFAULT_CONVENTION, conventions);
    return {
      step: { verb: "doseRate", stack: checked.toJSON(), flux, fluxEnergy, convention },
      schema: { maps: [...schema.maps, "doseRate"] },
    };
  },

  again: ({ stack, flux, fluxEnergy, convention }) => [stack, { flux, fluxEnergy, convention }],

  sentence: ({ flux, fluxEnergy, stack, convention }) =>
    `doseRate: Eqs. 1-3 with ${flux.toExponential(3)} ph/s${fluxEnergy === null ? "" : ` at ${fluxEnergy} eV`} into ${stack.layers.map((l) => l.name).join(" > ")}, convention "${convention}"`,

  map: {
    name: "doseRate",
    recorded: true,
    compute(step, { source }, { sumFlat, keep }) {
      const { energies, height, width } = source;
      const flat = source.flat as Recorded; // doseRate refuses a cube without
      return keep({ step }, [flat], async () => {
        const rate = new DoseRateAccumulator({
          shape: [height, width],
          energies,
          stack: Stack.from(step.stack),
          flux: incidentFlux(step, energies),
          pixelSize: source.pixelSize as number, // the same
          convention: step.convention,
        });
        rate.addSum(await sumFlat("dose rate: flat field", rate.weights));
        return Float32Array.from(rate.finish());
      });
    },
    reads: (_, { source }) => ({ of: "flat", frames: source.energies.length }),
  },
};

/**
 * Flux incident on the stack at each energy. A flux that was measured at one energy fixes the flux on the
 * absorber there, and that is held over the scan, as the paper does: its single Ft for all images.
 */
export function incidentFlux(step: DoseRateStep, energies: readonly number[]): number[] {
  const { flux, fluxEnergy } = step;
  if (fluxEnergy === null) return energies.map(() => flux);
  const stack = Stack.from(step.stack);
  const there = stack.upstream(fluxEnergy);
  return energies.map((energy) => (flux * there) / stack.upstream(energy));
}
