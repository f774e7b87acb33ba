// Which bytes of an HDF5 file belong to what, as far as it was read. Most addresses in a file have no
// checksum: a changed one shows because two things then lie at the same bytes.

/** Bytes that two things claim. */
export interface Overlap {
  /** Dataset whose numbers lie there. */
  readonly dataset: string;
  /** Another dataset, the same one, or undefined for the structure of the file. */
  readonly other: string | undefined;
  /** First byte of the second of both. */
  readonly at: number;
}

/** The places of one file. */
export class Hdf5Extents {
  readonly #from: number[] = [];
  readonly #to: number[] = [];
  /** Dataset of each place, by its number; -1 for structure, which may be read several times. */
  readonly #owner: number[] = [];
  readonly #datasets: string[] = [];

  /** Notes bytes of the superblock, of a header, a tree or a list. */
  structure(from: number, length: number): void {
    this.#add(from, length, -1);
  }

  /** Notes bytes that hold numbers of a dataset. */
  data(dataset: string, from: number, length: number): void {
    if (this.#datasets.at(-1) !== dataset) this.#datasets.push(dataset);
    this.#add(from, length, this.#datasets.length - 1);
  }

  /** The first bytes that belong to a dataset and to something else; undefined where there are none. */
  overlap(): Overlap | undefined {
    const [from, to, owner, datasets] = [this.#from, this.#to, this.#owner, this.#datasets];
    const order = Uint32Array.from(from.keys()).sort((a, b) => from[a] - from[b]);
    // Of all places so far, the structure and the numbers that reach furthest.
    let structure = 0;
    let data = 0;
    let last = -1;
    for (const k of order) {
      const isData = owner[k] >= 0;
      if (from[k] < data) return { dataset: datasets[last], other: datasets[owner[k]], at: from[k] };
      if (isData && from[k] < structure)
        return { dataset: datasets[owner[k]], other: undefined, at: from[k] };
      if (!isData) structure = Math.max(structure, to[k]);
      else [data, last] = [to[k], owner[k]];
    }
    return undefined;
  }

  #add(from: number, length: number, owner: number): void {
    if (length === 0) return;
    this.#from.push(from);
    this.#to.push(from + length);
    this.#owner.push(owner);
  }
}
