// Files that change while they are read: what was read may be half old and half new.
import { statSync } from "node:fs";
import { FileError, OperandoseError } from "../errors.js";
import { identityOf } from "./identity.js";
import { splitPlace } from "./place.js";
import { fingerprintOf, stampOf } from "./stamp.js";

/** A file as it was when something was read of it. */
export interface Loaded {
  readonly identity: string;
  /** Its content, where it had changed so recently that the next change may have the same time. */
  readonly content?: string;
}

/** Call it before the file is read; what is not there or no file is left to the reading. */
export function loadedNow(place: string): Loaded {
  const identity = identityOf(place);
  if (identity === "missing" || !statSync(splitPlace(place).path).isFile() || stampOf(place).settled)
    return { identity };
  return { identity, content: fingerprintOf(place) };
}

/** @throws FileError where a file is not as it was when it was loaded */
export function refuseChanged(call: string, files: ReadonlyMap<string, Loaded>): void {
  for (const [path, { identity, content }] of files) {
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
 * Runs something that reads files.
 *
 * @param loaded files that have to be as they were when they were loaded
 * @throws FileError when a file is not the same afterwards; also where the reading failed, which is then the
 *   cause
 */
export async function whileUnchanged<T>(
  call: string,
  files: readonly string[],
  run: () => Promise<T>,
  loaded: ReadonlyMap<string, Loaded> = new Map(),
): Promise<T> {
  refuseChanged(call, loaded);
  const before = files.map(identityOf);
  const check = (cause?: unknown): void => {
    const path = files.find((file, i) => identityOf(file) !== before[i]);
    if (path !== undefined) throw changed(call, path, "while it was read", cause);
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
