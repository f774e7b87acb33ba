// The mean dark image of a recording.
import { FileError } from "../../errors.js";
import { openFrames } from "../../io/frame-file.js";
import type { RecordedFile } from "../recorded.js";
import { shared } from "./shared.js";

/**
 * Mean dark image over all frames of all dark files, [height, width], in shared memory.
 *
 * @param breathe called between frames: a place to stop
 */
export async function meanDark(
  files: readonly RecordedFile[],
  height: number,
  width: number,
  breathe: () => Promise<void> | void = () => {},
): Promise<Float64Array> {
  const sum = shared(Float64Array, height * width);
  const frame = new Float64Array(height * width);
  let n = 0;
  for (const recorded of files) {
    const { path } = recorded;
    const file = openFrames(recorded);
    try {
      for (let k = 0; k < file.frames.length; k++, n++) {
        const [h, w] = file.frames[k].shape;
        if (h !== height || w !== width) {
          throw new FileError(
            `${path}: expected dark frames of ${height} x ${width} pixels, got ${h} x ${w} in frame ${k}`,
            { path, frame: k },
          );
        }
        file.readRows(k, 0, height, frame);
        for (let i = 0; i < sum.length; i++) sum[i] += frame[i];
        await breathe();
      }
    } finally {
      file.close();
    }
  }
  for (let i = 0; i < sum.length; i++) sum[i] /= n;
  return sum;
}
