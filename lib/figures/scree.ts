// How many components do the data hold? Singular values or explained variance against their number.
import * as Plot from "@observablehq/plot";
import { ArgumentError, quote } from "../errors.js";
import { chart } from "./chart.js";
import { count, type Size, sizeOf, vector } from "./check.js";
import { Figure } from "./figure.js";
import { palette, theme } from "./theme.js";
import { formatNumber } from "./ticks.js";

/** Options of `scree`: `singularValues` or `explainedVariance`. */
export interface ScreeOptions {
  /** In descending order. */
  readonly singularValues?: ArrayLike<number>;
  /** Ratios of the variance, sum at most 1; drawn in %. */
  readonly explainedVariance?: ArrayLike<number>;
  /** Number of components held to be real; these points are filled. */
  readonly rank?: number;
  /** How many components to show; default: 10. */
  readonly show?: number;
  readonly title?: string;
  readonly size?: Size;
}

/**
 * Singular values (or explained variance) on a logarithmic axis; components up to the rank are filled.
 *
 * @throws ArgumentError unless exactly one of the two is given, and for values that are not above 0
 */
export function scree(options: ScreeOptions): Figure {
  const call = "figures.scree";
  const { singularValues, explainedVariance } = options;
  if ((singularValues === undefined) === (explainedVariance === undefined)) {
    throw new ArgumentError(
      `${call}: expected singularValues or explainedVariance, got ${singularValues ? "both" : "neither"}; give one`,
    );
  }
  const name = singularValues ? "singularValues" : "explainedVariance";
  const all = vector(call, name, singularValues ?? explainedVariance);
  const n = Math.min(all.length, options.show === undefined ? 10 : count(call, "show", options.show));
  const rank = options.rank === undefined ? null : count(call, "rank", options.rank);
  const values = all.slice(0, n).map((v) => (explainedVariance ? 100 * v : v));
  const bad = values.findIndex((v) => !(v >= 0 && Number.isFinite(v)));
  if (bad >= 0) {
    throw new ArgumentError(`${call}: expected ${name} of 0 or more, got ${quote(all[bad])} at index ${bad}`);
  }
  const largest = Math.max(...values);
  if (largest === 0) throw new ArgumentError(`${call}: expected ${name} above 0, got only zeros`);
  // Exact zeros have no place on a logarithmic axis; they are rounding, as are values below 1e-12 of the first.
  const floor = Math.min(...values.filter((v) => v > largest * 1e-12));
  const shown = values.map((v) => (v > largest * 1e-12 ? v : Number.NaN));

  const label = singularValues ? "Singular value" : "Explained variance (%)";
  const index = Float64Array.from({ length: n }, (_, i) => i + 1);
  const stroke = palette[0];
  const drawing = chart({
    ...sizeOf(call, options.size ?? "column", 0.66),
    heading: options.title,
    x: { label: "Component", domain: [0.5, n + 0.5], ticks: wholeTicks(n) },
    y: { label, domain: [floor / 2, largest * 2], log: true },
    marks: [
      Plot.line({ length: n }, { x: index, y: shown, stroke, strokeWidth: theme.stroke.thin }),
      Plot.dot(
        { length: n },
        {
          x: index,
          y: shown,
          r: 3,
          stroke,
          fill: Array.from(index, (i) => (rank === null || i <= rank ? stroke : "#ffffff")),
        },
      ),
    ],
    legend: rank === null ? [] : [{ label: `rank ${rank}`, color: stroke, symbol: "circle" }],
    curves: [{ x: index, y: shown }],
  });
  return new Figure(drawing, {
    title: options.title ?? "Scree plot",
    description: `${label} of components 1 to ${n}: ${Array.from(values, (v) => formatNumber(v, 3)).join(", ")}${rank === null ? "" : `; rank ${rank}`}.`,
  });
}

function wholeTicks(n: number): { values: number[]; labels: string[] } {
  const every = Math.ceil(n / 12);
  const values = Array.from({ length: n }, (_, i) => i + 1).filter((i) => (i - 1) % every === 0);
  return { values, labels: values.map(String) };
}
