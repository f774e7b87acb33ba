// The source of a cube as data: recorded files and what is known about them.
import type { ExposureInterval } from "../dose/exposure.js";
import type { StackJson } from "../dose/stack.js";
import type { Experiment } from "../io/experiment.js";
import type { FramePlace, ImageKind } from "../io/frames.js";
import type { Incomplete } from "../io/incomplete.js";
import type { Loaded } from "../io/unchanged.js";
import type { FileOptions } from "./file-options.js";
import type { MapName } from "./maps.js";
import type { Edge } from "./plan.js";
import type { Provenance } from "./provenance.js";

/** A recorded file: one cube, or the mean of several. */
export interface RecordedFile extends FramePlace {
  /** Which images of the file, where it holds several kinds. */
  readonly kind: ImageKind;
  /** Seconds on the experiment's clock; undefined where they are not known. */
  readonly start?: number;
  readonly end?: number;
  readonly cubes: number;
  /** The file, and those it refers to, as they were when its headers were read; undefined where none were read yet. */
  readonly loaded?: readonly Loaded[];
  /** Place along the time axis, where the file is a saved cube. */
  readonly index?: number;
}

/**
 * Saturation where no pixel counts as saturated: finite, because JSON has no Infinity; no count reaches it.
 */
export const UNSATURATED = Number.MAX_VALUE;

/** Files of one kind, and the dark that belongs to them. */
export interface Recorded {
  readonly files: readonly RecordedFile[];
  /** None: nothing is subtracted. */
  readonly dark: readonly RecordedFile[];
}

/** What `Cube.load` was given, with absolute paths: enough to load the same source again. */
export type Origin =
  | { readonly folder: string; readonly part: string; readonly incomplete: Incomplete }
  | { readonly files: FileOptions }
  | { readonly saved: string };

/** Everything that a chain is computed from. Verbs that need an optional part refuse a source without it. */
export interface Source {
  /** Displayed name: folder and part, or the first file. */
  readonly name: string;
  readonly origin: Origin;
  readonly experiment?: Experiment;
  readonly part?: string;
  /** A cube that was saved after some steps, instead of a recording. */
  readonly store?: Stored;
  readonly energies: readonly number[];
  /** How far given energies may be from those in the headers, eV; undefined: they differ by rounding only. */
  readonly correction?: number;
  readonly height: number;
  readonly width: number;
  /** um at the sample; undefined where it was not given. */
  readonly pixelSize?: number;
  readonly sample: Recorded;
  readonly flat?: Recorded;
  /** The foil, with the flat that it was recorded with. */
  readonly foil?: Recorded & { readonly flat: Recorded };
  /**
   * The recording whose exposure, ring current and energies all others are scaled to: the flat's first, or
   * the sample's.
   */
  readonly reference: RecordedFile;
  /**
   * The absorption edge of the scan and of its foil; undefined where neither the caller nor the energies tell
   * it.
   */
  readonly edge?: Edge;
  /** ph/s incident on the cell. */
  readonly flux?: number;
  /** eV at which it was measured. */
  readonly fluxEnergy?: number;
  readonly stack?: StackJson;
  /**
   * Counts at and above which a pixel is saturated; {@link UNSATURATED}: none; undefined: at the full scale
   * of counts of 8 or 16 bits.
   */
  readonly saturation?: number;
  readonly spot?: string;
  /** Energies that were left out because not every file has their image, for explain(). */
  readonly leftOut?: number;
  readonly exposure?: readonly ExposureInterval[];
  /** Intervals in which slits let the beam onto the middle of a spot only, `width` x `height` mm. */
  readonly partialExposure?: readonly (ExposureInterval & {
    readonly width: number;
    readonly height: number;
  })[];
}

/** A saved cube without its numbers. */
export interface Stored {
  readonly path: string;
  /** Its metadata as they were loaded. */
  readonly loaded: readonly Loaded[];
  readonly layers: readonly MapName[];
  readonly masked: boolean;
  readonly provenance: Provenance;
  /** Time steps that could not be computed, whose numbers are NaN. */
  readonly failed?: readonly { readonly step: number; readonly reason: string }[];
}

/** The files of a source that have to be as they were when they were loaded. */
export function loadedFiles({
  sample,
  flat,
  foil,
  store,
}: Pick<Source, "sample" | "flat" | "foil" | "store">): readonly Loaded[] {
  if (store) return store.loaded;
  const lists = [sample, flat, foil, foil?.flat].flatMap((one) => (one ? [one.files, one.dark] : []));
  const all = lists.flat().flatMap(({ loaded }) => loaded ?? []);
  return [...new Map(all.map((one) => [one.path, one])).values()];
}
