// The source of a cube: recorded files, their references, and what the manifest or the caller states about
// them. Only the manifest (or, without one, one header per recording) is read here; no image is touched.
import { existsSync, statSync } from "node:fs";
import { basename, dirname, join, resolve, sep } from "node:path";
import { fileURLToPath } from "node:url";
import { ArgumentError, FileError, quote, SchemaError } from "../errors.js";
import { openExperiment } from "../io/experiment.js";
import { CORRECTION, frameQuantity } from "../io/frame-quantities.js";
import type { FramePlace, ImageKind } from "../io/frames.js";
import { INCOMPLETE, type Incomplete } from "../io/incomplete.js";
import { checkOptions, type OptionNames, oneOf, refuseNull } from "../options.js";
import { inUnit, unitProblem } from "../units.js";
import { ascendingAxis } from "../xas/axis.js";
import { edgeOf } from "./edge.js";
import { energiesGiven } from "./energies-given.js";
import { type FileOptions, FRAMES } from "./file-options.js";
import { keepExisting } from "./incomplete.js";
import { pathsOf } from "./paths.js";
import { type Recorded, type RecordedFile, type Source, UNSATURATED } from "./recorded.js";
import { axesGiven, type Cubes, cubesIn, darkFiles, referenceCubes } from "./recordings.js";
import { ofTransmission, statedFor } from "./stated.js";

/**
 * The folder of the demonstration experiment: OPERANDOSE_DEMO, or recordings/farther in the clone of this library. Where the
 * library is an installed package: recordings/farther in the current folder, or in the nearest folder above it that has one.
 * The folder of the closer focus is `closer` beside it.
 *
 * @throws ArgumentError for another configuration
 * @example
 * openExperiment(demonstrationFolder("farther")).partNames.includes("charge"); // true
 */
export function demonstrationFolder(configuration: "farther" | "closer" = "farther"): string {
  const root = fileURLToPath(new URL("../..", import.meta.url));
  const recorded = root.split(sep).includes("node_modules") ? folderAbove(process.cwd()) : root;
  const farther = process.env.OPERANDOSE_DEMO ?? join(recorded, "recordings", "farther");
  if (configuration === "farther") return farther;
  if (configuration === "closer") return join(dirname(resolve(farther)), "closer");
  throw new ArgumentError(
    `demonstrationFolder: expected "farther" or "closer", got ${quote(configuration)}`,
    { configuration },
  );
}

/** The nearest folder, upwards, that has the demonstration recording; where none has, the folder itself. */
function folderAbove(folder: string): string {
  for (let at = folder; ; at = dirname(at)) {
    if (existsSync(join(at, "recordings", "farther", "experiment.json"))) return at;
    if (dirname(at) === at) return folder;
  }
}

/** The demonstration experiment, or an error that says how to record it. */
export function demonstrationSource(part?: string, incomplete?: Incomplete): Source {
  const folder = demonstrationFolder();
  if (!existsSync(join(folder, "experiment.json"))) {
    throw new FileError(
      `Cube.load: expected the demonstration experiment in ${folder}, found none; record it once with "npx operandose start" (or simulate("farther", { scale: "demo", seed: 1, out }))`,
      { path: folder },
    );
  }
  return experimentSource(folder, part, incomplete);
}

/** One part of an experiment folder with its references. */
export function experimentSource(folder: string, part?: string, incomplete: Incomplete = "refuse"): Source {
  if (!folder.endsWith(".json") && statSync(folder, { throwIfNoEntry: false })?.isFile()) {
    throw new FileError(
      `Cube.load: expected the folder of an experiment, got a file, ${folder}; load a recording with Cube.load({ sample: ${quote(folder)} })`,
      { path: folder },
    );
  }
  const experiment = openExperiment(folder);
  const { manifest } = experiment;
  const samples = Object.keys(manifest.parts).filter((name) => manifest.parts[name].kind === "sample");
  const name = part ?? (samples.includes("charge") ? "charge" : samples[0]);
  const chosen = name !== undefined && Object.hasOwn(manifest.parts, name) ? manifest.parts[name] : undefined;
  if (!chosen) {
    throw new ArgumentError(
      `Cube.load: expected a part of ${folder} (${Object.keys(manifest.parts).join(", ")}), got ${quote(part)}`,
      { part, parts: Object.keys(manifest.parts) },
    );
  }
  const files = (of: string | undefined): readonly RecordedFile[] =>
    of === undefined
      ? []
      : manifest.parts[of].files.map(({ path, start, end, cubes }) => ({
          path: experiment.path(path),
          kind: manifest.parts[of].kind,
          start,
          end,
          cubes: cubes ?? 1,
        }));
  // A reference without a dark of its own uses that of the sample.
  const recorded = (of: string): Recorded => ({
    files: files(of),
    dark: files(manifest.parts[of].dark ?? chosen.dark),
  });
  const flat = chosen.flat === undefined ? undefined : recorded(chosen.flat);
  // The foil may be the sample itself; it is then calibrated with itself.
  const foilName = chosen.kind === "foil" ? name : chosen.foil;
  const foilFlat = foilName === undefined ? undefined : manifest.parts[foilName].flat;
  const foil = foilName === undefined ? undefined : recorded(foilName);
  const sample = recorded(name);
  const source: Source = {
    name: `${basename(experiment.folder)}/${name}`,
    origin: { folder: resolve(folder), part: name, incomplete },
    experiment,
    part: name,
    energies: manifest.energies,
    height: chosen.shape[0],
    width: chosen.shape[1],
    pixelSize: chosen.pixelSize,
    sample,
    flat,
    foil: foil && flat && { ...foil, flat: foilFlat === undefined ? flat : recorded(foilFlat) },
    reference: flat?.files[0] ?? sample.files[0],
    edge: {
      energy: manifest.edge.energy,
      name: `${manifest.edge.element} ${manifest.edge.shell}`,
      from: "manifest",
    },
    flux: manifest.flux?.value,
    fluxEnergy: manifest.flux?.energy,
    stack: manifest.stack,
    saturation: manifest.saturation,
    spot: chosen.spot,
    exposure: manifest.exposure,
    partialExposure: manifest.partialExposure,
  };
  return incomplete === "keep" ? keepExisting(source, manifest.energies) : source;
}

/** Recorded files that came without a manifest; shape and energies come from the headers. */
export function filesSource(options: FileOptions): Source {
  refuseNull(CALL, checkOptions(CALL, options, FILE_OPTIONS));
  const period = options.period === undefined ? undefined : quantity("period", "time", options.period);
  const incomplete = oneOf(CALL, "incomplete", options.incomplete ?? "refuse", INCOMPLETE);
  const frames = options.frames === undefined ? undefined : oneOf(CALL, "frames", options.frames, FRAMES);
  const given = energiesGiven(options.energies);
  const axes = axesGiven(options.axes);
  const places = (kind: ImageKind): FramePlace[] => {
    const paths = pathsOf(kind, options[kind]);
    return paths.map((path, k) => ({
      path,
      ...(axes && kind !== "dark" && { axes }),
      ...(given && { nEnergies: given.length }),
      ...statedFor(options, kind, k, paths.length),
    }));
  };
  const cubes = cubesIn({ kind: "sample", places: places("sample"), frames, given, incomplete });
  const files = timed(cubes.files, period);
  const [{ path }] = files;
  const [height, width] = cubes.entries[0].shape;
  const energies = checkedEnergies(cubes, path);
  if (given) refuseContradiction(energies, cubes.entries, path);
  const dark = darkFiles(places("dark"));
  const recorded = (kind: "flat" | "foil"): Recorded | undefined => {
    if (options[kind] === undefined) return undefined;
    const own = { kind, places: places(kind), frames, incomplete, axis: energies };
    return { files: timed(referenceCubes(own), period), dark };
  };
  const [flat, foil] = [recorded("flat"), recorded("foil")];
  const sample = { files: ofTransmission(options.sampleIs, files, flat), dark };
  const { flux, fluxEnergy, saturation } = options;
  // Microscopes write the size of a pixel into their files.
  const pixelSize = options.pixelSize ?? cubes.entries[0].pixelSize;
  if (pixelSize !== undefined) {
    quantity("pixelSize", "pixelSize", pixelSize);
    inUnit(
      CALL,
      `pixelSize ${pixelSize} um times ${Math.max(height, width)} pixels`,
      "field",
      pixelSize * Math.max(height, width),
    );
  }
  const source: Source = {
    name: basename(files[0].path),
    origin: { files: absolute(options, given) },
    energies,
    ...(given && { correction: CORRECTION }),
    height,
    width,
    pixelSize,
    sample,
    flat,
    foil: foil && flat && { ...foil, flat },
    reference: flat?.files[0] ?? files[0],
    flux: flux === undefined ? undefined : quantity("flux", "flux", flux),
    fluxEnergy: fluxEnergy === undefined ? undefined : quantity("fluxEnergy", "energy", fluxEnergy),
    saturation:
      saturation === undefined
        ? undefined
        : saturation === Number.POSITIVE_INFINITY
          ? UNSATURATED
          : positive("saturation", saturation),
  };
  // Of a series in one file, whole cubes were kept.
  const isSeries = files.some(({ images }) => images !== undefined);
  const kept = incomplete === "keep" && !isSeries ? keepExisting(source, given) : source;
  const edge = typeof options.edge === "number" ? quantity("edge", "energy", options.edge) : options.edge;
  return { ...kept, edge: edgeOf(CALL, edge, kept.energies) };
}

/** The same options for any current folder. */
function absolute(options: FileOptions, energies: readonly number[] | undefined): FileOptions {
  const { sample, flat, foil, dark } = options;
  const named = Object.entries({ sample, flat, foil, dark }).filter(([, paths]) => paths !== undefined);
  const paths = named.map(([kind, paths]) => [kind, pathsOf(kind as ImageKind, paths)]);
  return { ...options, ...Object.fromEntries(paths), ...(energies && { energies }) };
}

/** Cubes with the times that they were recorded at, where these are known. */
function timed(files: readonly RecordedFile[], period: number | undefined): RecordedFile[] {
  if (period === undefined) return [...files];
  return files.map((file, i) => ({ ...file, start: i * period, end: (i + 1) * period }));
}

/** Energies in eV, as the axis of a cube. @throws SchemaError for any other list of numbers */
function checkedEnergies({ energies, entries }: Cubes, path: string): number[] {
  if (entries.length < 2) {
    throw new SchemaError(
      `${CALL}: expected images at two energies or more, got 1 image in ${path}; give all files of the scan, or the stack of its images`,
      { path },
    );
  }
  const isEnergy = (e: unknown): e is number => typeof e === "number" && Number.isFinite(e) && e > 0;
  const known = energies.filter(isEnergy);
  if (known.length < energies.length) {
    const problem = energies.find((e) => typeof e === "string");
    const frame = energies.findIndex((e) => !isEnergy(e));
    const one = known.length === 0 ? "no energy" : `${energies[frame] ?? "none"} in frame ${frame}`;
    const got = problem ? `a header that is not understood (${problem})` : `${one} in the headers`;
    throw new SchemaError(
      `${CALL}: expected one energy in eV for each of the ${entries.length} frames of ${path}, got ${got}; give { energies }`,
      { path },
    );
  }
  const wrong = known.find((energy) => unitProblem("energy", energy));
  if (wrong !== undefined) {
    const remedy =
      wrong < 200
        ? "which look like keV; give { energies } times 1000"
        : "which is in another unit; correct the unit in the file, or give { energies } in eV";
    throw new SchemaError(
      `${CALL}: expected energies in eV, got ${known[0]} to ${known.at(-1)} for ${path}, ${remedy}`,
      { path },
    );
  }
  ascendingAxis(known, CALL, 2);
  return known;
}

/** @throws SchemaError for given energies of another scan than the one that the headers name */
function refuseContradiction(
  given: readonly number[],
  frames: readonly { readonly header: Readonly<Record<string, string>> }[],
  path: string,
): void {
  const own = frames.map((frame) => frameQuantity(frame.header, "energy"));
  // Headers without an axis in eV are what energies are given for.
  const known = own.filter((e): e is number => typeof e === "number" && !unitProblem("energy", e));
  if (known.length < own.length) return;
  const steps = known.slice(1).map((e, k) => Math.sign(e - known[k]));
  if (steps.some((step) => step === 0 || step !== steps[0])) return;
  const reversed = Math.sign(given[1] - given[0]) !== steps[0];
  const frame = reversed ? 0 : known.findIndex((e, k) => Math.abs(e - given[k]) > CORRECTION);
  if (frame < 0) return;
  throw new SchemaError(
    `Cube.load: expected { energies } within ${CORRECTION} eV of those in ${path} and in their order, got ${given[frame]} eV${reversed ? ` to ${given.at(-1)} eV` : ""} where the file has ${known[frame]} eV${reversed ? ` to ${known.at(-1)} eV` : ""} (frame ${frame}); leave { energies } out, or correct the file`,
    { path, frame },
  );
}

const CALL = "Cube.load";

export const FILE_OPTIONS: OptionNames<FileOptions> = {
  sample: true,
  flat: true,
  foil: true,
  dark: true,
  frames: true,
  energies: true,
  axes: true,
  exposure: true,
  ringCurrent: true,
  sampleIs: true,
  pixelSize: true,
  edge: true,
  flux: true,
  fluxEnergy: true,
  saturation: true,
  incomplete: true,
  period: true,
};

function quantity(option: string, of: Parameters<typeof inUnit>[2], value: number): number {
  return inUnit(CALL, option, of, positive(option, value));
}

function positive(option: string, value: number): number {
  if (!(value > 0) || !Number.isFinite(value)) {
    throw new ArgumentError(`Cube.load: expected ${option} > 0, got ${quote(value)}`, { option, value });
  }
  return value;
}
