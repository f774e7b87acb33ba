// HDF5 files opened for reading, and what lies at a path in them. Links are followed here and not by the
// library, so that circles are refused, and every file that a link opens is closed.
import { existsSync, realpathSync } from "node:fs";
import { basename, dirname, isAbsolute, join, resolve } from "node:path";
import type { Dataset, Group } from "h5wasm/node";
import { FileError, quote } from "../errors.js";
import { Hdf5Bytes } from "./hdf5-bytes.js";
import { Hdf5Extents } from "./hdf5-extents.js";
import { readGroup } from "./hdf5-groups.js";
import { closeHdf5, guarded, hdf5, hdf5Module, isOpen, type OpenHdf5, openHdf5 } from "./hdf5-library.js";
import { noteLinked } from "./linked-files.js";

/** Links that may follow each other. */
const MOST_LINKS = 32;

/** What lies at a path. */
export interface Found {
  /** The file that it lies in: another where a link leads there. */
  readonly source: Hdf5Source;
  /** Where it lies in that file. */
  readonly at: string;
  /** Neither of both: a committed type. */
  readonly group?: Group;
  readonly dataset?: Dataset;
}

/** A file opened for reading, with those that its links lead to. */
export class Hdf5Source {
  readonly #opened: OpenHdf5;
  readonly #main: Hdf5Source;
  /** The files that are open, by their true path; of the main file. */
  readonly #files: Map<string, Hdf5Source>;
  readonly #extents = new Hdf5Extents();
  readonly #bytes: Hdf5Bytes;
  /** Headers of the groups and datasets whose places are known. */
  readonly #known = new Set<number>();

  private constructor(
    readonly call: string,
    readonly path: string,
    main?: Hdf5Source,
  ) {
    this.#bytes = new Hdf5Bytes(call, path, this.#extents);
    try {
      this.#opened = openHdf5(call, path);
    } catch (error) {
      this.#bytes.close();
      throw error;
    }
    this.#main = main ?? this;
    this.#files = main ? main.#files : new Map();
    this.#files.set(realpathSync(path), this);
  }

  /** Opens a file. @throws FileError as {@link openHdf5} */
  static open(call: string, path: string): Hdf5Source {
    return new Hdf5Source(call, path);
  }

  /** Closes the file and those that its links led to; harmless when it is closed. */
  close(): void {
    const files = [...this.#main.#files.values()];
    this.#main.#files.clear();
    for (const file of files) file.#bytes.close();
    for (const file of files) closeHdf5(file.call, file.#opened);
  }

  /**
   * Runs something that calls the library on this file.
   *
   * @param what name of the requested item, for the message
   * @throws FileError with path and reason; also where the file is no longer open
   */
  run<T>(what: string, work: () => T): T {
    if (!isOpen(this.#opened)) {
      throw new FileError(
        `${this.call}: expected ${this.path} to be open, got one that was closed because a damaged file interrupted the HDF5 library; open it again`,
        { path: this.path },
      );
    }
    return guarded(this.call, this.path, what, work);
  }

  get root(): Group {
    return this.#opened.handle;
  }

  /** The file's number, for functions of the library that take one. */
  get id(): bigint {
    return this.#opened.handle.file_id;
  }

  /** Names in a group. */
  keys({ at, group }: Found): string[] {
    return this.run(quote(at), () => group?.keys() ?? []);
  }

  /**
   * What lies at a path.
   *
   * @returns undefined where nothing does
   * @throws FileError naming the link where one leads nowhere, in a circle, or to a file that cannot be read
   */
  find(at: string, links = 0): Found | undefined {
    const names = at.split("/").filter((name) => name !== "" && name !== ".");
    let here: Found = { source: this, at: "/", group: this.root };
    for (let k = 0; k < names.length; k++) {
      const inside = `${here.at === "/" ? "" : here.at}/${names[k]}`;
      if (here.group && this.isFirst(here.at)) readGroup(this.#bytes, this.address(here.at));
      if (!here.group || !this.keys(here).includes(names[k])) return undefined;
      const rest = names.slice(k + 1);
      const target = this.#link(here.at, inside);
      if (target) {
        if (links >= MOST_LINKS) throw this.#nowhere(inside, "one that leads in a circle");
        const found = target.source.find([target.at, ...rest].join("/"), links + 1);
        if (!found && rest.length === 0) {
          throw this.#nowhere(
            inside,
            `one to ${quote(target.at)} of ${target.source.path}, where nothing lies`,
          );
        }
        return found;
      }
      const entity = this.run(quote(inside), () => here.source.root.get(inside));
      const { Group, Dataset } = hdf5();
      here = {
        source: this,
        at: inside,
        ...(entity instanceof Group && { group: entity }),
        ...(entity instanceof Dataset && { dataset: entity }),
      };
      if (entity === null || entity === undefined) {
        throw this.#nowhere(inside, "one of a kind that is defined by another program");
      }
    }
    return here;
  }

  /**
   * Where the header of something lies in its file, from the file's first byte of HDF5: the same for all its
   * names.
   */
  address(at: string): number {
    const bytes = this.run(quote(at), () => hdf5Module().create_object_reference(this.id, at));
    return Number(Buffer.from(bytes).readBigUInt64LE());
  }

  /** Runs something on the bytes of this file; the places that it reads are noted. */
  bytes<T>(work: (bytes: Hdf5Bytes) => T): T {
    return work(this.#bytes);
  }

  /** Whether a group or dataset is read for the first time, under this name or another. */
  isFirst(at: string): boolean {
    const address = this.address(at);
    if (this.#known.has(address)) return false;
    this.#known.add(address);
    return true;
  }

  /**
   * Checks that no numbers of what was read so far lie where other numbers or the structure of their file
   * lie.
   *
   * @throws FileError naming the dataset: an address in the file is damaged
   */
  checkPlaces(): void {
    for (const file of this.#main.#files.values()) {
      const found = file.#extents.overlap();
      if (!found) continue;
      const { dataset, other, at } = found;
      const what = other === undefined ? "the structure of the file" : `numbers of ${quote(other)}`;
      throw new FileError(
        `${this.call}: expected the numbers of ${quote(dataset)} at places of their own, got ${what} at byte ${at}, too, in ${file.path}: an address is damaged; copy or record the file again`,
        { path: file.path, dataset, offset: at },
      );
    }
  }

  /**
   * Another file by the name that a link or a virtual dataset of this one gives it.
   *
   * @throws FileError when it is missing or cannot be read
   */
  other(name: string): Hdf5Source {
    if (name === ".") return this;
    const folder = dirname(resolve(this.path));
    const places = isAbsolute(name) ? [name] : [join(folder, name), resolve(name)];
    const path = [...places, join(folder, basename(name))].find((place) => existsSync(place));
    if (path === undefined) {
      throw new FileError(
        `${this.call}: expected the file ${quote(name)} that ${this.path} refers to, got none at ${places[0]}; put it there`,
        { path: places[0], from: this.path },
      );
    }
    noteLinked(this.#main.path, path);
    return this.#files.get(realpathSync(path)) ?? new Hdf5Source(this.call, path, this.#main);
  }

  /** Where a symbolic link leads; undefined where there is none. */
  #link(group: string, at: string): { source: Hdf5Source; at: string } | undefined {
    const what = `the link ${quote(at)}`;
    const soft = this.run(what, () => this.root.get_link(at));
    if (soft !== null && soft !== undefined) {
      return { source: this, at: soft.startsWith("/") ? soft : `${group}/${soft}` };
    }
    const external = this.run(what, () => this.root.get_external_link(at));
    if (external?.filename === undefined) return undefined;
    return { source: this.other(external.filename), at: external.obj_path };
  }

  #nowhere(at: string, got: string): FileError {
    return new FileError(
      `${this.call}: expected the link ${quote(at)} of ${this.path} to lead to a group or dataset, got ${got}; correct the link, or name what you need`,
      { path: this.path, link: at },
    );
  }
}
