// Principal components of every pixel of every time step; their scores are in a folder.
import type { Matrix } from "ml-matrix";
import { type PcaModel, type PcaOptions, pcaOfSums } from "../../chemometrics/pca/pca.js";
import { RowSums } from "../../chemometrics/pca/row-sums.js";
import { ArgumentError, quote } from "../../errors.js";
import { type InvalidCount, invalidText } from "../invalid.js";
import { StoredImages } from "../store/images.js";
import { componentColumns, estimatesText, ratiosText } from "./components.js";
import { MapResult } from "./map.js";
import { Result } from "./result.js";
import type { Columns, Curves, NamedArray } from "./save.js";

/**
 * Principal components of all pixels of all time steps. The components are exact, from sums over all spectra; the
 * scores are on disk and are read one time step at a time.
 *
 * @example
 * // Compiled only: it writes a folder.
 * const parts = await Cube.load("reduced.zarr").normalize().pca({ to: "pca.zarr", components: 5 });
 * parts.rank.indicator; // estimated number of components
 * const scores = await parts.map("PC1", 0);
 * const left = await parts.map("Q", 0); // what the components leave of each pixel
 * const again = await PcaSeries.open("pca.zarr"); // in another session
 */
export class PcaSeries extends Result implements Omit<PcaModel, "method"> {
  readonly kind = "pcaSeries";
  readonly singularValues: PcaModel["singularValues"];
  /** Ratios; they sum to one. */
  readonly explainedVariance: PcaModel["explainedVariance"];
  /** Orthonormal rows, [nComponents, nEnergies]. */
  readonly loadings: Matrix;
  readonly center: boolean;
  readonly mean: Float64Array;
  readonly scaling: Float64Array;
  readonly rank: PcaModel["rank"];
  /** Number of spectra. */
  readonly nRows: number;
  /** Spectra without a value at some energy, which were left out. */
  readonly nDropped: number;
  /** eV, in recording order. */
  readonly energies: Float64Array;
  readonly invalid: InvalidCount;
  readonly #images: StoredImages;

  private constructor(images: StoredImages) {
    super(images.provenance);
    const { energy, sums } = images.arrays;
    const { options, dropped } = images.details as unknown as { options: PcaOptions; dropped: number };
    this.energies = energy.data as Float64Array;
    const all = new RowSums(this.energies.length, sums.data as Float64Array);
    const model = pcaOfSums(all, options);
    this.singularValues = model.singularValues;
    this.explainedVariance = model.explainedVariance;
    this.loadings = model.loadings;
    this.center = model.center;
    this.mean = model.mean;
    this.scaling = model.scaling;
    this.rank = model.rank;
    this.nRows = all.rows;
    this.nDropped = dropped;
    this.invalid = images.invalid;
    this.#images = images;
  }

  /**
   * The components that `cube.pca({ to: path })` wrote.
   *
   * @throws FileError for another folder
   * @example
   * // Compiled only: it reads a folder.
   * const parts = await PcaSeries.open("pca.zarr");
   */
  static async open(path: string): Promise<PcaSeries> {
    return new PcaSeries(await StoredImages.open("PcaSeries.open", path, "pca", ["energy", "sums"]));
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
   * Scores of one time step, counted from 0, or how far its pixels are from the others; NaN where a pixel is not
   * selected or lacks a value.
   *
   * @param name "PC1", "PC2", ... (scores), "T2" (far out within the components) or "Q" (sum of squares that the
   *   components leave)
   * @throws ArgumentError for another name, or a time step that there is not
   */
  async map(name: string, time: number): Promise<MapResult> {
    const n = this.loadings.rows;
    const at = /^PC([1-9]\d*)$/.exec(name);
    const component = at && Number(at[1]) <= n ? Number(at[1]) : 0;
    if (component === 0 && name !== "T2" && name !== "Q") {
      throw new ArgumentError(`map: expected "T2", "Q" or "PC1" to "PC${n}", got ${quote(name)}`, { name });
    }
    const images = await this.#images.at("map", time);
    const area = images.length / (n + 1);
    const one = (a: number): Float64Array => images.slice(a * area, (a + 1) * area);
    const [values, label] =
      name === "T2"
        ? [this.#T2(images, area), "Hotelling's T²"]
        : name === "Q"
          ? [one(n), "Q, squared residual"]
          : [one(component - 1), `Score on ${name}`];
    return new MapResult(this.provenance, values, this.#images, label, "", undefined, this.invalid);
  }

  #T2(images: Float64Array, area: number): Float64Array {
    const variances = this.singularValues.map((s) => s ** 2 / (this.nRows - 1));
    return Float64Array.from({ length: area }, (_, p) => {
      let sum = 0;
      for (let a = 0; a < this.loadings.rows; a++) sum += images[a * area + p] ** 2 / variances[a];
      return sum;
    });
  }

  summary(): string {
    const dropped = this.nDropped > 0 ? `; ${this.nDropped} spectra without a value left out` : "";
    return `PCA of ${this.nRows} spectra in ${this.length} time steps, ${this.center ? "centered" : "not centered"}: explained variance ${ratiosText(this)}, ...; estimated numbers of components: ${estimatesText(this)}; scores in ${this.path}${dropped}${invalidText(this.invalid)}`;
  }

  columns(): Columns {
    return componentColumns(this);
  }

  override arrays(): Record<string, NamedArray> {
    const { loadings, mean, scaling, energies } = this;
    const list = (data: Float64Array): NamedArray => ({ data, shape: [data.length] });
    return {
      ...super.arrays(),
      loadings: { data: Float64Array.from(loadings.to1DArray()), shape: [loadings.rows, loadings.columns] },
      mean: list(mean),
      scaling: list(scaling),
      energy: { ...list(energies), units: "eV" },
    };
  }

  override curves(): Curves {
    const rows = Array.from({ length: this.loadings.rows }, (_, a) => a);
    const spectra = Object.fromEntries(rows.map((a) => [`PC${a + 1}`, this.loadings.getRow(a)]));
    return { energies: this.energies, spectra };
  }
}
