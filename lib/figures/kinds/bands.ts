// Spectra of components with their feasible bands as shaded areas.

import * as Plot from "@observablehq/plot";
import { ArgumentError, DataError, quote } from "../../errors.js";
import { type OptionNames, requireOptions } from "../../options.js";
import { chart } from "../parts/chart.js";
import { color, extentOf, interval, type Size, sizeOf, vector } from "../parts/check.js";
import { type NamedColumn, table } from "../parts/data.js";
import { Figure } from "../parts/figure.js";
import type { LegendEntry } from "../parts/legend.js";
import { cut, type Line, lineMarks, padded } from "../parts/lines.js";
import { type Band, type ByName, checkNames } from "../parts/species.js";
import { palette } from "../parts/theme.js";

/** Options of `bands`. */
export interface BandsOptions {
  /** eV, ascending or descending. */
  readonly energies: ArrayLike<number>;
  /** Spectra by name of the component. */
  readonly components: ByName<ArrayLike<number>>;
  /** Lower and upper limit by name. */
  readonly bands: ByName<Band>;
  /** Colors by name. */
  readonly colors?: ByName<string>;
  /** Part of the energy axis to draw, eV. */
  readonly range?: readonly [number, number];
  readonly title?: string;
  /** Default: `Normalized absorption`. */
  readonly yLabel?: string;
  readonly yDomain?: readonly [number, number];
  readonly size?: Size;
}

const BANDS: OptionNames<BandsOptions> = {
  energies: true,
  components: true,
  bands: true,
  colors: true,
  range: true,
  title: true,
  yLabel: true,
  yDomain: true,
  size: true,
};

/**
 * Spectra against energy with shaded feasible bands. `profiles` draws bands of concentrations.
 *
 * @throws ShapeError when lengths disagree with the axis; ArgumentError for an invalid option
 * @throws DataError when no energy lies in `range`
 * @example
 * const resolved = await Cube.load().calibrate().absorb().mcrAls(2);
 * const { S } = resolved.bands().component("Cp2");
 * const bands = { Cp2: { lower: S.low, upper: S.high } };
 * figures.bands({ energies: resolved.energies, components: { Cp2: resolved.spectrum("Cp2") }, bands });
 */
export function bands(options: BandsOptions): Figure {
  const call = "figures.bands";
  requireOptions(call, options, BANDS);
  const energies = vector(call, "energies", options.energies);
  const names = Object.keys(options.components ?? {});
  if (names.length === 0) {
    throw new ArgumentError(
      `${call}: expected components as { name: values }, got ${quote(options.components)}`,
    );
  }
  for (const key of ["bands", "colors"] as const) checkNames(call, key, options[key], names);
  const whole = extentOf(energies);
  if (!whole || whole[0] === whole[1]) {
    throw new DataError(`${call}: expected at least two different energies, got ${quote(options.energies)}`);
  }
  const range = options.range ? interval(call, "range", options.range) : whole;
  const given: Record<string, { y: Float64Array; lower: Float64Array; upper: Float64Array }> = {};
  const lines: Line[] = [];
  const edges: Line[] = [];
  const areas: Plot.Markish[] = [];
  const legend: LegendEntry[] = [];
  names.forEach((name, i) => {
    const stroke = color(call, `colors.${name}`, options.colors?.[name] ?? palette[i % palette.length]);
    const y = vector(call, `components.${name}`, options.components[name], energies.length);
    lines.push({ ...cut(energies, y, range), color: stroke, dashed: false });
    const band = options.bands?.[name];
    given[name] = { y, lower: y, upper: y };
    legend.push({ label: name, color: stroke, line: "solid", ...(band ? { area: 0.2 } : {}) });
    if (!band) return;
    const [low, high] = (["lower", "upper"] as const).map((end) => {
      given[name][end] = vector(call, `bands.${name}.${end}`, band[end], energies.length);
      return { ...cut(energies, given[name][end], range), color: stroke, dashed: false };
    });
    edges.push(low, high);
    areas.push(
      Plot.areaY(
        { length: low.x.length },
        {
          x: Array.from(low.x),
          y1: Array.from(low.y),
          y2: Array.from(high.y),
          fill: stroke,
          fillOpacity: 0.2,
        },
      ),
    );
  });
  const extent = extentOf(...[...lines, ...edges].map((line) => line.y));
  if (!extent) {
    throw new DataError(
      `${call}: expected spectra with values from ${range[0]} to ${range[1]} eV, got none; the axis goes from ${whole[0]} to ${whole[1]} eV`,
      { range },
    );
  }
  const yLabel = options.yLabel ?? "Normalized absorption";
  const drawing = chart({
    ...sizeOf(call, options.size ?? "column", 0.74),
    heading: options.title,
    x: { label: "Energy (eV)", domain: range },
    y: {
      label: yLabel,
      domain: options.yDomain ? interval(call, "yDomain", options.yDomain) : padded(extent),
    },
    marks: [...areas, ...lineMarks(edges, 0.5), ...lineMarks(lines)],
    clip: options.yDomain !== undefined,
    legend,
    legendAt: "above",
    curves: [...lines, ...edges],
  });
  return new Figure(
    drawing,
    {
      title: options.title ?? "Spectra and their feasible bands",
      description: `${yLabel} against Energy (eV) from ${range[0]} to ${range[1]}: ${names.join(", ")}; shaded: other solutions that fit as well.`,
    },
    () => [
      table("spectra", [
        ["Energy (eV)", energies],
        ...names.flatMap((name): NamedColumn[] => {
          const band = options.bands?.[name];
          const curve: NamedColumn = [`${yLabel}, ${name}`, given[name].y];
          if (!band) return [curve];
          return [
            curve,
            [`${name}, lower limit`, given[name].lower],
            [`${name}, upper limit`, given[name].upper],
          ];
        }),
      ]),
    ],
  );
}
