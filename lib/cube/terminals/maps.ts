import { ArgumentError, quote, SchemaError } from "../../errors.js";
import { checkOptions, type OptionNames, refuseNull } from "../../options.js";
import { inUnit } from "../../units.js";
import { mapOf, selection } from "../engine/maps.js";
import { run } from "../engine/run.js";
import { type RunOptions, runNames } from "../engine/stream.js";
import { MAP_NAMES, MAPS, type MapName, missingMap } from "../maps.js";
import { MapResult, spread } from "../results/map.js";
import type { Plan } from "../verbs/verb.js";
import { glitchMap } from "./glitch-map.js";
import { oneTime } from "./one-time.js";
import { provenanceOf } from "./provenance.js";

/** Which image. */
export interface ImageOptions extends RunOptions {
  /** eV */
  readonly energy: number;
  /** Time step, counted from 0; needed for a series. */
  readonly time?: number;
}

const IMAGE: OptionNames<ImageOptions> = { energy: true, time: true, ...runNames };

/** The image at one energy, interpolated between the neighboring frames; pixels outside the mask are NaN. */
export async function image(plan: Plan, options: ImageOptions): Promise<MapResult> {
  refuseNull("image", checkOptions("image", options, IMAGE));
  const { energies, quantity } = plan.schema;
  const [low, high] = [Math.min(...energies), Math.max(...energies)];
  const energy = options?.energy;
  inUnit("image", "energy", "energy", energy);
  if (!(energy >= low && energy <= high)) {
    throw new ArgumentError(
      `image: expected { energy } between ${low.toFixed(1)} and ${high.toFixed(1)} eV, got ${quote(energy)}`,
      { value: energy },
    );
  }
  const one = await oneTime(plan, "image", options.time, options);
  const output = await run(one, { kind: "image", energy }, "image", options);
  const label = { counts: "Counts", absorbance: "Absorbance", normalized: "Normalized absorption" }[quantity];
  return new MapResult(
    provenanceOf(plan, "image"),
    spread(output.data, output.pixels, plan.schema),
    plan.schema,
    `${label} at ${energy} eV`,
    "",
    undefined,
    output.invalid,
  );
}

/** Which time step a map is of. */
export interface MapOptions extends RunOptions {
  /** Counted from 0; needed for the edge step of a series. */
  readonly time?: number;
}

const MAP: OptionNames<MapOptions> = { time: true, ...runNames };

/**
 * A map of the cube (doseRate in Gy/s, dose in Gy, shift in eV), its edge step, or the number of its glitches;
 * pixels outside the mask are NaN.
 */
export async function map(
  plan: Plan,
  name: MapName | "edgeStep" | "glitches",
  options: MapOptions = {},
): Promise<MapResult> {
  refuseNull("map", checkOptions("map", options, MAP));
  if (name === "glitches") return glitchMap(plan, options);
  if (name === "edgeStep") {
    if (plan.schema.quantity !== "normalized") {
      throw new SchemaError(
        `map("edgeStep"): expected normalized spectra, got ${plan.schema.quantity}; call .normalize() first`,
      );
    }
    const one = await oneTime(plan, 'map("edgeStep")', options.time, options);
    const output = await run(one, { kind: "edgeStep" }, "edge step", options);
    return new MapResult(
      provenanceOf(plan, "map"),
      spread(output.data, output.pixels, plan.schema),
      plan.schema,
      "Edge step",
      "",
      undefined,
      output.invalid,
    );
  }
  if (!MAP_NAMES.includes(name)) {
    throw new ArgumentError(
      `map: expected one of ${[...MAP_NAMES, "edgeStep", "glitches"].join(", ")}, got ${quote(name)}; concentration maps come from .fit(components).map("Cp1")`,
      { name },
    );
  }
  if (!plan.schema.maps.includes(name)) throw missingMap(`map(${quote(name)})`, name);
  const values = Float64Array.from(await mapOf(plan, name, options));
  const keep = await selection(plan, options);
  for (let p = 0; p < values.length; p++) if (!keep[p]) values[p] = Number.NaN;
  const { label, unit } = MAPS[name];
  return new MapResult(provenanceOf(plan, "map"), values, plan.schema, label, unit);
}
