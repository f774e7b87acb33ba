// Recorded frames in HDF5 in the layout of NeXus: a stack of images, with one energy, exposure time and ring
// current per image. They are read row by row, as those of other formats.
import type { Dataset } from "h5wasm/node";
import { FileError, quote } from "../errors.js";
import type { Axis, FrameEntry, FrameFile, FramePlace, ImageKind } from "./frames.js";
import { fullScaleOf } from "./full-scale.js";
import { checkFilters } from "./hdf5-filters.js";
import { whyUnreadable } from "./hdf5-numbers.js";
import { Hdf5Source } from "./hdf5-source.js";
import { type Described, describe, missingError, missingRows } from "./hdf5-storage.js";
import { axesOf, STACK } from "./nexus-axes.js";
import { IMAGE_KEYS, listLength, readList } from "./nexus-lists.js";
import { splitPlace } from "./place.js";
import { requestedEntry } from "./row-request.js";

/** Where the images lie, the first place that is there; our own writer uses the first. */
const IMAGES = ["/entry/instrument/detector/data", "/entry/data/data", "/entry/data"];

/** Numbers that are read at once at most. */
const MOST_TOGETHER = 2 ** 22;

/** The same rows of images that lie in one chunk. */
interface Block {
  readonly first: number;
  readonly firstRow: number;
  readonly nRows: number;
  readonly values: Float32Array;
}

/** Axes of images that do not lie one after the other, and the numbers that were read last. */
interface Arranged {
  readonly axes: readonly Axis[];
  readonly nEnergies: number;
  block?: {
    readonly cube: number;
    readonly energies: readonly [number, number];
    readonly rows: readonly [number, number];
    readonly values: ArrayLike<number>;
  };
}

/** An open NeXus file: an index of its frames, and rows on demand. The HDF5 library has to be loaded. */
export class NexusFile implements FrameFile {
  #source: Hdf5Source | null;
  readonly #data: Dataset;
  /** The file that the images lie in, where a link leads to another. */
  readonly #images: Hdf5Source;
  /** Place in the dataset of each frame. */
  readonly #index: Int32Array;
  readonly frames: readonly FrameEntry[];
  /** Rows that were read last. */
  #block: Block | null = null;

  private constructor(
    readonly path: string,
    source: Hdf5Source,
    { dataset, found }: Described,
    index: Int32Array,
    frames: readonly FrameEntry[],
    private readonly arranged?: Arranged,
  ) {
    this.#source = source;
    this.#data = dataset;
    this.#images = found.source;
    this.#index = index;
    this.frames = frames;
  }

  /**
   * Opens a file and indexes the frames of one kind; all frames where the file has no image keys.
   *
   * With `incomplete: "keep"` without the images that were never written or whose file is not there; they are
   * refused otherwise.
   *
   * @throws FileError naming path and dataset when something that is needed is missing, corrupt or of another
   *   shape
   */
  static openSync(place: FramePlace): NexusFile {
    const call = "NexusFile.openSync";
    const { kind, incomplete = "refuse", single = false } = place;
    const { path, dataset } = splitPlace(place.path);
    const source = Hdf5Source.open(call, path);
    try {
      const data = findDataset(source, dataset, kind, single);
      checkFilters(data);
      const axes = kind === "dark" || single ? STACK : axesIn(source, data, place, dataset === undefined);
      if (axes !== STACK) return NexusFile.#arrange(path, source, data, axes);
      const n = data.shape.length === 3 ? data.shape[0] : 1;
      const [height, width] = data.shape.slice(-2);
      // Lists belong to stacks; one image is a dark by itself.
      const isStack = data.shape.length === 3;
      const keys = isStack ? readList(source, "image_key", n) : undefined;
      const ofKind = Array.from({ length: n }, (_, k) => k).filter(
        (k) => !keys || kind === undefined || keys[k] === IMAGE_KEYS[kind],
      );
      if (ofKind.length === 0) {
        throw new FileError(
          `${call}: expected images of the ${kind} (image_key ${kind && IMAGE_KEYS[kind]}), got none in ${path}; check its image_key`,
          { path },
        );
      }
      const missing = missingRows(data);
      const lacks = (k: number) => missing?.rows[isStack ? k : 0] === 1;
      const index = ofKind.filter((k) => !lacks(k));
      if (missing && (index.length === 0 || (incomplete === "refuse" && index.length < ofKind.length))) {
        throw missingError(data, missing, "images");
      }
      // A dark is the same at all energies.
      const names = (["energy", "exposure_time", "ring_current", "time", "cubes"] as const).filter(
        (name) => (isStack || single) && (name !== "energy" || kind !== "dark"),
      );
      const columns = names.map((name) => [name, readList(source, name, n, index, keys)] as const);
      const frames = index.map((k) => ({
        shape: [height, width] as const,
        header: Object.fromEntries(
          columns.flatMap(([name, list]) => (list ? [[name, String(list[k])]] : [])),
        ),
        ...(missing && { image: { number: ofKind.indexOf(k), of: ofKind.length } }),
      }));
      source.checkPlaces();
      return new NexusFile(path, source, data, Int32Array.from(index), frames);
    } catch (error) {
      source.close();
      throw error;
    }
  }

  /** Images whose axes lie in another order, or that are a series of cubes. */
  static #arrange(path: string, source: Hdf5Source, data: Described, axes: readonly Axis[]): NexusFile {
    const length = (axis: Axis): number => data.shape[axes.indexOf(axis)] ?? 1;
    const missing = missingRows(data);
    if (missing) throw missingError(data, missing, "rows");
    const [nEnergies, nTimes] = [length("energy"), length("time")];
    const names = ["energy", "exposure_time", "ring_current"] as const;
    const columns = names.map((name) => [name, readList(source, name, nEnergies)] as const);
    const frames = Array.from({ length: nTimes * nEnergies }, (_, k): FrameEntry => {
      const own = columns.flatMap(([name, list]) =>
        list ? [[name, String(list[k % nEnergies])] as const] : [],
      );
      return {
        shape: [length("y"), length("x")],
        header: Object.fromEntries(own),
        ...(axes.includes("time") && { cube: Math.floor(k / nEnergies) }),
      };
    });
    source.checkPlaces();
    return new NexusFile(path, source, data, new Int32Array(0), frames, { axes, nEnergies });
  }

  /** Highest number of the type of its images; Infinity where no count reaches it. */
  get fullScale(): number {
    const { type, size, signed } = this.#data.metadata;
    return fullScaleOf(size, type === 0, signed);
  }

  readRows(frame: number, firstRow: number, nRows: number, out: Float32Array | Float64Array): void {
    const call = "NexusFile.readRows";
    const request = { frame, firstRow, nRows, out };
    const { frames } = this;
    const entry = requestedEntry(call, this, this.#source !== null, frames.length, request, (k) => frames[k]);
    const [, width] = entry.shape;
    if (this.arranged) {
      this.#readArranged(this.arranged, frame, firstRow, nRows, width, out);
      return;
    }
    const at = this.#index[frame];
    const { first, images } = this.#together(at, nRows);
    const known = this.#block;
    if (known?.first !== first || known.firstRow !== firstRow || known.nRows !== nRows) {
      const box: [number, number][] = [
        [first, first + images],
        [firstRow, firstRow + nRows],
        [0, width],
      ];
      const values = this.#images.run(`frame ${frame}`, () =>
        this.#data.slice(box.slice(-(this.#data.shape as number[]).length)),
      ) as Float32Array;
      this.#block = { first, firstRow, nRows, values };
    }
    const { values } = this.#block as Block;
    const from = (at - first) * nRows * width;
    out.set(values.subarray(from, from + nRows * width));
  }

  /** Rows whose numbers do not lie one after the other; those of several energies are read together. */
  #readArranged(
    arranged: Arranged,
    frame: number,
    firstRow: number,
    nRows: number,
    width: number,
    out: Float32Array | Float64Array,
  ): void {
    const { axes, nEnergies } = arranged;
    const [cube, energy] = [Math.floor(frame / nEnergies), frame % nEnergies];
    // Behind the rows, every energy lies beside the next: all would be read for one of them.
    const isSlow = axes.indexOf("energy") < Math.min(axes.indexOf("y"), axes.indexOf("x"));
    const depth = this.#data.metadata.chunks?.[axes.indexOf("energy")] ?? 1;
    const most = Math.max(1, Math.floor(MOST_TOGETHER / (nRows * width)));
    const span = Math.min(nEnergies, isSlow ? Math.min(depth, most) : most);
    const first = Math.floor(energy / span) * span;
    const last = Math.min(nEnergies, first + span);
    const ranges: Readonly<Record<Axis, [number, number]>> = {
      time: [cube, cube + 1],
      energy: [first, last],
      y: [firstRow, firstRow + nRows],
      x: [0, width],
    };
    let { block } = arranged;
    const isKnown =
      block?.cube === cube &&
      block.energies[0] === first &&
      block.rows[0] === firstRow &&
      block.rows[1] === nRows;
    if (!block || !isKnown) {
      const read = () => this.#data.slice(axes.map((axis) => ranges[axis]));
      const values = this.#images.run(`frame ${frame}`, read) as ArrayLike<number>;
      block = { cube, energies: [first, last], rows: [firstRow, nRows], values };
      arranged.block = block;
    }
    const lengths = axes.map((axis) => ranges[axis][1] - ranges[axis][0]);
    const stride = (axis: Axis): number =>
      lengths.slice(axes.indexOf(axis) + 1).reduce((product, n) => product * n, 1);
    const [down, across] = [stride("y"), stride("x")];
    const start = (energy - first) * stride("energy");
    for (let row = 0, to = 0; row < nRows; row++) {
      for (let from = start + row * down, column = 0; column < width; column++, from += across) {
        out[to++] = block.values[from];
      }
    }
  }

  close(): void {
    this.#source?.close();
    this.#source = null;
    this.#block = null;
  }

  /**
   * Images that are read together with one: those of its chunk, which would be inflated once more for each of
   * them.
   */
  #together(at: number, nRows: number): { first: number; images: number } {
    const { shape, chunks } = this.#data.metadata;
    const [n, , width] = shape as number[];
    const depth = chunks?.[0] ?? 1;
    if (shape?.length === 2 || depth === 1 || depth * nRows * width > MOST_TOGETHER)
      return { first: at, images: 1 };
    const first = Math.floor(at / depth) * depth;
    return { first, images: Math.min(depth, n - first) };
  }
}

/** The axes of the images: those that were named, or that the number of energies tells. */
function axesIn(
  source: Hdf5Source,
  { found, shape }: Described,
  place: FramePlace,
  isConvention: boolean,
): readonly Axis[] {
  if (shape.length < 3) return STACK;
  const { call, path } = source;
  // A list of what each image shows is one of images.
  const isList = shape.length === 3 && !place.axes && listLength(source, "image_key") === shape[0];
  if (isList) return STACK;
  const nEnergies = place.nEnergies ?? listLength(source, "energy");
  return axesOf({ call, path, dataset: found.at, shape }, place, nEnergies, isConvention);
}

function findDataset(
  source: Hdf5Source,
  dataset: string | undefined,
  kind: ImageKind | undefined,
  single: boolean,
): Described {
  const { call, path } = source;
  const candidates = dataset === undefined ? IMAGES : [dataset];
  for (const at of candidates) {
    const found = source.find(at);
    if (!found?.dataset) continue;
    const described = describe(found);
    const { shape } = described;
    const { type, size } = found.dataset.metadata;
    const isStack =
      (shape.length === 3 || (shape.length === 4 && kind !== "dark")) && shape.every((n) => n > 0);
    const isImage = shape.length === 2 && shape.every((n) => n > 0);
    const odd = whyUnreadable(described);
    const readable = odd === undefined && (type === 1 || (type === 0 && size <= 4));
    if (readable && (isStack || (isImage && (kind === "dark" || single)))) return described;
    const got = odd ?? `shape [${shape.join(", ")}] of ${quote(found.dataset.dtype)}`;
    const remedy =
      readable && isImage && kind !== undefined
        ? `a ${kind} needs one image for each energy, [energies, height, width]; only a dark may be one image`
        : 'name another dataset as in "file.h5::/entry/data"';
    throw new FileError(
      `${call}: expected numbers of at most 32 bits or doubles as [images, height, width], got ${got} in ${quote(at)} of ${path}; ${remedy}`,
      { path, dataset: at },
    );
  }
  throw new FileError(
    `${call}: expected images in ${candidates.map(quote).join(", ")}, got none in ${path}; name the dataset as in "file.h5::/entry/data" (describe(path) lists them)`,
    { path },
  );
}
