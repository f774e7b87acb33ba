// What every format of recorded frames gives: an index of the frames, and rows on demand.
import type { Incomplete } from "./incomplete.js";

/** What an image shows, in files that hold images of several kinds. */
export type ImageKind = "sample" | "flat" | "dark" | "foil";

/** Which images of which files are meant. Plain data: it goes to workers, and into the keys of caches. */
export interface FramePlace {
  /** A path, perhaps with the dataset in the file, see `splitPlace`; of several files the first. */
  readonly path: string;
  /** Which images, where a file holds several kinds; default all. */
  readonly kind?: ImageKind;
  /** Numbers of the images that are used; default all. */
  readonly images?: readonly number[];
  /** What to do where images are not there; default "refuse". */
  readonly incomplete?: Incomplete;
  /** What the axes of the numbers are, slowest first, where the file does not tell. */
  readonly axes?: readonly Axis[];
  /** Energies of one cube, where they were given: the axis of that length is that of the energies. */
  readonly nEnergies?: number;
  /** The file holds one image, and no stack. */
  readonly single?: boolean;
  /**
   * Exposures (s) and ring currents (mA) that are stated beside the file: one, or one for each image of a cube.
   */
  readonly stated?: Readonly<Partial<Record<"exposure_time" | "ring_current", readonly number[]>>>;
  /** The numbers are a transmission, (I - dark) / (flat - dark): the counts are made of it with these. */
  readonly dividedBy?: { readonly flat: FramePlace; readonly dark: readonly FramePlace[] };
  /** Files that hold one image each, in the order of the images; `path` is the first of them. */
  readonly members?: readonly Member[];
}

/** What an axis of recorded numbers is. */
export const AXES = ["time", "energy", "y", "x"] as const;

/** One of {@link AXES}. */
export type Axis = (typeof AXES)[number];

/** What two places of frames have to have in common to be read alike: for the keys of caches. */
export function placeKey(place: FramePlace): string {
  const { path, kind, images, incomplete, members, axes, nEnergies, single, stated, dividedBy } = place;
  const divisors = dividedBy && [dividedBy.flat, ...dividedBy.dark].map(placeKey);
  return JSON.stringify([path, kind, images, incomplete, members, axes, nEnergies, single, stated, divisors]);
}

/** A file that holds one image of a recording. */
export interface Member {
  /** As {@link FramePlace.path}. */
  readonly path: string;
  /** eV, where the header of the file does not tell it. */
  readonly energy?: number;
}

/** One frame of an open file. */
export interface FrameEntry {
  /** [rows, columns]. */
  readonly shape: readonly [rows: number, columns: number];
  /** As EDF headers have it: energy (eV), exposure_time (s), ring_current (mA), time (s), cubes. */
  readonly header: Readonly<Record<string, string>>;
  /** Which image of how many it is, in a file that lacks others. */
  readonly image?: { readonly number: number; readonly of: number };
  /** um at the sample, where the file states it. */
  readonly pixelSize?: number;
  /** Which cube it belongs to, in a file that holds a series of them. */
  readonly cube?: number;
}

/** An open file of frames. */
export interface FrameFile {
  readonly path: string;
  readonly frames: readonly FrameEntry[];
  /** Highest number that its type can hold, where no real count reaches it; see {@link fullScaleOf}. */
  readonly fullScale: number;
  /**
   * Byte at which the numbers of each frame begin, where all frames lie in the file as 16-bit counts, low
   * byte first, row by row: they may be read as they are. Undefined otherwise.
   */
  readonly plainCounts?: readonly number[] | undefined;
  /** Rows of one frame as numbers into the caller's array, row-major from its beginning. */
  readRows(frame: number, firstRow: number, nRows: number, out: Float32Array | Float64Array): void;
  close(): void;
}
