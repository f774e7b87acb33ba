// Reads files from beginning to end before bands read them in strips: the system then has them in memory. Nothing
// is kept here. Files that are in memory already are only looked at here and there.
import { open } from "node:fs/promises";
import { memoryBytes } from "../../io/disk.js";
import { splitPlace } from "../../io/place.js";
import type { Job } from "./job.js";
import { sharedFlatLogs } from "./shared-recordings.js";

/** More than this share of the memory is not read ahead: it would not stay until it is used. */
const MEMORY_SHARE = 1 / 8;

/** Files are read ahead where at least this share of them is needed. */
const NEEDED = 0.5;

/** Bytes of one read. */
const PIECE = 1 << 20;

/** A piece that comes faster than this, bytes per ms, was in memory: so many of the next ones are left out. */
const IN_MEMORY = 1.5e6;
const LEFT_OUT = 63;

/** Reads the files of a job; never fails: what cannot be read is reported by those who need it. */
export async function readAhead(job: Job): Promise<void> {
  const paths = new Set([...filesOf(job)].map((path) => splitPlace(path).path));
  const piece = new Uint8Array(PIECE);
  for (const path of paths) {
    try {
      const file = await open(path, "r");
      try {
        const { size } = await file.stat();
        for (let at = 0; at < size && Atomics.load(job.stop, 0) === 0; at += PIECE) {
          const start = performance.now();
          const { bytesRead } = await file.read(piece, 0, PIECE, at);
          if (bytesRead / (performance.now() - start) > IN_MEMORY) at += LEFT_OUT * PIECE;
        }
      } finally {
        await file.close();
      }
    } catch {
      // A folder of images, or something that is not there.
    }
  }
}

/** Files of the sample, and of the flat where its logarithms are not there yet, if most of them is needed. */
function filesOf(job: Job): string[] {
  const { sample, flat, store, recorded, frames, targets, height, width } = job;
  const [nFrames, recordedHeight, recordedWidth] = recorded;
  if (store !== undefined) return [];
  let rows = 0;
  for (let r = 0; r < height; r++) {
    const isWanted = ({ place }: (typeof targets)[number]): boolean => {
      for (let p = r * width; p < (r + 1) * width; p++) if (place[p] >= 0) return true;
      return false;
    };
    if (targets.some(isWanted)) rows++;
  }
  if ((rows / height) * ((frames[1] - frames[0]) / nFrames) < NEEDED) return [];
  const isKnown = sharedFlatLogs(job)?.ready.every((row) => row === 1);
  const files = [...(flat && !isKnown ? flat.files : []), ...sample.files].map(({ path }) => path);
  const bytes = 2 * nFrames * recordedHeight * recordedWidth * new Set(files).size;
  return bytes > MEMORY_SHARE * memoryBytes() ? [] : files;
}
