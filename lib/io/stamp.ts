// How a changed file is recognized: one rule for the cache on disk, maps in memory, and provenance.
import { createHash } from "node:crypto";
import { type BigIntStats, closeSync, fstatSync, readdirSync, statSync } from "node:fs";
import { join } from "node:path";
import { openRegular, readFully } from "./disk.js";
import { systemError } from "./disk-errors.js";
import { withLinked } from "./linked-files.js";
import { splitPlace } from "./place.js";
import { isZarr } from "./zarr-store.js";

/** A file as it is now. */
export interface FileStamp {
  readonly bytes: number;
  /** ISO 8601. */
  readonly modified: string;
  /**
   * Size, time of modification, time of change and number of the file on its disk. The system sets the time
   * of change at every writing; no program can set it back.
   */
  readonly version: string;
  /** False: the last change is so recent that the next one may have the same time. */
  readonly settled: boolean;
}

/**
 * The stamp of a recorded file, or of all files of a saved cube; reads no content.
 *
 * @param place a path, perhaps with the dataset in the file
 * @throws FileError when it is not there
 */
export function stampOf(place: string): FileStamp {
  const { path } = splitPlace(place);
  try {
    return combined(filesOf(path).map((file) => statSync(file, { bigint: true })));
  } catch (error) {
    throw systemError("stampOf", path, error);
  }
}

/** Files at and below this many bytes are hashed as a whole. */
const WHOLE = 2 ** 20;
/** Blocks that are hashed of larger ones, and their length, bytes. */
const BLOCKS = 16;
const BLOCK = 4096;

/**
 * SHA-256 over what is in a file: all of it up to 1 MiB; of a larger one its size and 16 evenly spaced blocks
 * of 4 KiB, the first and the last among them. Of a saved cube: names, sizes and ends of all files, where the
 * chunks have their checksums.
 *
 * An edit of a large file between the blocks does not show here, but in its stamp.
 *
 * @throws FileError when it cannot be read
 */
export function fingerprintOf(place: string): string {
  const { path } = splitPlace(place);
  const files = filesOf(path);
  const hash = createHash("sha256");
  for (const file of files) {
    const descriptor = openRegular("fingerprintOf", file);
    try {
      const { size } = fstatSync(descriptor);
      if (files.length > 1) hash.update(file.slice(path.length));
      hash.update(String(size));
      for (const [from, to] of sampled(size, files.length > 1)) {
        const block = Buffer.allocUnsafe(to - from);
        hash.update(block.subarray(0, readFully(descriptor, block, block.length, from)));
      }
    } catch (error) {
      throw systemError("fingerprintOf", file, error);
    } finally {
      closeSync(descriptor);
    }
  }
  return hash.digest("hex");
}

function sampled(size: number, endOnly: boolean): [number, number][] {
  if (endOnly) return [[Math.max(0, size - BLOCK), size]];
  if (size <= WHOLE) return [[0, size]];
  return Array.from({ length: BLOCKS }, (_, i) => {
    const from = Math.floor(((size - BLOCK) * i) / (BLOCKS - 1));
    return [from, from + BLOCK];
  });
}

/**
 * Versions of many places at one moment, with those of the files that they refer to: each place is looked up
 * once. A file that changed a moment ago gets a version that no other call returns.
 */
export function versions(): (place: string) => string {
  const known = new Map<string, string>();
  return (place) => {
    let text = known.get(place);
    if (text === undefined) {
      const stamps = withLinked(place).map(stampOf);
      const version = stamps.map((stamp) => stamp.version).join(", ");
      text = stamps.every(({ settled }) => settled) ? version : `${version} ${unsettled++}`;
      known.set(place, text);
    }
    return text;
  };
}

let unsettled = 0;

/** A file by itself; of a saved cube all that is in its folder. */
function filesOf(path: string): string[] {
  if (!isZarr(path)) return [path];
  return readdirSync(path, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .sort();
}

/** Resolution of file times: a few ms on local disks, 2 s on some network disks and memory cards. */
const TICK = { fine: 100n * 1_000_000n, coarse: 3000n * 1_000_000n };

function combined(all: readonly BigIntStats[]): FileStamp {
  const sum = all.reduce((total, { size }) => total + size, 0n);
  const [modified, changed] = [latest(all, "mtimeNs"), latest(all, "ctimeNs")];
  const tick = changed % 1_000_000_000n === 0n ? TICK.coarse : TICK.fine;
  const lines = all.map(({ size, mtimeNs, ctimeNs, ino }) => `${size} ${mtimeNs} ${ctimeNs} ${ino}`);
  return {
    bytes: Number(sum),
    modified: new Date(Number(modified / 1_000_000n)).toISOString(),
    version: lines.length === 1 ? lines[0] : createHash("sha256").update(lines.join("\n")).digest("hex"),
    // A time in the future is not settled.
    settled: BigInt(Date.now()) * 1_000_000n - changed > tick,
  };
}

function latest(all: readonly BigIntStats[], time: "mtimeNs" | "ctimeNs"): bigint {
  return all.reduce((most, stats) => (stats[time] > most ? stats[time] : most), 0n);
}
