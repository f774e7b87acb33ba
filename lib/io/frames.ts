// What every format of recorded frames gives: an index of the frames, and rows on demand.

/** What an image shows, in files that hold images of several kinds. */
export type ImageKind = "sample" | "flat" | "dark" | "foil";

/** One frame of an open file. */
export interface FrameEntry {
  /** [rows, columns]. */
  readonly shape: readonly [rows: number, columns: number];
  /** As EDF headers have it: energy (eV), exposure_time (s), ring_current (mA), time (s), cubes. */
  readonly header: Readonly<Record<string, string>>;
  /** Which image of how many it is, in a file that lacks others. */
  readonly image?: { readonly number: number; readonly of: number };
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
