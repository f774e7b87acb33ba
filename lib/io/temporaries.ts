// Temporary files beside their target. The name identifies the writer; a complete file takes the name of the
// target.
import { createHash, randomBytes } from "node:crypto";
import { existsSync, readdirSync, renameSync, rmSync, statSync } from "node:fs";
import { hostname } from "node:os";
import { basename, dirname, join } from "node:path";
import { threadId } from "node:worker_threads";

const HOST = createHash("sha256").update(hostname()).digest("hex").slice(0, 6);
/** `.NAME.HOST-PROCESS-THREAD-RANDOM.part`; `.old` is a folder that is being replaced. */
const TEMPORARY = /^\.(.+)\.([0-9a-f]{6})-(\d+)-(\d+)-[0-9a-f]{8}\.(part|old)$/;
/** After this time without a change a temporary file has no writer, ms. */
const DAY = 86_400_000;

/** Temporary names of this thread. */
const own = new Set<string>();

/**
 * A name beside a file or folder, because a rename is atomic only within one file system; no other call gets
 * the same.
 */
export function temporaryBeside(path: string, ending: "part" | "old" = "part"): string {
  const writer = `${HOST}-${process.pid}-${threadId}-${randomBytes(4).toString("hex")}`;
  const name = `.${basename(path)}.${writer}.${ending}`;
  own.add(name);
  return join(dirname(path), name);
}

/** Removes a temporary file or folder, where it is still there. */
export function discard(temporary: string): void {
  own.delete(basename(temporary));
  rmSync(temporary, { recursive: true, force: true });
}

/** Gives a whole temporary file the name of its target; what was there is replaced at the same moment. */
export function takeName(temporary: string, path: string): void {
  renameSync(temporary, path);
  own.delete(basename(temporary));
}

/**
 * Gives a whole temporary folder the name of its target. A folder with something in it cannot be replaced at
 * one moment: the old one is renamed before, and gets its name back should the process end in between ({@link
 * settle}).
 */
export function takeFolderName(temporary: string, path: string): void {
  for (;;) {
    const old = temporaryBeside(path, "old");
    const moved = renamed(path, old);
    try {
      takeName(temporary, path);
    } catch (error) {
      // Another writer's folder came first: it is replaced in turn, as the one that comes last remains.
      const { code } = error as NodeJS.ErrnoException;
      if (code === "ENOTEMPTY" || code === "EEXIST") continue;
      if (moved) renamed(old, path);
      throw error;
    } finally {
      discard(old);
    }
    return;
  }
}

/** Gives a whole temporary folder the name of its target, unless a folder with something in it has that name. */
export function takeFreeFolderName(temporary: string, path: string): void {
  try {
    takeName(temporary, path);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code !== "ENOTEMPTY" && code !== "EEXIST") throw error;
  }
}

function renamed(from: string, to: string): boolean {
  try {
    renameSync(from, to);
    return true;
  } catch (error) {
    if (["ENOENT", "ENOTEMPTY", "EEXIST"].includes(String((error as NodeJS.ErrnoException).code)))
      return false;
    throw error;
  }
}

/** Longest time between the two renames of another process, ms. */
const PATIENCE = 200;

/**
 * Waits until a folder that is being replaced is there, or gives it back where the process that replaced it
 * was killed.
 */
export function settle(path: string): void {
  const until = Date.now() + PATIENCE;
  while (!existsSync(path)) {
    const old = beside(path).find((name) => name.endsWith(".old"));
    if (old === undefined || Date.now() > until) return;
    if (isLeft(old)) renamed(old, path);
    else Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 1);
  }
}

/** Removes what writers of this path that were killed have left. */
export function removeLeftovers(path: string): void {
  settle(path);
  for (const name of beside(path)) if (isLeft(name)) discard(name);
}

/** Whether this is the name of something that is not whole. */
export function isTemporary(path: string): boolean {
  return TEMPORARY.test(basename(path));
}

/**
 * Whether something that is not whole has lost its writer. A restarted container gives a new process the old
 * one's number.
 */
export function isLeft(path: string): boolean {
  const [, , host, pid, thread] = TEMPORARY.exec(basename(path)) ?? [];
  if (host === undefined) return false;
  if (Number(pid) === process.pid && Number(thread) === threadId && host === HOST) {
    return !own.has(basename(path));
  }
  if (host === HOST && Number(pid) !== process.pid && !isRunning(Number(pid))) return true;
  return Date.now() - lastChange(path) > DAY;
}

function beside(path: string): string[] {
  const folder = dirname(path);
  try {
    return readdirSync(folder)
      .filter((name) => TEMPORARY.exec(name)?.[1] === basename(path))
      .map((name) => join(folder, name));
  } catch {
    return [];
  }
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}

/** Of a folder, the last change in it; now for what another process removes. */
function lastChange(path: string): number {
  try {
    const { mtimeMs } = statSync(path);
    const inside = readdirSync(path).map((name) => lastChange(join(path, name)));
    return Math.max(mtimeMs, ...inside);
  } catch (error) {
    const isFile = (error as NodeJS.ErrnoException).code === "ENOTDIR";
    return isFile ? (statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? Date.now()) : Date.now();
  }
}
