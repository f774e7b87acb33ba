// A fit of every pixel of every time step, in a folder: it is read one time step at a time.
import type { Matrix } from "ml-matrix";
import type { FitOptions } from "../../chemometrics/fit/fit-options.js";
import { toMatrix } from "../../compute/matrix.js";
import { ArgumentError, quote } from "../../errors.js";
import { type FitQuantity, fitQuantities } from "../engine/requests/fit-to.js";
import { type InvalidCount, invalidText } from "../invalid.js";
import { StoredImages } from "../store/images.js";
import { FitResult } from "./fit-result.js";
import { cell, Result } from "./result.js";
import { type Rows, timeColumn } from "./rows.js";
import type { Columns, Curves } from "./save.js";

/** What of a fit's options decides which images there are. */
export type FitImages = Pick<FitOptions, "nonNegative" | "sigma"> & { readonly robust: boolean };

/**
 * Concentrations of given components in every pixel of every time step, on disk. Memory holds one time step.
 *
 * @example
 * // Compiled only: it writes a folder.
 * const resolved = await Cube.load().calibrate().absorb().mcrAls(3);
 * const series = await Cube.load("reduced.zarr").fit(resolved, { to: "fit.zarr" });
 * series.profile("Cp3"); // mean over the pixels, one per time step
 * const last = await series.at(series.length - 1); // as cube.fit gives it of a single cube
 * last.map("Cp3");
 * for await (const fit of series) console.log(fit.nFlagged);
 * const again = await FitSeries.open("fit.zarr"); // in another session
 */
export class FitSeries extends Result {
  readonly kind = "fitSeries";
  /** Cp1, Cp2, ... */
  readonly names: readonly string[];
  /** Spectra of the components, [nComponents, nEnergies]. */
  readonly S: Matrix;
  /** eV, of S, in recording order. */
  readonly energies: Float64Array;
  readonly rows: Rows;
  readonly invalid: InvalidCount;
  readonly #images: StoredImages;
  readonly #quantities: readonly FitQuantity[];

  private constructor(images: StoredImages) {
    super(images.provenance);
    const { data, shape } = images.arrays.S;
    this.S = toMatrix(data as Float64Array, shape[0], shape[1]);
    this.energies = images.arrays.energy.data as Float64Array;
    this.names = Array.from({ length: shape[0] }, (_, i) => `Cp${i + 1}`);
    this.rows = { of: "time", times: images.times };
    this.invalid = images.invalid;
    this.#images = images;
    const { nonNegative, sigma, robust } = images.details as { [K in keyof FitImages]?: never };
    this.#quantities = fitQuantities(shape[0], { nonNegative, sigma, robust });
  }

  /**
   * The fit that `cube.fit(components, { to: path })` wrote.
   *
   * @throws FileError for another folder
   * @example
   * // Compiled only: it reads a folder.
   * const series = await FitSeries.open("fit.zarr");
   */
  static async open(path: string): Promise<FitSeries> {
    return new FitSeries(await StoredImages.open("FitSeries.open", path, "fit", ["S", "energy"]));
  }

  /** Number of time steps. */
  get length(): number {
    return this.#images.times.length;
  }

  /** The folder. */
  get path(): string {
    return this.#images.path;
  }

  /**
   * The fit of one time step, counted from 0: what `cube.fit` gives of that cube alone, with maps, `against` and
   * `threshold`.
   *
   * @throws ArgumentError for a time step that there is not; FileError where the folder is damaged
   */
  async at(time: number): Promise<FitResult> {
    const values = await this.#images.at("at", time);
    const { height, width, pixelSize } = this.#images;
    const area = height * width;
    const flag = this.#quantities.find(({ name }) => name === "flags") as FitQuantity;
    const flags = values.subarray(flag.first * area, (flag.first + 1) * area);
    const pixels = Int32Array.from(flags.keys()).filter((p) => !Number.isNaN(flags[p]));
    const found: Partial<Record<FitQuantity["name"], Float64Array>> = {};
    for (const { name, first, count } of this.#quantities) {
      const own = new Float64Array(pixels.length * count);
      for (let row = 0, at = 0; row < pixels.length; row++) {
        for (let a = 0; a < count; a++, at++) own[at] = values[(first + a) * area + pixels[row]];
      }
      found[name] = own;
    }
    const { data, rFactor, flags: own, ...details } = found;
    const C = { data: data as Float64Array, rows: pixels.length, columns: this.names.length };
    const rows: Rows = { of: "pixel", pixels, height, width, pixelSize };
    const { S, energies, invalid, provenance } = this;
    const init = { C, S, energies, rows, nPixels: 1, invalid };
    return new FitResult(
      provenance,
      init,
      rFactor as Float64Array,
      Uint8Array.from(own as Float64Array),
      details,
    );
  }

  /** The fits of all time steps, one after another. */
  async *[Symbol.asyncIterator](): AsyncGenerator<FitResult, void> {
    for (let t = 0; t < this.length; t++) yield this.at(t);
  }

  /**
   * Mean concentration of one component over the fitted pixels, one per time step.
   *
   * @throws ArgumentError for an unknown component
   */
  profile(name: string): Float64Array {
    const at = this.names.indexOf(name);
    if (at >= 0) return this.#images.meansOf(at);
    throw new ArgumentError(`profile: expected a component (${this.names.join(", ")}), got ${quote(name)}`, {
      name,
    });
  }

  summary(): string {
    const { height, width } = this.#images;
    return `Fit of ${this.names.join(", ")} to ${this.length} time steps of ${width} x ${height} pixels, in ${this.path}${invalidText(this.invalid)}`;
  }

  columns(): Columns {
    const columns: Columns = timeColumn(this.rows);
    for (const name of this.names) columns[name] = Array.from(this.profile(name), cell);
    return columns;
  }

  override curves(): Curves {
    const spectra = Object.fromEntries(this.names.map((name, j) => [name, this.S.getRow(j)]));
    return { energies: this.energies, spectra };
  }
}
