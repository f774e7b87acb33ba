// Files that change while they are read: what was read may be half old and half new.
import { statSync } from "node:fs";
import { FileError, OperandoseError } from "../errors.js";
import { identityOf } from "./identity.js";
import { linkedFiles, withLinked } from "./linked-files.js";
import { splitPlace } from "./place.js";
import { fingerprintOf, stampOf } from "./stamp.js";

/** A file as it was when something was read of it. */
export interface Loaded {
  readonly path: string;
  readonly identity: string;
  /** Its content, where it had changed so recently that the next change may have the same time. */
  readonly content?: string;
}

/**
 * Reads something of a file, and gives it with the file, and with all that it refers to, as they were before.
 * What is not there or no file is left to the reading.
 */
export function whileLoading<T>(place: string, read: () => T): { loaded: readonly Loaded[]; value: T } {
  for (;;) {
    const loaded = withLinked(place).map(loadedNow);
    const value = read();
    // The first reading finds to which files it refers: they are read again, as they are now.
    if (withLinked(place).length === loaded.length) return { loaded, value };
  }
}

/** A file as it is now. */
function loadedNow(path: string): Loaded {
  const identity = identityOf(path);
  if (identity === "missing" || !statSync(splitPlace(path).path).isFile() || stampOf(path).settled)
    return { path, identity };
  return { path, identity, content: fingerprintOf(path) };
}

/** @throws FileError where a file is not as it was when it was loaded */
export function refuseChanged(call: string, files: readonly Loaded[]): void {
  for (const { path, identity, content } of files) {
    if (identityOf(path) !== identity || (content !== undefined && fingerprintOf(path) !== content)) {
      throw changed(call, path, "since it was loaded");
    }
  }
}

function changed(call: string, path: string, when: string, cause?: unknown): FileError {
  return new FileError(
    `${call}: expected a file that stays as it is, got one that changed ${when}: ${path}; load it again when nothing writes to it any more`,
    { path },
    { cause },
  );
}

/**
 * Runs something that reads files, and those that they refer to.
 *
 * @param loaded files that have to be as they were when they were loaded
 * @throws FileError when a file is not the same afterwards; also where the reading failed, which is then the
 *   cause
 */
export async function whileUnchanged<T>(
  call: string,
  files: readonly string[],
  run: () => Promise<T>,
  loaded: readonly Loaded[] = [],
): Promise<T> {
  refuseChanged(call, loaded);
  const linked = () => files.flatMap((file) => [...linkedFiles(file)]);
  const before = [...files, ...linked().map(([file]) => file)].map(
    (file) => [file, identityOf(file)] as const,
  );
  const check = (cause?: unknown): void => {
    // Those that the reading was the first to open, as they were then.
    const all = new Map([...linked(), ...before]);
    const found = [...all].find(([file, identity]) => identityOf(file) !== identity);
    if (found) throw changed(call, found[0], "while it was read", cause);
  };
  let result: T;
  try {
    result = await run();
  } catch (error) {
    if (error instanceof OperandoseError) check(error);
    throw error;
  }
  check();
  return result;
}
