// Which cubes the files of one role (sample, flat, foil) hold: one per file, several in one file, or one image
// in each file.
import { ArgumentError, quote, SchemaError } from "../errors.js";
import { energyInName } from "../io/energy-in-name.js";
import { describeFrames } from "../io/frame-file.js";
import { CORRECTION, frameQuantity } from "../io/frame-quantities.js";
import {
  AXES,
  type Axis,
  type FrameEntry,
  type FramePlace,
  type ImageKind,
  type Member,
} from "../io/frames.js";
import type { Incomplete } from "../io/incomplete.js";
import { noteLinked } from "../io/linked-files.js";
import { splitPlace } from "../io/place.js";
import { whileLoading } from "../io/unchanged.js";
import type { FRAMES } from "./file-options.js";
import type { RecordedFile } from "./recorded.js";

const CALL = "Cube.load";

/** The files of one role. */
export interface Role {
  readonly kind: ImageKind;
  readonly places: readonly FramePlace[];
  /** Undefined: one image each where it can be nothing else. */
  readonly frames?: (typeof FRAMES)[number];
  /** eV, as the caller gave them. */
  readonly given?: readonly number[];
  readonly incomplete: Incomplete;
  /** Energies of the sample, which the files of other roles follow. */
  readonly axis?: readonly number[];
}

/** The cubes of one role. */
export interface Cubes {
  readonly files: readonly RecordedFile[];
  /** Images of the first cube. */
  readonly entries: readonly FrameEntry[];
  /** Energies of the first cube, eV: as given, from headers or names; a text says what is wrong. */
  readonly energies: readonly (number | string)[];
}

/**
 * The cubes of one role, in the order of the files.
 *
 * @throws SchemaError where energies are missing, contradict each other, or leave several orders possible;
 *   FileError as the formats say
 */
export function cubesIn(role: Role): Cubes {
  const [first] = role.places;
  const one = (place: FramePlace): RecordedFile => ({ ...place, kind: role.kind, cubes: 1 });
  const read = () => describeFrames({ ...first, kind: role.kind, incomplete: role.incomplete });
  const describe = role.frames === "files" ? undefined : whileLoading(first.path, read);
  if (!describe) return ofFiles(role);
  const { loaded, value: entries } = describe;
  if (entries.length === 1 && role.places.length > 1 && role.frames === undefined) return ofFiles(role);
  if (isSeries(entries)) return ofSeries(role);
  // A file that changes afterwards is refused.
  const files = [{ ...one(first), loaded }, ...role.places.slice(1).map(one)];
  return { files, entries, energies: energiesOf(entries, role, first.path) };
}

/** The energies of the images of one cube. */
function energiesOf(entries: readonly FrameEntry[], { given }: Role, path: string): (number | string)[] {
  const own = entries.map(({ header }) => frameQuantity(header, "energy"));
  if (!given) return own;
  const numbers = entries.map((frame, k) => given[frame.image?.number ?? k]);
  const isWhole = entries.every(({ image }) => image === undefined);
  if (isWhole && given.length !== entries.length) {
    throw new SchemaError(
      `${CALL}: expected one energy in eV for each of the ${entries.length} frames of ${path}, got ${quote(given)}; give { energies } with that many${given.length > 1 && entries.length % given.length === 0 ? ', or { axes: ["time", "energy", "y", "x"] } where the file holds a series' : ""}`,
      { path },
    );
  }
  return numbers;
}

/** Whether a file says that it holds several cubes, or has every energy several times. */
function isSeries(entries: readonly FrameEntry[]): boolean {
  if (entries.some(({ cube }) => cube !== undefined && cube > 0)) return true;
  const energies = entries.map(({ header }) => frameQuantity(header, "energy"));
  const known = energies.filter((energy) => typeof energy === "number" && energy > 0);
  return known.length === entries.length && known.length > 2 && repeats(known as number[]);
}

/** Whether every energy occurs equally often, and more than once. */
function repeats(energies: readonly number[]): boolean {
  const counts = new Map<number, number>();
  for (const energy of energies) counts.set(energy, (counts.get(energy) ?? 0) + 1);
  return counts.size > 1 && new Set(counts.values()).size === 1 && energies.length > counts.size;
}

/** Files that hold several cubes each. */
function ofSeries(role: Role): Cubes {
  const { kind, incomplete, places } = role;
  let first: Pick<Cubes, "entries" | "energies"> | undefined;
  const files = places.flatMap((place) => {
    const read = () => describeFrames({ ...place, kind, incomplete });
    const { loaded, value: entries } = whileLoading(place.path, read);
    const groups = entries.some(({ cube }) => cube !== undefined)
      ? byCube(entries, incomplete)
      : byEnergy(
          entries.map(({ header }) => frameQuantity(header, "energy") as number),
          place.path,
          role.axis,
        );
    const firstOf = groups[0].map((k) => entries[k]);
    first ??= { entries: firstOf, energies: energiesOf(firstOf, role, place.path) };
    const kept = incomplete === "keep" ? { incomplete } : {};
    return groups.map((images) => ({ ...place, kind, images, ...kept, loaded, cubes: 1 }));
  });
  return { files, ...(first as Pick<Cubes, "entries" | "energies">) };
}

/** Numbers of the images of each cube; of a series that was stopped, those that are whole. */
function byCube(entries: readonly FrameEntry[], incomplete: Incomplete): number[][] {
  const groups: number[][] = [];
  for (const [k, { cube = 0 }] of entries.entries()) {
    groups[cube] ??= [];
    groups[cube].push(k);
  }
  const whole = Math.max(...groups.map((group) => group?.length ?? 0));
  return incomplete === "keep" ? groups.filter((group) => group?.length === whole) : groups;
}

/**
 * Numbers of the images of each cube, where the images have an energy each: the first image of each energy
 * belongs to the first cube.
 *
 * @param axis energies of the sample: cubes of other roles run in the same direction
 */
function byEnergy(energies: readonly number[], path: string, axis?: readonly number[]): number[][] {
  const occurrences = new Map<number, number[]>();
  for (const [k, energy] of energies.entries()) {
    const places = occurrences.get(energy) ?? [];
    occurrences.set(energy, places);
    places.push(k);
  }
  const counts = [...occurrences].map(([energy, places]) => [energy, places.length] as const);
  const odd = counts.find(([, n]) => n !== counts[0][1]);
  if (odd) {
    throw new SchemaError(
      `${CALL}: expected equally many images at each energy, got ${counts[0][1]} at ${counts[0][0]} eV and ${odd[1]} at ${odd[0]} eV (${path} and others); leave out those of a scan that was stopped`,
      { path },
    );
  }
  const distinct = counts.map(([energy]) => energy);
  const steps = distinct.slice(1).map((energy, k) => Math.sign(energy - distinct[k]));
  const direction = axis ? Math.sign(axis[axis.length - 1] - axis[0]) : steps[0];
  // Each image has its energy: the order of the names does not have to be that of the energies.
  if (!steps.every((step) => step === direction))
    distinct.sort((a, b) => (axis && direction < 0 ? b - a : a - b));
  return Array.from({ length: counts[0][1] }, (_, cube) =>
    distinct.map((energy) => (occurrences.get(energy) as number[])[cube]),
  );
}

/** Files that hold one image each. */
function ofFiles(role: Role): Cubes {
  const { kind, places } = role;
  const members: Member[] = places.map(({ path }) => ({ path }));
  const loaded = places.map(({ path }) => whileLoading(path, () => undefined).loaded);
  const [{ path }] = places;
  const entries = describeFrames({ ...places[0], kind, members });
  const energies = energiesOfFiles(role, entries);
  const groups = byEnergy(energies, path, role.axis);
  const files = groups.map((group): RecordedFile => {
    const own = group.map((k) => ({ path: members[k].path, energy: energies[k] }));
    for (const member of own) noteLinked(splitPlace(own[0].path).path, splitPlace(member.path).path);
    return {
      ...places[group[0]],
      ...statedOf(places, group),
      kind,
      members: own,
      loaded: group.flatMap((k) => loaded[k]),
      cubes: 1,
    };
  });
  return {
    files,
    entries: groups[0].map((k) => entries[k]),
    energies: groups[0].map((k) => energies[k]),
  };
}

/** What is stated of the files of one cube: for all alike, or one for each of all files. */
function statedOf(places: readonly FramePlace[], group: readonly number[]): Pick<FramePlace, "stated"> {
  const { stated } = places[0];
  if (!stated) return {};
  const entries = Object.keys(stated).map((name) => {
    const key = name as keyof typeof stated;
    const lists = group.map((k) => places[k].stated?.[key] ?? []);
    const list = lists.map((list, i) => (list.length === places.length ? list[group[i]] : list[0]));
    return [key, list];
  });
  return { stated: Object.fromEntries(entries) };
}

/** One energy for each file: as given, from its header, or from its name. */
function energiesOfFiles({ given, kind, places, axis }: Role, entries: readonly FrameEntry[]): number[] {
  const own = entries.map(({ header }, k) => {
    const { path } = places[k];
    const energy = frameQuantity(header, "energy");
    const named = energyInName(path);
    if (typeof energy === "string") {
      throw new SchemaError(`${CALL}: ${energy} of ${path}; correct the header, or give { energies }`, {
        path,
      });
    }
    const inHeader = energy > 0 ? energy : undefined;
    if (named !== undefined && inHeader !== undefined && Math.abs(named - inHeader) > CORRECTION) {
      throw new SchemaError(
        `${CALL}: expected one energy for ${path}, got ${inHeader} eV in its header and ${named} eV in its name; rename it, or correct the header`,
        { path },
      );
    }
    return inHeader ?? named;
  });
  const list = given ?? (own.includes(undefined) ? axis : undefined);
  if (!list) {
    const gone = own.indexOf(undefined);
    if (gone < 0) return own as number[];
    throw new SchemaError(
      `${CALL}: expected the energy of each of the ${places.length} files of the ${kind}, got none in the header and in the name of ${places[gone].path}; give { energies: [...] } or a text file of them, one for each file in this order`,
      { path: places[gone].path, file: gone },
    );
  }
  const known = own.includes(undefined) ? undefined : (own as number[]);
  if (list.length !== places.length) {
    // Given energies may correct those of the files, one for each of them.
    const distinct = [...new Set(known)];
    if (known && distinct.length === list.length) {
      const sorted = [...list].sort((a, b) => a - b);
      distinct.sort((a, b) => a - b);
      const corrected = known.map((energy) => sorted[distinct.indexOf(energy)]);
      refuseOther(known, corrected, places);
      return corrected;
    }
    throw new SchemaError(
      `${CALL}: expected one energy for each of the ${places.length} files of the ${kind}, got ${list.length}; give { energies } in the order of the names, ${places[0].path} first`,
      { files: places.length, energies: list.length },
    );
  }
  if (known) refuseOther(known, list, places);
  return [...list];
}

/** @throws SchemaError for given energies of another scan than that of the files */
function refuseOther(own: readonly number[], given: readonly number[], places: readonly FramePlace[]): void {
  const k = own.findIndex((energy, i) => Math.abs(energy - given[i]) > CORRECTION);
  if (k < 0) return;
  throw new SchemaError(
    `${CALL}: expected { energies } within ${CORRECTION} eV of those of the files, got ${given[k]} eV for ${places[k].path}, which has ${own[k]} eV; leave { energies } out, or give them in the order of the names`,
    { path: places[k].path, file: k },
  );
}

/** The cubes of a flat or a foil. Its own energies are compared with those of the sample when it is read. */
export function referenceCubes(role: Role): readonly RecordedFile[] {
  const { kind, places, frames } = role;
  const plain = () => places.map((place): RecordedFile => ({ ...place, kind, cubes: 1 }));
  // One file per cube is looked at when it is needed.
  if (frames === "cubes" || (frames === undefined && places.length === 1 && !places[0].axes)) return plain();
  const first = describeFrames({ ...places[0], kind, incomplete: role.incomplete });
  if (first.length === 1 || isSeries(first))
    return cubesIn({ ...role, frames: first.length === 1 ? "files" : undefined }).files;
  return plain();
}

/** Dark files: all their images are averaged. */
export function darkFiles(places: readonly FramePlace[]): readonly RecordedFile[] {
  return places.map(({ path }): RecordedFile => ({ path, kind: "dark", cubes: 1 }));
}

/** Axes as a caller gives them. @throws ArgumentError for others, for two alike, and without one of the three */
export function axesGiven(axes: readonly Axis[] | undefined): readonly Axis[] | undefined {
  if (axes === undefined) return undefined;
  const list: readonly unknown[] = Array.isArray(axes) ? axes : [];
  const isKnown = list.every((axis) => AXES.includes(axis as Axis)) && new Set(list).size === list.length;
  if (isKnown && (["energy", "y", "x"] as const).every((axis) => list.includes(axis))) return axes;
  throw new ArgumentError(
    `${CALL}: expected axes as a list of "energy", "y", "x", and "time" for a series, slowest first, got ${quote(axes)}; give for example ["y", "x", "energy"]`,
    { option: "axes", value: axes },
  );
}
