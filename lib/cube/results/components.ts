// What the results of PCA say of their components in the same way, wherever the scores are.
import type { PcaModel } from "../../chemometrics/pca/pca.js";
import type { Columns } from "./save.js";

/** The first explained variances, as text. */
export function ratiosText({ explainedVariance }: Pick<PcaModel, "explainedVariance">): string {
  return Array.from(explainedVariance.slice(0, 4), (v) => `${(100 * v).toPrecision(3)} %`).join(", ");
}

/** The estimated numbers of components, as text. */
export function estimatesText({ rank }: Pick<PcaModel, "rank">): string {
  return rank.estimates.map(({ label, n }) => `${n} (${label})`).join(", ");
}

/** One row per component. */
export function componentColumns({
  singularValues,
  explainedVariance,
}: Pick<PcaModel, "singularValues" | "explainedVariance">): Columns {
  return {
    component: Array.from(singularValues, (_, i) => i + 1),
    singularValue: Array.from(singularValues),
    explainedVariance: Array.from(explainedVariance),
  };
}
