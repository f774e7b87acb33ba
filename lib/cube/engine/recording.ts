// Recorded files as corrected frames: dark subtracted, saturated pixels NaN, scaled to one exposure and ring current.
import { FileError } from "../../errors.js";
import { headerNumber } from "../../io/edf.js";
import { type FrameFile, openFrames } from "../../io/frame-file.js";
import type { RecordedFile } from "../source.js";

/** Where the frame steps get their rows from. */
export interface FrameReader {
  /** Samples read so far, and how many of them were saturated. */
  total: number;
  saturated: number;
  /** Sweeps in one file. */
  weight(index: number): number;
  /** Rows [r0, r1) of frame k of one file into `out`, [r1 - r0, width]; NaN where a pixel has no value. */
  read(index: number, k: number, r0: number, r1: number, out: Float32Array): void;
  close(): void;
}

/** Open files of one recording, and how their frames become counts that can be compared. */
export class Recording implements FrameReader {
  private readonly open = new Map<string, FrameFile>();
  /** Samples read so far, and how many of them were saturated. */
  total = 0;
  saturated = 0;

  /**
   * @param shape recorded frames: number, height, width; every file must agree
   * @param dark mean dark image, [height, width]; zeros where none was recorded
   * @param reference what all frames are held against and scaled to
   * @param mostOpen files that are kept open
   */
  constructor(
    private readonly files: readonly RecordedFile[],
    private readonly shape: readonly [number, number, number],
    readonly saturation: number,
    readonly dark: Float32Array,
    private readonly reference: Reference,
    private readonly mostOpen = 64,
  ) {}

  /** Sweeps in one file. */
  weight(index: number): number {
    return this.files[index].cubes;
  }

  /** Rows [r0, r1) of frame k of one file into `out`, [r1 - r0, width]. */
  read(index: number, k: number, r0: number, r1: number, out: Float32Array): void {
    const scale = this.readRaw(index, k, r0, r1, out);
    this.correct(out, 0, out.length, r0 * this.shape[2], scale);
  }

  /**
   * The same rows as they were recorded: counts with their dark.
   *
   * @returns what the counts must be multiplied by, once the dark is subtracted, to be comparable
   */
  readRaw(index: number, k: number, r0: number, r1: number, out: Float32Array): number {
    const file = this.file(index);
    file.readRows(k, r0, r1 - r0, out);
    this.total += out.length;
    return scaleOf(file.frames[k].header, this.reference, this.files[index].path, k);
  }

  /**
   * Corrects recorded counts in place.
   *
   * @param offset of the first value in the image, for the dark
   */
  correct(counts: Float32Array, from: number, to: number, offset: number, scale: number): void {
    const { dark, saturation } = this;
    for (let i = from; i < to; i++) {
      const raw = counts[i];
      if (raw >= saturation) {
        counts[i] = Number.NaN;
        this.saturated++;
      } else counts[i] = (raw - dark[offset + i]) * scale;
    }
  }

  /** Mean over all files, weighted by the sweeps in them, of rows [r0, r1) of frame k. */
  readMean(k: number, r0: number, r1: number, out: Float32Array): void {
    if (this.files.length === 1) {
      this.read(0, k, r0, r1, out);
      return;
    }
    const n = (r1 - r0) * this.shape[2];
    const sum = new Float64Array(n);
    const weight = new Float64Array(n);
    for (let index = 0; index < this.files.length; index++) {
      this.read(index, k, r0, r1, out);
      accumulate(out, this.files[index].cubes, sum, weight);
    }
    for (let i = 0; i < n; i++) out[i] = sum[i] / weight[i];
  }

  /** Closes all files. */
  close(): void {
    for (const file of this.open.values()) file.close();
    this.open.clear();
  }

  private file(index: number): FrameFile {
    const { path, kind } = this.files[index];
    const known = this.open.get(path);
    if (known) return known;
    const file = openFrames(path, kind);
    const [nEnergies, height, width] = this.shape;
    const wrong = file.frames.findIndex((f) => f.shape[0] !== height || f.shape[1] !== width);
    if (file.frames.length !== nEnergies || wrong >= 0) {
      const got =
        wrong >= 0
          ? `${file.frames[wrong].shape.join(" x ")} pixels in frame ${wrong}`
          : `${file.frames.length} frames`;
      file.close();
      throw new FileError(
        `${path}: expected ${nEnergies} frames of ${height} x ${width} pixels, got ${got}; the recording and its references must share one camera mode`,
        { path, frame: Math.max(wrong, 0) },
      );
    }
    const other = file.frames.findIndex(({ header }, k) => {
      const [energy, expected] = [headerNumber(header, "energy"), this.reference.energies[k]];
      return Math.abs(energy - expected) > SAME_ENERGY;
    });
    if (other >= 0) {
      const got = headerNumber(file.frames[other].header, "energy");
      file.close();
      throw new FileError(
        `${path}: expected ${this.reference.energies[other]} eV in frame ${other}, as in ${this.reference.path}, got ${got} eV; cubes and references must share one energy axis, in one direction`,
        { path, frame: other },
      );
    }
    if (this.open.size >= this.mostOpen) {
      const [oldest, stale] = this.open.entries().next().value as [string, FrameFile];
      stale.close();
      this.open.delete(oldest);
    }
    this.open.set(path, file);
    return file;
  }
}

/** Adds the valid values of a frame to a weighted sum. */
export function accumulate(frame: Float32Array, w: number, sum: Float64Array, weight: Float64Array): void {
  for (let i = 0; i < sum.length; i++) {
    const v = frame[i];
    if (!Number.isNaN(v)) {
      sum[i] += w * v;
      weight[i] += w;
    }
  }
}

/** Mean dark image over all frames of all dark files, [height, width]; zeros without dark files. */
export function meanDark(
  files: readonly RecordedFile[] | undefined,
  height: number,
  width: number,
): Float32Array {
  if (!files?.length) return new Float32Array(height * width);
  const sum = new Float64Array(height * width);
  const frame = new Float32Array(height * width);
  let n = 0;
  for (const { path, kind } of files) {
    const file = openFrames(path, kind);
    try {
      for (let k = 0; k < file.frames.length; k++, n++) {
        const [h, w] = file.frames[k].shape;
        if (h !== height || w !== width) {
          throw new FileError(
            `${path}: expected dark frames of ${height} x ${width} pixels, got ${h} x ${w} in frame ${k}`,
            {
              path,
              frame: k,
            },
          );
        }
        file.readRows(k, 0, height, frame);
        for (let i = 0; i < sum.length; i++) sum[i] += frame[i];
      }
    } finally {
      file.close();
    }
  }
  return Float32Array.from(sum, (s) => s / n);
}

/** Energies in headers may differ by rounding, eV. */
const SAME_ENERGY = 0.5;

/** What all frames of a job are scaled to, and which energies their headers should name. */
export interface Reference {
  readonly path: string;
  /** s; NaN where the header does not tell. */
  readonly exposure: number;
  /** mA; NaN where the header does not tell. */
  readonly current: number;
  /** eV, from the headers; NaN where they do not tell. */
  readonly energies: readonly number[];
}

/** Exposure and ring current of the first frame of a file, and the energies of all. */
export function referenceOf({ path, kind }: RecordedFile): Reference {
  const file = openFrames(path, kind);
  try {
    const { header } = file.frames[0];
    return {
      path,
      exposure: headerNumber(header, "exposure_time"),
      current: headerNumber(header, "ring_current"),
      energies: file.frames.map((frame) => headerNumber(frame.header, "energy")),
    };
  } finally {
    file.close();
  }
}

/**
 * Reference over frame, of exposure and of ring current. What neither header tells cannot be scaled for; what only one of
 * them tells cannot be guessed.
 */
function scaleOf(
  header: Readonly<Record<string, string>>,
  reference: Reference,
  path: string,
  frame: number,
): number {
  return (
    ratio(reference.exposure, headerNumber(header, "exposure_time"), "exposure_time") *
    ratio(reference.current, headerNumber(header, "ring_current"), "ring_current")
  );

  function ratio(expected: number, own: number, key: string): number {
    if (Number.isNaN(expected) && Number.isNaN(own)) return 1;
    if (expected > 0 && own > 0) return expected / own;
    const got = Number.isNaN(own) ? "none" : own;
    throw new FileError(
      `${path}: expected a ${key} > 0 in frame ${frame}, as in ${reference.path} (${Number.isNaN(expected) ? "none" : expected}), got ${got}; write it into the headers of both recordings or of neither`,
      { path, frame },
    );
  }
}
