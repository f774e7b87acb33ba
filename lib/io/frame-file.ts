// Recorded frames on disk, whatever the format: what the engine reads rows from.
import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { FileError } from "../errors.js";
import { EdfFile, readEdf } from "./edf.js";
import { hdf5IsLoaded, isHdf5, loadHdf5 } from "./hdf5-library.js";
import { type ImageKind, NexusFile, splitPlace } from "./nexus-file.js";

/** One frame of an open file. */
export interface FrameEntry {
  /** [rows, columns]. */
  readonly shape: readonly [rows: number, columns: number];
  /** As EDF headers have it: energy (eV), exposure_time (s), ring_current (mA), time (s), cubes. */
  readonly header: Readonly<Record<string, string>>;
}

/** An open file of frames. */
export interface FrameFile {
  readonly path: string;
  readonly frames: readonly FrameEntry[];
  /** Rows of one frame as numbers into the caller's array, row-major from its beginning. */
  readRows(frame: number, firstRow: number, nRows: number, out: Float32Array | Float64Array): void;
  close(): void;
}

/**
 * Opens recorded frames by the content of their file. HDF5 needs {@link prepareFrames} first.
 *
 * @param kind where a file holds images of several kinds: which ones
 * @throws FileError as the formats say
 */
export function openFrames(place: string, kind?: ImageKind): FrameFile {
  const { path } = splitPlace(place);
  return isHdf5("openFrames", path) ? NexusFile.openSync(place, kind) : EdfFile.openSync(place);
}

/** Loads what is needed to open these files; call it where one can still wait. */
export async function prepareFrames(places: Iterable<string>): Promise<void> {
  for (const place of places) {
    if (isHdf5("openFrames", splitPlace(place).path)) {
      await loadHdf5();
      return;
    }
  }
}

/** All frames of a file in memory, [rows x columns] each. @throws FileError as the formats say */
export async function readFrames(
  place: string,
  kind?: ImageKind,
): Promise<(FrameEntry & { readonly data: ArrayLike<number> })[]> {
  if (!isHdf5("readFrames", splitPlace(place).path)) return (await readEdf(place)).frames;
  await loadHdf5();
  const file = NexusFile.openSync(place, kind);
  try {
    return file.frames.map((frame, k) => {
      const data = new Float64Array(frame.shape[0] * frame.shape[1]);
      file.readRows(k, 0, frame.shape[0], data);
      return { ...frame, data };
    });
  } finally {
    file.close();
  }
}

/**
 * Shapes and headers of a file's frames, at once. Opening HDF5 takes a library that only loads in its own time; where that has
 * not happened yet another process is asked, which takes a moment.
 *
 * @throws FileError as the formats say
 */
export function describeFrames(place: string, kind?: ImageKind): readonly FrameEntry[] {
  if (hdf5IsLoaded() || !isHdf5("describeFrames", splitPlace(place).path)) {
    const file = openFrames(place, kind);
    file.close();
    return file.frames;
  }
  const script = new URL("./describe-frames.js", import.meta.url);
  const { status, stdout, stderr } = spawnSync(process.execPath, [fileURLToPath(script), place, kind ?? ""], {
    encoding: "utf8",
    maxBuffer: 2 ** 28,
  });
  const answer = status === 0 ? JSON.parse(stdout) : { error: { message: stderr, fields: {} } };
  if (answer.error) throw new FileError(answer.error.message, answer.error.fields);
  return answer.frames;
}
