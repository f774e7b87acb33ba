// Writes recorded frames as a NeXus file, frame by frame, without ever holding more than one.
import type { Dataset, Group, File as Hdf5Handle } from "h5wasm/node";
import { ArgumentError, quote, ShapeError } from "../errors.js";
import { checkOptions, type OptionNames } from "../options.js";
import { syncFile, targetOf } from "./atomic.js";
import { writeError } from "./disk-errors.js";
import type { EdfInput } from "./edf-writer.js";
import type { ImageKind } from "./frames.js";
import { closeHdf5, createHdf5, guarded, type OpenHdf5 } from "./hdf5-library.js";
import { IMAGE_KEYS } from "./nexus-lists.js";
import { discard, removeLeftovers, takeName, temporaryBeside } from "./temporaries.js";

/** What is written once per file. */
export interface NexusOptions {
  readonly kind: ImageKind;
  readonly title?: string;
  readonly sample?: string;
  readonly instrument?: string;
}

const OPTIONS: OptionNames<NexusOptions> = { kind: true, title: true, sample: true, instrument: true };

/** Lists with one number per image, and where each is written. */
const LISTS = {
  energy: { place: ["instrument", "monochromator"], name: "energy", units: "eV" },
  exposure_time: { place: ["instrument", "detector"], name: "count_time", units: "s" },
  ring_current: { place: ["instrument", "source"], name: "current", units: "mA" },
  time: { place: ["instrument", "detector"], name: "time", units: "s" },
  cubes: { place: ["instrument", "detector"], name: "cubes", units: "" },
  per_count: { place: ["instrument", "detector"], name: "per_count", units: "" },
} as const;

/** NeXus classes of the groups. */
const CLASSES: Readonly<Record<string, string>> = {
  instrument: "NXinstrument",
  detector: "NXdetector",
  monochromator: "NXmonochromator",
  source: "NXsource",
};

/**
 * Streaming writer of one NeXus file of 16-bit counts, with the interface of EdfWriter. The file has a
 * temporary name until finish(). The HDF5 library has to be loaded.
 */
export class NexusWriter {
  readonly #target: string;
  readonly #temporary: string;
  #file: OpenHdf5 | null;
  #data: Dataset | null = null;
  #frames = 0;
  #bytes = 0;
  readonly #lists = new Map<keyof typeof LISTS, number[]>();

  private constructor(
    readonly path: string,
    private readonly options: NexusOptions,
  ) {
    this.#target = targetOf(CALL, path);
    removeLeftovers(this.#target);
    this.#temporary = temporaryBeside(this.#target);
    this.#file = createHdf5(CALL, this.#temporary);
  }

  /** Begins a file. @throws FileError when its folder cannot be written to */
  static create(path: string, options: NexusOptions): NexusWriter {
    checkOptions(CALL, options, OPTIONS);
    if (!Object.hasOwn(IMAGE_KEYS, options?.kind)) {
      throw new ArgumentError(
        `${CALL}: expected kind to be one of ${Object.keys(IMAGE_KEYS).join(", ")}, got ${quote(options?.kind)}`,
      );
    }
    return new NexusWriter(path, options);
  }

  /** Writes one more frame of 16-bit counts. @throws ShapeError, FileError */
  append({ header = {}, shape, data }: EdfInput): void {
    const [rows, columns] = shape;
    if (!(data instanceof Uint16Array) || data.length !== rows * columns) {
      throw new ShapeError(
        `${CALL}: expected ${rows} x ${columns} counts in a Uint16Array, got ${quote(data)} of ${data?.length}`,
        { frame: this.#frames },
      );
    }
    for (const name of Object.keys(LISTS) as (keyof typeof LISTS)[]) {
      if (header[name] === undefined) continue;
      const list = this.#lists.get(name) ?? [];
      list[this.#frames] = Number(header[name]);
      this.#lists.set(name, list);
    }
    this.#bytes += data.byteLength;
    try {
      guarded(CALL, this.path, `frame ${this.#frames}`, () => this.#put(data, rows, columns));
    } catch (error) {
      if (!(error instanceof ShapeError)) this.abort();
      throw writeError(CALL, this.path, error, this.#bytes);
    }
    this.#frames++;
  }

  /** Brings the file to the disk and gives it its name. @throws ArgumentError when no frame was written */
  finish(): void {
    if (!this.#file) return;
    if (this.#frames === 0) {
      this.abort();
      throw new ArgumentError(
        `${CALL}: expected at least one frame, got none (${this.path}); append one first`,
      );
    }
    try {
      guarded(CALL, this.path, "its lists", () => this.#describe((this.#file as OpenHdf5).handle));
      closeHdf5(CALL, this.#file);
      this.#file = null;
      syncFile(this.#temporary);
      takeName(this.#temporary, this.#target);
    } catch (error) {
      this.abort();
      throw writeError(CALL, this.path, error, this.#bytes);
    }
  }

  /** Throws away what was written; harmless after finish(). */
  abort(): void {
    const file = this.#file;
    this.#file = null;
    try {
      if (file) closeHdf5(CALL, file);
    } catch {
      // What could not be written is thrown away.
    }
    discard(this.#temporary);
  }

  #put(data: Uint16Array, rows: number, columns: number): void {
    const n = this.#frames;
    if (!this.#data) {
      // Chunks of a few rows, because that is how cubes are read: a band of rows, of all images.
      const chunks = [1, Math.max(1, Math.min(rows, Math.floor(2 ** 17 / columns))), columns];
      const detector = this.#group(["instrument", "detector"]);
      this.#data = detector.create_dataset({
        name: "data",
        data,
        shape: [1, rows, columns],
        maxshape: [null, rows, columns],
        chunks,
      });
      this.#data.create_attribute("units", "counts");
      return;
    }
    const [, height, width] = this.#data.shape as number[];
    if (rows !== height || columns !== width) {
      throw new ShapeError(
        `${CALL}: expected frames of ${height} x ${width}, got ${rows} x ${columns} in frame ${n}`,
        { frame: n },
      );
    }
    this.#data.resize([n + 1, rows, columns]);
    this.#data.write_slice(
      [
        [n, n + 1],
        [0, rows],
        [0, columns],
      ],
      data,
    );
  }

  /** Writes what is complete only at the end: the lists and the image keys. */
  #describe(file: Hdf5Handle): void {
    const entry = this.#group([]);
    const { title, sample, instrument, kind } = this.options;
    entry.create_attribute("default", "data");
    file.create_attribute("default", "entry");
    if (title !== undefined) entry.create_dataset({ name: "title", data: title });
    if (instrument !== undefined)
      this.#group(["instrument"]).create_dataset({ name: "name", data: instrument });
    if (sample !== undefined) {
      const group = entry.create_group("sample");
      group.create_attribute("NX_class", "NXsample");
      group.create_dataset({ name: "name", data: sample });
    }
    for (const [key, list] of this.#lists) {
      const { place, name, units } = LISTS[key];
      if (list.length !== this.#frames || list.includes(undefined as never)) {
        throw new ArgumentError(
          `${CALL}: expected ${key} in the header of every frame or of none, got some (${this.path})`,
        );
      }
      const dataset = this.#group(place).create_dataset({ name, data: Float64Array.from(list) });
      if (units) dataset.create_attribute("units", units);
    }
    this.#group(["instrument", "detector"]).create_dataset({
      name: "image_key",
      data: new Int32Array(this.#frames).fill(IMAGE_KEYS[kind]),
    });
    const plot = entry.create_group("data");
    plot.create_attribute("NX_class", "NXdata");
    plot.create_attribute("signal", "data");
    plot.create_soft_link("/entry/instrument/detector/data", "data");
    if (this.#lists.has("energy")) {
      plot.create_attribute("axes", ["energy", ".", "."]);
      plot.create_soft_link("/entry/instrument/monochromator/energy", "energy");
    }
  }

  #group(place: readonly string[]): Group {
    let group: Group = (this.#file as OpenHdf5).handle;
    for (const [name, kind] of [
      ["entry", "NXentry"],
      ...place.map((one) => [one, CLASSES[one]] as const),
    ] as const) {
      if (group.keys().includes(name)) group = group.get(name) as Group;
      else {
        group = group.create_group(name);
        group.create_attribute("NX_class", kind);
      }
    }
    return group;
  }
}

const CALL = "NexusWriter";
