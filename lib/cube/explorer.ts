// The linked view as cubes and results know it. lib/explore makes it and registers itself here.
import { OperandoseError } from "../errors.js";

/**
 * A linked view of images, spectra and maps in one file. A notebook displays it; `save` writes it as a page.
 */
export interface Explorer {
  /** The page, complete: no other file and no network is needed. */
  readonly html: string;
  /** Size of the page. */
  readonly bytes: number;
  /** What was done to the numbers for the page, in sentences that are also on the page. */
  readonly notes: readonly string[];
  /**
   * Largest difference between a value of a spectrum on the page and the original value, in the unit of the
   * spectra.
   */
  readonly largestError: number;
  /** Where `publish` puts it. */
  readonly publishAs: { readonly folder: string; readonly endings: readonly string[] };
  /** Writes the page. @throws ArgumentError for a path that does not end in .html, FileError */
  save(path: string): Promise<void>;
}

/** What all linked views may be given. */
export interface ExploreOptions {
  /** Heading of the page; default: what is shown. */
  readonly title?: string;
  /** Names of the components; default Cp1, Cp2, ... */
  readonly names?: readonly string[];
  /**
   * Largest size of the page in bytes; default 9.5 million. Values are rounded more coarsely until it is met.
   */
  readonly maxBytes?: number;
}

/** How views are made: whoever has one declares it. */
// biome-ignore lint/suspicious/noEmptyInterface: filled by declarations in cube.ts and results/
export interface ExplorerMakers {}

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
