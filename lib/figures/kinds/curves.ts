// Any quantity against any other as curves and points, such as readings of a device, or noise against counts.

import * as Plot from "@observablehq/plot";
import type { MatrixLike } from "../../compute/matrix.js";
import { ArgumentError, DataError, quote } from "../../errors.js";
import { type OptionNames, requireOptions } from "../../options.js";
import { chart } from "../parts/chart.js";
import { color, extentOf, interval, rowsOf, type Size, sizeOf, strings, vector } from "../parts/check.js";
import { type NamedColumn, table } from "../parts/data.js";
import { Figure } from "../parts/figure.js";
import type { LegendEntry } from "../parts/legend.js";
import { type Line, lineMarks, padded } from "../parts/lines.js";
import { palette } from "../parts/theme.js";
import { formatNumber } from "../parts/ticks.js";

/** Options of `curves`. */
export interface CurvesOptions {
  /** One value per point. */
  readonly x: ArrayLike<number>;
  /** One row per curve, shape [nCurves, nPoints]; NaN leaves a gap. */
  readonly y: MatrixLike;
  /** Names, one per curve, for a legend. */
  readonly labels?: readonly string[];
  /** CSS colors, one per curve; default: the palette in its order. */
  readonly colors?: readonly string[];
  /** Quantity with unit, such as `Time (s)`. */
  readonly xLabel: string;
  readonly yLabel: string;
  /** Measured points beside the curves. */
  readonly points?: { readonly x: ArrayLike<number>; readonly y: ArrayLike<number>; readonly label?: string };
  /** Both axes logarithmic; all values must be positive. */
  readonly log?: boolean;
  /** Limits of the y axis; default: from the data. */
  readonly yDomain?: readonly [number, number];
  readonly title?: string;
  readonly size?: Size;
}

const CURVES: OptionNames<CurvesOptions> = {
  x: true,
  y: true,
  labels: true,
  colors: true,
  xLabel: true,
  yLabel: true,
  points: true,
  log: true,
  yDomain: true,
  title: true,
  size: true,
};

/**
 * Curves of one quantity against another, with points beside them.
 *
 * @throws ShapeError when rows, labels or points disagree in length with the axis
 * @throws ArgumentError for an invalid option, such as values of zero on logarithmic axes
 * @throws DataError when there is nothing to draw
 * @example
 * figures.curves({
 *   x: [0, 1, 2],
 *   y: [[0, 1, 4]],
 *   labels: ["quadratic"],
 *   xLabel: "Time (h)",
 *   yLabel: "Loss (%)",
 * });
 */
export function curves(options: CurvesOptions): Figure {
  const call = "figures.curves";
  requireOptions(call, options, CURVES);
  const x = vector(call, "x", options.x);
  const rows = rowsOf(call, "y", options.y, x.length);
  for (const name of ["xLabel", "yLabel"] as const) {
    if (typeof options[name] === "string" && options[name] !== "") continue;
    throw new ArgumentError(
      `${call}: expected ${name} as a quantity with its unit, got ${quote(options[name])}`,
    );
  }
  const labels = options.labels && strings(call, "labels", options.labels, rows.length);
  const points = options.points && {
    x: vector(call, "points.x", options.points.x),
    y: vector(call, "points.y", options.points.y, options.points.x.length),
  };
  const colors =
    options.colors &&
    strings(call, "colors", options.colors, rows.length).map((c, i) => color(call, `colors[${i}]`, c));
  const lines: Line[] = rows.map((y, i) => ({
    x,
    y,
    color: colors?.[i] ?? palette[i % palette.length],
    dashed: false,
  }));
  const [xExtent, yExtent] = [extentOf(x, points?.x ?? []), extentOf(...rows, points?.y ?? [])];
  if (!xExtent || !yExtent) throw new DataError(`${call}: expected numbers, got only NaN`);
  const { log = false } = options;
  if (log && !(xExtent[0] > 0 && yExtent[0] > 0)) {
    throw new ArgumentError(
      `${call}: expected values above 0 for logarithmic axes, got ${Math.min(xExtent[0], yExtent[0])}; leave log out`,
    );
  }
  const domain = ([low, high]: [number, number]): [number, number] =>
    log ? [low / 1.2, high * 1.2] : padded([low, high]);
  const yDomain = options.yDomain ? interval(call, "yDomain", options.yDomain) : domain(yExtent);
  if (log && yDomain[0] <= 0) {
    throw new ArgumentError(
      `${call}: expected yDomain above 0 on a logarithmic axis, got ${quote(options.yDomain)}; leave log out`,
      { option: "yDomain" },
    );
  }
  const legend: LegendEntry[] = (labels ?? []).map((label, i) => ({
    label,
    color: lines[i].color,
    line: "solid",
  }));
  const marks = lineMarks(lines);
  if (points) {
    const stroke = palette[rows.length % palette.length];
    marks.push(Plot.dot({ length: points.x.length }, { x: [...points.x], y: [...points.y], stroke, r: 3 }));
    if (options.points?.label)
      legend.push({ label: options.points.label, color: stroke, symbol: "circle", open: true });
  }
  const drawing = chart({
    ...sizeOf(call, options.size ?? "column", 0.72),
    heading: options.title,
    x: { label: options.xLabel, domain: domain(xExtent), log },
    y: { label: options.yLabel, domain: yDomain, log },
    marks,
    clip: options.yDomain !== undefined,
    legend,
    legendAt: "inside",
    curves: points ? [...lines, points] : lines,
  });
  const names = labels ? `: ${labels.join(", ")}` : "";
  return new Figure(
    drawing,
    {
      title: options.title ?? `${options.yLabel} against ${options.xLabel}`,
      description: `${options.yLabel} against ${options.xLabel} from ${formatNumber(xExtent[0])} to ${formatNumber(xExtent[1])}${names}.`,
    },
    () => [
      table("curves", [
        [options.xLabel, x],
        ...rows.map((y, i): NamedColumn => [labels ? `${options.yLabel}, ${labels[i]}` : options.yLabel, y]),
      ]),
      ...(points
        ? [
            table(options.points?.label ?? "points", [
              [options.xLabel, points.x],
              [options.yLabel, points.y],
            ]),
          ]
        : []),
    ],
  );
}
