// Singular values or explained variance against the number of components.

import * as Plot from "@observablehq/plot";
import { ArgumentError, quote } from "../../errors.js";
import { type OptionNames, requireOptions } from "../../options.js";
import { type Axis, chart } from "../parts/chart.js";
import { count, type Size, sizeOf, vector } from "../parts/check.js";
import { table } from "../parts/data.js";
import { Figure } from "../parts/figure.js";
import { at, type Drawing } from "../parts/svg.js";
import { fitText } from "../parts/text-width.js";
import { palette, theme } from "../parts/theme.js";
import { formatNumber, widest } from "../parts/ticks.js";

/** Options of `scree`: `singularValues` or `explainedVariance`. */
export interface ScreeOptions {
  /** In descending order. */
  readonly singularValues?: ArrayLike<number>;
  /** Ratios of the variance, sum at most 1; drawn in %. */
  readonly explainedVariance?: ArrayLike<number>;
  /** Number of significant components; their points are filled. */
  readonly rank?: number;
  /** Estimates of this number, drawn below on the same axis: `pca(...).rank.estimates`. */
  readonly estimates?: readonly { readonly short: string; readonly n: number }[];
  /** Number of components in the figure; default: 10. */
  readonly show?: number;
  /** Label of the axis; default "Singular value" or "Explained variance (%)". */
  readonly yLabel?: string;
  readonly title?: string;
  readonly size?: Size;
}

const SCREE: OptionNames<ScreeOptions> = {
  singularValues: true,
  explainedVariance: true,
  rank: true,
  estimates: true,
  show: true,
  yLabel: true,
  title: true,
  size: true,
};

/**
 * Singular values (or explained variance) on a logarithmic axis; components up to the rank are filled. With
 * `estimates`, their numbers are shown below on the same axis, so that differences are visible.
 *
 * @throws ArgumentError unless exactly one of the two is given, and for negative values
 * @example
 * const { singularValues, rank } = await Cube.load().calibrate().absorb().normalize().pca();
 * figures.scree({ singularValues, rank: rank.indicator, estimates: rank.estimates });
 */
export function scree(options: ScreeOptions): Figure {
  const call = "figures.scree";
  requireOptions(call, options, SCREE);
  const { singularValues, explainedVariance } = options;
  if ((singularValues === undefined) === (explainedVariance === undefined)) {
    throw new ArgumentError(
      `${call}: expected singularValues or explainedVariance, got ${singularValues ? "both" : "neither"}; give one`,
    );
  }
  const name = singularValues ? "singularValues" : "explainedVariance";
  const all = vector(call, name, singularValues ?? explainedVariance);
  const estimates = estimatesOf(call, options.estimates);
  // A limited number of points beyond the estimates is shown.
  const room = Math.min(20, Math.max(10, ...estimates.map((e) => e.n + 1)));
  const n = Math.min(all.length, options.show === undefined ? room : count(call, "show", options.show));
  const rank = options.rank === undefined ? null : count(call, "rank", options.rank);
  const values = all.slice(0, n).map((v) => (explainedVariance ? 100 * v : v));
  const bad = values.findIndex((v) => !(v >= 0 && Number.isFinite(v)));
  if (bad >= 0) {
    throw new ArgumentError(`${call}: expected ${name} of 0 or more, got ${quote(all[bad])} at index ${bad}`);
  }
  const largest = Math.max(...values);
  if (largest === 0) throw new ArgumentError(`${call}: expected ${name} above 0, got only zeros`);
  // Values of zero cannot be on a logarithmic axis. They are rounding errors, like values below 1e-12 of the
  // first.
  const floor = Math.min(...values.filter((v) => v > largest * 1e-12));
  const shown = values.map((v) => (v > largest * 1e-12 ? v : Number.NaN));

  const label = options.yLabel ?? (singularValues ? "Singular value" : "Explained variance (%)");
  const index = Float64Array.from({ length: n }, (_, i) => i + 1);
  const stroke = palette[0];
  const size = sizeOf(call, options.size ?? "column", 0.66);
  const x = { domain: [0.5, n + 0.5] as const, ticks: wholeTicks(n) };
  const left = estimates.length > 0 ? NAMES + widest(namesOf(estimates)) : 0;
  const curve = chart({
    ...size,
    left,
    heading: options.title,
    x: { ...x, label: estimates.length > 0 ? "" : "Component" },
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
  const said = estimates.map((e) => `${e.short} ${e.n}`).join(", ");
  return new Figure(
    estimates.length > 0 ? stacked(curve, estimatesBelow(estimates, { ...size, left, x, n })) : curve,
    {
      title: options.title ?? "Scree plot",
      description: `${label} of components 1 to ${n}: ${Array.from(values, (v) => formatNumber(v, 3)).join(", ")}${rank === null ? "" : `; rank ${rank}`}${said ? `; number of components by ${said}` : ""}.`,
    },
    () => [
      table("components", [
        ["Component", index],
        [label, values],
      ]),
      ...(estimates.length > 0
        ? [
            table("estimates", [
              ["estimate", estimates.map((e) => e.short)],
              ["Number of components", estimates.map((e) => e.n)],
            ]),
          ]
        : []),
    ],
  );
}

/** Names of estimates: ticks, and the label of the curve above, whose frame begins at the same x. */
const NAMES = theme.tick.size + theme.tick.padding + theme.text.label + 5;

type Estimates = NonNullable<ScreeOptions["estimates"]>;

function estimatesOf(call: string, estimates: ScreeOptions["estimates"]): Estimates {
  for (const estimate of estimates ?? []) {
    if (typeof estimate?.short === "string" && Number.isInteger(estimate.n) && estimate.n >= 0) continue;
    throw new ArgumentError(`${call}: expected estimates as { short, n }, got ${quote(estimate)}`, {
      estimate,
    });
  }
  return estimates ?? [];
}

/**
 * One row per estimate with a dot at its number, or an empty dot at the end of the axis for larger numbers.
 */
function estimatesBelow(
  estimates: Estimates,
  { width, left, x, n }: { width: number; left: number; x: Pick<Axis, "domain" | "ticks">; n: number },
): Drawing {
  const count = estimates.length;
  const y = Float64Array.from(estimates, (_, i) => count - i);
  const dots = estimates.map((e, i) => ({
    x: Math.min(Math.max(e.n, 0.65), n + 0.35),
    y: y[i],
    fill: e.n >= 1 && e.n <= n ? palette[1] : "#ffffff",
  }));
  return chart({
    width,
    height: 15 * count + 46,
    left,
    x: { ...x, label: "Component" },
    y: {
      label: "",
      domain: [0.4, count + 0.6],
      ticks: { values: Array.from(y), labels: namesOf(estimates) },
    },
    marks: [
      Plot.ruleY(y, { stroke: theme.noData, strokeWidth: theme.stroke.thin }),
      Plot.dot(dots, { x: "x", y: "y", r: 3.5, fill: "fill", stroke: theme.ink, strokeWidth: 0.6 }),
    ],
  });
}

function namesOf(estimates: Estimates): string[] {
  return estimates.map((e) => `${fitText(e.short, 120, theme.text.tick)}  ${e.n}`);
}

function stacked(above: Drawing, below: Drawing): Drawing {
  return {
    body: above.body + at(0, above.height, below.body),
    width: Math.max(above.width, below.width),
    height: above.height + below.height,
  };
}

function wholeTicks(n: number): { values: number[]; labels: string[] } {
  const every = Math.ceil(n / 12);
  const values = Array.from({ length: n }, (_, i) => i + 1).filter((i) => (i - 1) % every === 0);
  return { values, labels: values.map(String) };
}
