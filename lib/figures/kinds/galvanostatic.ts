// Charge curves of cells: voltage against time or capacity.

import * as Plot from "@observablehq/plot";
import { ArgumentError, DataError, quote } from "../../errors.js";
import { checkOptions, type OptionNames, requireOptions } from "../../options.js";
import { chart } from "../parts/chart.js";
import { color, extentOf, type Size, sizeOf, vector } from "../parts/check.js";
import { type NamedColumn, table } from "../parts/data.js";
import { Figure } from "../parts/figure.js";
import { type Line, lineMarks, padded } from "../parts/lines.js";
import { palette, theme } from "../parts/theme.js";
import { formatNumber } from "../parts/ticks.js";

/** Charge curve of one cell. */
export interface ChargeCurve {
  readonly label: string;
  /** Time or capacity, in the unit of the axis. */
  readonly x: ArrayLike<number>;
  /** V, one value per point. */
  readonly voltage: ArrayLike<number>;
  readonly dashed?: boolean;
  readonly color?: string;
}

/** Options of `galvanostatic`. */
export interface GalvanostaticOptions {
  readonly cells: readonly ChargeCurve[];
  /** Quantity with unit; default `Time (h)`. */
  readonly xLabel?: string;
  /** Default: `Voltage (V vs Li⁺/Li)`. */
  readonly yLabel?: string;
  /** Cut-off voltage, V; a thin line. */
  readonly cutoff?: number;
  readonly title?: string;
  readonly size?: Size;
}

const CELL: OptionNames<ChargeCurve> = { label: true, x: true, voltage: true, dashed: true, color: true };

const GALVANOSTATIC: OptionNames<GalvanostaticOptions> = {
  cells: true,
  xLabel: true,
  yLabel: true,
  cutoff: true,
  title: true,
  size: true,
};

/**
 * Voltages of several cells during the charge, as in Fig. 2.
 *
 * @throws ShapeError when voltage and x of a cell disagree in length
 * @throws ArgumentError for an invalid option; DataError when there is nothing to draw
 * @example
 * const { charge, voltage } = galvanostaticPart(
 *   await loadElectrochemistry(openExperiment(demonstrationFolder())),
 * );
 * figures.galvanostatic({
 *   cells: [{ label: "cell", x: charge, voltage }],
 *   xLabel: "Charge (mAh)",
 *   cutoff: 4.3,
 * });
 */
export function galvanostatic(options: GalvanostaticOptions): Figure {
  const call = "figures.galvanostatic";
  requireOptions(call, options, GALVANOSTATIC);
  if (!Array.isArray(options.cells) || options.cells.length === 0) {
    throw new ArgumentError(
      `${call}: expected cells as [{ label, x, voltage }], got ${quote(options.cells)}`,
      { option: "cells" },
    );
  }
  const xLabel = options.xLabel ?? "Time (h)";
  const yLabel = options.yLabel ?? "Voltage (V vs Li⁺/Li)";
  const cells = options.cells.map((cell: ChargeCurve, i) => {
    if (typeof cell?.label !== "string") {
      throw new ArgumentError(`${call}: expected a label in cells[${i}], got ${quote(cell?.label)}`);
    }
    checkOptions(`${call}, cells[${i}]`, cell, CELL);
    const x = vector(call, `cells[${i}].x`, cell.x);
    const y = vector(call, `cells[${i}].voltage`, cell.voltage, x.length);
    const stroke = color(call, `cells[${i}].color`, cell.color ?? palette[COLORS[i % COLORS.length]]);
    const dashed = cell.dashed ?? false;
    return { label: cell.label, x, y, color: stroke, dashed };
  });
  const cutoff = options.cutoff === undefined ? [] : [...vector(call, "cutoff", [options.cutoff])];
  const [xExtent, yExtent] = [
    extentOf(...cells.map((cell) => cell.x)),
    extentOf(...cells.map((cell) => cell.y), cutoff),
  ];
  if (!xExtent || !yExtent) throw new DataError(`${call}: expected voltages, got only NaN`);
  const lines: Line[] = cells;
  const drawing = chart({
    ...sizeOf(call, options.size ?? "column", 0.72),
    heading: options.title,
    x: { label: xLabel, domain: padded(xExtent) },
    y: { label: yLabel, domain: padded(yExtent) },
    marks: [
      ...cutoff.map((v) =>
        Plot.ruleY([v], { stroke: theme.muted, strokeWidth: theme.stroke.thin, strokeDasharray: "1 2" }),
      ),
      ...lineMarks(lines),
    ],
    legend: cells.map((cell) => ({
      label: cell.label,
      color: cell.color,
      line: cell.dashed ? "dashed" : "solid",
    })),
    curves: cells,
  });
  const said = cells.map((cell) => {
    const [low, high] = extentOf(cell.y) ?? [Number.NaN, Number.NaN];
    return `${cell.label}${cell.dashed ? " (dashed)" : ""} ${formatNumber(low)} to ${formatNumber(high)} V`;
  });
  return new Figure(
    drawing,
    {
      title: options.title ?? "Galvanostatic charge",
      description: `${yLabel} against ${xLabel} from ${formatNumber(xExtent[0])} to ${formatNumber(xExtent[1])}: ${said.join("; ")}.`,
    },
    () =>
      cells.map((cell) =>
        table(cell.label, [
          [xLabel, cell.x],
          [`${yLabel}, ${cell.label}`, cell.y],
        ] satisfies NamedColumn[]),
      ),
  );
}

// Blue for the reference cell, then the paper's red and green in colors that are distinct with color
// blindness.
const COLORS = [0, 6, 2, 1, 3, 4, 5];
