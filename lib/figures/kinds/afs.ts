// Area of feasible solutions: the feasible points of each component in the plane of the spectra, and the
// data.

import * as Plot from "@observablehq/plot";
import { z } from "zod";
import type { FeasibleArea } from "../../chemometrics/bands/feasible-bands.js";
import { type OptionNames, requireOptions } from "../../options.js";
import { chart } from "../parts/chart.js";
import { extentOf, type Size, sizeOf, strings } from "../parts/check.js";
import { type NamedColumn, table } from "../parts/data.js";
import { Figure } from "../parts/figure.js";
import { padded } from "../parts/lines.js";
import { checkShape, numbers } from "../parts/shaped.js";
import { palette, symbols, theme } from "../parts/theme.js";

/** Options of `afs`. */
export interface AfsOptions {
  /** Area from `feasibleBands`. */
  readonly area: FeasibleArea;
  /** Names of the components. Default: Cp1, Cp2, ... */
  readonly names?: readonly string[];
  readonly title?: string;
  readonly size?: Size;
}

const AFS: OptionNames<AfsOptions> = {
  area: true,
  names: true,
  title: true,
  size: true,
};

/** What is drawn: points in `dimension` coordinates, one resolved point per region. */
const AREA = z
  .object({
    dimension: z.literal([1, 2]),
    data: numbers,
    resolved: numbers,
    regions: z.array(numbers).min(2),
  })
  .refine(({ dimension, data, resolved, regions }) => {
    const whole = [data, ...regions].every((points) => points.length % dimension === 0);
    return whole && resolved.length === dimension * regions.length;
  }, "expected one resolved point per region");

/**
 * Feasible components of a mixture of three as areas of the plane that contains all its spectra (scores on
 * the principal axes of the data), of two as intervals of a line. The data are black, the resolved components
 * have symbols.
 *
 * @throws ArgumentError for an object that is not an area
 * @example
 * const found = await Cube.load().calibrate().absorb().mcrAls(3);
 * figures.afs({ area: found.bands().area!, names: found.names }); // feasible spectra as areas
 */
export function afs(options: AfsOptions): Figure {
  const call = "figures.afs";
  requireOptions(call, options, AFS);
  const { area } = options;
  checkShape(call, "area as feasibleBands returns it for two or three components", AREA, area);
  const n = area.regions.length;
  const names = options.names
    ? strings(call, "names", options.names, n)
    : Array.from({ length: n }, (_, k) => `Cp${k + 1}`);
  const d = area.dimension;
  // For two components, the second coordinate only separates the components.
  const point = (values: Float64Array, i: number, row: number): [number, number] =>
    d === 2 ? [values[2 * i], values[2 * i + 1]] : [values[i], row];
  const marks: Plot.Markish[] = [];
  const all: [number, number][] = [];
  area.regions.forEach((region, k) => {
    const corners = Array.from({ length: region.length / d }, (_, i) => point(region, i, k + 1));
    all.push(...corners);
    const closed = d === 2 && corners.length > 0 ? [...corners, corners[0]] : corners;
    const fill = palette[k % palette.length];
    marks.push(
      Plot.line(closed, {
        stroke: fill,
        strokeWidth: d === 2 ? theme.stroke.line : 7,
        strokeOpacity: d === 2 ? 1 : 0.45,
        fill: d === 2 ? fill : "none",
        fillOpacity: 0.25,
        curve: "linear",
      }),
    );
  });
  const data = Array.from({ length: area.data.length / d }, (_, i) => point(area.data, i, 0)).filter(
    ([x, y]) => Number.isFinite(x) && Number.isFinite(y),
  );
  all.push(...data);
  marks.push(Plot.dot(data, { r: 1.4, fill: theme.ink }));
  for (let k = 0; k < n; k++) {
    const resolved = point(area.resolved, k, k + 1);
    all.push(resolved);
    const [symbol, fill] = [symbols[k % symbols.length], palette[k % palette.length]];
    marks.push(Plot.dot([resolved], { symbol, fill, r: 4, stroke: "#fff", strokeWidth: 0.8 }));
  }
  const x = extentOf(all.map((p) => p[0])) ?? [0, 1];
  const y = d === 2 ? (extentOf(all.map((p) => p[1])) ?? [0, 1]) : ([-0.5, n + 0.5] as [number, number]);
  const drawing = chart({
    ...sizeOf(call, options.size ?? "column", d === 2 ? 0.84 : 0.5),
    heading: options.title,
    x: { label: "Score on the first axis", domain: air(x) },
    y: {
      label: d === 2 ? "Score on the second axis" : "Component",
      domain: d === 2 ? air(y) : y,
      ...(d === 1
        ? { ticks: { values: [0, ...names.keys()].map((_, i) => i), labels: ["data", ...names] } }
        : {}),
    },
    marks,
    legend: [
      ...names.map((label, k) => ({
        label,
        color: palette[k % palette.length],
        symbol: symbols[k % symbols.length],
        area: 0.25,
      })),
      { label: "data", color: theme.ink, symbol: "circle" as const },
    ],
    legendAt: "above",
  });
  const kind = d === 2 ? "Areas" : "Intervals";
  return new Figure(
    drawing,
    {
      title: options.title ?? "Feasible solutions",
      description: `${kind} of feasible spectra of ${names.join(", ")} by their scores on the principal axes of the data; symbols: the resolved spectra; dots: ${data.length} measured spectra.`,
    },
    () => [
      ...area.regions.map((region, k) => table(`feasible region of ${names[k]}`, scores(region, d))),
      table("resolved spectra", [["component", names], ...scores(area.resolved, d)]),
      table("measured spectra", scores(area.data, d)),
    ],
  );
}

// Points as columns, one per axis.
function scores(points: Float64Array, dimension: number): NamedColumn[] {
  return ["first", "second"]
    .slice(0, dimension)
    .map((axis, j) => [
      `score on the ${axis} axis`,
      Float64Array.from({ length: points.length / dimension }, (_, i) => points[i * dimension + j]),
    ]);
}

function air(extent: [number, number]): [number, number] {
  const [low, high] = padded(extent);
  return [low === 0 ? -0.05 * (high - low) : low, high];
}
