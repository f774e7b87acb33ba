// Errors of the operating system about a file, in the grammar of the library.
import { statfsSync } from "node:fs";
import { dirname } from "node:path";
import { FileError, OperandoseError } from "../errors.js";

/** What the codes of the operating system mean. */
const MEANINGS: Readonly<Record<string, string>> = {
  ENOENT: "no such file",
  ENOTDIR: "no such folder",
  EISDIR: "a folder",
  EACCES: "no permission",
  EPERM: "no permission",
  EROFS: "a disk that cannot be written to",
  ELOOP: "a link that leads back to itself",
  ENAMETOOLONG: "a name that is too long",
  ERR_INVALID_ARG_VALUE: "a name with a zero byte",
  EMFILE: "too many open files",
  ENXIO: "a socket or a device",
  EIO: "an error of the disk",
  ESTALE: "a file that was replaced on its server",
  ENOSPC: "a full disk",
  EDQUOT: "a full quota",
  EFBIG: "a limit on the size of files",
};
const FULL = ["ENOSPC", "EDQUOT", "EFBIG"];

/**
 * The FileError for an error of the operating system: a missing file, a folder, no permission, a full disk.
 * Any other error is returned as it is.
 *
 * @param at.needed bytes that were to be written, for a disk that is full
 */
export function systemError(
  call: string,
  path: string,
  error: unknown,
  at: { frame?: number; offset?: number; needed?: number } = {},
): unknown {
  if (!(error instanceof Error) || error instanceof OperandoseError || !("code" in error)) return error;
  const { code, message } = error;
  const where = at.frame === undefined ? "" : ` in frame ${at.frame}`;
  const full = FULL.includes(String(code));
  const free = full ? freeBytes(dirname(path)) : undefined;
  const space =
    full && at.needed !== undefined
      ? ` (${inBytes(at.needed)} to write${code === "ENOSPC" && free !== undefined ? `, ${inBytes(free)} free` : ""})`
      : "";
  const remedy = full ? "free some, or choose another place" : "check the path, its permissions and the disk";
  return new FileError(
    `${call}: expected a usable file${where} at ${path}, got ${MEANINGS[String(code)] ?? message}${space}; ${remedy}`,
    { path, code, ...at, ...(free !== undefined && { free }) },
    { cause: error },
  );
}

/**
 * The error of a write that failed in a library, which reports a full disk in its own words, or in a worker.
 *
 * @param needed bytes that were to be written
 */
export function writeError(call: string, path: string, error: unknown, needed?: number): unknown {
  for (let one = error; one !== undefined; one = one instanceof Error ? one.cause : undefined) {
    const text = one instanceof Error ? one.message : String(one);
    const said = one instanceof FileError ? one.fields.code : (one as NodeJS.ErrnoException | null)?.code;
    const code = said ?? FULL_TEXTS.find(([full]) => full.test(text))?.[1];
    if (code === undefined) continue;
    return systemError(call, path, withCode(String(code), error), { needed });
  }
  // Some libraries do not report a full disk.
  const isFull = needed !== undefined && (freeBytes(dirname(path)) ?? needed) < needed;
  return isFull ? systemError(call, path, withCode("ENOSPC", error), { needed }) : error;
}

function withCode(code: string, cause: unknown): Error {
  return Object.assign(new Error(code, { cause }), { code });
}

const FULL_TEXTS: readonly (readonly [RegExp, string])[] = [
  [/No space left on device/, "ENOSPC"],
  [/File too large/, "EFBIG"],
  [/quota exceeded/i, "EDQUOT"],
];

/** Free bytes on the disk of a folder; undefined where the system does not report them. */
function freeBytes(folder: string): number | undefined {
  try {
    const { bavail, bsize } = statfsSync(folder);
    return bavail * bsize;
  } catch {
    return undefined;
  }
}

/** A number of bytes as text. */
export function inBytes(bytes: number): string {
  if (bytes < 1e5) return `${bytes} bytes`;
  return bytes < 1e8 ? `${(bytes / 1e6).toFixed(1)} MB` : `${(bytes / 1e9).toFixed(2)} GB`;
}
