// Records an experiment as the beamline would: cubes, references, ion-chamber spectra, the potentiostat's
// file, and the manifest. The folder contains nothing of the simulation's truth.
import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { availableParallelism } from "node:os";
import { join, resolve } from "node:path";
import { ArgumentError, quote } from "../errors.js";
import { inBytes } from "../io/disk-errors.js";
import { type ManifestInput, writeExperiment } from "../io/experiment.js";
import { checkOptions, type OptionNames } from "../options.js";
import {
  type Configuration,
  type ConfigurationLike,
  configure,
  resolveConfiguration,
} from "./configurations.js";
import { type DamageLike, damageModels, resolveDamage } from "./damage/index.js";
import { STACK } from "./devices/cell.js";
import { FLUX, FLUX_ENERGY } from "./devices/ion-chambers.js";
import { RECORD_START } from "./devices/potentiostat.js";
import { SATURATION } from "./devices/sensor.js";
import { CHAMBER_OPENING } from "./devices/slits.js";
import { electrodes } from "./kinetics/concentrations.js";
import type { Electrode } from "./kinetics/electrode.js";
import { DOSE_RATE_INTEGRAL, FIGURE_ERROR, KINETICS, OPEN_CIRCUIT, PROTOCOL, SPECTRA } from "./parameters.js";
import { recordAll } from "./recording/acquisition.js";
import { checkSpace, claim, inspect, isWritable, removeLeftovers, type Stamp } from "./recording/folder.js";
import { frameBytes, type RecordingJob } from "./recording/recorder.js";
import {
  CHARGE_FILE,
  COIN_FILE,
  chamberFiles,
  missingRecords,
  recordFiles,
  writeRecords,
} from "./recording/records.js";
import type { Scale } from "./recording/scales.js";
import {
  energiesOf,
  type PlannedPart,
  referencesOf,
  type Selection,
  schedule,
  selectionNames,
} from "./time/schedule.js";
import { timetableOf } from "./time/timetable.js";

/**
 * Increased whenever the same arguments would give other bytes. Since version 3, noise is in float32, with
 * the skewness of photons.
 */
const SIMULATION_VERSION = 4;

/** Progress of a recording, in bytes. */
export interface SimulationProgress {
  readonly done: number;
  readonly total: number;
  readonly label: string;
}

/** Options of {@link simulate}. */
export interface SimulateOptions extends Selection {
  /** "tiny" for tests, "demo" for the demonstration, "full" for the true size. */
  readonly scale: Scale;
  /** Any whole number; the same seed gives the same bytes. */
  readonly seed: number;
  /** Folder to write into: new, empty, or with the same recording, begun or complete. */
  readonly out: string;
  /** Damage model; default that of the configuration, which by default is "calibrated". */
  readonly damage?: DamageLike;
  readonly onProgress?: (progress: SimulationProgress) => void;
  /** Number of threads; default one for each processor. The bytes do not depend on it. */
  readonly workers?: number;
  readonly signal?: AbortSignal;
}

/**
 * Records a simulated experiment.
 *
 * A folder with the same complete recording is not changed; an incomplete one is completed. Each file appears
 * when it is complete, the manifest last.
 *
 * @param config "farther" or "closer" focus, or a custom configuration
 * @returns the folder
 * @throws ArgumentError for an unknown config, scale, part, or an invalid number
 * @throws FileError when the folder contains something else, cannot be written, or the disk is too small
 * @example
 * const folder = await simulate("farther", {
 *   scale: "tiny",
 *   seed: 7,
 *   out: "recordings/tiny",
 *   only: ["holdC", "flatStatic"],
 * });
 * openExperiment(folder).partNames; // ["darkStatic", "flatStatic", "foilStatic", "holdC"]
 */
export async function simulate(config: ConfigurationLike, options: SimulateOptions): Promise<string> {
  const { scale, seed, workers, onProgress, signal } = readOptions(options);
  const { damage } = options;
  const configuration = damage === undefined ? resolveConfiguration(config) : configure(config, { damage });
  const folder = resolve(options.out);
  const parts = schedule(configuration, scale, options);
  const stamp = stampOf(configuration, options);
  const electrodeAt = electrodes(configuration);
  const writeText = () =>
    writeRecords(folder, missingRecords(folder, configuration), configuration, seed, electrodeAt);
  if (inspect(folder, stamp) === "complete") {
    // Older recordings do not have the record of the coin cell.
    if (isWritable(folder)) writeText();
    return folder;
  }

  removeLeftovers(folder);
  const files = jobsOf(folder, parts, options);
  const missing = files.filter((job) => !existsSync(job.path));
  const total = sizeOf(files);
  let done = total - sizeOf(missing);
  const left = sizeOf(missing);
  checkSpace(folder, left);
  const report = (bytes: number, label: string) => {
    done += bytes;
    onProgress?.({ done, total, label: `${configuration.name}: ${label}` });
  };
  report(0, `${inBytes(left)} to record into ${folder}`);
  claim(folder, stamp, [...files.map((job) => job.file.path), ...recordFiles(configuration)]);

  const jobs = missing.map((job) => withState(job, electrodeAt(job.part.spot)));
  // Workers receive the states after damage, not the model.
  const { damage: _, ...optics } = configuration;
  await recordAll(jobs, { configuration: optics, seed }, workers, report, signal);
  writeText();
  writeExperiment(folder, manifestOf(configuration, parts, options));
  return folder;
}

/**
 * Bytes of a recording on disk, including headers, without a few hundred kB of text files.
 *
 * @throws ArgumentError for an unknown config, scale or part
 * @example
 * estimateBytes("farther", "demo") / 1e9; // 1.7 GB
 */
export function estimateBytes(config: ConfigurationLike, scale: Scale, selection: Selection = {}): number {
  checkOptions("estimateBytes", selection, selectionNames);
  const parts = schedule(resolveConfiguration(config, "estimateBytes"), scale, selection);
  return sizeOf(jobsOf("", parts, selection));
}

const NAMES: OptionNames<SimulateOptions> = {
  scale: true,
  seed: true,
  out: true,
  damage: true,
  onProgress: true,
  workers: true,
  signal: true,
  ...selectionNames,
};

function readOptions(given: SimulateOptions) {
  const options = checkOptions("simulate", given, NAMES);
  const { scale, seed, out, workers = availableParallelism(), onProgress, signal } = options;
  if (typeof out !== "string" || out === "") {
    throw new ArgumentError(
      `simulate: expected out as the path of a folder, got ${quote(out)}; give { scale, seed, out }`,
      {
        out,
      },
    );
  }
  if (!Number.isInteger(seed)) {
    throw new ArgumentError(
      `simulate: expected seed as a whole number, got ${quote(seed)}; give { scale, seed, out }`,
      {
        seed,
      },
    );
  }
  if (!(Number.isInteger(workers) && workers >= 0)) {
    throw new ArgumentError(`simulate: expected workers as a whole number, got ${quote(workers)}`, {
      workers,
    });
  }
  return { scale, seed, workers, onProgress, signal };
}

/** The files to record, each once, even if it belongs to two parts. */
function jobsOf(
  folder: string,
  parts: readonly PlannedPart[],
  { format = "edf" }: Selection,
): RecordingJob[] {
  const jobs = new Map<string, RecordingJob>();
  for (const part of parts) {
    part.files.forEach((file, index) => {
      const path = join(folder, file.path);
      if (!jobs.has(path)) jobs.set(path, { path, format, part, file, index });
    });
  }
  return [...jobs.values()];
}

/** A job with the concentrations at the middle time of its file. They are constant at the end of the hold. */
function withState(job: RecordingJob, electrode: Electrode): RecordingJob {
  if (job.part.kind !== "sample") return job;
  return { ...job, state: electrode.at((job.file.start + job.file.end) / 2) };
}

function sizeOf(jobs: readonly RecordingJob[]): number {
  let bytes = 0;
  for (const { part } of jobs) bytes += part.frames * frameBytes(part.grid);
  return bytes;
}

function stampOf(
  configuration: Configuration,
  { scale, seed, only, cubes, every = 1, format = "edf" }: SimulateOptions,
): Stamp {
  const { damage, ...rest } = configuration;
  const model = resolveDamage(damage);
  const calibrated = model === damageModels.calibrated;
  const parameters = [
    rest,
    KINETICS,
    PROTOCOL,
    OPEN_CIRCUIT,
    DOSE_RATE_INTEGRAL,
    FIGURE_ERROR,
    SPECTRA,
    // The parameters of the calibrated model are already included.
    ...(calibrated ? [] : [model.name, model.parameters]),
  ];
  return {
    simulation: SIMULATION_VERSION,
    config: configuration.name,
    scale,
    seed,
    ...(!calibrated && { damage: model.name }),
    parameters: createHash("sha256").update(JSON.stringify(parameters)).digest("hex"),
    ...(only && { only }),
    ...(cubes !== undefined && { cubes }),
    ...(every > 1 && { every }),
    ...(format !== "edf" && { format }),
  };
}

function manifestOf(
  configuration: Configuration,
  parts: readonly PlannedPart[],
  selection: Selection,
): ManifestInput {
  const timetable = timetableOf(configuration);
  const [width, height] = CHAMBER_OPENING;
  return {
    format: "operandose-experiment",
    version: 1,
    title: configuration.title,
    instrument: "Simulated full-field Quick-XAS beamline with the optics of ROCK, SOLEIL",
    sample: "LiNiO2 electrode, 10 um, porosity 0.36, against Li in the ROCK cell",
    simulated: true,
    edge: { element: "Ni", shell: "K", energy: 8333 },
    energies: energiesOf(selection),
    flux: { value: FLUX * (1 - (configuration.attenuation ?? 0)), energy: FLUX_ENERGY },
    stack: STACK.toJSON() as ManifestInput["stack"],
    saturation: SATURATION,
    exposure: timetable.exposure.map((interval) => ({ ...interval })),
    partialExposure: timetable.chambers.map((interval) => ({ ...interval, width, height })),
    parts: Object.fromEntries(
      parts.map((part) => [
        part.name,
        {
          kind: part.kind,
          ...(part.spot && { spot: part.spot }),
          pixelSize: part.grid.pixelSize,
          shape: [part.grid.rows, part.grid.columns] as [number, number],
          files: part.files.map((file) => ({ ...file })),
          ...referencesOf(part),
        },
      ]),
    ),
    electrochemistry: {
      file: CHARGE_FILE,
      start: RECORD_START,
      comparisons: [{ name: "coin cell", file: COIN_FILE, start: RECORD_START }],
    },
    spectra: chamberFiles(configuration).map(({ name, file, spot, state }) => ({ name, file, spot, state })),
  };
}
