// Recorded frames in HDF5, as NeXus lays them out: a stack of images, and beside it one energy, exposure and ring current
// an image. Read row by row as EDF files are, so that the engine need not know which of the two it has.
import type { Dataset, File as Hdf5Handle } from "h5wasm/node";
import { ArgumentError, FileError, quote, ShapeError } from "../errors.js";
import type { FrameEntry, FrameFile } from "./frame-file.js";
import { checkFilters, guarded, openHdf5 } from "./hdf5-library.js";

/** What an image of a NeXus file shows; 0, 1 and 2 as NXtomo counts them, 4 is ours for the reference foil. */
export const IMAGE_KEYS = { sample: 0, flat: 1, dark: 2, foil: 4 } as const;

/** The kinds of images. */
export type ImageKind = keyof typeof IMAGE_KEYS;

/** Where things lie in a NeXus file, the first that is there; our own writer uses the first of each. */
const PLACES = {
  data: ["/entry/instrument/detector/data", "/entry/data/data", "/entry/data"],
  imageKey: ["/entry/instrument/detector/image_key"],
  energy: ["/entry/instrument/monochromator/energy", "/entry/data/energy", "/entry/energy"],
  exposure_time: ["/entry/instrument/detector/count_time"],
  ring_current: ["/entry/instrument/source/current"],
  time: ["/entry/instrument/detector/time"],
  cubes: ["/entry/instrument/detector/cubes"],
} as const;

/** Numbers that are read at once at most. */
const MOST_TOGETHER = 2 ** 22;

/** The same rows of images that lie in one chunk. */
interface Block {
  readonly first: number;
  readonly firstRow: number;
  readonly nRows: number;
  readonly values: Float32Array;
}

/** An open NeXus file: an index of its frames, and rows on demand. The HDF5 library has to be loaded. */
export class NexusFile implements FrameFile {
  #handle: Hdf5Handle | null;
  readonly #data: Dataset;
  /** Place in the dataset of each frame. */
  readonly #index: Int32Array;
  readonly frames: readonly FrameEntry[];
  /** Rows that were read last. */
  #block: Block | null = null;

  private constructor(
    readonly path: string,
    handle: Hdf5Handle,
    data: Dataset,
    index: Int32Array,
    frames: readonly FrameEntry[],
  ) {
    this.#handle = handle;
    this.#data = data;
    this.#index = index;
    this.frames = frames;
  }

  /**
   * Opens a file and indexes the frames of one kind; all frames where the file does not tell kinds apart.
   *
   * @param place the file's path, or path and dataset as in `scan.nxs::/entry/data`
   * @throws FileError naming path and dataset when something that is needed is missing, corrupt or of another shape
   */
  static openSync(place: string, kind?: ImageKind): NexusFile {
    const call = "NexusFile.openSync";
    const { path, dataset } = splitPlace(place);
    const handle = openHdf5(call, path);
    try {
      const data = findDataset(call, path, handle, dataset);
      checkFilters(call, path, data);
      const [n, height, width] = data.shape as number[];
      const keys = readList(call, path, handle, "imageKey", n);
      const index = Int32Array.from(
        Array.from({ length: n }, (_, k) => k).filter(
          (k) => !keys || kind === undefined || keys[k] === IMAGE_KEYS[kind],
        ),
      );
      if (index.length === 0) {
        throw new FileError(
          `${call}: expected images of the ${kind} (image_key ${kind && IMAGE_KEYS[kind]}), got none in ${path}; check its image_key`,
          { path },
        );
      }
      const columns = (["energy", "exposure_time", "ring_current", "time", "cubes"] as const).map(
        (name) => [name, readList(call, path, handle, name, n)] as const,
      );
      const frames = Array.from(index, (k) => ({
        shape: [height, width] as const,
        header: Object.fromEntries(
          columns.flatMap(([name, list]) => (list ? [[name, String(list[k])]] : [])),
        ),
      }));
      return new NexusFile(path, handle, data, index, frames);
    } catch (error) {
      handle.close();
      throw error;
    }
  }

  readRows(frame: number, firstRow: number, nRows: number, out: Float32Array | Float64Array): void {
    const call = "NexusFile.readRows";
    const { path } = this;
    const entry = this.frames[frame];
    if (!this.#handle) {
      throw new FileError(`${call}: expected an open file, got ${path} after close(); open it again`, {
        path,
      });
    }
    if (!entry || !(firstRow >= 0 && nRows > 0 && firstRow + nRows <= entry.shape[0])) {
      throw new ArgumentError(
        `${call}: expected a frame below ${this.frames.length} and rows within it, got ${quote(nRows)} rows from row ${quote(firstRow)} of frame ${quote(frame)} (${path})`,
        { path, frame, firstRow, nRows },
      );
    }
    const [, width] = entry.shape;
    if (out.length < nRows * width) {
      throw new ShapeError(
        `${call}: expected room for ${nRows} x ${width} numbers, got an array of ${out.length}; pass a longer one`,
        { expected: nRows * width, got: out.length },
      );
    }
    const at = this.#index[frame];
    const { first, images } = this.#together(at, nRows);
    const known = this.#block;
    if (known?.first !== first || known.firstRow !== firstRow || known.nRows !== nRows) {
      const values = guarded(call, path, `frame ${frame}`, () =>
        this.#data.slice([
          [first, first + images],
          [firstRow, firstRow + nRows],
          [0, width],
        ]),
      ) as Float32Array;
      this.#block = { first, firstRow, nRows, values };
    }
    const { values } = this.#block as Block;
    const from = (at - first) * nRows * width;
    out.set(values.subarray(from, from + nRows * width));
  }

  close(): void {
    this.#handle?.close();
    this.#handle = null;
    this.#block = null;
  }

  /** Images that are read together with one: those of its chunk, which would be inflated once more for each of them. */
  #together(at: number, nRows: number): { first: number; images: number } {
    const [n, , width] = this.#data.shape as number[];
    const depth = this.#data.metadata.chunks?.[0] ?? 1;
    if (depth === 1 || depth * nRows * width > MOST_TOGETHER) return { first: at, images: 1 };
    const first = Math.floor(at / depth) * depth;
    return { first, images: Math.min(depth, n - first) };
  }
}

/** A path that may name a dataset in the file: `scan.nxs::/entry/data`. */
export function splitPlace(place: string): { path: string; dataset?: string } {
  const at = place.indexOf("::");
  return at < 0 ? { path: place } : { path: place.slice(0, at), dataset: place.slice(at + 2) };
}

/** What lies at a place; null where nothing does. The library itself fails where a dataset stands in the way. */
function lookUp(file: Hdf5Handle, at: string): Dataset | null {
  let node: unknown = file;
  for (const name of at.split("/").filter((part) => part !== "")) {
    const group = node as Partial<Hdf5Handle> | null;
    if (!group?.keys?.().includes(name)) return null;
    node = group.get?.(name);
  }
  return node as Dataset | null;
}

function findDataset(call: string, path: string, file: Hdf5Handle, dataset: string | undefined): Dataset {
  const candidates = dataset === undefined ? PLACES.data : [dataset];
  for (const at of candidates) {
    const found = guarded(call, path, quote(at), () => lookUp(file, at));
    if (!found?.shape) continue;
    if (
      found.shape.length === 3 &&
      found.shape.every((n) => n > 0) &&
      (found.metadata.type === 0 || found.metadata.type === 1)
    ) {
      if (found.metadata.size <= 4 || found.metadata.type === 1) return found;
    }
    throw new FileError(
      `${call}: expected numbers of at most 32 bits or doubles as [images, height, width], got shape ${quote([...found.shape])} of ${quote(found.dtype)} in ${quote(at)} of ${path}; name another dataset as in "file.h5::/entry/data"`,
      { path, dataset: at },
    );
  }
  throw new FileError(
    `${call}: expected images in ${candidates.map(quote).join(", ")}, got none in ${path}; name the dataset as in "file.h5::/entry/data"`,
    { path },
  );
}

/** One number an image, or one for all; undefined where the file does not tell. */
function readList(
  call: string,
  path: string,
  file: Hdf5Handle,
  name: keyof typeof PLACES,
  n: number,
): ArrayLike<number> | undefined {
  for (const at of PLACES[name]) {
    const found = guarded(call, path, quote(at), () => lookUp(file, at));
    if (!found?.shape) continue;
    checkFilters(call, path, found);
    const value = guarded(call, path, quote(at), () => found.value);
    if (typeof value === "number" || typeof value === "bigint")
      return new Float64Array(n).fill(Number(value));
    const list = Array.from(value as ArrayLike<number | bigint>, Number);
    if (list.length === n && list.every((v) => !Number.isNaN(v))) return list;
    if (list.length === 1) return new Float64Array(n).fill(list[0]);
    throw new FileError(
      `${call}: expected one number an image (${n}) in ${quote(at)}, got ${list.length} in ${path}; correct the file`,
      { path, dataset: at },
    );
  }
  return undefined;
}
