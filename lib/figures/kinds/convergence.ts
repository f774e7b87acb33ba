// Lack of fit by iteration, which shows whether the solver converged.

import * as Plot from "@observablehq/plot";
import { DataError } from "../../errors.js";
import { type OptionNames, requireOptions } from "../../options.js";
import { chart } from "../parts/chart.js";
import { extentOf, type Size, sizeOf, vector } from "../parts/check.js";
import { table } from "../parts/data.js";
import { Figure } from "../parts/figure.js";
import { palette, theme } from "../parts/theme.js";
import { formatNumber } from "../parts/ticks.js";

/** Options of `convergence`. */
export interface ConvergenceOptions {
  /** Lack of fit after each iteration, %. */
  readonly lackOfFit: ArrayLike<number>;
  /** Lack of fit of PCA with as many components, %: the lower limit of all factorizations. */
  readonly floor?: number;
  readonly title?: string;
  readonly size?: Size;
}

const CONVERGENCE: OptionNames<ConvergenceOptions> = {
  lackOfFit: true,
  floor: true,
  title: true,
  size: true,
};

/**
 * Lack of fit against iteration.
 *
 * @throws ShapeError when there is no value
 * @throws DataError when no value is finite
 * @example
 * const { trace } = await Cube.load().calibrate().absorb().mcrAls(3);
 * figures.convergence({ lackOfFit: trace }); // % after each iteration
 */
export function convergence(options: ConvergenceOptions): Figure {
  const call = "figures.convergence";
  requireOptions(call, options, CONVERGENCE);
  const values = vector(call, "lackOfFit", options.lackOfFit);
  const floor = options.floor === undefined ? [] : Array.from(vector(call, "floor", [options.floor]));
  const extent = extentOf(values, floor);
  if (!extent) throw new DataError(`${call}: expected a lack of fit, got only NaN`);
  const n = values.length;
  const x = Float64Array.from({ length: n }, (_, i) => i + 1);
  const pad = 0.08 * (extent[1] - extent[0]) || 0.1;
  const drawing = chart({
    ...sizeOf(call, options.size ?? "column", 0.66),
    heading: options.title,
    x: { label: "Iteration", domain: [Math.min(0.5, 1 - 0.02 * n), n + Math.max(0.5, 0.02 * n)] },
    y: { label: "Lack of fit (%)", domain: [extent[0] - pad, extent[1] + pad] },
    marks: [
      ...floor.map((v) =>
        Plot.ruleY([v], { stroke: theme.muted, strokeDasharray: "4 3", strokeWidth: theme.stroke.thin }),
      ),
      Plot.line({ length: n }, { x, y: values, stroke: palette[0], strokeWidth: theme.stroke.line }),
      ...(n <= 60 ? [Plot.dot({ length: n }, { x, y: values, r: 2, fill: palette[0] })] : []),
    ],
    legend: [
      { label: "lack of fit", color: palette[0], line: "solid" },
      ...floor.map(() => ({ label: "PCA", color: theme.muted, line: "dashed" as const })),
    ],
    curves: [{ x, y: values }],
  });
  return new Figure(
    drawing,
    {
      title: options.title ?? "Convergence",
      description: `Lack of fit (%) after iterations 1 to ${n}, from ${formatNumber(values[0])} to ${formatNumber(values[n - 1])}${floor.map((v) => `; PCA ${formatNumber(v)}`).join("")}.`,
    },
    () => [
      table("convergence", [
        ["Iteration", x],
        ["Lack of fit (%)", values],
      ]),
      ...floor.map((v) => table("PCA", [["Lack of fit (%)", [v]]])),
    ],
  );
}
