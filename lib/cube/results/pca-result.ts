// Principal components of a cube's spectra.
import type { Pca } from "../../chemometrics/pca.js";
import type { Provenance } from "./provenance.js";
import { type Columns, Result } from "./result.js";
import type { SpectraResult } from "./spectra.js";

/** Singular values, explained variance, scores and loadings, and indicators of the rank. */
export class PcaResult extends Result {
  readonly kind = "pca";
  readonly singularValues: Pca["singularValues"];
  /** Ratios; they sum to one. */
  readonly explainedVariance: Pca["explainedVariance"];
  readonly scores: Pca["scores"];
  readonly loadings: Pca["loadings"];
  readonly rank: Pca["rank"];

  constructor(
    provenance: Provenance,
    pca: Pca,
    /** The spectra that were analysed. */
    readonly data: SpectraResult,
    /** Pixels without a value at some energy, which were left out. */
    readonly nDropped = 0,
  ) {
    super(provenance);
    this.singularValues = pca.singularValues;
    this.explainedVariance = pca.explainedVariance;
    this.scores = pca.scores;
    this.loadings = pca.loadings;
    this.rank = pca.rank;
  }

  summary(): string {
    const ratios = Array.from(
      this.explainedVariance.slice(0, 4),
      (v) => `${(100 * v).toPrecision(3)} %`,
    ).join(", ");
    return `PCA of ${this.data.nRows} spectra: explained variance ${ratios}, ...; components by Malinowski's IND: ${this.rank.indicator}`;
  }

  columns(): Columns {
    return {
      component: Array.from(this.singularValues, (_, i) => i + 1),
      singularValue: Array.from(this.singularValues),
      explainedVariance: Array.from(this.explainedVariance),
    };
  }
}
