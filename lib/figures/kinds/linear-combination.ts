// One measured spectrum, its components, their sum, and the residual.

import * as Plot from "@observablehq/plot";
import type { MatrixLike } from "../../compute/matrix.js";
import { DataError } from "../../errors.js";
import { type OptionNames, requireOptions } from "../../options.js";
import { extentOf, interval, rowsOf, type Size, sizeOf, strings, vector } from "../parts/check.js";
import { type NamedColumn, table } from "../parts/data.js";
import { Figure } from "../parts/figure.js";
import type { LegendEntry } from "../parts/legend.js";
import { overResiduals } from "../parts/over-residuals.js";
import { palette, theme } from "../parts/theme.js";
import { formatNumber } from "../parts/ticks.js";

/** Options of `linearCombination`. */
export interface LinearCombinationOptions {
  /** eV. */
  readonly energies: ArrayLike<number>;
  /** The measured spectrum, one value per energy; NaN leaves a gap. */
  readonly spectrum: ArrayLike<number>;
  /** Spectra of the components, shape [nComponents, nEnergies]. */
  readonly components: MatrixLike;
  /** Coefficients, one per component. */
  readonly coefficients: ArrayLike<number>;
  /** Names of the components; default Cp1, Cp2, ... */
  readonly labels?: readonly string[];
  /** Name of the measured spectrum, such as `#50`; default `data`. */
  readonly label?: string;
  /** Part of the energy axis to draw, eV. */
  readonly range?: readonly [number, number];
  readonly title?: string;
  readonly size?: Size;
}

const LINEAR_COMBINATION: OptionNames<LinearCombinationOptions> = {
  energies: true,
  spectrum: true,
  components: true,
  coefficients: true,
  labels: true,
  label: true,
  range: true,
  title: true,
  size: true,
};

/**
 * A spectrum as a linear combination of components, each drawn with its coefficient, as in the central and
 * bottom panels of Figs. S3, S4 and S8: measured points, their sum in black, and the residual below.
 *
 * @throws ShapeError when spectrum, components or coefficients disagree in length
 * @throws DataError when no energy lies in `range`
 * @example
 * const [energies, pristine, charged] = [
 *   [8335, 8345, 8355],
 *   [0.2, 0.9, 1.1],
 *   [0.1, 0.6, 1.3],
 * ];
 * const spectrum = energies.map((_, k) => 0.5 * pristine[k] + 0.5 * charged[k]);
 * figures.linearCombination({
 *   energies,
 *   spectrum,
 *   components: [pristine, charged],
 *   coefficients: [0.5, 0.5],
 * });
 */
export function linearCombination(options: LinearCombinationOptions): Figure {
  const call = "figures.linearCombination";
  requireOptions(call, options, LINEAR_COMBINATION);
  const energies = vector(call, "energies", options.energies);
  const data = vector(call, "spectrum", options.spectrum, energies.length);
  const components = rowsOf(call, "components", options.components, energies.length);
  const coefficients = vector(call, "coefficients", options.coefficients, components.length);
  const labels = options.labels
    ? strings(call, "labels", options.labels, components.length)
    : components.map((_, k) => `Cp${k + 1}`);
  const label = options.label ?? "data";
  const parts = components.map((row, k) => row.map((v) => coefficients[k] * v));
  const sum = energies.map((_, i) => parts.reduce((total, part) => total + part[i], 0));
  const residual = data.map((v, i) => v - sum[i]);

  const whole = extentOf(energies);
  const range = options.range ? interval(call, "range", options.range) : whole;
  const kept = Array.from(energies.keys()).filter(
    (i) => range !== null && energies[i] >= range[0] && energies[i] <= range[1],
  );
  const pick = (values: Float64Array): number[] => kept.map((i) => values[i]);
  const x = pick(energies);
  const values = extentOf(...[data, sum, ...parts].map(pick));
  const differences = extentOf(pick(residual));
  if (!range || !values || !differences || range[0] === range[1]) {
    const where = range ? `from ${range[0]} to ${range[1]} eV` : "on an energy axis";
    throw new DataError(
      `${call}: expected values ${where}, got none; the axis goes from ${whole?.join(" to ")} eV`,
      {
        range,
      },
    );
  }
  const line = (y: number[], stroke: string): Plot.Markish =>
    Plot.line({ length: x.length }, { x, y, stroke, strokeWidth: theme.stroke.line });
  const legend: LegendEntry[] = [
    { label, color: theme.muted, symbol: "circle" },
    { label: "sum", color: theme.ink, line: "solid" },
    ...labels.map(
      (name, k): LegendEntry => ({
        label: `${formatNumber(coefficients[k], 2)} × ${name}`,
        color: palette[k % palette.length],
        line: "solid",
      }),
    ),
  ];
  const drawing = overResiduals({
    ...sizeOf(call, options.size ?? "column", 0.95),
    heading: options.title,
    range,
    values,
    differences,
    marks: [
      ...parts.map((part, k) => line(pick(part), palette[k % palette.length])),
      Plot.dot({ length: x.length }, { x, y: pick(data), r: 1.6, stroke: theme.muted, strokeWidth: 0.7 }),
      line(pick(sum), theme.ink),
    ],
    legend,
    curves: [data, sum, ...parts].map((y) => ({ x, y: pick(y) })),
    residuals: [{ x, y: pick(residual), color: theme.ink }],
  });
  const said = labels.map((name, k) => `${formatNumber(coefficients[k], 3)} of ${name}`);
  return new Figure(
    drawing,
    {
      title: options.title ?? `${label} as a linear combination`,
      description: `Normalized absorption against Energy (eV) from ${range[0]} to ${range[1]}: ${label} (points), the sum of ${said.join(", ")} (black), and below the residual of at most ${formatNumber(Math.max(...differences.map(Math.abs)), 2)}.`,
    },
    () => [
      table("spectrum and its linear combination", [
        ["Energy (eV)", energies],
        [`Normalized absorption, ${label}`, data],
        ["sum", sum],
        ["residual", residual],
        ...labels.map((name, k): NamedColumn => [`coefficient × ${name}`, parts[k]]),
      ]),
      table("coefficients", [
        ["component", labels],
        ["coefficient", coefficients],
      ]),
    ],
  );
}
