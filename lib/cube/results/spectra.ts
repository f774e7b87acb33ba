// Spectra: one (the mean over pixels), one per time step, or one per pixel.

import type { MatrixLike } from "../../compute/matrix.js";
import { requireIndex } from "../../options.js";
import { type Explorer, explorers } from "../explorer.js";
import { type InvalidCount, invalidText } from "../invalid.js";
import type { Quantity } from "../plan.js";
import type { Provenance } from "../provenance.js";
import type { Concentrations, ConcentrationsExploreOptions } from "./concentrations.js";
import { cell, Result } from "./result.js";
import { middles, type Rows } from "./rows.js";
import type { Columns, Curves, NamedArray } from "./save.js";

/** What a view of spectra may be given. */
export interface SpectraExploreOptions extends ConcentrationsExploreOptions {
  /**
   * A result of mcrAls or fit on the same energies, or spectra, whose concentrations are shown. At most
   * eight.
   */
  readonly components?: Concentrations | MatrixLike;
}
declare module "../explorer.js" {
  interface ExplorerMakers {
    spectra(result: SpectraResult, options?: SpectraExploreOptions): Explorer;
  }
}

/**
 * Spectra as rows, [nRows, nEnergies].
 *
 * @example
 * const series = await Cube.load().calibrate().absorb().normalize().spectra();
 * series.row(0); // the first spectrum
 * series.time; // s, middle of each time step
 * pca(series.toRows()).rank.indicator; // estimated number of components
 * await series.explore({ title: "Charge" }).save("charge.html");
 */
export class SpectraResult extends Result {
  readonly kind = "spectra";
  constructor(
    provenance: Provenance,
    /** eV, in recording order. */
    readonly energies: Float64Array,
    /** Row-major, [nRows, nEnergies]; NaN where no pixel had a value. */
    readonly data: Float64Array | Float32Array,
    readonly quantity: Quantity,
    readonly rows: Rows,
    /** Pixels that each row is the mean of; 1 where rows are pixels. */
    readonly nPixels: number,
    readonly invalid: InvalidCount,
  ) {
    super(provenance);
  }

  get nRows(): number {
    return this.data.length / this.energies.length;
  }

  /** One row (a view). */
  row(i: number): Float64Array | Float32Array {
    const n = this.energies.length;
    requireIndex("row", "i", i, this.nRows);
    return this.data.subarray(i * n, (i + 1) * n);
  }

  /** All rows (views), as the free functions take them. */
  toRows(): (Float64Array | Float32Array)[] {
    return Array.from({ length: this.nRows }, (_, i) => this.row(i));
  }

  /** Middle of each time step, s; NaN where times are not known, empty where rows are pixels. */
  get time(): Float64Array {
    return middles(this.rows);
  }

  /** A linked view of the series, or of the image, in one page; see `cube.explore`. */
  explore(options?: SpectraExploreOptions): Explorer {
    return explorers().spectra(this, options);
  }

  summary(): string {
    const rows = this.rows.of === "time" ? "time steps, each the mean of" : "pixels, each of";
    return `Spectra: ${this.nRows} ${rows} ${this.nPixels} pixel${this.nPixels === 1 ? "" : "s"}, ${this.energies.length} energies, ${this.quantity}${invalidText(this.invalid)}`;
  }

  columns(): Columns {
    const columns: Columns = { energy: Array.from(this.energies) };
    for (let i = 0; i < Math.min(this.nRows, 1000); i++) columns[`s${i}`] = Array.from(this.row(i), cell);
    return columns;
  }

  override arrays(): Record<string, NamedArray> {
    const { data, energies, time, rows } = this;
    const pixels = rows.of === "pixel" && { pixel: { data: rows.pixels, shape: [rows.pixels.length] } };
    return {
      [this.quantity]: { data, shape: [this.nRows, energies.length] },
      energy: { data: energies, shape: [energies.length], units: "eV" },
      ...(pixels || { time: { data: time, shape: [time.length], units: "s" } }),
    };
  }

  override curves(): Curves {
    const spectra = Object.fromEntries(this.toRows().map((row, i) => [`${this.quantity}_${i + 1}`, row]));
    return { energies: this.energies, spectra };
  }
}

/**
 * Mean spectrum over pixels and time steps.
 *
 * @example
 * const { energies, values } = await Cube.load({ part: "ocv" })
 *   .calibrate()
 *   .absorb()
 *   .normalize()
 *   .spectrum();
 * crossing(energies, values, 0.5); // eV, position of the edge at half of its height
 */
export class SpectrumResult extends Result {
  readonly kind = "spectrum";
  constructor(
    provenance: Provenance,
    /** eV, in recording order. */
    readonly energies: Float64Array,
    readonly values: Float64Array,
    readonly quantity: Quantity,
    readonly nPixels: number,
    readonly invalid: InvalidCount,
  ) {
    super(provenance);
  }

  summary(): string {
    return `Spectrum: mean of ${this.nPixels} pixels, ${this.energies.length} energies, ${this.quantity}${invalidText(this.invalid)}`;
  }

  columns(): Columns {
    return { energy: Array.from(this.energies), [this.quantity]: Array.from(this.values, cell) };
  }

  override curves(): Curves {
    return { energies: this.energies, spectra: { [this.quantity]: this.values } };
  }
}
