import { ArgumentError, DataError, quote, SchemaError } from "../../errors.js";
import { checkOptions, type OptionNames, refuseNull } from "../../options.js";
import { inUnit } from "../../units.js";
import { EdgeFeature, FEATURE_RANGES, FEATURE_REACH } from "../../xas/edge-features.js";
import { requireEdge } from "../edge.js";
import { mapOf, selection } from "../engine/maps.js";
import { NO_VALUE } from "../engine/requests/feature.js";
import { run } from "../engine/run.js";
import { type RunOptions, runNames } from "../engine/stream.js";
import type { InvalidCount } from "../invalid.js";
import { MAP_NAMES, MAPS, type MapName, missingMap } from "../maps.js";
import { MapResult, spread } from "../results/map.js";
import { SPECTRAL_MAP_NAMES, SPECTRAL_MAPS, type SpectralMapName } from "../spectral-maps.js";
import { normalize } from "../verbs/normalize.js";
import { findStep, type Plan } from "../verbs/verb.js";
import { glitchMap } from "./glitch-map.js";
import { oneTime } from "./one-time.js";
import { provenanceOf } from "./provenance.js";
import { withNormalize } from "./with-normalize.js";

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

/** Which time step a map is of, and how it is made. */
export interface MapOptions extends RunOptions {
  /** Counted from 0; needed for a map of the spectra of a series. */
  readonly time?: number;
  /**
   * Half width of the cubic of e0 and of the white line, eV; default 6, and at least 4.2 steps of
   * the scan. Narrower fits have larger errors, wider ones round the line.
   */
  readonly reach?: number;
}

const MAP: OptionNames<MapOptions> = { time: true, reach: true, ...runNames };

/**
 * A map of the cube (doseRate in Gy/s, dose in Gy, shift in eV), of its glitches, or of its spectra; pixels outside the mask are
 * NaN.
 */
export async function map(
  plan: Plan,
  name: MapName | SpectralMapName | "glitches",
  options: MapOptions = {},
): Promise<MapResult> {
  refuseNull("map", checkOptions("map", options, MAP));
  if (name === "glitches") return glitchMap(plan, options);
  if (SPECTRAL_MAP_NAMES.includes(name as SpectralMapName)) {
    return spectralMap(plan, name as SpectralMapName, options);
  }
  if (!MAP_NAMES.includes(name as MapName)) {
    throw new ArgumentError(
      `map: expected one of ${[...MAP_NAMES, ...SPECTRAL_MAP_NAMES, "glitches"].join(", ")}, got ${quote(name)}; concentration maps come from .fit(components).map("Cp1")`,
      { name },
    );
  }
  refuseReach(name, options);
  const own = name as MapName;
  if (!plan.schema.maps.includes(own)) throw missingMap(`map(${quote(own)})`, own);
  const values = Float64Array.from(await mapOf(plan, own, options));
  const keep = await selection(plan, options);
  for (let p = 0; p < values.length; p++) if (!keep[p]) values[p] = Number.NaN;
  const { label, unit } = MAPS[own];
  return new MapResult(provenanceOf(plan, "map"), values, plan.schema, label, unit);
}

/** Names of the maps that a cubic is fitted for. */
const WITH_REACH: readonly string[] = ["e0", "whiteLine", "whiteLineHeight"];
/** Half widths of a fit that can be meant, eV. */
const REACHES = [1, 20] as const;

function refuseReach(name: string, { reach }: MapOptions): void {
  if (reach === undefined) return;
  if (!WITH_REACH.includes(name)) {
    throw new ArgumentError(
      `map(${quote(name)}): expected no { reach }, got ${quote(reach)}; it is the width of the fits of ${WITH_REACH.join(", ")}`,
      { option: "reach", value: reach },
    );
  }
  if (typeof reach === "number" && reach >= REACHES[0] && reach <= REACHES[1]) return;
  throw new ArgumentError(
    `map(${quote(name)}): expected { reach } from ${REACHES.join(" to ")} eV, got ${quote(reach)}`,
    { option: "reach", value: reach },
  );
}

/** A map of the spectra, with standard errors. */
async function spectralMap(plan: Plan, name: SpectralMapName, options: MapOptions): Promise<MapResult> {
  const call = `map(${quote(name)})`;
  refuseReach(name, options);
  const normalized = withNormalize(plan, call);
  const step = findStep(normalized.steps, normalize);
  if (!step && name === "edgeStep") {
    throw new SchemaError(
      `${call}: expected spectra with their edge steps, got a saved cube of normalized spectra; take the map before .save()`,
    );
  }
  const e0 = step?.e0 ?? requireEdge(normalized.source, call, "the cube as absorbance");
  const reach = options.reach ?? FEATURE_REACH;
  const { energies } = normalized.schema;
  if (name !== "edgeStep" && !EdgeFeature.on(name, energies, e0, reach)) {
    const [low, high] = FEATURE_RANGES[name].map((x) => (e0 + x).toFixed(1));
    throw new DataError(
      `${call}: expected energies from ${low} to ${high} eV, at least 8 there and 3 more on either side, got ${energies.length} from ${Math.min(...energies).toFixed(1)} to ${Math.max(...energies).toFixed(1)} eV; crop less`,
      { e0 },
    );
  }
  const one = await oneTime(normalized, call, options.time, options);
  const output = await run(one, { kind: "feature", feature: name, e0, reach }, name, options);
  // What was resampled before it was saved no longer has the scatter of its counts.
  const saved = plan.source.store?.provenance.steps ?? [];
  const hasErrors = step !== undefined && !saved.some(({ verb }) => verb === "calibrate");
  const errors = spread(output.standardErrors as Float64Array, output.pixels, one.schema);
  const { label, unit } = SPECTRAL_MAPS[name];
  return new MapResult(
    provenanceOf(one, call),
    spread(output.data, output.pixels, one.schema),
    one.schema,
    label,
    unit,
    undefined,
    { ...output.invalid, ...countReasons(output.flags as Uint8Array) },
    hasErrors ? errors : null,
  );
}

/** How many pixels have no value, by the reason. */
function countReasons(flags: Uint8Array): Pick<InvalidCount, "withoutValue"> {
  const counts = NO_VALUE.map((reason, flag) => [reason, flags.filter((f) => f === flag).length] as const);
  const found = counts.slice(1).filter(([, n]) => n > 0);
  return found.length > 0 ? { withoutValue: Object.fromEntries(found) } : {};
}
