// Principal components of a cube's spectra, and what follows from them: outliers, groups, ranges of
// existence.
import { clusterRows } from "../../chemometrics/diagnostics/clusters.js";
import {
  type EvolvingFactorOptions,
  evolvingFactorAnalysis,
  evolvingFactorNames,
} from "../../chemometrics/diagnostics/evolving-factors.js";
import {
  type OutlierDiagnostics,
  type OutlierOptions,
  outlierDiagnostics,
  outlierNames,
} from "../../chemometrics/diagnostics/outliers.js";
import type { FlatRows, Pca } from "../../chemometrics/pca/pca.js";
import { ArgumentError, quote, SchemaError } from "../../errors.js";
import { checkOptions, refuseNull } from "../../options.js";
import { invalidText } from "../invalid.js";
import type { Provenance } from "../provenance.js";
import { ClusterResult } from "./cluster-result.js";
import { componentColumns, estimatesText, ratiosText } from "./components.js";
import { EvolvingFactorsResult } from "./evolving-factors-result.js";
import { MapResult, spread } from "./map.js";
import { Result } from "./result.js";
import type { Columns, NamedArray } from "./save.js";
import type { SpectraResult } from "./spectra.js";

/** How many components count as the model: by default what IND says. */
type ModelOptions = Partial<OutlierOptions>;

/**
 * Singular values, explained variance, scores and loadings, and estimates of the number of components.
 *
 * @example
 * const parts = await Cube.load({ part: "holdC" }).calibrate().absorb().bin(2).normalize().pca();
 * parts.map("PC1"); // scores of each pixel
 * parts.map("Q"); // what the model leaves of each pixel
 * parts.outliers({ level: 0.99 }).outlying; // one flag per pixel, set where it is beyond a limit
 * parts.reconstruction(2); // the spectra from two components
 * parts.clusters(2); // two groups of pixels with similar spectra
 */
export class PcaResult extends Result {
  readonly kind = "pca";
  readonly singularValues: Pca["singularValues"];
  /** Ratios; they sum to one where all components were computed. */
  readonly explainedVariance: Pca["explainedVariance"];
  readonly scores: Pca["scores"];
  readonly loadings: Pca["loadings"];
  readonly center: Pca["center"];
  readonly mean: Pca["mean"];
  readonly scaling: Pca["scaling"];
  readonly rank: Pca["rank"];
  readonly #pca: Pca;

  constructor(
    provenance: Provenance,
    pca: Pca,
    /** The spectra that were analyzed. */
    readonly data: SpectraResult,
    /** Pixels without a value at some energy, which were left out. */
    readonly nDropped = 0,
  ) {
    super(provenance);
    this.singularValues = pca.singularValues;
    this.explainedVariance = pca.explainedVariance;
    this.scores = pca.scores;
    this.loadings = pca.loadings;
    this.center = pca.center;
    this.mean = pca.mean;
    this.scaling = pca.scaling;
    this.rank = pca.rank;
    this.#pca = pca;
  }

  /** The spectra as n components see them, shape [nRows, nEnergies]. */
  reconstruction(n?: number): Pca["scores"] {
    return this.#pca.reconstruction(n);
  }

  /**
   * Hotelling's T2 and Q of each row, with limits.
   *
   * @param options.components of the model; default what IND says, one less where the mean was taken off
   */
  outliers(options: ModelOptions = {}): OutlierDiagnostics {
    refuseNull("outliers", checkOptions("outliers", options, outlierNames));
    return outlierDiagnostics(this.#rows(), this.#pca, { components: this.#model(), ...options });
  }

  /**
   * Where in the image spectra are unlike the others, or what their scores are.
   *
   * @param name "T2" (far out within the model), "Q" (sum of squares that the model leaves), or "PC1", "PC2",
   *   ... (scores)
   * @throws SchemaError when rows are time steps; ArgumentError for another name
   */
  map(name: string, options: ModelOptions = {}): MapResult {
    refuseNull("map", checkOptions("map", options, outlierNames));
    const { rows } = this.data;
    if (rows.of !== "pixel") {
      throw new SchemaError(
        `map(${quote(name)}): expected one row per pixel, got one row per time step; analyze a single cube, for example .average() first`,
      );
    }
    const [values, label] = this.#values(name, options);
    const { invalid } = this.data;
    return new MapResult(
      this.provenance,
      spread(values, rows.pixels, rows),
      rows,
      label,
      "",
      undefined,
      invalid,
    );
  }

  /**
   * Rows sorted into k groups that resemble one another, by their scores (k-means): a label map and mean
   * spectra.
   *
   * @param options.components scores that count; default as for `outliers`
   * @param options.seed default 1
   */
  clusters(k: number, options: { readonly components?: number; readonly seed?: number } = {}): ClusterResult {
    refuseNull("clusters", checkOptions("clusters", options, { components: true, seed: true }));
    const n = Math.min(options.components ?? this.#model(), this.scores.columns);
    if (!(Number.isInteger(n) && n >= 1)) {
      throw new ArgumentError(
        `clusters: expected components to be a whole number, got ${quote(options.components)}`,
      );
    }
    const { seed } = options;
    const found = clusterRows(this.scores.subMatrix(0, this.scores.rows - 1, 0, n - 1), {
      clusters: k,
      seed,
    });
    return new ClusterResult(this.provenance, found, this.data);
  }

  /**
   * When components come and go: evolving factor analysis of the series (not centered).
   *
   * @throws SchemaError when rows are pixels: their order means nothing
   * @example
   * const parts = await Cube.load().calibrate().absorb().normalize().pca();
   * parts.evolvingFactors({ components: 2 }).show(); // singular values of ever more spectra
   */
  evolvingFactors(options: EvolvingFactorOptions = {}): EvolvingFactorsResult {
    refuseNull("evolvingFactors", checkOptions("evolvingFactors", options, evolvingFactorNames));
    if (this.data.rows.of !== "time") {
      throw new SchemaError(
        "evolvingFactors: expected one row per time step, got one row per pixel; analyze a series",
      );
    }
    const components = options.components ?? Math.max(1, this.rank.indicator);
    const found = evolvingFactorAnalysis(this.data.toRows(), { ...options, components });
    return new EvolvingFactorsResult(this.provenance, found, this.data);
  }

  summary(): string {
    return `PCA of ${this.data.nRows} spectra, ${this.center ? "centered" : "not centered"}: explained variance ${ratiosText(this)}, ...; components by Malinowski's IND: ${this.rank.indicator}; all estimates: ${estimatesText(this)}${invalidText(this.data.invalid)}`;
  }

  columns(): Columns {
    return componentColumns(this);
  }

  override arrays(): Record<string, NamedArray> {
    const { scores, loadings, mean, scaling, singularValues, explainedVariance } = this;
    const { energies } = this.data;
    const flat = (m: Pca["scores"]): NamedArray => ({
      data: Float64Array.from(m.to1DArray()),
      shape: [m.rows, m.columns],
    });
    const list = (data: Float64Array): NamedArray => ({ data, shape: [data.length] });
    return {
      singularValue: list(singularValues),
      explainedVariance: list(explainedVariance),
      scores: flat(scores),
      loadings: flat(loadings),
      mean: list(mean),
      scaling: list(scaling),
      energy: { ...list(energies), units: "eV" },
    };
  }

  #rows(): FlatRows {
    const { data, nRows, energies } = this.data;
    return { data, rows: nRows, columns: energies.length };
  }

  /** Components of the model. */
  #model(): number {
    const n = this.rank.indicator - (this.center ? 1 : 0);
    return Math.max(1, Math.min(n, this.scores.columns, this.data.nRows - 2));
  }

  #values(name: string, options: ModelOptions): [ArrayLike<number>, string] {
    if (name === "T2" || name === "Q") {
      const found = this.outliers(options);
      return [found[name], name === "T2" ? "Hotelling's T²" : "Q, squared residual"];
    }
    const at = /^PC([1-9]\d*)$/.exec(name);
    if (at && Number(at[1]) <= this.scores.columns) {
      return [this.scores.getColumn(Number(at[1]) - 1), `Score on ${name}`];
    }
    throw new ArgumentError(
      `map: expected "T2", "Q" or "PC1" to "PC${this.scores.columns}", got ${quote(name)}`,
      { name },
    );
  }
}
