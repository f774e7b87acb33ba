// Concentrations of species as curves, with the same colors, symbols, error bars and bands in all figures.

import * as Plot from "@observablehq/plot";
import { ArgumentError, quote } from "../../errors.js";
import { checkOptions, oneOf } from "../../options.js";
import type { Curve } from "./chart.js";
import { color, vector } from "./check.js";
import type { NamedColumn } from "./data.js";
import type { LegendEntry } from "./legend.js";
import { palette, symbols as symbolNames, theme } from "./theme.js";

/** Values by name of the species. */
export type ByName<T> = Readonly<Record<string, T>>;

/** A lower and an upper limit, one value per point. */
export interface Band {
  readonly lower: ArrayLike<number>;
  readonly upper: ArrayLike<number>;
}

/** Species as functions of time or dose. */
export interface SpeciesOptions {
  /** Fractions (0..1) by name; drawn in %. */
  readonly components: ByName<ArrayLike<number>>;
  /** Standard errors of the fractions, by name. */
  readonly errors?: ByName<ArrayLike<number>>;
  /** Feasible bands of fractions, by name; drawn shaded. */
  readonly bands?: ByName<Band>;
  /** Colors by name. */
  readonly colors?: ByName<string>;
}

/** Marks, legend and curves of some species. */
export interface Species {
  readonly marks: Plot.Markish[];
  readonly legend: LegendEntry[];
  readonly curves: Curve[];
  /** The drawn values in %, as columns. */
  readonly columns: readonly NamedColumn[];
  /** All drawn values in %, for the y axis. */
  readonly all: number[];
  readonly names: readonly string[];
  readonly colors: readonly string[];
}

/**
 * Prepares the curves of some species.
 *
 * @param x positions of the points; every component has the same number
 * @param room width of the frame, px; with less than 5 px per point only some points have a symbol
 * @param between marks over the lines and under the symbols, such as a fit
 */
export function speciesOf(
  call: string,
  options: SpeciesOptions,
  x: Float64Array,
  room: number,
  between: readonly Plot.Markish[] = [],
): Species {
  const names = Object.keys(options.components ?? {});
  if (names.length === 0) {
    throw new ArgumentError(
      `${call}: expected components as { name: values }, got ${quote(options.components)}`,
    );
  }
  for (const key of ["errors", "bands", "colors"] as const) checkNames(call, key, options[key], names);
  const every = Math.max(1, Math.ceil((5 * x.length) / room));
  const behind: Plot.Markish[] = [];
  const lines: Plot.Markish[] = [];
  const symbols: Plot.Markish[] = [];
  const out = {
    legend: [] as LegendEntry[],
    curves: [] as Curve[],
    columns: [] as NamedColumn[],
    all: [] as number[],
    colors: [] as string[],
  };
  names.forEach((name, i) => {
    const stroke = color(call, `colors.${name}`, options.colors?.[name] ?? palette[i % palette.length]);
    const symbol = symbolNames[i % symbolNames.length];
    const y = percent(vector(call, `components.${name}`, options.components[name], x.length));
    out.curves.push({ x, y });
    out.columns.push([`${CONCENTRATION}, ${name}`, y]);
    out.all.push(...y);
    out.colors.push(stroke);
    const band = options.bands?.[name];
    out.legend.push({
      label: name,
      color: stroke,
      symbol,
      line: "solid",
      ...(band ? { area: SHADE, edge: true } : {}),
    });
    if (band) {
      checkOptions(`${call}, bands.${name}`, band, { lower: true, upper: true });
      const y1 = percent(vector(call, `bands.${name}.lower`, band.lower, x.length));
      const y2 = percent(vector(call, `bands.${name}.upper`, band.upper, x.length));
      out.columns.push([`${name}, lower limit (%)`, y1], [`${name}, upper limit (%)`, y2]);
      out.all.push(...y1, ...y2);
      behind.push(Plot.areaY({ length: x.length }, { x, y1, y2, fill: stroke, fillOpacity: SHADE }));
      // Their edges distinguish bands that overlap.
      const edge = { stroke, strokeWidth: 0.9, strokeDasharray: EDGES[i % EDGES.length] };
      for (const limit of [y1, y2]) behind.push(Plot.line({ length: x.length }, { x, y: limit, ...edge }));
    }
    const error = options.errors?.[name];
    if (error) {
      const half = percent(vector(call, `errors.${name}`, error, x.length));
      out.columns.push([`${name}, standard error (%)`, half]);
      const [y1, y2] = [y.map((v, k) => v - half[k]), y.map((v, k) => v + half[k])];
      out.all.push(...y1, ...y2);
      behind.push(Plot.ruleX({ length: x.length }, { x, y1, y2, stroke, strokeWidth: 1 }));
    }
    lines.push(Plot.line({ length: x.length }, { x, y, stroke, strokeWidth: theme.stroke.line * 0.8 }));
    // The first symbols of the species are at different points, so that they do not cover each other.
    const start = Math.floor((i * every) / names.length);
    const shown = Array.from({ length: x.length }, (_, k) => k).filter((k) => (k - start) % every === 0);
    const dots = { x: shown.map((k) => x[k]), y: shown.map((k) => y[k]), symbol, fill: stroke, r: 2.3 };
    symbols.push(Plot.dot({ length: shown.length }, dots));
  });
  return { ...out, marks: [...behind, ...lines, ...between, ...symbols], names };
}

/** Opacity of a band. */
const SHADE = 0.16;

/** Dashes of the edges of bands, so that they differ without color, too. */
const EDGES = ["none", "5 2", "1.5 2"];

/** Domain of an axis in %: 0 to 100 with a margin, and more for values beyond. */
export function percentDomain(values: readonly number[]): [number, number] {
  let [low, high] = [-3, 104];
  for (const value of values) {
    if (value < low + 2) low = value - 3;
    if (value > high - 2) high = value + 3;
  }
  return [low, high];
}

/** Label of this axis. */
export const CONCENTRATION = "Relative concentration (%)";

function percent(fractions: Float64Array): Float64Array {
  return fractions.map((v) => 100 * v);
}

/** @throws ArgumentError for values of an unknown species */
export function checkNames(
  call: string,
  key: string,
  given: object | undefined,
  names: readonly string[],
): void {
  for (const name of Object.keys(given ?? {})) oneOf(call, `a component in ${key}`, name, names);
}
