// What an experiment records, when, and into which files: the plan that the acquisition works through.
import { ArgumentError, quote } from "../errors.js";
import type { Configuration } from "./configurations.js";
import { FRAMES } from "./devices/monochromator.js";
import type { Grid } from "./grid.js";
import { PROTOCOL } from "./parameters.js";
import { gridOf, type Mode, planOf, type Scale } from "./scales.js";
import { type Timetable, timetableOf } from "./timetable.js";

/** All parts that there can be; their order also numbers their random streams. */
export const PART_NAMES = [
  "darkStatic",
  "flatStatic",
  "foilStatic",
  "ocv",
  "holdA",
  "holdB",
  "holdC",
  "darkMovie",
  "flatMovie",
  "foilMovie",
  "charge",
] as const;

/** Name of a part of the experiment. */
export type PartName = (typeof PART_NAMES)[number];

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
  readonly kind: "dark" | "flat" | "foil" | "sample";
  readonly mode: Mode;
  readonly grid: Grid;
  readonly binning: number;
  readonly frames: number;
  readonly spot?: string;
  readonly files: readonly PlannedFile[];
  /** The part whose files these are, where two modes are the same. */
  readonly sharedWith?: PartName;
}

/** Parts of the plan that are wanted, and how much of them. */
export interface Selection {
  /** Parts to record; their dark, flat and foil come along. Default all. */
  readonly only?: readonly string[];
  /** At most so many cubes of each part, the first ones. Default all. */
  readonly cubes?: number;
}

/**
 * The parts of an experiment, in the order of the manifest.
 *
 * @throws ArgumentError for an unknown scale, part or number of cubes
 */
export function schedule(
  configuration: Configuration,
  scale: Scale,
  selection: Selection = {},
): PlannedPart[] {
  const plan = planOf(scale);
  const wanted = check(
    selection,
    PART_NAMES.filter((name) => !isHold(name) || plan.holdSpots.includes(spotOf(name))),
  );
  const limit = selection.cubes ?? Number.POSITIVE_INFINITY;
  const timetable = timetableOf(configuration);
  const same = plan.modes.static.binning === plan.modes.movie.binning;

  return PART_NAMES.filter((name) => wanted.has(name)).map((name) => {
    const mode: Mode = name === "charge" || name.endsWith("Movie") ? "movie" : "static";
    const kind = kindOf(name);
    const sharedWith =
      same && name.endsWith("Movie") ? (name.replace("Movie", "Static") as PartName) : undefined;
    const source = sharedWith ?? name;
    const { start, end, cubes } = timeOf(source, timetable);
    const most = name === "charge" ? plan.chargeFiles : plan.averaged || kind === "dark" ? 1 : cubes;
    const files = Math.min(most, cubes);
    return {
      name,
      kind,
      mode,
      grid: gridOf(configuration, plan.modes[mode]),
      binning: plan.modes[mode].binning,
      frames: kind === "dark" ? DARK_FRAMES : FRAMES,
      ...(kind === "sample" && { spot: spotOf(name) }),
      files: split(source, start, end, cubes, files, limit),
      ...(sharedWith && { sharedWith }),
    };
  });
}

/** Names of the parts that a part refers to, recorded in the same camera mode. */
export function referencesOf(part: PlannedPart): { dark?: PartName; flat?: PartName; foil?: PartName } {
  const own = (kind: string) => `${kind}${part.mode === "static" ? "Static" : "Movie"}` as PartName;
  if (part.kind === "dark") return {};
  if (part.kind === "flat") return { dark: own("dark") };
  if (part.kind === "foil") return { dark: own("dark"), flat: own("flat") };
  return { dark: own("dark"), flat: own("flat"), foil: own("foil") };
}

/** Frames of the dark: one exposure each, without beam. */
const DARK_FRAMES = 20;
const REFERENCE_CUBES = 20;
const STATIC_CUBES = 120;

function kindOf(name: PartName): PlannedPart["kind"] {
  const kind = /^(dark|flat|foil)/.exec(name)?.[1];
  return (kind as "dark" | "flat" | "foil" | undefined) ?? "sample";
}

function isHold(name: PartName): boolean {
  return name.startsWith("hold");
}

function spotOf(name: PartName): string {
  return isHold(name) ? name.slice("hold".length) : "C";
}

/** Start, end and number of cubes of a part. References come before the beam first meets the cell. */
function timeOf(
  name: PartName,
  { ocvStart, chargeCubes, chargeCubesEnd, holdCubes }: Timetable,
): { start: number; end: number; cubes: number } {
  if (name === "charge") return { start: 0, end: chargeCubesEnd, cubes: chargeCubes };
  if (name === "ocv") return { start: ocvStart, end: 0, cubes: STATIC_CUBES };
  if (isHold(name)) {
    const start = holdCubes[spotOf(name)];
    return { start, end: start + PROTOCOL.holdCubesTime, cubes: STATIC_CUBES };
  }
  const order = ["flatMovie", "foilMovie", "flatStatic", "foilStatic"].indexOf(name);
  const length = REFERENCE_CUBES * PROTOCOL.cubePeriod;
  if (order < 0) return { start: ocvStart - 5 * length, end: ocvStart - 4 * length, cubes: 1 };
  const start = ocvStart - (4 - order) * length;
  return { start, end: start + length, cubes: REFERENCE_CUBES };
}

/** The cubes of a part in files: as even as whole cubes allow. */
function split(name: PartName, start: number, end: number, cubes: number, files: number, limit: number) {
  const period = (end - start) / cubes;
  const out: PlannedFile[] = [];
  for (let i = 0; i < files; i++) {
    const first = Math.floor((i * cubes) / files);
    const last = Math.min(Math.floor(((i + 1) * cubes) / files), limit);
    if (last <= first) break;
    const path = files === 1 ? `${name}.edf` : `${name}/${name}-${String(i + 1).padStart(4, "0")}.edf`;
    out.push({ path, start: start + first * period, end: start + last * period, cubes: last - first });
  }
  return out;
}

function check({ only, cubes }: Selection, known: readonly PartName[]): Set<PartName> {
  if (cubes !== undefined && !(Number.isInteger(cubes) && cubes > 0)) {
    throw new ArgumentError(`simulate: expected cubes as a whole number above 0, got ${quote(cubes)}`, {
      cubes,
    });
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
    const mode = name === "charge" || name.endsWith("Movie") ? "Movie" : "Static";
    for (const kind of ["dark", "flat", "foil"] as const) {
      if (kindOf(name) !== "dark" && !(kindOf(name) === "flat" && kind === "foil"))
        wanted.add(`${kind}${mode}`);
    }
  }
  return wanted;
}
