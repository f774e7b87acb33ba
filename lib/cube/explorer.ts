// What cubes and results know of the linked view: that there is one. lib/explore makes it and registers itself here.
import type { MatrixLike } from "../compute/matrix.js";
import { OperandoseError } from "../errors.js";
import type { Cube } from "./cube.js";
import type { RunOptions } from "./engine/stream.js";
import type { Concentrations } from "./results/concentrations.js";
import type { MapResult } from "./results/map.js";
import type { SpectraResult } from "./results/spectra.js";

/** A linked view of images, spectra and maps in one file: it shows itself in a notebook, and is saved as a page. */
export interface Explorer {
  /** The page, complete: no other file and no network is needed. */
  readonly html: string;
  /** Size of the page. */
  readonly bytes: number;
  /** What was done to the numbers for the page, in sentences; the page says the same. */
  readonly notes: readonly string[];
  /** Largest difference between a value of a spectrum that the page holds and the one it was made from, in the spectra's unit. */
  readonly largestError: number;
  /** Where `publish` puts it. */
  readonly publishAs: { readonly folder: string; readonly endings: readonly string[] };
  /** Writes the page. @throws ArgumentError for a path that does not end in .html, FileError */
  save(path: string): Promise<void>;
}

/** What all linked views may be given. */
export interface ExploreOptions {
  /** Heading of the page; default says what is shown. */
  readonly title?: string;
  /** Names of the components; default Cp1, Cp2, ... */
  readonly names?: readonly string[];
  /** Largest size of the page in bytes; default 9.5 million. Values are rounded more coarsely until it is met. */
  readonly maxBytes?: number;
}

/** What a cube's view may be given. */
export interface CubeExploreOptions extends ExploreOptions, RunOptions {
  /** A result of mcrAls or fit, or spectra on this cube's energies: their shares are shown. At most eight. */
  readonly components?: Concentrations | MatrixLike;
}

/** What a view of spectra may be given. */
export interface SpectraExploreOptions extends ExploreOptions {
  /** Maps of the same image (dose rate, dose) on whose histogram pixels are chosen. */
  readonly by?: MapResult | readonly MapResult[];
  /** A result of mcrAls or fit on the same energies, or spectra: their shares are shown. At most eight. */
  readonly components?: Concentrations | MatrixLike;
}

/** What a view of concentrations may be given. */
export type ConcentrationsExploreOptions = Omit<SpectraExploreOptions, "components">;

/** How views are made. */
export interface ExplorerMakers {
  cube(cube: Cube, options?: CubeExploreOptions): Promise<Explorer>;
  spectra(result: SpectraResult, options?: SpectraExploreOptions): Explorer;
  concentrations(result: Concentrations, options?: ConcentrationsExploreOptions): Explorer;
}

let makers: ExplorerMakers | null = null;

/** Says how views are made. */
export function registerExplorer(given: ExplorerMakers): void {
  makers = given;
}

/** How views are made. @throws OperandoseError where the library was imported in parts */
export function explorers(): ExplorerMakers {
  if (makers) return makers;
  throw new OperandoseError('explore: no linked view is registered; import from "operandose"');
}
