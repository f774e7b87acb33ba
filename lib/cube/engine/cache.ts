// Results of passes on disk, in the user's cache folder: a notebook that is run again, also after a restart,
// reads the files only once. The key (`addressOf`) is a hash of the versions and fingerprints of the files,
// the steps, the query and this build of the library. Whenever the cache cannot be used, the result is
// computed.
import { createHash } from "node:crypto";
import { readdirSync, readFileSync, rmSync, statSync, utimesSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { deserialize, serialize } from "node:v8";
import { ArgumentError, quote, reason } from "../../errors.js";
import { AtomicFile } from "../../io/atomic.js";
import { makeFolder } from "../../io/disk.js";
import { placeKey } from "../../io/frames.js";
import { withLinked } from "../../io/linked-files.js";
import { fingerprintOf, stampOf } from "../../io/stamp.js";
import { discard, isLeft } from "../../io/temporaries.js";
import type { Recorded, Source } from "../recorded.js";
import { libraryVersion } from "../version.js";

/** Results of fewer recorded bytes are not kept: computing them takes no longer than finding them. */
const SMALL = 64e6;
/** Larger results are not kept, bytes. */
const LARGE = 64e6;
/** Default size of the folder, bytes. */
const LIMIT = 1e9;

/**
 * The result from the cache, or computed and kept.
 *
 * `OPERANDOSE_CACHE=off` switches the cache off, a path is another folder for it. `OPERANDOSE_CACHE_MB`
 * limits its size (default 1000); the results that were used least recently are deleted first. Results of
 * files that changed a moment ago are not kept: the resolution of their times does not exclude another
 * change.
 *
 * @param query what the result depends on besides the files: plain data and typed arrays
 * @param recordings files that are read for it
 */
export async function cached<T>(
  query: unknown,
  source: Source,
  recordings: readonly (Recorded | undefined)[],
  make: () => Promise<T>,
): Promise<T> {
  const folder = cacheFolder();
  const files = recordings.flatMap((one) => (one ? [...one.files, ...one.dark] : []));
  const frame = 2 * source.height * source.width;
  if (folder === undefined || files.length * frame * source.energies.length < SMALL) return make();
  const address = addressOf(query, source, files);
  if (address === undefined) return make();
  const path = join(folder, `${address}.bin`);
  const known = read<T>(path);
  if (known !== undefined) return known;
  const result = await make();
  // A file that changed in the meantime has another address.
  if (addressOf(query, source, files) === address) keep(folder, path, result);
  return result;
}

/** Folder of the cache; undefined where nothing is kept. */
function cacheFolder(): string | undefined {
  limitOf(process.env.OPERANDOSE_CACHE_MB);
  const wanted = process.env.OPERANDOSE_CACHE;
  // Sources that run without a build can change under the same version.
  if (wanted === "off" || build() === undefined) return undefined;
  return wanted || join(process.env.XDG_CACHE_HOME || join(homedir(), ".cache"), "operandose");
}

/**
 * The key of a result; undefined where a file has changed too recently for its times to tell versions apart.
 */
function addressOf(query: unknown, source: Source, files: Recorded["files"]): string | undefined {
  const hash = createHash("sha256");
  const { energies, height, width, pixelSize, saturation, reference } = source;
  const settings = [build(), energies, height, width, pixelSize, String(saturation)];
  const all = [reference, ...files];
  const contents = new Map<string, readonly string[]>();
  for (const path of new Set(all.map((file) => file.path))) {
    const linked = withLinked(path);
    const stamps = linked.map(stampOf);
    if (!stamps.every(({ settled }) => settled)) return undefined;
    contents.set(path, [...stamps.map(({ version }) => version), ...linked.map(fingerprintOf)]);
  }
  const read = all.map((file) => {
    const { path, index, start, end, cubes } = file;
    return [placeKey(file), contents.get(path), index, start, end, cubes];
  });
  hash.update(serialize([settings, read, query]));
  return hash.digest("hex");
}

function read<T>(path: string): T | undefined {
  let bytes: Buffer;
  try {
    bytes = readFileSync(path);
  } catch {
    return undefined;
  }
  try {
    const [digest, content] = [bytes.subarray(0, 32), bytes.subarray(32)];
    if (!digest.equals(createHash("sha256").update(content).digest())) throw new Error("damaged");
    const result = deserialize(content) as T;
    touch(path);
    return result;
  } catch {
    return undefined; // It is written anew.
  }
}

/** Notes that a result was used. */
function touch(path: string): void {
  try {
    const now = new Date();
    utimesSync(path, now, now);
  } catch {
    // Without write permission it keeps its time.
  }
}

const told = new Set<string>();

function keep(folder: string, path: string, result: unknown): void {
  try {
    // Arrays in shared memory are copied: they are written to again.
    const content = serialize(own(result));
    if (content.length > LARGE) return;
    makeFolder("cache", folder);
    const file = new AtomicFile("cache", path);
    file.write(createHash("sha256").update(content).digest());
    file.write(content);
    file.finish();
    trim(folder);
  } catch (error) {
    // The result is valid; only the next run takes longer.
    if (told.has(folder)) return;
    told.add(folder);
    console.warn(
      `operandose: results cannot be kept (${reason(error)}); set OPERANDOSE_CACHE to another folder, or to off`,
    );
  }
}

function own(value: unknown): unknown {
  if (ArrayBuffer.isView(value)) return (value as Float64Array).slice();
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, own(inner)]));
}

/** @throws ArgumentError for what is no number of MB */
function limitOf(text: string | undefined): number {
  if (text === undefined || text === "") return LIMIT;
  const megabytes = Number(text);
  if (megabytes >= 0) return 1e6 * megabytes;
  throw new ArgumentError(
    `OPERANDOSE_CACHE_MB: expected a number of MB >= 0, got ${quote(text)}; correct or unset it`,
  );
}

function trim(folder: string): void {
  const limit = limitOf(process.env.OPERANDOSE_CACHE_MB);
  for (const name of readdirSync(folder)) if (isLeft(join(folder, name))) discard(join(folder, name));
  const files = readdirSync(folder)
    .filter((name) => name.endsWith(".bin"))
    .map((name) => {
      // Another process may have removed it.
      const { size = 0, mtimeMs = 0 } = statSync(join(folder, name), { throwIfNoEntry: false }) ?? {};
      return { name, size, mtimeMs };
    })
    .sort((a, b) => b.mtimeMs - a.mtimeMs);
  let total = 0;
  for (const { name, size } of files) {
    total += size;
    if (total > limit) rmSync(join(folder, name), { force: true });
  }
}

let known: string | undefined;

/**
 * Hash of this build; undefined without a build. The record of the compiler changes with every compiled
 * source; the kernels have a hash of their own.
 */
function build(): string | undefined {
  if (!import.meta.url.endsWith(".js")) return undefined;
  if (known === undefined) {
    const hash = createHash("sha256").update(libraryVersion());
    for (const record of ["../../.tsbuildinfo", "../../compute/kernels.hash"]) {
      const path = fileURLToPath(new URL(record, import.meta.url));
      if (statSync(path, { throwIfNoEntry: false })) hash.update(readFileSync(path));
    }
    known = hash.digest("hex");
  }
  return known;
}
