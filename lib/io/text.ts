// Whole text files, in the encodings and compressions of other programs.
import { constants } from "node:buffer";
import { FileError } from "../errors.js";
import { decompress } from "./compression.js";
import { readBytes } from "./disk.js";

/**
 * A whole text file, perhaps compressed with gzip or bzip2: UTF-16 where its byte order mark says so, UTF-8
 * where it is valid, Latin-1 otherwise; without the mark.
 *
 * @throws FileError when it cannot be read, is empty, is no text, or is longer than any text can be
 */
export async function readText(call: string, path: string): Promise<string> {
  const text = textOf(await decompress(call, path, await readBytes(call, path, constants.MAX_STRING_LENGTH)));
  if (!text.includes("\0")) return text;
  throw new FileError(
    `${call}: expected text, got bytes of zero in ${path}; this is a binary file, or UTF-16 without its mark`,
    { path },
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
