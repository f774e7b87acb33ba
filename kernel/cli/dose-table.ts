// Doses as a table for a terminal.
import type { Convention, LayerDose, StackDose } from "operandose";
import { printable } from "../jupyter/display/printable.js";

/** The table with its explanations. */
export function doseTable(doses: StackDose, convention?: Convention): string {
  const { stack, beam } = doses;
  const unit = beam.exposure === 1 ? "Gy/s" : "Gy";
  const quantity = beam.exposure === 1 ? "doseRate" : "dose";
  const rows = Array.from(doses, (entry, i) => [
    stack.layers[i].name,
    short(stack.layers[i].thickness),
    short(entry.transmission),
    short(entry.transmittedFlux),
    short(entry.absorbedPower * 1e6),
    ...columns(convention).map((column) => short(column.of(entry[quantity]))),
  ]);
  const head = [
    "layer",
    "thickness um",
    "transmission",
    "ph/s behind",
    "absorbed uW",
    ...columns(convention).map((c) => c.name),
  ];
  return [
    `beam: ${short(beam.meanFlux)} ph/s, ${energyText(beam.energy)} eV${beam.polychromatic ? " at once" : ""}, ` +
      `${beam.width} x ${beam.height} um, ${beam.exposure} s; tables: ${stack.tables}`,
    "",
    ...lines([head, ...rows]),
    "",
    `${unit === "Gy" ? "doses" : "dose rates"} in ${unit}, by density convention: ${columns(convention)
      .map((c) => c.name)
      .join(", ")}`,
    absorberLine(doses),
  ].join("\n");
}

interface Column {
  readonly name: string;
  of(dose: LayerDose["dose"]): number;
}

const COLUMNS: Readonly<Record<Convention, readonly Column[]>> = {
  dense: [{ name: "dense", of: (dose) => dose.dense }],
  composite: [{ name: "composite", of: (dose) => dose.composite }],
  porous: [{ name: "porous", of: (dose) => dose.porous }],
  phase: [
    { name: "solid", of: (dose) => dose.phase.solid },
    { name: "liquid", of: (dose) => dose.phase.liquid },
  ],
};

function columns(convention?: Convention): readonly Column[] {
  return convention === undefined ? Object.values(COLUMNS).flat() : COLUMNS[convention];
}

function absorberLine(doses: StackDose): string {
  const { stack, beam } = doses;
  const index = stack.layers.indexOf(stack.absorber);
  const arriving = index === 0 ? beam.meanFlux : doses[index - 1].transmittedFlux;
  const leaving = 100 * stack.escape(beam)[index].total;
  return (
    `${printable(stack.absorber.name)}: ${short(arriving)} ph/s arrive; ${leaving.toFixed(1)} % of the absorbed power leaves ` +
    "as fluorescence and scattered photons (not subtracted)"
  );
}

function energyText(energy: number | readonly number[]): string {
  if (typeof energy === "number") return String(energy);
  return `${energy.length} energies from ${Math.min(...energy)} to ${Math.max(...energy)}`;
}

function lines(rows: readonly (readonly string[])[]): string[] {
  const clean = rows.map((row) => row.map(printable));
  const widths = clean[0].map((_, column) => Math.max(...clean.map((row) => row[column].length)));
  return clean.map((row) =>
    row
      .map((cell, column) => (column === 0 ? cell.padEnd(widths[0]) : cell.padStart(widths[column])))
      .join("  "),
  );
}

/** Four significant digits; a dash for missing values. */
function short(value: number): string {
  if (!Number.isFinite(value)) return "-";
  if (value !== 0 && (Math.abs(value) >= 1e6 || Math.abs(value) < 1e-3)) return value.toExponential(3);
  return String(Number(value.toPrecision(4)));
}
