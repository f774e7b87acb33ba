// What all formats need from the disk: its errors in our grammar, whole files as text, and files that appear at once.
import { closeSync, fsyncSync, openSync, renameSync, rmSync, writeSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { FileError, OperandoseError } from "../errors.js";
import { decompress } from "./compression.js";

const meanings: Readonly<Record<string, string>> = {
  ENOENT: "no such file",
  ENOTDIR: "no such folder",
  EISDIR: "a folder",
  EACCES: "no permission",
  ENOSPC: "a full disk",
};

/**
 * A FileError for what the operating system says about a file: missing, a folder, not readable, a full disk. Any other
 * error comes back as it is.
 */
export function systemError(
  call: string,
  path: string,
  error: unknown,
  at: { frame?: number; offset?: number } = {},
): unknown {
  if (!(error instanceof Error) || error instanceof OperandoseError || !("code" in error)) return error;
  const { code, message } = error;
  const where = at.frame === undefined ? "" : ` in frame ${at.frame}`;
  return new FileError(
    `${call}: expected a usable file${where} at ${path}, got ${meanings[String(code)] ?? message}; check the path, its permissions and the disk`,
    { path, code, ...at },
    { cause: error },
  );
}

/**
 * A whole file as bytes.
 *
 * @throws FileError when it cannot be read or is empty
 */
export async function readBytes(call: string, path: string): Promise<Buffer> {
  let bytes: Buffer;
  try {
    bytes = await readFile(path);
  } catch (error) {
    throw systemError(call, path, error);
  }
  if (bytes.length === 0) {
    throw new FileError(
      `${call}: expected a file with content, got an empty file ${path}; record or copy it again`,
      {
        path,
        offset: 0,
      },
    );
  }
  return bytes;
}

/**
 * A whole text file, perhaps compressed with gzip or bzip2: UTF-16 where its byte order mark says so, UTF-8
 * where it is valid, Latin-1 otherwise; without the mark.
 *
 * @throws FileError when it cannot be read, is empty, or is no text
 */
export async function readText(call: string, path: string): Promise<string> {
  const text = textOf(await decompress(call, path, await readBytes(call, path)));
  if (!text.includes("\0")) return text;
  throw new FileError(
    `${call}: expected text, got bytes of zero in ${path}; this is a binary file, or UTF-16 without its mark`,
    {
      path,
    },
  );
}

function textOf(bytes: Buffer): string {
  try {
    if (bytes[0] === 0xff && bytes[1] === 0xfe)
      return new TextDecoder("utf-16le", { fatal: true }).decode(bytes);
    if (bytes[0] === 0xfe && bytes[1] === 0xff)
      return new TextDecoder("utf-16be", { fatal: true }).decode(bytes);
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    return bytes.toString("latin1");
  }
}

let written = 0;

/** A name beside a file, because a rename is atomic only within one file system; no other call gets the same. */
export function temporaryBeside(path: string): string {
  return join(dirname(path), `.${basename(path)}.${process.pid}-${written++}.part`);
}

/** A file that is written under a temporary name beside its target and takes the target's name when it is whole. */
export class AtomicFile {
  readonly #call: string;
  readonly #temporary: string;
  #descriptor: number;

  /** @throws FileError when the folder cannot be written to */
  constructor(
    call: string,
    readonly path: string,
  ) {
    this.#call = call;
    this.#temporary = temporaryBeside(path);
    try {
      this.#descriptor = openSync(this.#temporary, "wx");
    } catch (error) {
      throw systemError(call, path, error);
    }
  }

  /** Appends all bytes. @throws FileError when the disk refuses; the temporary file is gone then */
  write(bytes: Uint8Array, at: { frame?: number; offset?: number } = {}): void {
    try {
      for (let done = 0; done < bytes.length; ) {
        done += writeSync(this.#descriptor, bytes, done, bytes.length - done);
      }
    } catch (error) {
      this.abort();
      throw systemError(this.#call, this.path, error, at);
    }
  }

  /** Brings everything to the disk and gives the file its name. */
  finish(): void {
    try {
      fsyncSync(this.#descriptor);
      closeSync(this.#descriptor);
      this.#descriptor = -1;
      renameSync(this.#temporary, this.path);
    } catch (error) {
      this.abort();
      throw systemError(this.#call, this.path, error);
    }
  }

  /** Throws away what was written; harmless after finish(). */
  abort(): void {
    if (this.#descriptor >= 0) closeSync(this.#descriptor);
    this.#descriptor = -1;
    rmSync(this.#temporary, { force: true });
  }
}

/**
 * Lets a library that opens files by name write one: under a temporary name, which becomes the file's when `write` returns.
 *
 * @throws FileError when the disk refuses; what `write` throws comes through, and the temporary file is gone then
 */
export function atomically(call: string, path: string, write: (temporary: string) => void): void {
  const temporary = temporaryBeside(path);
  try {
    write(temporary);
    const descriptor = openSync(temporary, "r+");
    fsyncSync(descriptor);
    closeSync(descriptor);
    renameSync(temporary, path);
  } catch (error) {
    rmSync(temporary, { force: true });
    throw systemError(call, path, error);
  }
}

/** Writes a whole file at once: it is there completely or not at all. */
export function writeWhole(
  call: string,
  path: string,
  content: string,
  encoding: BufferEncoding = "utf8",
): void {
  const file = new AtomicFile(call, path);
  file.write(Buffer.from(content, encoding));
  file.finish();
}
