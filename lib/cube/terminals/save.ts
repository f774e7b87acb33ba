// Saves the cube as it is after its steps, band by band: it is never all in memory.
import { ArgumentError, quote } from "../../errors.js";
import type { Json } from "../../io/zarr-store.js";
import { writeZarr, type ZarrInput } from "../../io/zarr-writer.js";
import { checkOptions, refuseNull } from "../../options.js";
import { fewCounts } from "../engine/few-counts.js";
import { alignment, mapOf } from "../engine/maps.js";
import { bandRowsOf, prepare } from "../engine/prepare.js";
import { normalizationFacts, selected } from "../engine/run.js";
import { placed } from "../engine/shifts.js";
import { type RunOptions, runNames, stream } from "../engine/stream.js";
import { MAPS } from "../maps.js";
import { middlesOf } from "../results/rows.js";
import type { StoredCube } from "../store/format.js";
import type { Plan } from "../verbs/verb.js";
import { provenanceOf } from "./provenance.js";

/**
 * Writes the cube into a Zarr folder: what `Cube.load(path)` goes on from.
 *
 * @returns the path
 */
export async function save(given: Plan, path: string, options: RunOptions = {}): Promise<string> {
  refuseNull("save", checkOptions("save", options, runNames));
  if (typeof path !== "string" || !path.endsWith(".zarr")) {
    throw new ArgumentError(`save: expected the path of a folder that ends in .zarr, got ${quote(path)}`, {
      path,
    });
  }
  const plan = await placed(given, options);
  const { schema, source } = plan;
  const { energies, height, width, times, quantity, pixelSize, maps: names, calibrated, masked } = schema;
  const shift = await alignment(plan, options);
  const select = await selected(plan, options);
  const job = (to: string) => prepare(plan, [{ request: { kind: "save", path: to }, select }], shift);
  const provenance = provenanceOf(given, "save");
  const stored: StoredCube = {
    format: "operandose-cube",
    version: 1,
    name: source.name,
    quantity,
    times: times.map((t) => ({ ...t })),
    ...(pixelSize !== undefined && { pixelSize }),
    layers: [...names],
    calibrated,
    masked,
    ...(source.edge && { edge: { ...source.edge } }),
    ...(source.spot !== undefined && { spot: source.spot }),
    ...(source.exposure && { exposure: source.exposure.map((interval) => ({ ...interval })) }),
    provenance,
  };
  const attributesOf = (cube: StoredCube) => {
    return { operandose: cube as unknown as Json, energies: [...energies] };
  };
  const maps: Record<string, ZarrInput> = {};
  for (const name of names) {
    maps[name] = {
      data: Float64Array.from(await mapOf(plan, name, options)),
      shape: [height, width],
      dimensions: ["y", "x"],
      attributes: { units: MAPS[name].unit, long_name: MAPS[name].label },
    };
  }
  if (select) maps.selected = { data: select, shape: [height, width], dimensions: ["y", "x"] };
  const axis = (name: string, data: Float64Array, units: string): [string, ZarrInput] => [
    name,
    { data, shape: [data.length], dimensions: [name], attributes: { units } },
  ];
  const places = (n: number): Float64Array =>
    Float64Array.from({ length: n }, (_, i) => (i + 0.5) * (pixelSize ?? 1));
  const lengthUnit = pixelSize === undefined ? "pixel" : "um";
  const timed = times.every(({ start }) => start !== undefined);
  await writeZarr(
    path,
    {
      attributes: attributesOf(stored),
      arrays: {
        data: {
          type: "float32",
          shape: [times.length, energies.length, height, width],
          dimensions: ["time", "energy", "y", "x"],
          chunks: [1, energies.length, bandRowsOf(plan), width],
          attributes: { long_name: quantity },
        },
        ...maps,
        ...Object.fromEntries([
          axis(
            "time",
            timed ? middlesOf(times) : Float64Array.from(times, (_, t) => t + 1),
            timed ? "s" : "step",
          ),
          axis("energy", Float64Array.from(energies), "eV"),
          axis("y", places(height), lengthUnit),
          axis("x", places(width), lengthUnit),
        ]),
      },
    },
    async (temporary) => {
      const [{ invalid, pixels }] = await stream(job(temporary), "save", options);
      const few = await fewCounts(plan, pixels);
      const lacks = { ...normalizationFacts(plan), ...invalid, ...(few && { fewCounts: few }) };
      return attributesOf({ ...stored, provenance: { ...provenance, invalid: lacks } });
    },
    "save",
  );
  return path;
}
