// What the tests of the readers share: folders that vanish, files made byte by byte, and errors caught as values.
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, type TestContext } from "vitest";
import { FileError } from "../../lib/errors.js";

/** A folder for the files of one test file; removed afterwards. */
export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), "operandose-io-"));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** Writes bytes or text; returns the path. */
export function put(folder: string, name: string, content: Uint8Array | string): string {
  const path = join(folder, name);
  writeFileSync(path, content);
  return path;
}

/** The FileError that a call throws or rejects with; anything else fails the test. */
export async function fileError(call: () => unknown): Promise<FileError> {
  try {
    await call();
  } catch (error) {
    if (error instanceof FileError) return error;
    throw error;
  }
  throw new Error("expected a FileError, got a result");
}

/** An EDF block put together by hand, so that the reader is not tested with its own writer. */
export function block(lines: readonly string[], data: Uint8Array, length = 512): Uint8Array {
  const text = `{\n${lines.map((line) => `${line} ;\n`).join("")}`;
  const header = Buffer.from(`${text.padEnd(length - 2)}}\n`, "latin1");
  if (header.length !== length) throw new Error(`the header needs ${header.length} bytes`);
  return Buffer.concat([header, data]);
}

/** Lines for a 3 x 2 image (three columns, two rows) of unsigned shorts. */
export const shorts = [
  "HeaderID = EH:000001:000000:000000",
  "Image = 1",
  "ByteOrder = LowByteFirst",
  "DataType = UnsignedShort",
  "Dim_1 = 3",
  "Dim_2 = 2",
  "Size = 12",
];

/** 0, 1, 2, 3, 4, 65535 as unsigned shorts, low byte first. */
export const shortBytes = Uint8Array.of(0, 0, 1, 0, 2, 0, 3, 0, 4, 0, 255, 255);

/**
 * Runs something as a user who may not read everything, where tests run as root; skips the test where that is not possible. The
 * effective user is that of the whole process.
 */
export async function withoutPrivileges<T>(context: TestContext, run: () => Promise<T>): Promise<T> {
  if (process.getuid?.() !== 0) return run();
  if (!process.seteuid) context.skip("the user cannot be changed in a thread");
  process.seteuid?.(65534);
  try {
    return await run();
  } finally {
    process.seteuid?.(0);
  }
}
