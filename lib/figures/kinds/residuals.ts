// Data, reconstruction and residuals of selected rows on one energy axis.

import * as Plot from "@observablehq/plot";
import type { MatrixLike } from "../../compute/matrix.js";
import { ArgumentError, DataError, quote } from "../../errors.js";
import { type OptionNames, requireOptions } from "../../options.js";
import { extentOf, interval, rowsOf, type Size, sizeOf, strings, vector } from "../parts/check.js";
import { type NamedColumn, table } from "../parts/data.js";
import { Figure } from "../parts/figure.js";
import { overResiduals } from "../parts/over-residuals.js";
import { palette, theme } from "../parts/theme.js";

/** Options of `residuals`. */
export interface ResidualsOptions {
  /** eV. */
  readonly energies: ArrayLike<number>;
  /** Measured spectra, shape [nSpectra, nEnergies]. */
  readonly data: MatrixLike;
  /** C S of the factorization, same shape. */
  readonly reconstruction: MatrixLike;
  /** Rows to draw; default: first, middle and last. */
  readonly rows?: readonly number[];
  /** Names of the drawn rows. */
  readonly labels?: readonly string[];
  readonly range?: readonly [number, number];
  readonly title?: string;
  readonly size?: Size;
}

const RESIDUALS: OptionNames<ResidualsOptions> = {
  energies: true,
  data: true,
  reconstruction: true,
  rows: true,
  labels: true,
  range: true,
  title: true,
  size: true,
};

/**
 * Measured points, reconstructed lines and, below, their difference, as in Figs. S3 and S4.
 *
 * @throws ShapeError when data, reconstruction and energies disagree
 * @throws ArgumentError for rows that do not exist
 * @example
 * const { energies, data, C, S } = await Cube.load().calibrate().absorb().mcrAls(3);
 * figures.residuals({ energies, data: data.toRows(), reconstruction: C.mmul(S), range: [8325, 8400] }); // eV
 */
export function residuals(options: ResidualsOptions): Figure {
  const call = "figures.residuals";
  requireOptions(call, options, RESIDUALS);
  const energies = vector(call, "energies", options.energies);
  const data = rowsOf(call, "data", options.data, energies.length);
  const model = rowsOf(call, "reconstruction", options.reconstruction, energies.length);
  if (model.length !== data.length) {
    throw new ArgumentError(
      `${call}: expected as many rows in reconstruction as in data (${data.length}), got ${model.length}`,
    );
  }
  const rows = options.rows ?? [...new Set([0, Math.floor((data.length - 1) / 2), data.length - 1])];
  const wrong = rows.find((row) => !(Number.isInteger(row) && row >= 0 && row < data.length));
  if (wrong !== undefined || rows.length === 0) {
    throw new ArgumentError(
      `${call}: expected rows from 0 to ${data.length - 1}, got ${quote(wrong ?? rows)}`,
    );
  }
  const labels = options.labels
    ? strings(call, "labels", options.labels, rows.length)
    : rows.map((row) => `row ${row}`);
  const whole = extentOf(energies);
  if (!whole || whole[0] === whole[1]) {
    throw new DataError(`${call}: expected at least two different energies, got ${quote(options.energies)}`);
  }
  const range = options.range ? interval(call, "range", options.range) : whole;
  const kept = Array.from(energies, (_, i) => i).filter(
    (i) => energies[i] >= range[0] && energies[i] <= range[1],
  );
  const x = kept.map((i) => energies[i]);
  const pick = (row: Float64Array): number[] => kept.map((i) => row[i]);
  const curves = rows.map((row, k) => ({
    x,
    y: pick(data[row]),
    fit: pick(model[row]),
    difference: kept.map((i) => data[row][i] - model[row][i]),
    color: palette[k % palette.length],
  }));
  const extent = extentOf(...curves.flatMap((c) => [c.y, c.fit]));
  const left = extentOf(...curves.map((c) => c.difference));
  if (!extent || !left) {
    throw new DataError(`${call}: expected values from ${range[0]} to ${range[1]} eV, got none`, { range });
  }
  const size = sizeOf(call, options.size ?? "column", 0.95);
  const drawing = overResiduals({
    ...size,
    heading: options.title,
    range,
    values: extent,
    differences: left,
    marks: curves.flatMap((c) => [
      Plot.dot({ length: x.length }, { x, y: c.y, r: 1.5, stroke: c.color, strokeWidth: 0.7 }),
      Plot.line({ length: x.length }, { x, y: c.fit, stroke: c.color, strokeWidth: theme.stroke.line }),
    ]),
    legend: curves.map((c, k) => ({ label: labels[k], color: c.color, line: "solid", symbol: "circle" })),
    curves,
    residuals: curves.map((c) => ({ x, y: c.difference, color: c.color })),
  });
  return new Figure(
    drawing,
    {
      title: options.title ?? "Data, reconstruction and residuals",
      description: `Spectra (points), reconstruction (lines) and residuals against Energy (eV) from ${range[0]} to ${range[1]}: ${labels.join(", ")}.`,
    },
    () => [
      table("spectra", [
        ["Energy (eV)", energies],
        ...rows.flatMap((row, k): NamedColumn[] => [
          [`${labels[k]}, data`, data[row]],
          [`${labels[k]}, reconstruction`, model[row]],
          [`${labels[k]}, residual`, data[row].map((v, i) => v - model[row][i])],
        ]),
      ]),
    ],
  );
}
