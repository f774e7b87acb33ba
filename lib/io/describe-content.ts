// Descriptions of files of images and of tables, which several formats have alike.
import { FileError } from "../errors.js";
import { type FileDescription, problemOf, readLine } from "./description.js";
import { inBytes } from "./disk-errors.js";
import type { FrameFormat } from "./format.js";
import type { FrameEntry, FrameFile } from "./frames.js";
import { withHead } from "./head.js";
import { readTextStart } from "./text.js";

/** Entries of headers that the library or its users look for. */
const INTERESTING =
  /energy|expo|count_time|current|srcur|^time|date|title|motor_|counter_|binning|Dim_|DataType/i;

/** How a format of images describes a file. */
interface Images<File extends FrameFile> {
  /** "EDF". */
  readonly name: string;
  readonly reader: string;
  readonly frames: Omit<FrameFormat, "open"> & { open(...of: Parameters<FrameFormat["open"]>): File };
  /** The type of the numbers of an open file, "Uint16". */
  typeOf(file: File): string;
}

/**
 * A file of images by its index and its first header. Of a file that ends too early, the images that are whole.
 *
 * @throws FileError where not even one image is whole
 */
export function describeImages<File extends FrameFile>(
  path: string,
  { name, reader, frames, typeOf }: Images<File>,
): FileDescription {
  const code = readLine(reader, path);
  const { compression, size } = withHead("describe", path, (head) => head);
  if (compression) {
    const remedy = "unpack it first: images are read row by row from plain files";
    const facts = { format: name, compression: `${compression}, as a whole; ${remedy}` };
    return { what: `${name}, compressed`, facts, code };
  }
  let file: File;
  let problem: string | undefined;
  try {
    file = frames.open({ path });
  } catch (error) {
    if (!(error instanceof FileError)) throw error;
    file = frames.open({ path, incomplete: "keep" });
    problem = problemOf(error);
  }
  try {
    const facts = { ...imageFacts(file.frames, typeOf(file)), size: inBytes(size) };
    return { what: name, facts: { format: name, ...facts, ...(problem && { incomplete: problem }) }, code };
  } finally {
    file.close();
  }
}

function imageFacts(frames: readonly FrameEntry[], type: string): Record<string, string> {
  const shapes = [...new Set(frames.map(({ shape }) => `${shape[1]} x ${shape[0]}`))];
  const others = shapes.length > 4 ? ` and ${shapes.length - 4} other sizes` : "";
  const entries = Object.entries(frames[0]?.header ?? {}).filter(([name]) => INTERESTING.test(name));
  const { pixelSize } = frames[0] ?? {};
  return {
    images: `${frames.length} of ${shapes.slice(0, 4).join(", ")}${others} pixels, ${type}`,
    ...(pixelSize !== undefined && { "pixel size": `${pixelSize} um` }),
    ...Object.fromEntries(entries.slice(0, 20).map(([name, value]) => [`header ${name}`, value])),
  };
}

/** Characters of a text that are looked at: enough for every header, and for most tables as a whole. */
const TEXT = 2 ** 23;

/** Numbers in columns with their labels. */
interface Table {
  readonly what: string;
  readonly columns: readonly string[];
  readonly rows: number;
  readonly facts?: Readonly<Record<string, string>>;
  readonly code: string;
}

/**
 * A text by its beginning; of a larger one the number of rows is a lower limit.
 *
 * @param parse the reader of the format; gets whole lines
 */
export async function describeTable(path: string, parse: (text: string) => Table): Promise<FileDescription> {
  const { text, isWhole } = await readTextStart("describe", path, TEXT);
  const { what, columns, rows, facts, code } = parse(text);
  const more = isWhole ? "" : ` in the first ${inBytes(text.length)}, and more behind them`;
  return { what, facts: { rows: `${rows}${more}`, columns: columns.join(", "), ...facts }, code };
}
