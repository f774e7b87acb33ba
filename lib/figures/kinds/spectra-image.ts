// Many spectra as an image: energy to the right, spectrum number or time upwards, absorption as color.

import type { MatrixLike } from "../../compute/matrix.js";
import { ArgumentError, DataError, quote } from "../../errors.js";
import { checkOptions, type OptionNames, requireOptions } from "../../options.js";
import { chart, type Frame } from "../parts/chart.js";
import { extentOf, interval, rowsOf, type Size, sizeOf, vector } from "../parts/check.js";
import { noDataRgb, verticalColorBar } from "../parts/color-bar.js";
import { type NamedColumn, table } from "../parts/data.js";
import { Figure } from "../parts/figure.js";
import { rasterPng } from "../parts/raster.js";
import { ramp, rampColors, type Scheme } from "../parts/schemes.js";
import { el, px } from "../parts/svg.js";
import { theme } from "../parts/theme.js";
import { formatNumber, withUnit } from "../parts/ticks.js";

/** Options of `spectraImage`. */
export interface SpectraImageOptions {
  /** eV, ascending or descending. */
  readonly energies: ArrayLike<number>;
  /** One row per spectrum, shape [nSpectra, nEnergies]; NaN is gray. */
  readonly spectra: MatrixLike;
  /**
   * Quantity of the y axis, ascending, one value per spectrum; default: the number of the spectrum, from 1.
   */
  readonly series?: { readonly values: ArrayLike<number>; readonly label: string; readonly unit?: string };
  /** Part of the energy axis to draw, eV. */
  readonly range?: readonly [number, number];
  /** Draws a line where each spectrum first reaches this absorption, such as 0.5 for the edge. */
  readonly edge?: number;
  /** Default: `Normalized absorption`. */
  readonly label?: string;
  /** Limits of the color scale; default: from the data. */
  readonly domain?: readonly [number, number];
  readonly scheme?: Scheme;
  readonly title?: string;
  readonly size?: Size;
}

const SPECTRA_IMAGE: OptionNames<SpectraImageOptions> = {
  energies: true,
  spectra: true,
  series: true,
  range: true,
  edge: true,
  label: true,
  domain: true,
  scheme: true,
  title: true,
  size: true,
};

/**
 * A color map of spectra, as in the top panels of Figs. S3, S4 and S8. The color is interpolated between
 * measured energies.
 *
 * @throws ShapeError when rows or series values disagree in length with the axis or the number of rows
 * @throws ArgumentError for an invalid option; DataError when no energy lies in `range`
 * @example
 * const series = await Cube.load().absorb().normalize().spectra();
 * const time = { values: series.time.map((s) => s / 3600), label: "Time", unit: "h" };
 * figures.spectraImage({
 *   energies: series.energies,
 *   spectra: series.toRows(),
 *   series: time,
 *   range: [8325, 8375],
 * });
 */
export function spectraImage(options: SpectraImageOptions): Figure {
  const call = "figures.spectraImage";
  requireOptions(call, options, SPECTRA_IMAGE);
  const energies = vector(call, "energies", options.energies);
  const rows = rowsOf(call, "spectra", options.spectra, energies.length);
  const whole = extentOf(energies);
  const range = options.range ? interval(call, "range", options.range) : whole;
  const series = options.series ?? { values: rows.map((_, i) => i + 1), label: "Spectrum number" };
  checkOptions(`${call}, series`, series, { values: true, label: true, unit: true });
  const values = vector(call, "series.values", series.values, rows.length);
  const wrong = values.findIndex((v, i) => !Number.isFinite(v) || (i > 0 && v <= values[i - 1]));
  if (wrong >= 0) {
    throw new ArgumentError(
      `${call}: expected ascending numbers in series.values, got ${quote(values[wrong])} at index ${wrong}; sort the spectra`,
      { index: wrong },
    );
  }
  const kept = Array.from(energies.keys())
    .filter((i) => range !== null && energies[i] >= range[0] && energies[i] <= range[1])
    .sort((a, b) => energies[a] - energies[b]);
  const x = kept.map((i) => energies[i]);
  const inside = rows.map((row) => Float64Array.from(kept, (i) => row[i]));
  const extent = extentOf(...inside);
  if (!range || !extent || x.length < 2 || x[0] === x[x.length - 1]) {
    throw new DataError(
      `${call}: expected spectra with values at two energies or more${range ? ` from ${range[0]} to ${range[1]} eV` : ""}, got ${x.length}; the axis goes from ${whole?.join(" to ")} eV`,
      { range },
    );
  }
  const domain = options.domain
    ? interval(call, "domain", options.domain)
    : ([extent[0], extent[0] < extent[1] ? extent[1] : extent[0] + 1] as const);
  const colors = ramp(call, options.scheme ?? "viridis");
  const label = options.label ?? "Normalized absorption";
  const seriesLabel = withUnit(series.label, series.unit);
  const level = options.edge === undefined ? null : vector(call, "edge", [options.edge])[0];
  const edges = level === null ? null : inside.map((row) => firstCrossing(x, row, level));
  const half = rows.length > 1 ? (values[1] - values[0]) / 2 : 0.5;
  const top = rows.length > 1 ? (values[rows.length - 1] - values[rows.length - 2]) / 2 : 0.5;
  const yDomain = [values[0] - half, values[rows.length - 1] + top] as const;
  const noData = inside.some((row) => row.some((v) => Number.isNaN(v)));
  const picture = (frame: Frame): string => {
    const columns = Math.min(600, Math.max(120, x.length));
    const lines = Math.min(400, rows.length);
    const image = new Float64Array(columns * lines);
    for (let j = 0; j < lines; j++) {
      const row = inside[nearest(values, yDomain[1] - ((j + 0.5) / lines) * (yDomain[1] - yDomain[0]))];
      for (let i = 0; i < columns; i++) {
        image[j * columns + i] = between(x, row, range[0] + ((i + 0.5) / columns) * (range[1] - range[0]));
      }
    }
    const place = { x: frame.left, y: frame.top, width: frame.width, height: frame.height };
    const href = rasterPng(image, columns, lines, domain, rampColors(colors, 255), noDataRgb);
    return (
      el("image", { href, ...place, preserveAspectRatio: "none", style: "image-rendering:pixelated" }) +
      (edges ? edgeLine(edges, values, frame) : "") +
      el("rect", { ...place, fill: "none", stroke: theme.frame, "stroke-width": theme.stroke.frame })
    );
  };
  const drawing = chart({
    ...sizeOf(call, options.size ?? "column", 0.72),
    heading: options.title,
    x: { label: "Energy (eV)", domain: range },
    y: { label: seriesLabel, domain: yDomain },
    marks: [],
    legend:
      level === null
        ? []
        : [{ label: `absorption ${formatNumber(level)}`, color: theme.ink, line: "dashed" }],
    legendAt: "above",
    bar: (length) => verticalColorBar({ colors, domain, label, length, noData }),
    inset: (frame) => ({
      body: picture(frame),
      rect: { x: frame.left, y: frame.top, width: frame.width, height: frame.height },
    }),
  });
  const moved = edges
    ? `; absorption ${level} is reached first at ${formatNumber(edges[0], 6)} eV in the first and ${formatNumber(edges[edges.length - 1], 6)} eV in the last`
    : "";
  return new Figure(
    drawing,
    {
      title: options.title ?? `${rows.length} spectra as a color map`,
      description: `${label} from ${domain.map((v) => formatNumber(v, 3)).join(" to ")} as color, Energy (eV) from ${range[0]} to ${range[1]} to the right, ${seriesLabel} from ${formatNumber(values[0])} to ${formatNumber(values[rows.length - 1])} upwards${moved}.`,
    },
    () => [
      table("spectra", [
        ["Energy (eV)", energies],
        ...rows.map(
          (row, i): NamedColumn => [`${label}, ${seriesLabel} = ${formatNumber(values[i], 6)}`, row],
        ),
      ]),
      ...(edges
        ? [
            table("edge", [
              [seriesLabel, values],
              [`energy of absorption ${level} (eV)`, edges],
            ]),
          ]
        : []),
    ],
  );
}

// Energy at which a spectrum first rises to a level, interpolated; NaN where there is none.
function firstCrossing(x: readonly number[], y: Float64Array, level: number): number {
  for (let i = 1; i < x.length; i++) {
    if (y[i - 1] < level && y[i] >= level) {
      return x[i - 1] + ((level - y[i - 1]) / (y[i] - y[i - 1])) * (x[i] - x[i - 1]);
    }
  }
  return Number.NaN;
}

// Value of a spectrum at an energy, interpolated linearly; beyond its ends, that of the last point.
function between(x: readonly number[], y: Float64Array, at: number): number {
  let [low, high] = [0, x.length - 1];
  if (at <= x[low]) return y[low];
  if (at >= x[high]) return y[high];
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if (x[middle] <= at) low = middle;
    else high = middle;
  }
  return y[low] + ((at - x[low]) / (x[high] - x[low])) * (y[high] - y[low]);
}

function nearest(values: Float64Array, at: number): number {
  let best = 0;
  for (let i = 1; i < values.length; i++)
    if (Math.abs(values[i] - at) < Math.abs(values[best] - at)) best = i;
  return best;
}

// Dark on a light halo, so that it is visible on every color of the scale.
function edgeLine(edges: readonly number[], values: Float64Array, frame: Frame): string {
  let d = "";
  edges.forEach((energy, i) => {
    if (Number.isNaN(energy)) return;
    const starts = d === "" || Number.isNaN(edges[i - 1]);
    d += `${starts ? "M" : "L"}${px(frame.x(energy))},${px(frame.y(values[i]))}`;
  });
  if (d === "") return "";
  const style = { d, fill: "none", "stroke-linejoin": "round" };
  return (
    el("path", { ...style, stroke: "#fff", "stroke-width": 2.6 }) +
    el("path", { ...style, stroke: theme.ink, "stroke-width": 1.2, "stroke-dasharray": "4 3" })
  );
}
