// Text files, in the encodings and compressions of other programs.
import { constants } from "node:buffer";
import { FileError } from "../errors.js";
import { compressionOf, decompress } from "./compression.js";
import { readBytes } from "./disk.js";
import { withHead } from "./head.js";

/**
 * A whole text file, perhaps compressed with gzip or bzip2: UTF-16 where its byte order mark says so, UTF-8
 * where it is valid, Latin-1 otherwise; without the mark.
 *
 * @throws FileError when it cannot be read, is empty, is no text, or is longer than any text can be
 */
export async function readText(call: string, path: string): Promise<string> {
  const bytes = await readBytes(call, path, constants.MAX_STRING_LENGTH);
  return checkedText(call, path, textOf(await decompress(call, path, bytes)));
}

/**
 * A text file, or whole lines from its beginning where it has more than `most` bytes. Of a compressed file that
 * unpacks to more, less is looked at.
 */
export async function readTextStart(
  call: string,
  path: string,
  most: number,
): Promise<{ readonly text: string; readonly isWhole: boolean }> {
  const start = (): { text: string; isWhole: boolean } => {
    const text = textOf(withHead(call, path, (head) => head.bytes(0, most)));
    const end = Math.max(text.lastIndexOf("\n"), text.lastIndexOf("\r"));
    return { text: checkedText(call, path, end < 0 ? text : text.slice(0, end + 1)), isWhole: false };
  };
  if (withHead(call, path, ({ packed }) => packed) > most) return start();
  const bytes = await readBytes(call, path, most);
  try {
    const content = await decompress(call, path, bytes, () => most);
    return { text: checkedText(call, path, textOf(content)), isWhole: true };
  } catch (error) {
    const isLarge = error instanceof FileError && error.fields.offset === most;
    if (isLarge && compressionOf(bytes)) return start();
    throw error;
  }
}

function checkedText(call: string, path: string, text: string): string {
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
