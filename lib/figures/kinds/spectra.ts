// Normalized absorption spectra: a few named curves, or a series colored by time, voltage or dose.

import type { MatrixLike } from "../../compute/matrix.js";
import { ArgumentError, DataError, quote } from "../../errors.js";
import { checkOptions, type OptionNames, oneOf, requireOptions } from "../../options.js";
import { chart } from "../parts/chart.js";
import {
  color,
  entriesOf,
  extentOf,
  interval,
  rowsOf,
  type Size,
  sizeOf,
  strings,
  vector,
} from "../parts/check.js";
import { verticalColorBar } from "../parts/color-bar.js";
import { type FigureTable, type NamedColumn, table } from "../parts/data.js";
import { Figure } from "../parts/figure.js";
import { imageOf, imageTable } from "../parts/image-block.js";
import type { LegendEntry } from "../parts/legend.js";
import { cut, type Line, lineMarks, padded } from "../parts/lines.js";
import { type Ramp, ramp, type Scheme } from "../parts/schemes.js";
import { type SpectraInset, spectraInset } from "../parts/spectra-inset.js";
import { palette, theme } from "../parts/theme.js";
import { formatNumber, withUnit } from "../parts/ticks.js";

/** Quantity that determines the color of a series of spectra. */
export interface SeriesScale {
  /** One value per spectrum. */
  readonly values: ArrayLike<number>;
  /** The quantity, such as `Time`. */
  readonly label: string;
  /** Its unit, such as `h`. */
  readonly unit?: string;
  readonly domain?: readonly [number, number];
  readonly scheme?: Scheme;
}

/** A spectrum drawn dashed for comparison, on its own or the common energy axis. */
export interface Reference {
  readonly label: string;
  readonly values: ArrayLike<number>;
  readonly energies?: ArrayLike<number>;
  readonly color?: string;
}

/** Options of `spectra`. */
export interface SpectraOptions {
  /** eV, ascending or descending. */
  readonly energies: ArrayLike<number>;
  /** One row per spectrum, shape [nSpectra, nEnergies]; NaN leaves a gap. */
  readonly spectra: MatrixLike;
  /** Names, one per spectrum, for a legend. */
  readonly labels?: readonly string[];
  /** Colors of the named curves. */
  readonly colors?: readonly string[];
  /** Named curves that are drawn dashed over the others. */
  readonly dashed?: readonly string[];
  /** Quantity that determines the colors, for a color bar. Default without labels: the row number. */
  readonly series?: SeriesScale;
  /** Part of the energy axis to draw, eV. */
  readonly range?: readonly [number, number];
  readonly references?: readonly Reference[];
  /** A small map of the pixels of the spectra, or an enlarged part of the curves. */
  readonly inset?: SpectraInset;
  readonly title?: string;
  /** Default: `Normalized absorption`. */
  readonly yLabel?: string;
  readonly yDomain?: readonly [number, number];
  readonly size?: Size;
}

const REFERENCE: OptionNames<Reference> = { label: true, values: true, energies: true, color: true };

const SERIES: OptionNames<SeriesScale> = {
  values: true,
  label: true,
  unit: true,
  domain: true,
  scheme: true,
};

const SPECTRA: OptionNames<SpectraOptions> = {
  energies: true,
  spectra: true,
  labels: true,
  colors: true,
  dashed: true,
  series: true,
  range: true,
  references: true,
  inset: true,
  title: true,
  yLabel: true,
  yDomain: true,
  size: true,
};

/**
 * Absorption spectra against energy, as in Figs. 5a, 5c, 6a and 9.
 *
 * @throws ShapeError when rows, labels or series values disagree in length with the axis or the number of
 *   rows
 * @throws ArgumentError for an invalid option
 * @throws DataError when no energy lies in `range`
 * @example
 * const { energies, values } = await Cube.load({ part: "ocv" }).absorb().normalize().spectrum();
 * figures.spectra({ energies, spectra: [values], labels: ["open circuit"], range: [8320, 8400] }); // eV
 */
export function spectra(options: SpectraOptions): Figure {
  const call = "figures.spectra";
  requireOptions(call, options, SPECTRA);
  const energies = vector(call, "energies", options.energies);
  const rows = rowsOf(call, "spectra", options.spectra, energies.length);
  const whole = extentOf(energies);
  if (!whole || whole[0] === whole[1]) {
    throw new DataError(`${call}: expected at least two different energies, got ${quote(options.energies)}`);
  }
  const range = options.range ? interval(call, "range", options.range) : whole;
  const series = seriesOf(call, options, rows.length);
  const colors = colorsOf(call, options, rows.length, series);

  const dashed = strings(call, "dashed", options.dashed ?? []);
  for (const name of dashed) oneOf(call, "a name in dashed", name, options.labels ?? []);
  const isDashed = (i: number): boolean => dashed.includes(options.labels?.[i] ?? "");
  const lines: Line[] = rows.map((y, i) => ({
    ...cut(energies, y, range),
    color: colors[i],
    dashed: isDashed(i),
  }));
  const references = entriesOf(call, "references", options.references);
  references.forEach((reference, i) => {
    const name = `references[${i}]`;
    requireOptions(`${call}, ${name}`, reference, REFERENCE);
    const x = reference.energies ? vector(call, `${name}.energies`, reference.energies) : energies;
    const y = vector(call, `${name}.values`, reference.values, x.length);
    const stroke = color(call, `${name}.color`, reference.color ?? (i === 0 ? "#000000" : "#777777"));
    lines.push({ ...cut(x, y, range), color: stroke, dashed: true });
  });
  const extent = extentOf(...lines.map((line) => line.y));
  if (!extent) {
    throw new DataError(
      `${call}: expected spectra with values from ${range[0]} to ${range[1]} eV, got none; the axis goes from ${whole[0]} to ${whole[1]} eV`,
      { range },
    );
  }
  const legend: LegendEntry[] = (options.labels ?? []).map((label, i) => ({
    label,
    color: colors[i],
    line: isDashed(i) ? "dashed" : "solid",
  }));
  references.forEach((reference, i) => {
    legend.push({ label: reference.label, color: lines[rows.length + i].color, line: "dashed" });
  });
  const size = sizeOf(call, options.size ?? "column", 0.72);
  const yDomain = options.yDomain ? interval(call, "yDomain", options.yDomain) : padded(extent);
  const drawing = chart({
    ...size,
    heading: options.title,
    x: { label: "Energy (eV)", domain: range },
    y: { label: options.yLabel ?? NORMALIZED, domain: yDomain },
    marks: lineMarks([...lines].sort((a, b) => Number(a.dashed) - Number(b.dashed))),
    clip: options.yDomain !== undefined,
    legend,
    curves: lines,
    bar: series
      ? (length) =>
          verticalColorBar({ colors: series.colors, domain: series.domain, label: series.label, length })
      : undefined,
    inset: options.inset ? spectraInset(call, options.inset, lines) : undefined,
  });
  return new Figure(
    drawing,
    {
      title: options.title ?? (rows.length > 1 ? `${rows.length} absorption spectra` : "Absorption spectrum"),
      description: describe(options, rows.length, range, series),
    },
    () => tablesOf(options, energies, rows, series),
  );
}

function tablesOf(
  options: SpectraOptions,
  energies: Float64Array,
  rows: readonly Float64Array[],
  series: Series | null,
): FigureTable[] {
  const y = options.yLabel ?? NORMALIZED;
  const nameOf = (i: number): string => {
    if (options.labels) return `${y}, ${options.labels[i]}`;
    return series ? `${y}, ${series.label} = ${formatNumber(series.values[i], 6)}` : y;
  };
  const { inset } = options;
  return [
    table("spectra", [["Energy (eV)", energies], ...rows.map((row, i): NamedColumn => [nameOf(i), row])]),
    ...(options.references ?? []).map((reference) =>
      table(`reference ${reference.label}`, [
        ["Energy (eV)", Float64Array.from(reference.energies ?? energies)],
        [`${y}, ${reference.label}`, Float64Array.from(reference.values)],
      ]),
    ),
    ...(inset && !("range" in inset)
      ? [imageTable("inset", imageOf("figures.spectra (inset)", inset), "value")]
      : []),
  ];
}

/** Label of the axis of normalized spectra. */
const NORMALIZED = "Normalized absorption";

interface Series {
  readonly values: Float64Array;
  readonly domain: readonly [number, number];
  readonly colors: Ramp;
  readonly label: string;
}

function seriesOf(call: string, options: SpectraOptions, n: number): Series | null {
  if (options.series && options.labels) {
    throw new ArgumentError(`${call}: expected labels or series, got both; one color cannot mean two things`);
  }
  if (options.labels || (n === 1 && !options.series)) return null;
  const scale = options.series ?? {
    values: Array.from({ length: n }, (_, i) => i),
    label: "Spectrum number",
  };
  checkOptions(`${call}, series`, scale, SERIES);
  const values = vector(call, "series.values", scale.values, n);
  const extent = extentOf(values) ?? [0, 1];
  const domain = scale.domain ? interval(call, "series.domain", scale.domain) : extent;
  return {
    values,
    domain: domain[0] < domain[1] ? domain : [domain[0] - 0.5, domain[1] + 0.5],
    // The yellow end of the scale is left out, because it is too pale for lines on white.
    colors: ramp(call, scale.scheme ?? "viridis", 0.88),
    label: withUnit(scale.label, scale.unit),
  };
}

function colorsOf(call: string, options: SpectraOptions, n: number, series: Series | null): string[] {
  if (options.labels) strings(call, "labels", options.labels, n);
  if (options.colors) {
    return strings(call, "colors", options.colors, n).map((c, i) => color(call, `colors[${i}]`, c));
  }
  if (!series) return Array.from({ length: n }, (_, i) => palette[i % palette.length]);
  const [low, high] = series.domain;
  return Array.from(series.values, (v) =>
    Number.isNaN(v) ? theme.noData : series.colors((v - low) / (high - low)),
  );
}

function describe(
  options: SpectraOptions,
  n: number,
  range: readonly [number, number],
  series: Series | null,
): string {
  const names = [...(options.labels ?? []), ...(options.references ?? []).map((r) => r.label)];
  const what = names.length > 0 ? `: ${names.join(", ")}` : "";
  const by = series
    ? `, colored by ${series.label} from ${series.domain.map((v) => formatNumber(v)).join(" to ")}`
    : "";
  const y = options.yLabel ?? NORMALIZED;
  return `${y} against Energy (eV) from ${range[0]} to ${range[1]}; ${n === 1 ? "1 spectrum" : `${n} spectra`}${by}${what}.`;
}
