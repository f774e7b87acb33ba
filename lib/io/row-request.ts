// What every reader of frames checks before it reads rows.
import { ArgumentError, FileError, quote, ShapeError } from "../errors.js";
import type { FrameEntry, FrameFile } from "./frames.js";

/** Rows of a frame that are to be read. */
interface RowRequest {
  readonly frame: number;
  readonly firstRow: number;
  readonly nRows: number;
  readonly out: Float32Array | Float64Array;
}

/**
 * The entry of a frame, where its rows can be read into an array.
 *
 * @param entry the entry of a frame, undefined where there is none
 * @throws FileError for a file that was closed, ArgumentError for rows that are not there, ShapeError for an
 *   array that is too short
 */
export function requestedEntry(
  call: string,
  { path }: Pick<FrameFile, "path">,
  isOpen: boolean,
  nFrames: number,
  { frame, firstRow, nRows, out }: RowRequest,
  entry: (frame: number) => FrameEntry,
): FrameEntry {
  if (!isOpen) {
    throw new FileError(`${call}: expected an open file, got ${path} after close(); open it again`, { path });
  }
  const found = Number.isInteger(frame) && frame >= 0 && frame < nFrames ? entry(frame) : undefined;
  if (!found || !(firstRow >= 0 && nRows > 0 && firstRow + nRows <= found.shape[0])) {
    throw new ArgumentError(
      `${call}: expected a frame below ${nFrames} and rows within it, got ${quote(nRows)} rows from row ${quote(firstRow)} of frame ${quote(frame)} (${path})`,
      { path, frame, firstRow, nRows },
    );
  }
  const columns = found.shape[1];
  if (out.length >= nRows * columns) return found;
  throw new ShapeError(
    `${call}: expected room for ${nRows} x ${columns} numbers, got an array of ${out.length}; pass a longer one`,
    { expected: nRows * columns, got: out.length },
  );
}
