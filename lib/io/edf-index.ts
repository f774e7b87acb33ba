// Index of the frames of an EDF file: only headers are read, and every block has to lie in the file.
import { FileError, quote } from "../errors.js";
import {
  BLOCK,
  HeaderProblem,
  headerLength,
  headerOfImage,
  headerValue,
  MAX_HEADER,
  parseHeader,
} from "./edf-header.js";
import { type ByteOrder, type Layout, layoutOf } from "./edf-layout.js";
import type { NumberType } from "./edf-types.js";
import type { Incomplete } from "./incomplete.js";

/** One frame of an indexed EDF file. */
export interface EdfEntry {
  /** Keys as written, values as text; images under one header have the same, see {@link headerOfImage}. */
  readonly header: Record<string, string>;
  /** [rows, columns]. */
  readonly shape: readonly [rows: number, columns: number];
  /** Canonical name of the number type, "UnsignedShort" for example. */
  readonly dataType: string;
  readonly byteOrder: ByteOrder;
  /** Where the numbers start, bytes from the beginning of the file. */
  readonly offset: number;
  /** Length of the numbers, bytes. */
  readonly bytes: number;
  readonly type: NumberType;
  /** Which cube it belongs to, where the header has a dimension of cubes behind that of images. */
  readonly cube?: number;
}

/** Bytes that can be read at any position: an open file, or what came out of a compressed one. */
export interface ByteSource {
  readonly path: string;
  readonly size: number;
  /** Fills `target` from `position`; returns how many bytes there were. */
  read(target: Uint8Array, position: number): number;
}

const DAMAGED = "the file is damaged or was not written completely; copy or record it again";

/** A FileError that names file, frame and byte offset, in the grammar of the library. */
export function edfError(
  call: string,
  at: { path: string; frame: number; offset: number },
  expected: string,
  got: string,
  remedy = DAMAGED,
): FileError {
  return new FileError(
    `${call}: expected ${expected}, got ${got} in frame ${at.frame} at byte ${at.offset} of ${at.path}; ${remedy}`,
    at,
  );
}

/** A problem of a file that ends too early. */
class Cut extends HeaderProblem {
  constructor(
    expected: string,
    got: string,
    readonly offset?: number,
  ) {
    super(expected, got);
  }
}

/**
 * Index of all frames of an EDF file.
 *
 * The length of a header is guessed from the one before it, so that a file of hundreds of frames costs one
 * small read per frame.
 *
 * @throws FileError naming path, frame and byte offset when the file is empty, truncated or inconsistent
 */
export function indexEdf(source: ByteSource, call: string, incomplete: Incomplete = "refuse"): EdfEntry[] {
  const { path, size } = source;
  if (size === 0) {
    throw new FileError(`${call}: expected an EDF file, got an empty file ${path}; record or copy it again`, {
      path,
      frame: 0,
      offset: 0,
    });
  }
  const entries: EdfEntry[] = [];
  const headers = new HeaderReader(source);
  let general: Record<string, string> = {};
  let announced = 1;
  let position = 0;
  try {
    while (position < size) {
      const own = headers.read(position, position === 0);
      if (!own) break;
      const offset = position + own.length;
      if (isGeneral(own.header)) {
        if (entries.length > 0)
          throw new HeaderProblem("a header of the file before its images", "one after them");
        general = defaultsOf(own.header);
        position = offset + Number(headerValue(own.header, "EDF_BinarySize") ?? 0);
        continue;
      }
      const header = { ...general, ...own.header };
      const layout = layoutOf(header);
      const isImage = !isVariance(own.header);
      if (isImage) announced = Math.max(announced, layout.announced);
      const block = blockAt(source, headers, layout, offset);
      for (let k = 0; k < block.images; k++) {
        const at = offset + k * layout.bytes;
        if (at + layout.bytes > size) {
          throw new Cut(`${layout.bytes} bytes of data`, `${Math.max(0, size - at)}`, at);
        }
        const { shape, type, byteOrder, bytes, perCube } = layout;
        const own = headerOfImage(header, k % perCube, perCube);
        const cube = block.images > perCube ? { cube: Math.floor(k / perCube) } : {};
        if (isImage) {
          entries.push({
            header: own,
            shape,
            dataType: type.name,
            byteOrder,
            offset: at,
            bytes,
            type,
            ...cube,
          });
        }
      }
      position = block.end;
    }
    if (entries.length === 0)
      throw new Cut("images after the header of the file, of the kind Image.Psd", "none");
    if (entries.length < announced)
      throw new Cut(`${announced} images (Num_Images)`, `a file that ends after ${entries.length}`);
    return entries;
  } catch (error) {
    if (!(error instanceof HeaderProblem)) throw error;
    const n = entries.length;
    if (error instanceof Cut && n > 0 && incomplete === "keep") return entries;
    const at = { path, frame: n, offset: (error instanceof Cut && error.offset) || position };
    const whole = n === 1 ? "the first frame is" : `the first ${n} frames are`;
    const keep = `; ${whole} whole: readEdf(path, { incomplete: "keep" }) gives them`;
    const remedy =
      n === 0 && error.expected.startsWith('"{"')
        ? "this is no EDF file"
        : (error.remedy ?? DAMAGED) + (error instanceof Cut && n > 0 ? keep : "");
    throw edfError(call, at, error.expected, error.got, remedy);
  }
}

/** Reads headers one after the other into one buffer. */
class HeaderReader {
  #buffer = Buffer.allocUnsafe(8 * BLOCK);
  #guess = 2 * BLOCK;

  constructor(readonly source: ByteSource) {}

  /** The header at a position; undefined where only line ends follow the last frame. */
  read(position: number, first: boolean) {
    const { size } = this.source;
    let length = 0;
    for (let wanted = this.#guess; ; wanted *= 2) {
      const head = this.#bytes(position, wanted);
      if (!first) {
        if (position + head.length === size && head.length < BLOCK && isBlank(head)) return undefined;
        // Space that was reserved for frames that were not recorded.
        if (isZero(head)) throw new Cut('"{" at the start of a header', "bytes of zero");
      }
      length = headerLength(head);
      if (length > 0) break;
      if (head.length >= wanted && wanted < MAX_HEADER) continue;
      const expected = `a header closed by "}" and a line end on a multiple of ${BLOCK} bytes or after its last ";"`;
      const got = `none in ${head.length} bytes`;
      throw head.length < wanted ? new Cut(expected, got) : new HeaderProblem(expected, got);
    }
    this.#guess = length;
    const header = parseHeader(this.#buffer.subarray(0, length));
    return { length, header };
  }

  /** True at the end of the file and where a header begins: a brace and text. */
  startsAt(position: number): boolean {
    const head = this.#bytes(position, 64);
    return head.length === 0 || isBlank(head) || (head[0] === 0x7b && head.every(isText));
  }

  #bytes(position: number, wanted: number): Buffer {
    if (wanted > this.#buffer.length) this.#buffer = Buffer.allocUnsafe(wanted);
    const room = Math.min(wanted, this.source.size - position);
    if (room <= 0) return this.#buffer.subarray(0, 0);
    return this.#buffer.subarray(0, this.source.read(this.#buffer.subarray(0, room), position));
  }
}

/**
 * Largest size of an EDF file that is unpacked piece by piece. The returned function takes the bytes that are
 * known so far and gives the end of the last frame that their headers announce.
 */
export function extentOf(): (known: Buffer) => number {
  let general: Record<string, string> = {};
  let position = 0;
  return (known) => {
    while (known[position] === 0x7b) {
      const head = known.subarray(position, position + MAX_HEADER);
      try {
        const length = headerLength(head);
        if (length === 0) break;
        const own = parseHeader(head.subarray(0, length));
        const offset = position + length;
        if (isGeneral(own)) {
          general = defaultsOf(own);
          position = offset + Number(headerValue(own, "EDF_BinarySize") ?? 0);
          continue;
        }
        const { bytes, images, stride, announced } = layoutOf({ ...general, ...own });
        const ends = [stride, images * bytes, announced * bytes].map((length) => offset + length);
        if (known.length <= Math.max(...ends)) return Math.max(...ends) + MAX_HEADER;
        position = ends.find((end) => known[end] === 0x7b) ?? Math.max(...ends);
      } catch {
        break; // The reader of the headers reports what is wrong.
      }
    }
    return position + MAX_HEADER;
  };
}

/** How many images follow a header, and where the next one begins. */
function blockAt(
  { size }: ByteSource,
  headers: HeaderReader,
  { bytes, images, stride, announced }: Layout,
  offset: number,
): { images: number; end: number } {
  const all = images * bytes;
  // Some writers name the padding that they do not write.
  const end =
    stride > all && !headers.startsAt(offset + stride) && headers.startsAt(offset + all) ? all : stride;
  const last = offset + announced * bytes;
  // Num_Images counts the images under this header where they fill the file, or would: else each has a header
  // of its own.
  if (images === 1 && announced > 1 && !headers.startsAt(offset + end) && headers.startsAt(last)) {
    return { images: announced, end: last };
  }
  return { images, end: Math.min(offset + end, Math.max(size, offset + all)) };
}

/** A first block may hold what is common to all images, and none of them. */
function isGeneral(header: Readonly<Record<string, string>>): boolean {
  return (
    headerValue(header, "EDF_DataFormatVersion") !== undefined && headerValue(header, "Dim_1") === undefined
  );
}

/**
 * ESRF's programs number the blocks of a file by kind, as in `EDF_DataBlockID = 2.Image.Psd`. `Image.Error` is
 * the variance of the image with the same number. Further planes (`Image.Psd.2`, `Image.2`) are no images of
 * the scan.
 *
 * @throws HeaderProblem for a block that is neither an image nor its variance
 */
function isVariance(header: Readonly<Record<string, string>>): boolean {
  const id = headerValue(header, "EDF_DataBlockID");
  const kind = id === undefined ? "" : id.slice(id.indexOf(".") + 1 || id.length);
  if (/^(image\.psd(\.1)?)?$/i.test(kind)) return false;
  if (/^image\.error(\.\d+)?$/i.test(kind)) return true;
  throw new HeaderProblem(
    "blocks of images (n.Image.Psd) or of their variance (n.Image.Error, which is left out)",
    `EDF_DataBlockID = ${quote(id)}`,
    "write the images to a file of their own",
  );
}

function defaultsOf(header: Readonly<Record<string, string>>): Record<string, string> {
  const common = Object.entries(header).filter(([key]) => !/^(edf_\w+|size|image|headerid)$/i.test(key));
  return Object.fromEntries(common);
}

function isBlank(bytes: Uint8Array): boolean {
  for (const byte of bytes) if (byte !== 0x20 && (byte < 0x09 || byte > 0x0d)) return false;
  return true;
}

function isZero(bytes: Uint8Array): boolean {
  return bytes.every((byte) => byte === 0);
}

const isText = (byte: number) => byte >= 0x20 || (byte >= 0x09 && byte <= 0x0d);
