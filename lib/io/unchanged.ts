// Files that change while they are read: what was read may be half old and half new.
import { statSync } from "node:fs";
import { FileError, OperandoseError } from "../errors.js";
import { splitPlace } from "./place.js";

/**
 * Runs something that reads files.
 *
 * @param loaded result of {@link identityOf} at the time of loading, where that was earlier
 * @throws FileError when a file is not the same afterwards; also where the reading failed, which is then the
 *   cause
 */
export async function whileUnchanged<T>(
  call: string,
  files: readonly string[],
  run: () => Promise<T>,
  loaded?: string,
): Promise<T> {
  const before = files.map((file) => loaded ?? identityOf(file));
  const check = (cause?: unknown): void => {
    const path = files.find((file, i) => identityOf(file) !== before[i]);
    if (path === undefined) return;
    const when = loaded === undefined ? "while it was read" : "since it was loaded";
    throw new FileError(
      `${call}: expected a file that stays as it is, got one that changed ${when}: ${path}; load it again when nothing writes to it any more`,
      { path },
      { cause },
    );
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

/** What changes when a file is written or replaced, but not by a backup that only reads it. */
export function identityOf(place: string): string {
  const { path } = splitPlace(place);
  const stats = statSync(path, { bigint: true, throwIfNoEntry: false });
  return stats ? `${stats.size} ${stats.mtimeNs} ${stats.ino}` : "missing";
}
