// The schedule: files of a recording, from the cubes that the plan collects, in the camera modes and files of
// a scale.
import { ArgumentError, quote } from "../../errors.js";
import type { OptionNames } from "../../options.js";
import type { Configuration } from "../configurations.js";
import { FRAMES, scanEnergies } from "../devices/monochromator.js";
import { experiment } from "../plans/experiment.js";
import { kindOf, modeOf, PART_NAMES, type PartKind, type PartName, referenceOf } from "../plans/parts.js";
import { DARK_FRAMES } from "../plans/protocol.js";
import { type Collected, type Timeline, timeline } from "../plans/timeline.js";
import type { Grid } from "../recording/grid.js";
import { gridOf, type Mode, planOf, type Scale, type ScalePlan } from "../recording/scales.js";

export type { PartName } from "../plans/parts.js";

/** A file of a part; times in s since the start of the charge. */
export interface PlannedFile {
  readonly path: string;
  readonly start: number;
  readonly end: number;
  readonly cubes: number;
}

/** A part: files of one kind in one camera mode. */
export interface PlannedPart {
  readonly name: PartName;
  readonly kind: PartKind;
  readonly mode: Mode;
  readonly grid: Grid;
  readonly binning: number;
  /** Numbers in the files per count of the camera. */
  readonly perCount: number;
  /** Number of kept frames: the middle one of every `every` frames of the scan. */
  readonly frames: number;
  readonly every: number;
  readonly spot?: string;
  readonly files: readonly PlannedFile[];
  /** The part that owns the files, if two modes are identical. */
  readonly sharedWith?: PartName;
}

/** Formats of the recorded cubes. */
export type CubeFormat = "edf" | "nexus";

/** Selection of parts of the plan, and of their cubes and frames. */
export interface Selection {
  /** Parts to record, with their dark, flat and foil. Default all. */
  readonly only?: readonly string[];
  /** Largest number of cubes per part; the first ones are kept. Default all. */
  readonly cubes?: number;
  /** Keeps every n-th frame of the scan; default 1. */
  readonly every?: number;
  /** Format of the cubes; default "edf". */
  readonly format?: CubeFormat;
}

/** Option names of {@link Selection}. */
export const selectionNames: OptionNames<Selection> = { only: true, cubes: true, every: true, format: true };

/**
 * The parts of a configuration's experiment, in the order of the manifest. @throws ArgumentError as {@link
 * partsOf} does
 */
export function schedule(
  configuration: Configuration,
  scale: Scale,
  selection: Selection = {},
): PlannedPart[] {
  return partsOf(timeline(experiment(configuration)), configuration, scale, selection);
}

/**
 * The parts that a plan records, in the order of the manifest.
 *
 * @throws ArgumentError for an unknown scale, part or format, or for a selection without frames or cubes
 */
export function partsOf(
  { collected }: Pick<Timeline, "collected">,
  configuration: Configuration,
  scale: Scale,
  selection: Selection = {},
): PlannedPart[] {
  const plan = planOf(scale);
  const planned = new Set(collected.flatMap(({ parts }) => parts));
  const known = PART_NAMES.filter((name) => planned.has(name) && isRecorded(name, plan));
  const wanted = check(selection, known);
  const { cubes: limit = Number.POSITIVE_INFINITY, format = "edf", every = 1 } = selection;
  const same = plan.modes.static.binning === plan.modes.movie.binning;
  const staticOf = (name: PartName) => name.replace("Movie", "Static") as PartName;
  const chargeCubes = sum(collected.filter(({ parts }) => parts[0]?.startsWith("charge")));

  return known
    .filter((name) => wanted.has(name))
    .map((name) => {
      const [mode, kind] = [modeOf(name), kindOf(name)];
      const source = same && planned.has(staticOf(name)) ? staticOf(name) : name;
      const pieces = collected.filter(({ parts }) => parts.includes(source));
      const cubes = sum(pieces);
      const fraction = cubes / chargeCubes;
      const most =
        mode === "movie" && kind === "sample"
          ? Math.ceil(plan.chargeFiles * fraction)
          : plan.averaged || kind === "dark"
            ? 1
            : cubes;
      return {
        name,
        kind,
        mode,
        grid: gridOf(configuration, plan.modes[mode]),
        binning: plan.modes[mode].binning,
        perCount: plan.averaged ? PER_COUNT : 1,
        frames: kind === "dark" ? DARK_FRAMES : keptFrames(every).length,
        every: kind === "dark" ? 1 : every,
        ...(kind === "sample" && { spot: pieces[0].target }),
        files: split(source, pieces, Math.min(most, cubes), limit, EXTENSIONS[format]),
        ...(source !== name && { sharedWith: source }),
      };
    });
}

/**
 * Averaged cubes are written in quarters of a count: rounding them to whole counts would add a fifth to the
 * noise of the dim pixels. 16 bits hold four times the brightest pixel of both configurations.
 */
const PER_COUNT = 4;

/** Indices of the kept frames of the scan. */
function keptFrames(every: number): number[] {
  const first = Math.floor(every / 2);
  return Array.from({ length: Math.ceil((FRAMES - first) / every) }, (_, i) => first + i * every);
}

/** Nominal energies of the kept frames, in the order of recording, eV. */
export function energiesOf({ every = 1 }: Selection): number[] {
  const energies = scanEnergies();
  return keptFrames(every).map((k) => energies[k]);
}

/** Names of the references of a part, recorded in the same camera mode. */
export function referencesOf({ name, kind }: PlannedPart): {
  dark?: PartName;
  flat?: PartName;
  foil?: PartName;
} {
  if (kind === "dark") return {};
  const [dark, flat, foil] = (["dark", "flat", "foil"] as const).map((one) => referenceOf(name, one));
  if (kind === "flat") return { dark };
  return kind === "foil" ? { dark, flat } : { dark, flat, foil };
}

const EXTENSIONS: Readonly<Record<CubeFormat, string>> = { edf: "edf", nexus: "nxs" };

/** Whether a scale records the part. The beam is on a hold spot in either case. */
function isRecorded(name: PartName, { holdSpots }: ScalePlan): boolean {
  return !name.startsWith("hold") || holdSpots.includes(name.slice("hold".length));
}

function sum(pieces: readonly Collected[]): number {
  return pieces.reduce((total, { cubes }) => total + cubes, 0);
}

/** Distributes the cubes of a part over files; their numbers of cubes differ by at most one. */
function split(
  name: PartName,
  pieces: readonly Collected[],
  files: number,
  limit: number,
  extension: string,
): PlannedFile[] {
  const times = pieces.flatMap(({ start, end, cubes }) => {
    const period = (end - start) / cubes;
    return Array.from({ length: cubes }, (_, i) => [start + i * period, start + (i + 1) * period] as const);
  });
  const out: PlannedFile[] = [];
  for (let i = 0; i < files; i++) {
    const first = Math.floor((i * times.length) / files);
    const last = Math.min(Math.floor(((i + 1) * times.length) / files), limit);
    if (last <= first) break;
    const number = `/${name}-${String(i + 1).padStart(4, "0")}`;
    const path = `${name}${files === 1 ? "" : number}.${extension}`;
    out.push({ path, start: times[first][0], end: times[last - 1][1], cubes: last - first });
  }
  return out;
}

function check({ only, cubes, format, every }: Selection, known: readonly PartName[]): Set<PartName> {
  if (cubes !== undefined && !(Number.isInteger(cubes) && cubes > 0)) {
    throw new ArgumentError(`simulate: expected cubes as a whole number above 0, got ${quote(cubes)}`, {
      cubes,
    });
  }
  if (every !== undefined && !(Number.isInteger(every) && every > 0 && every <= FRAMES / 2)) {
    throw new ArgumentError(
      `simulate: expected every as a whole number, 1 to ${FRAMES / 2} frames, got ${quote(every)}`,
      { every },
    );
  }
  if (format !== undefined && !(typeof format === "string" && Object.hasOwn(EXTENSIONS, format))) {
    throw new ArgumentError(`simulate: expected format "edf" or "nexus", got ${quote(format)}`, { format });
  }
  if (only === undefined) return new Set(known);
  const unknown = Array.isArray(only) && only.find((name) => !known.includes(name as PartName));
  if (!Array.isArray(only) || only.length === 0 || unknown !== undefined) {
    throw new ArgumentError(
      `simulate: expected only as an array of ${known.join(", ")}, got ${quote(unknown || only)}`,
      { only },
    );
  }
  const wanted = new Set(only as PartName[]);
  for (const name of only as PartName[]) {
    for (const kind of ["dark", "flat", "foil"] as const) {
      if (kindOf(name) === "dark" || (kindOf(name) === "flat" && kind === "foil")) continue;
      wanted.add(referenceOf(name, kind));
    }
  }
  return wanted;
}
