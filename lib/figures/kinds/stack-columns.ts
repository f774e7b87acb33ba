// Numbers beside a drawn stack, as columns of text.
import type { Beam } from "../../dose/beam.js";
import type { Convention } from "../../dose/convention.js";
import type { Layer } from "../../dose/layer.js";
import type { ConventionDose, LayerDose } from "../../dose/layer-dose.js";
import type { Stack } from "../../dose/stack.js";
import { textWidth } from "../parts/text-width.js";
import { theme } from "../parts/theme.js";
import { formatNumber } from "../parts/ticks.js";

/** One column, with a cell for each layer. */
export interface Column {
  /** Two lines: the quantity, and its unit. */
  readonly head: readonly [string, string];
  readonly cells: readonly string[];
}

/** Size of all text beside a stack, px. */
export const SIZE = theme.text.tick;

/** Distance of columns, px. */
export const GAP = 14;

const NAME = 90;

/**
 * As many columns as fit beside the names of the layers. The last ones have priority, and so have names over
 * columns.
 *
 * @param groups columns that are kept or left out together
 */
export function fitting(groups: readonly (readonly Column[])[], width: number): readonly Column[] {
  const columns = groups.flat();
  const needed = columns.reduce((sum, column) => sum + columnWidth(column) + GAP, NAME);
  return needed > width && groups.length > 1 ? fitting(groups.slice(1), width) : columns;
}

/** px */
export function columnWidth({ head, cells }: Column): number {
  return Math.max(...[...head, ...cells].map((text) => textWidth(text, SIZE)));
}

/** Thickness of each layer. */
export function thicknessColumn(cell: Stack): Column {
  return {
    head: ["Thickness", "(µm)"],
    cells: cell.layers.map((layer) => formatNumber(layer.thickness)),
  };
}

/** Mass per area of each layer, liquid included. */
export function massColumn(cell: Stack): Column {
  // mg/cm2 from kg/m2.
  const perArea = (layer: Layer) => 100 * layer.arealMass("composite");
  return {
    head: ["Areal mass", "(mg/cm²)"],
    cells: cell.layers.map((layer) => formatNumber(perArea(layer), 3)),
  };
}

/** Transmission, flux and dose of each layer. The dose is left out for the default exposure of one second. */
export function doseColumns(
  doses: { readonly stack: Stack } & readonly LayerDose[],
  beam: Beam,
  convention: Convention,
): Column[][] {
  const rates = doses.map((entry) => entry.doseRate);
  const sums = doses.map((entry) => entry.dose);
  return [
    [thicknessColumn(doses.stack)],
    [{ head: ["Transmitted", "(%)"], cells: doses.map((entry) => percent(entry.transmission)) }],
    [{ head: ["Flux behind", "(ph/s)"], cells: doses.map((entry) => significant(entry.transmittedFlux)) }],
    columnsOf(rates, convention, "Dose rate", "Gy/s"),
    ...(beam.exposure === 1 ? [] : [columnsOf(sums, convention, "Dose", "Gy")]),
  ];
}

// Doses of all layers have the unit prefix of the largest one; those of the phases have one column each.
function columnsOf(
  doses: readonly ConventionDose[],
  convention: Convention,
  name: string,
  unit: string,
): Column[] {
  const values =
    convention === "phase"
      ? { Solid: doses.map(({ phase }) => phase.solid), Liquid: doses.map(({ phase }) => phase.liquid) }
      : { [name]: doses.map((dose) => dose[convention]) };
  const largest = Math.max(...Object.values(values).flat().filter(Number.isFinite));
  const [factor, prefix] = largest >= 1e6 ? [1e-6, "M"] : largest >= 1e3 ? [1e-3, "k"] : [1, ""];
  const text = (value: number) => (Number.isFinite(value) ? significant(value * factor) : "–");
  return Object.entries(values).map(([head, column]) => ({
    head: [head, `(${prefix}${unit})`],
    cells: column.map(text),
  }));
}

// Three significant digits including zeros, so that a column of 8.51 and 8.30 has one precision.
function significant(value: number): string {
  const text = formatNumber(value, 3);
  const [mantissa, power] = text.split("·");
  const shown = mantissa.replace(/\D/g, "").replace(/^0+/, "").length;
  if (value === 0 || shown >= 3) return text;
  const filled = `${mantissa}${mantissa.includes(".") ? "" : "."}${"0".repeat(3 - shown)}`;
  return power === undefined ? filled : `${filled}·${power}`;
}

/** A fraction in percent, with enough digits to differ from 100. */
export function percent(share: number): string {
  return formatNumber(100 * share, share > 0.9995 ? 5 : 3);
}
