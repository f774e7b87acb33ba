// Glitches found by robust fits: a list of (row, energy), and their numbers per row and per energy.

/** Entries of the data that are outliers of a robust fit. */
export interface Glitches {
  /** Row and energy (index) of each entry, row by row. */
  readonly rows: Int32Array;
  readonly energies: Int32Array;
  /**
   * Distance of each entry from the fit, in robust standard deviations of its row; positive above the fit.
   */
  readonly sizes: Float32Array;
  /** Number of entries in each row: for pixels, the glitch map. */
  readonly perRow: Int32Array;
  /** Number of entries at each energy. */
  readonly perEnergy: Int32Array;
}

/** Collects entries while rows are fitted. */
export class GlitchList {
  #rows = new Int32Array(1024);
  #energies = new Int32Array(1024);
  #sizes = new Float32Array(1024);
  #count = 0;

  add(row: number, energy: number, size: number): void {
    const i = this.#count++;
    if (i === this.#rows.length) {
      this.#rows = longer(this.#rows, Int32Array);
      this.#energies = longer(this.#energies, Int32Array);
      this.#sizes = longer(this.#sizes, Float32Array);
    }
    this.#rows[i] = row;
    this.#energies[i] = energy;
    this.#sizes[i] = size;
  }

  /** The entries found in `nRows` spectra of `nEnergies`. */
  result(nRows: number, nEnergies: number): Glitches {
    const rows = this.#rows.slice(0, this.#count);
    const energies = this.#energies.slice(0, this.#count);
    const perRow = new Int32Array(nRows);
    const perEnergy = new Int32Array(nEnergies);
    for (const row of rows) perRow[row]++;
    for (const energy of energies) perEnergy[energy]++;
    return { rows, energies, sizes: this.#sizes.slice(0, this.#count), perRow, perEnergy };
  }
}

function longer<A extends Int32Array | Float32Array>(array: A, type: { new (length: number): A }): A {
  const out = new type(2 * array.length);
  out.set(array);
  return out;
}
