// What a recording without a manifest is loaded with.
import type { Axis } from "../io/frames.js";
import type { Incomplete } from "../io/incomplete.js";

/** How files hold images: whole cubes, or one image each. */
export const FRAMES = ["cubes", "files"] as const;

/** What the numbers of a sample are. */
export const SAMPLE_IS = ["counts", "transmission"] as const;

/**
 * What is stated beside files of a role: one number, one for each image of a cube, or a list of such lists, one for
 * each file.
 */
export type Stated = number | readonly number[] | readonly (readonly number[])[];

/** Kinds of images whose exposure and ring current count. */
export type StatedRoles = Readonly<Partial<Record<"sample" | "flat" | "foil", Stated>>>;

/** A recording without a manifest. Paths may hold `*` in the file's name. */
export interface FileOptions {
  readonly sample: string | readonly string[];
  readonly flat?: string | readonly string[];
  readonly foil?: string | readonly string[];
  readonly dark?: string | readonly string[];
  /**
   * How the files hold images: "cubes" (one image per energy in each file) or "files" (one image in each
   * file). Files with one image each are recognized without it.
   */
  readonly frames?: (typeof FRAMES)[number];
  /**
   * eV, one per image of a cube, or the path of a text file of them; taken from the headers' `energy`, or from
   * the names of files with one image each (`_08324.0_eV_`), where not given. They may correct those by up to
   * 15 eV.
   */
  readonly energies?: ArrayLike<number> | string;
  /**
   * What the axes of the numbers are, slowest first, where the file does not tell: ["y", "x", "energy"], or
   * ["time", "energy", "y", "x"] for a series of cubes in one file.
   */
  readonly axes?: readonly Axis[];
  /** Exposure of each image, s, where the headers do not tell: { sample: 0.5, flat: 0.3 }. */
  readonly exposure?: StatedRoles;
  /** Ring current during each image, mA, where the headers do not tell; as `exposure`. */
  readonly ringCurrent?: StatedRoles;
  /**
   * "transmission": the numbers of the sample are (I - dark) / (flat - dark) already, with the flat and dark that are
   * given; the counts are computed from these. Default "counts".
   */
  readonly sampleIs?: (typeof SAMPLE_IS)[number];
  /** um at the sample. Without it maps are in pixels, and there is no dose rate. */
  readonly pixelSize?: number;
  /**
   * Absorption edge: eV, or a name such as "Ni K" or "Pb L3". Where it is left out and exactly one K or L3
   * edge lies within the energies, with 20 eV below and 30 eV above it, that one is taken.
   */
  readonly edge?: number | string;
  /** ph/s incident on the cell, and the energy in eV at which it was measured. */
  readonly flux?: number;
  readonly fluxEnergy?: number;
  /**
   * Counts at and above which a pixel is saturated; default the full scale of counts of 8 or 16 bits (255,
   * 65535), none for other types. Infinity: none.
   */
  readonly saturation?: number;
  /**
   * What to do with a scan that was stopped: "refuse" it (default), or "keep" the images that exist, at the
   * energies that all files have.
   */
  readonly incomplete?: Incomplete;
  /** Seconds from one cube to the next. Without it time steps are numbered. */
  readonly period?: number;
}

/** Recorded files in a layout that a recipe describes; other options take the place of what the recipe finds. */
export interface RecipeOptions extends Partial<FileOptions> {
  /** Name of a recipe that the library has, or the path of a JSON file. */
  readonly recipe: string;
  /** A recorded file, or the folder of a recording. */
  readonly path: string;
  /** What placeholders of the recipe stand for: { scan: "3.1" }, or several: { scan: ["3.1", "4.1"] }. */
  readonly values?: Readonly<Record<string, string | readonly string[]>>;
}
