import { DEFAULT_CONVENTION } from "../../dose/convention.js";
import { type Convention, conventions, Stack, type StackJson } from "../../dose/stack.js";
import { ArgumentError, quote, SchemaError } from "../../errors.js";
import { extend, type Plan, requireOnce } from "./verb.js";

/** How flux becomes dose rate. */
export interface DoseRateOptions {
  /** ph/s incident on the stack; default from the manifest. */
  readonly flux?: number;
  /**
   * Energy at which the flux was measured, eV; default from the manifest. The flux on the absorber is taken there and held over
   * the scan, as in the paper. null: the incident flux is the same at each energy, and the stack attenuates it at each.
   */
  readonly fluxEnergy?: number | null;
  /** Density convention; default "porous". A dose without its convention is not a result. */
  readonly convention?: Convention;
}

/** Adds the layer doseRate (Gy/s): Eqs. 1-3 of the paper, from the whole recorded flat field. */
export function doseRate(plan: Plan, stack?: Stack | StackJson, options: DoseRateOptions = {}): Plan {
  requireOnce(plan, "doseRate");
  const { source, schema } = plan;
  if (schema.layers.includes("doseRate")) {
    throw new SchemaError(
      "doseRate: expected a cube without a dose-rate map, got one that was saved with it; drop .doseRate()",
    );
  }
  if (!source.flat) {
    throw new SchemaError(
      `doseRate: expected a flat-field (I0) recording for ${source.name}, got none; name one in Cube.load({ sample, flat })`,
    );
  }
  const given = stack ?? source.stack;
  if (given === undefined) {
    throw new SchemaError(
      "doseRate: expected a stack of layers, got none, neither here nor in the manifest; call .doseRate(new Stack([...]))",
    );
  }
  const checked = given instanceof Stack ? given : Stack.from(given);
  const flux = options.flux ?? source.flux;
  if (flux === undefined) {
    throw new SchemaError(
      "doseRate: expected the flux that enters the cell, got none, neither here nor in the manifest; give { flux } in ph/s",
    );
  }
  if (!(flux > 0) || !Number.isFinite(flux)) {
    throw new ArgumentError(`doseRate: expected flux > 0 in ph/s, got ${quote(flux)}`, { value: flux });
  }
  const fluxEnergy = options.fluxEnergy === undefined ? (source.fluxEnergy ?? null) : options.fluxEnergy;
  if (fluxEnergy !== null) checked.upstream(fluxEnergy); // refuses an energy without attenuation tables now
  const convention = options.convention ?? DEFAULT_CONVENTION;
  if (!conventions.includes(convention)) {
    throw new ArgumentError(
      `doseRate: expected a convention (${conventions.join(", ")}), got ${quote(convention)}`,
      {
        value: convention,
      },
    );
  }
  return extend(
    plan,
    { verb: "doseRate", stack: checked.toJSON(), flux, fluxEnergy, convention },
    { layers: [...schema.layers, "doseRate"] },
  );
}
