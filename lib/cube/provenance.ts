// The origin of a result: inputs, steps and versions, enough to compute it again and to detect that a file
// has changed.
import type { InvalidCount } from "./invalid.js";
import type { Edge, Step } from "./plan.js";

/** A file that was read. */
export interface InputFile {
  readonly path: string;
  readonly bytes: number;
  /** ISO 8601. */
  readonly modified: string;
  /** SHA-256 of the content, of large files of samples of it: {@link fingerprintOf}. */
  readonly fingerprint: string;
}

/** Where a result comes from. */
export interface Provenance {
  readonly library: string;
  readonly node: string;
  /** ISO 8601. */
  readonly created: string;
  readonly source: string;
  /** How the files were read, from the manifest or the caller. */
  readonly settings: {
    readonly energies: readonly number[];
    /** um; null: not known, as is the edge. */
    readonly pixelSize: number | null;
    readonly edge: Edge | null;
    /** Counts; null: no pixel counts as saturated. "full scale": where counts of 8 or 16 bits end. */
    readonly saturation: number | "full scale" | null;
  };
  readonly steps: readonly Step[];
  readonly terminal: string;
  readonly inputs: readonly InputFile[];
  /** Of a saved cube: what its numbers lack. */
  readonly invalid?: InvalidCount;
  /** How the cube was made that this one was loaded from, where it had been saved. */
  readonly saved?: Provenance;
}
