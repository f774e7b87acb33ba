// Begins a saved cube: its attributes, axes and maps, and an array without numbers yet.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { FileError } from "../../errors.js";
import { writeWhole } from "../../io/atomic.js";
import { isZarr, type Json } from "../../io/zarr-store.js";
import { writeZarr, type ZarrInput } from "../../io/zarr-writer.js";
import { bandRowsOf } from "../engine/prepare.js";
import { MAPS, type MapName } from "../maps.js";
import type { Provenance } from "../provenance.js";
import { middlesOf } from "../results/rows.js";
import { normalize } from "../verbs/normalize.js";
import { findStep, type Plan } from "../verbs/verb.js";
import { type StoredCube, storedCube } from "./format.js";

const CALL = "save";

/** Attributes of a saved cube. @throws FileError when it is none, or one of another plan */
export function attributesOf(path: string, fingerprint: string): StoredCube {
  const refuse = (got: string, cause?: unknown): FileError =>
    new FileError(
      `${CALL}: expected a new folder, or the cube of the same plan to go on with, got ${got} in ${path}; remove it, or choose another path`,
      { path },
      { cause },
    );
  let cube: StoredCube;
  try {
    cube = storedCube.parse(JSON.parse(readFileSync(join(path, "zarr.json"), "utf8")).attributes.operandose);
  } catch (error) {
    throw refuse("something else", error);
  }
  if (cube.plan !== fingerprint) throw refuse("the cube of another plan");
  return cube;
}

/** What is in a new saved cube. */
export interface NewCube {
  readonly plan: Plan;
  readonly fingerprint: string;
  readonly provenance: Provenance;
  readonly map: (name: MapName) => Promise<ArrayLike<number>>;
  /** Pixels that masks keep, 1 or 0. */
  readonly select?: Uint8Array;
}

/** Writes a saved cube without numbers, unless there is one. */
export async function createStore(path: string, cube: NewCube): Promise<void> {
  if (isZarr(path)) return;
  const { plan, select } = cube;
  const { energies, height, width, times, quantity, pixelSize, maps: names } = plan.schema;
  const maps: Record<string, ZarrInput> = {};
  for (const name of names) {
    maps[name] = {
      data: Float64Array.from(await cube.map(name)),
      shape: [height, width],
      dimensions: ["y", "x"],
      attributes: { units: MAPS[name].unit, long_name: MAPS[name].label },
    };
  }
  if (select) maps.selected = { data: select, shape: [height, width], dimensions: ["y", "x"] };
  if (findStep(plan.steps, normalize)) {
    maps[EDGE_STEPS] = {
      type: "float32",
      shape: [times.length, height, width],
      dimensions: ["time", "y", "x"],
      chunks: [1, height, width],
      attributes: { long_name: "edge step; -Infinity: not above zero" },
    };
  }
  const axis = (name: string, data: Float64Array, units: string): [string, ZarrInput] => [
    name,
    { data, shape: [data.length], dimensions: [name], attributes: { units } },
  ];
  const places = (n: number): Float64Array =>
    Float64Array.from({ length: n }, (_, i) => (i + 0.5) * (pixelSize ?? 1));
  const lengthUnit = pixelSize === undefined ? "pixel" : "um";
  const timed = times.every(({ start }) => start !== undefined);
  const middles = timed ? middlesOf(times) : Float64Array.from(times, (_, t) => t + 1);
  const arrays = {
    data: {
      type: "float32",
      shape: [times.length, energies.length, height, width],
      dimensions: ["time", "energy", "y", "x"],
      chunks: [1, energies.length, bandRowsOf(plan), width],
      attributes: { long_name: quantity },
    } satisfies ZarrInput,
    ...maps,
    ...Object.fromEntries([
      axis("time", middles, timed ? "s" : "step"),
      axis("energy", Float64Array.from(energies), "eV"),
      axis("y", places(height), lengthUnit),
      axis("x", places(width), lengthUnit),
    ]),
  };
  const attributes = { operandose: stored(cube) as unknown as Json, energies: [...energies] };
  await writeZarr(path, { attributes, arrays }, undefined, CALL, "keep");
}

/** Array of the edge steps of all pixels, where spectra are normalized. */
export const EDGE_STEPS = "edgeStep";

function stored({ plan, fingerprint, provenance }: NewCube): StoredCube {
  const { schema, source } = plan;
  const { quantity, times, pixelSize, maps, calibrated, masked } = schema;
  return {
    format: "operandose-cube",
    version: 1,
    name: source.name,
    quantity,
    times: times.map((t) => ({ ...t })),
    ...(pixelSize !== undefined && { pixelSize }),
    layers: [...maps],
    calibrated,
    masked,
    ...(source.edge && { edge: { ...source.edge } }),
    ...(source.spot !== undefined && { spot: source.spot }),
    ...(source.exposure && { exposure: source.exposure.map((interval) => ({ ...interval })) }),
    plan: fingerprint,
    provenance,
  };
}

/** Changes attributes of a saved cube; one that has them already is left as it is. */
export function amend(path: string, change: Partial<StoredCube>): void {
  const file = join(path, "zarr.json");
  const before = readFileSync(file, "utf8");
  const group = JSON.parse(before);
  const after = `${JSON.stringify({
    ...group,
    attributes: { ...group.attributes, operandose: { ...group.attributes.operandose, ...change } },
  })}\n`;
  if (after !== before) writeWhole(CALL, file, after);
}
