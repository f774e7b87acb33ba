// Index of the frames of recorded files, and the factors of their counts: a few numbers per frame, in memory
// that workers share. A file is indexed once, by the worker that needs it first; closing and opening it again
// then costs nothing.
import { statSync } from "node:fs";
import { FileError } from "../../errors.js";
import { openFrames } from "../../io/frame-file.js";
import type { FrameFile } from "../../io/frames.js";
import { splitPlace } from "../../io/place.js";
import type { RecordedFile } from "../recorded.js";
import { axisText, energyOf, type Reference, SAME_ENERGY, scalesOf } from "./reference.js";
import { shared } from "./shared.js";

/** What is known of the files of one recording; plain data in shared memory. */
export interface FrameTable {
  /** Number of frames, height, width. */
  readonly shape: readonly [number, number, number];
  /** One of `FileState` for each file. */
  readonly state: Int32Array;
  /** Bytes of each file when it was indexed. */
  readonly bytes: Float64Array;
  /** Byte at which the counts of each frame begin, [nFiles, nFrames]. */
  readonly offsets: Float64Array;
  /**
   * Highest count that each file can hold: a pixel that reaches it is saturated; Infinity where it is not
   * known.
   */
  readonly fullScale: Float64Array;
  /** Whether the counts of each frame end at 16 bits, [nFiles, nFrames]; see `Recording.saturationOf`. */
  readonly ends: Uint8Array;
  /** What counts above the dark are multiplied by, [nFiles, nFrames]. */
  readonly scales: Float64Array;
}

/** What is known of a file. */
export const FileState = {
  /** Nothing yet. */
  unknown: 0,
  /** Counts of 16 bits, low byte first: read as they lie. */
  plain: 1,
  /** Other numbers, or chunks, which have to be converted. */
  other: 2,
} as const;

/** What is known of the counts of a frame in numbers of more than 16 bits. */
export const FrameEnd = {
  /** None of them was 65535 so far. */
  unknown: 0,
  /** One was 65535, and others are larger: it is a count like any other. */
  open: 1,
  /** The largest are 65535: the camera ended there, and its counts were saved as larger numbers. */
  bits16: 2,
} as const;

/** An empty table. */
export function frameTable(nFiles: number, shape: FrameTable["shape"]): FrameTable {
  return {
    shape,
    state: shared(Int32Array, nFiles),
    bytes: shared(Float64Array, nFiles),
    fullScale: shared(Float64Array, nFiles),
    ends: shared(Uint8Array, nFiles * shape[0]),
    offsets: shared(Float64Array, nFiles * shape[0]),
    scales: shared(Float64Array, nFiles * shape[0]),
  };
}

/**
 * Writes what a file holds into the table.
 *
 * @throws FileError naming file and frame where it disagrees with the others in shape or energies
 */
export function lookThrough(
  table: FrameTable,
  index: number,
  recorded: RecordedFile,
  reference: Reference,
): void {
  const { path } = recorded;
  const file = openFrames(recorded);
  try {
    const [nFrames] = table.shape;
    check(file, path, table.shape, reference);
    const from = index * nFrames;
    const { plainCounts } = file;
    const headers = file.frames.map(({ header }) => header);
    table.scales.set(scalesOf(headers, reference, path), from);
    if (plainCounts) table.offsets.set(plainCounts, from);
    table.fullScale[index] = file.fullScale;
    table.bytes[index] = statSync(splitPlace(path).path).size;
    // Last, for others to see.
    Atomics.store(table.state, index, plainCounts ? FileState.plain : FileState.other);
  } finally {
    file.close();
  }
}

function check(
  file: FrameFile,
  path: string,
  [nEnergies, height, width]: FrameTable["shape"],
  reference: Reference,
): void {
  const wrong = file.frames.findIndex((f) => f.shape[0] !== height || f.shape[1] !== width);
  if (file.frames.length !== nEnergies || wrong >= 0) {
    const got =
      wrong >= 0
        ? `${file.frames[wrong].shape.join(" x ")} pixels in frame ${wrong}`
        : `${file.frames.length} frames`;
    throw new FileError(
      `${path}: expected ${nEnergies} frames of ${height} x ${width} pixels, got ${got}; the recording and its references must share one camera mode`,
      { path, frame: Math.max(wrong, 0) },
    );
  }
  const energies = file.frames.map(({ header }) => energyOf(header));
  const other = energies.findIndex((energy, k) => Math.abs(energy - reference.energies[k]) > SAME_ENERGY);
  if (other < 0) return;
  throw new FileError(
    `${path}: expected ${reference.energies[other]} eV in frame ${other}, as in ${reference.path} (${axisText(reference.energies)}), got ${energies[other]} eV (${axisText(energies)}); cubes and references must share one energy axis, in one direction`,
    { path, frame: other },
  );
}
