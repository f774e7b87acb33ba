// Recorded files as corrected frames: dark subtracted, saturated pixels NaN, scaled to one exposure and ring current.
import { FileError, reason } from "../../errors.js";
import { EdfFile } from "../../io/edf.js";
import type { RecordedFile } from "../source.js";

/** Open files of one recording, and how their frames become counts that can be compared. */
export class Recording {
  private readonly open = new Map<string, EdfFile>();
  /** Saturated samples met so far. */
  saturated = 0;

  /**
   * @param shape recorded frames: number, height, width; every file must agree
   * @param dark mean dark image, [height, width]; zeros where none was recorded
   * @param reference exposure times ring current that all frames are scaled to; undefined: no scaling
   */
  constructor(
    private readonly files: readonly RecordedFile[],
    private readonly shape: readonly [number, number, number],
    readonly saturation: number,
    readonly dark: Float32Array,
    private readonly reference?: number,
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
    return this.reference === undefined
      ? 1
      : this.reference / incident(file.frames[k].header, this.reference);
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

  private file(index: number): EdfFile {
    const { path } = this.files[index];
    const known = this.open.get(path);
    if (known) return known;
    const file = EdfFile.openSync(path);
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
    if (this.open.size >= 64) {
      const [oldest, stale] = this.open.entries().next().value as [string, EdfFile];
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
  for (const { path } of files) {
    const file = EdfFile.openSync(path);
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

/** Exposure times ring current of the first flat frame: what all frames of a job are scaled to. */
export function referenceIncident(files: readonly RecordedFile[]): number | undefined {
  const file = EdfFile.openSync(files[0].path);
  try {
    const value = incident(file.frames[0].header, Number.NaN);
    return Number.isFinite(value) ? value : undefined;
  } catch (error) {
    throw new FileError(`${files[0].path}: ${reason(error)}`, { path: files[0].path }, { cause: error });
  } finally {
    file.close();
  }
}

/** s mA; `unknown` where the header does not tell both, since a guess would be a wrong number. */
function incident(header: Readonly<Record<string, string>>, unknown: number): number {
  const value = Number(header.exposure_time) * Number(header.ring_current);
  return value > 0 && Number.isFinite(value) ? value : unknown;
}
