// Answers that were computed before, kept in the user's cache folder: what a notebook asks again, after a restart too, is
// not reduced again. Addressed by the versions and fingerprints of the files that were read, the steps, the question and this
// build of the library. Anything odd about the cache means that the answer is computed.
import { createHash } from "node:crypto";
import { mkdirSync, readdirSync, readFileSync, rmSync, statSync, utimesSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { deserialize, serialize } from "node:v8";
import { ArgumentError, quote, reason } from "../../errors.js";
import { AtomicFile } from "../../io/disk.js";
import { fingerprintOf, stampOf } from "../../io/stamp.js";
import { discard, isLeft } from "../../io/temporaries.js";
import type { Recorded, Source } from "../recorded.js";
import { libraryVersion } from "../version.js";

/** Answers to work on fewer recorded bytes are not kept: they are as quickly computed as found. */
const SMALL = 64e6;
/** Larger answers are not kept: they are no reduction. */
const LARGE = 64e6;
/** Default size of the folder, bytes. */
const LIMIT = 1e9;

/**
 * The answer from the cache, or computed and kept.
 *
 * `OPERANDOSE_CACHE=off` switches the cache off, a path puts it elsewhere; `OPERANDOSE_CACHE_MB` limits its size (default
 * 1000): the answers that were not asked for the longest go first. Files that changed a moment ago are not answered for.
 *
 * @param question what the answer depends on, beside the files: plain data and typed arrays
 * @param recordings files that are read for it
 */
export async function cached<T>(
  question: unknown,
  source: Source,
  recordings: readonly (Recorded | undefined)[],
  make: () => Promise<T>,
): Promise<T> {
  const folder = cacheFolder();
  const files = recordings.flatMap((one) => (one ? [...one.files, ...one.dark] : []));
  const frame = 2 * source.height * source.width;
  if (folder === undefined || files.length * frame * source.energies.length < SMALL) return make();
  const address = addressOf(question, source, files);
  if (address === undefined) return make();
  const path = join(folder, `${address}.bin`);
  const known = read<T>(path);
  if (known !== undefined) return known;
  const answer = await make();
  // A file that changed in the meantime has another address.
  if (addressOf(question, source, files) === address) keep(folder, path, answer);
  return answer;
}

/** Where answers are kept; undefined where they are not. */
function cacheFolder(): string | undefined {
  limitOf(process.env.OPERANDOSE_CACHE_MB);
  const wanted = process.env.OPERANDOSE_CACHE;
  // Run from its sources the library changes without changing its name.
  if (wanted === "off" || build() === undefined) return undefined;
  return wanted || join(process.env.XDG_CACHE_HOME || join(homedir(), ".cache"), "operandose");
}

/** Where an answer is kept; undefined where a file's times cannot be trusted yet. */
function addressOf(question: unknown, source: Source, files: Recorded["files"]): string | undefined {
  const hash = createHash("sha256");
  const { energies, height, width, pixelSize, saturation, reference } = source;
  const settings = [build(), energies, height, width, pixelSize, String(saturation)];
  const all = [reference, ...files];
  const contents = new Map<string, readonly string[]>();
  for (const path of new Set(all.map((file) => file.path))) {
    const { version, settled } = stampOf(path);
    if (!settled) return undefined;
    contents.set(path, [version, fingerprintOf(path)]);
  }
  const read = all.map(({ path, kind, index, start, end, cubes }) => {
    return [path, contents.get(path), kind, index, start, end, cubes];
  });
  hash.update(serialize([settings, read, question]));
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
    const answer = deserialize(content) as T;
    touch(path);
    return answer;
  } catch {
    return undefined; // It is written anew.
  }
}

/** Notes that an answer was asked for. */
function touch(path: string): void {
  try {
    const now = new Date();
    utimesSync(path, now, now);
  } catch {
    // In a folder of somebody else it keeps its time.
  }
}

const told = new Set<string>();

function keep(folder: string, path: string, answer: unknown): void {
  try {
    // What lies in shared memory is copied: the answer has to stand for itself.
    const content = serialize(own(answer));
    if (content.length > LARGE) return;
    mkdirSync(folder, { recursive: true });
    const file = new AtomicFile("cache", path);
    file.write(createHash("sha256").update(content).digest());
    file.write(content);
    file.finish();
    makeRoom(folder);
  } catch (error) {
    // It costs the next one's time, not this one's answer.
    if (told.has(folder)) return;
    told.add(folder);
    console.warn(
      `operandose: answers are not kept (${reason(error)}); OPERANDOSE_CACHE=off or another folder ends this`,
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

function makeRoom(folder: string): void {
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
 * What tells this build from others; undefined where there is none. The compiler's own record changes with every source that
 * it compiled, whoever called it; the kernels are compiled by themselves.
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
