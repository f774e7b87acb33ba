// What every format of recorded frames gives: an index of the frames, and rows on demand.

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
  /** Rows of one frame as numbers into the caller's array, row-major from its beginning. */
  readRows(frame: number, firstRow: number, nRows: number, out: Float32Array | Float64Array): void;
  close(): void;
}
