// Random access to the rows of a TIFF file that is too large for memory.
import { closeSync, fstatSync } from "node:fs";
import { FileError, reason } from "../errors.js";
import { compressionOf } from "./compression.js";
import { openRegular, readFully } from "./disk.js";
import { systemError } from "./disk-errors.js";
import type { ByteSource } from "./edf-index.js";
import { convertNumbers, numbersIn, swapBytes } from "./edf-types.js";
import type { FrameEntry, FrameFile, FramePlace } from "./frames.js";
import { fullScaleOf } from "./full-scale.js";
import { requestedEntry } from "./row-request.js";
import { unpackBlock, whyPacked } from "./tiff-blocks.js";
import { type TiffPage, TiffReader } from "./tiff-pages.js";
import { cubesOf, headersOf, stackShape } from "./tiff-stack.js";

/** One image of a TIFF file. */
interface TiffEntry extends FrameEntry {
  readonly page: TiffPage;
}

/** An open TIFF file: an index of its images, and rows on demand. */
export class TiffFile implements FrameFile {
  readonly path: string;
  #bytes = new Uint8Array(0);
  /** The strip or tile that was unpacked last. */
  #block: { readonly frame: number; readonly k: number; readonly bytes: Uint8Array } | undefined;
  #isOpen = true;

  private constructor(
    private readonly source: ByteSource,
    readonly frames: readonly TiffEntry[],
    private readonly shut: () => void,
  ) {
    this.path = source.path;
  }

  /**
   * Opens a file and indexes its images; reads no numbers.
   *
   * @throws FileError naming the path when it is missing, compressed as a whole, truncated, or holds anything but
   *   one count per pixel
   */
  static openSync({ path, ...place }: FramePlace): TiffFile {
    const call = "TiffFile.openSync";
    let descriptor = -1;
    try {
      descriptor = openRegular(call, path);
      const { size } = fstatSync(descriptor);
      const read = (target: Uint8Array, position: number) =>
        readFully(descriptor, target, target.length, position);
      const magic = Buffer.alloc(4);
      const compression = compressionOf(magic.subarray(0, read(magic, 0)));
      if (compression) {
        throw new FileError(
          `${call}: expected a plain TIFF file, got one compressed with ${compression}: ${path}; unpack it first, or use readTiff`,
          { path },
        );
      }
      const close = () => closeSync(descriptor);
      return new TiffFile({ path, size, read }, indexTiff(call, { path, size, read }, place), close);
    } catch (error) {
      if (descriptor >= 0) closeSync(descriptor);
      throw systemError(call, path, error);
    }
  }

  /** The images of a file that is in memory. @throws FileError as {@link openSync} */
  static inMemory(call: string, source: ByteSource, place: Omit<FramePlace, "path">): TiffFile {
    return new TiffFile(source, indexTiff(call, source, place), () => {});
  }

  get fullScale(): number {
    const kinds = new Set(this.frames.map(({ page }) => page.type.kind));
    if (kinds.size !== 1) return Number.POSITIVE_INFINITY;
    const { kind, width } = this.frames[0].page.type;
    return fullScaleOf(width, kind.includes("int"), !kind.startsWith("u"));
  }

  get plainCounts(): readonly number[] | undefined {
    const isPlain = this.frames.every(
      ({ page }) => page.type.kind === "uint16" && !page.bigEndian && isContiguous(page),
    );
    return isPlain ? this.frames.map(({ page }) => page.blocks[0][0]) : undefined;
  }

  readRows(frame: number, firstRow: number, nRows: number, out: Float32Array | Float64Array): void {
    const call = "TiffFile.readRows";
    const { frames } = this;
    const request = { frame, firstRow, nRows, out };
    requestedEntry(call, this, this.#isOpen, frames.length, request, (k) => frames[k]);
    const { page } = frames[frame];
    const [, columns] = page.shape;
    const [blockRows, blockColumns] = page.block;
    const across = Math.ceil(columns / blockColumns);
    const { width } = page.type;
    for (let down = Math.floor(firstRow / blockRows); down * blockRows < firstRow + nRows; down++) {
      const from = Math.max(firstRow, down * blockRows);
      const to = Math.min(firstRow + nRows, (down + 1) * blockRows);
      for (let k = 0; k < across; k++) {
        const left = k * blockColumns;
        const n = Math.min(blockColumns, columns - left);
        const { bytes, top } = this.#rows(call, frame, down * across + k, from, to, down * blockRows);
        for (let row = from; row < to; row++) {
          const start = (row - top) * blockColumns * width;
          // A copy of its own: the numbers must be aligned.
          const own = bytes.slice(start, start + n * width);
          if (page.bigEndian) swapBytes(own, width);
          const numbers = numbersIn(own.buffer as ArrayBuffer, page.type, n);
          const at = (row - firstRow) * columns + left;
          convertNumbers(numbers, page.type, out.subarray(at, at + n) as Float64Array);
        }
      }
    }
  }

  close(): void {
    if (this.#isOpen) this.shut();
    this.#isOpen = false;
    this.#block = undefined;
  }

  /**
   * Bytes of a strip or tile that hold some rows; of what is not compressed only these.
   *
   * @returns the bytes, and the row that they begin with
   */
  #rows(
    call: string,
    frame: number,
    k: number,
    from: number,
    to: number,
    first: number,
  ): { bytes: Uint8Array; top: number } {
    const { page } = this.frames[frame];
    const [offset, length] = page.blocks[k];
    const rowBytes = page.block[1] * page.type.width;
    if (page.compression === 1) {
      const [skip, size] = [(from - first) * rowBytes, (to - from) * rowBytes];
      return { bytes: this.#read(call, frame, offset + skip, size), top: from };
    }
    const known = this.#block;
    if (known?.frame === frame && known.k === k) return { bytes: known.bytes, top: first };
    const rows = page.tiled ? page.block[0] : Math.min(page.block[0], page.shape[0] - first);
    const refuse = (got: string): FileError =>
      new FileError(
        `${call}: expected ${rows} rows of ${page.block[1]} numbers, got ${got} in frame ${frame} at byte ${offset} of ${this.path}; copy or record the file again`,
        { path: this.path, frame, offset },
      );
    let bytes: Uint8Array | undefined;
    try {
      bytes = unpackBlock(page, this.#read(call, frame, offset, length), rows);
    } catch (error) {
      if (error instanceof FileError) throw error;
      throw refuse(reason(error));
    }
    if (!bytes) throw refuse("fewer");
    this.#block = { frame, k, bytes };
    return { bytes, top: first };
  }

  /** Bytes of the file, until the next call. */
  #read(call: string, frame: number, offset: number, length: number): Uint8Array {
    if (this.#bytes.length < length) this.#bytes = new Uint8Array(length);
    const target = this.#bytes.subarray(0, length);
    let got: number;
    try {
      got = this.source.read(target, offset);
    } catch (error) {
      throw systemError(call, this.path, error, { frame, offset });
    }
    if (got === length) return target;
    throw new FileError(
      `${call}: expected ${length} bytes at byte ${offset} of ${this.path} (frame ${frame}), got ${got}; start again when nothing writes to it any more`,
      { path: this.path, frame, offset },
    );
  }
}

/** Whether the strips of a page follow each other without compression. */
function isContiguous({ compression, blocks, block, shape }: TiffPage): boolean {
  if (compression !== 1 || block[1] !== shape[1]) return false;
  return blocks.every(([offset], k) => k === 0 || offset === blocks[k - 1][0] + blocks[k - 1][1]);
}

/** The images of a file: its pages, or as many as ImageJ says lie behind the only page. */
function indexTiff(
  call: string,
  source: ByteSource,
  { incomplete = "refuse", nEnergies }: Omit<FramePlace, "path">,
): TiffEntry[] {
  const reader = new TiffReader(source, call);
  const { pages, cut } = reader.pages();
  if (cut && incomplete === "refuse") throw cut;
  for (const [k, page] of pages.entries()) {
    const why = whyPacked(page);
    if (why)
      throw reader.damaged(
        `plain numbers, LZW, deflate or PackBits in page ${k}`,
        why,
        "save the file with one of them",
      );
  }
  const shape = stackShape(call, source.path, pages[0]);
  const announced = shape.lengths.reduce((product, n) => product * n, 1);
  const behind =
    pages.length === 1 && announced > 1 && !cut
      ? imagesBehind(reader, source, pages[0], announced, incomplete)
      : pages;
  if (announced > 1 && behind.length !== announced && incomplete === "refuse") {
    throw reader.damaged(
      `${announced} images, as the metadata say`,
      `${behind.length} pages`,
      "give all files of the stack, or save it anew",
    );
  }
  const headers = headersOf(pages, behind.length, shape);
  const cubes = behind.length === announced ? cubesOf(shape, nEnergies) : undefined;
  return behind.map((page, k) => ({ page, shape: page.shape, header: headers[k], ...cubes?.[k] }));
}

/** Images that lie behind the only page of a file, one after the other: stacks of ImageJ above 4 GB. */
function imagesBehind(
  reader: TiffReader,
  source: ByteSource,
  page: TiffPage,
  n: number,
  incomplete: string,
): TiffPage[] {
  const [start] = page.blocks[0];
  const bytes = page.shape[0] * page.shape[1] * page.type.width;
  const fits = Math.floor((source.size - start) / bytes);
  if (!isContiguous(page))
    throw reader.damaged(`${n} images, as the metadata say`, "one page of strips apart");
  if (fits < n && incomplete === "refuse") {
    throw reader.damaged(
      `${n} images, as the metadata say`,
      `a file that ends after ${fits}: it is truncated`,
    );
  }
  return Array.from({ length: Math.min(n, fits) }, (_, k) => ({
    ...page,
    block: page.shape,
    blocks: [[start + k * bytes, bytes] as const],
  }));
}
