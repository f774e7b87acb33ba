import { ArgumentError, quote, SchemaError } from "../../errors.js";
import { checkOptions, type OptionNames } from "../../options.js";
import { inUnit } from "../../units.js";
import { layer, selection } from "../engine/layers.js";
import { run } from "../engine/run.js";
import { type RunOptions, runNames } from "../engine/stream.js";
import type { LayerName } from "../plan.js";
import { MapResult, spread } from "../results/map.js";
import type { Plan } from "../verbs/verb.js";
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

/** The image at one energy, interpolated between the neighbouring frames; pixels outside the mask are NaN. */
export async function image(plan: Plan, options: ImageOptions): Promise<MapResult> {
  checkOptions("image", options, IMAGE);
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
  const one = oneTime(plan, "image", options.time);
  const output = await run(one, { kind: "image", energy }, "image", options);
  const label = { counts: "Counts", absorbance: "Absorbance", normalized: "Normalised absorption" }[quantity];
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

const layerLabels: Record<LayerName, { readonly label: string; readonly unit: string }> = {
  doseRate: { label: "Dose rate", unit: "Gy/s" },
  dose: { label: "Dose", unit: "Gy" },
  shift: { label: "Energy shift", unit: "eV" },
};

/** Which time step a map is of. */
export interface MapOptions extends RunOptions {
  /** Counted from 0; needed for the edge step of a series. */
  readonly time?: number;
}

const MAP: OptionNames<MapOptions> = { time: true, ...runNames };

/** Names that `map` understands. */
export type MapName = LayerName | "edgeStep";

/** A layer of the cube (doseRate in Gy/s, dose in Gy, shift in eV) or its edge step; pixels outside the mask are NaN. */
export async function map(plan: Plan, name: MapName, options: MapOptions = {}): Promise<MapResult> {
  checkOptions("map", options, MAP);
  if (name === "edgeStep") {
    if (plan.schema.quantity !== "normalized") {
      throw new SchemaError(
        `map("edgeStep"): expected normalised spectra, got ${plan.schema.quantity}; call .normalize() first`,
      );
    }
    const one = oneTime(plan, 'map("edgeStep")', options.time);
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
  if (!Object.hasOwn(layerLabels, name)) {
    throw new ArgumentError(
      `map: expected a layer (${[...Object.keys(layerLabels), "edgeStep"].join(", ")}), got ${quote(name)}; concentration maps come from .fit(components).map("Cp1")`,
      { name },
    );
  }
  if (!plan.schema.layers.includes(name)) {
    const remedy = { doseRate: ".doseRate(stack)", dose: ".doseRate(stack).dose()", shift: ".calibrate()" }[
      name
    ];
    throw new SchemaError(`map(${quote(name)}): no such layer on this cube; call ${remedy} first`, { name });
  }
  const values = Float64Array.from(await layer(plan, name, options));
  const keep = await selection(plan, options);
  for (let p = 0; p < values.length; p++) if (!keep[p]) values[p] = Number.NaN;
  const { label, unit } = layerLabels[name];
  return new MapResult(provenanceOf(plan, "map"), values, plan.schema, label, unit);
}
