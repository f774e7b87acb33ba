// Drawing of a stack beside its numbers.

import { Beam, type BeamOptions } from "../../dose/beam.js";
import { type Convention, checkConvention, DEFAULT_CONVENTION } from "../../dose/convention.js";
import type { LayerDose } from "../../dose/layer-dose.js";
import { Stack, type StackJson } from "../../dose/stack.js";
import { checkOptions, type OptionNames } from "../../options.js";
import { headingText } from "../parts/chart.js";
import { type Size, widthOf } from "../parts/check.js";
import { type NamedColumn, table as tableOf } from "../parts/data.js";
import { Figure } from "../parts/figure.js";
import { el, px, textEl } from "../parts/svg.js";
import { fitText, textWidth } from "../parts/text-width.js";
import { theme } from "../parts/theme.js";
import { formatNumber } from "../parts/ticks.js";
import {
  type Column,
  columnWidth,
  doseColumns,
  fitting,
  GAP,
  massColumn,
  percent,
  SIZE,
  thicknessColumn,
} from "./stack-columns.js";
import { LEAD, slabHeights, slabsBody } from "./stack-slabs.js";
import { contents, noteText, totalText } from "./stack-text.js";

/** Options of `stack`. */
export interface StackFigureOptions {
  /** Heights proportional to thicknesses; default false: by their logarithm. */
  readonly toScale?: boolean;
  /** Density convention of the printed dose rate; default porous. */
  readonly convention?: Convention;
  readonly title?: string;
  /** Default: page. */
  readonly size?: Size;
}

const STACK: OptionNames<StackFigureOptions> = {
  toScale: true,
  convention: true,
  title: true,
  size: true,
};

/**
 * A stack in the order of the beam, from above, with a row of numbers for each layer: thickness, and with a
 * beam its transmission, the flux behind it, its dose rate, and its dose unless the exposure is the default
 * of one second. The area fraction of pores is the porosity, and the width of the beam its flux. A narrow
 * picture omits the first columns.
 *
 * @param cell a Stack, or its input
 * @param light a Beam, or its input; without it areal masses are shown instead of doses
 * @throws ArgumentError, ShapeError as Stack and Beam
 * @example
 * figures.stack(rockCell(), { energy: 8390, flux: 1.041e12, width: 3315, height: 1202.5 });
 */
export function stack(
  cell: Stack | StackJson,
  light?: Beam | BeamOptions,
  options: StackFigureOptions = {},
): Figure {
  checkOptions("figures.stack", options, STACK);
  const { toScale = false, title } = options;
  const convention = checkConvention("figures.stack", options.convention ?? DEFAULT_CONVENTION);
  const drawn = Stack.from(cell);
  const beam = light === undefined ? null : Beam.from(light);
  const doses = beam && drawn.dose(beam);
  const width = widthOf("figures.stack", options.size ?? "page");
  const slabWidth = Math.round(Math.min(140, width * 0.2));
  const columns = fitting(
    beam && doses ? doseColumns(doses, beam, convention) : [[thicknessColumn(drawn)], [massColumn(drawn)]],
    width - LEFT - slabWidth - LEADER,
  );
  const top = (title ? theme.text.heading + 12 : 4) + (beam ? HEAD + LEAD : HEAD);
  const height = ROW * drawn.layers.length;
  const heights = slabHeights(
    drawn.layers.map((layer) => layer.thickness),
    height,
    toScale,
  );
  const slabs = drawn.layers.map(({ porosity, liquid }, i) => ({
    height: heights[i],
    porosity,
    filled: liquid !== undefined,
    absorber: drawn.layers[i] === drawn.absorber,
  }));
  const body = [
    title ? headingText(title, width / 2, width) : "",
    beam ? incoming(beam, LEFT, top - LEAD - 6, slabWidth) : "",
    slabsBody(slabs, LEFT, top, slabWidth, doses && beam ? fluxes(doses, beam) : null),
    leaders(heights, LEFT + slabWidth, top),
    table(drawn, columns, LEFT + slabWidth + LEADER, width, top),
    noteText(
      [...(beam ? [`Dose convention: ${convention}`] : []), totalText(drawn, toScale)],
      LEFT + slabWidth + LEADER,
      top + height,
      width,
    ),
  ].join("");
  return new Figure(
    { body, width, height: top + height + (beam ? LEAD + 4 : 22) },
    {
      title: title ?? `Stack of ${drawn.layers.length} layers`,
      description: describe(drawn, doses, convention),
    },
    () => [tableOf("layers", layerColumns(drawn, doses))],
  );
}

const LEFT = 6;
const HEAD = 32;
const ROW = 38;
const LEADER = 26;

function fluxes(doses: readonly LayerDose[], beam: Beam): number[] {
  const all = beam.meanFlux;
  return [1, ...doses.map((entry) => (all > 0 ? entry.transmittedFlux / all : 0))];
}

function energyText(beam: Beam): string {
  const energies = beam.lines.map((line) => line.energy);
  const [low, high] = [Math.min(...energies), Math.max(...energies)];
  if (low === high) return `${formatNumber(low)} eV`;
  return `${formatNumber(low)}–${formatNumber(high)} eV${beam.polychromatic ? "" : ", scan"}`;
}

// Flux and energy above the beam.
function incoming(beam: Beam, x: number, y: number, width: number): string {
  // A text wider than the slabs begins at the left end of the picture.
  const line = (text: string, below: number): string =>
    textEl(text, {
      x: Math.max(x + width / 2, textWidth(text, SIZE) / 2 + 2),
      "font-size": SIZE,
      "text-anchor": "middle",
      y: below,
    });
  return line(`${formatNumber(beam.meanFlux, 4)} ph/s`, y - 13) + line(energyText(beam), y);
}

// From the center of each slab to its row.
function leaders(heights: readonly number[], x: number, top: number): string {
  let y = top;
  return heights
    .map((height, i) => {
      const from = y + height / 2;
      y += height;
      const to = top + (i + 0.5) * ROW;
      return el("path", {
        d: `M${px(x + 2)},${px(from)}L${px(x + LEADER * 0.7)},${px(to)}H${px(x + LEADER - 4)}`,
        fill: "none",
        stroke: theme.muted,
        "stroke-width": 0.6,
      });
    })
    .join("");
}

function table(cell: Stack, columns: readonly Column[], x: number, width: number, top: number): string {
  const widths = columns.map(columnWidth);
  const right = width - 8;
  const room = right - x - widths.reduce((sum, w) => sum + w + GAP, 0);
  const parts: string[] = [rule(x, right, top - 4), rule(x, right, top + ROW * cell.layers.length)];
  const names = { x, "font-size": SIZE, "text-anchor": "start" };
  parts.push(textEl("Layer", { ...names, y: top - 22 }));
  cell.layers.forEach((layer, i) => {
    const y = top + (i + 0.5) * ROW;
    const weight = layer === cell.absorber ? "bold" : "normal";
    const name = fitText(layer.name, room, SIZE, weight === "bold");
    parts.push(textEl(name, { ...names, y: y - 3, "font-weight": weight }));
    const what = contents(layer).find((text) => textWidth(text, SIZE) <= room) ?? layer.solid.name;
    parts.push(textEl(fitText(what, room, SIZE), { ...names, y: y + 11, fill: theme.muted }));
    if (i > 0) parts.push(rule(x, right, top + i * ROW, 0.3));
  });
  let end = right;
  for (let c = columns.length - 1; c >= 0; c--) {
    const at = { x: end, "font-size": SIZE, "text-anchor": "end" };
    const { head, cells } = columns[c];
    parts.push(
      textEl(head[0], { ...at, y: top - 22 }),
      textEl(head[1], { ...at, y: top - 9, fill: theme.muted }),
    );
    cells.forEach((text, i) => {
      const weight = cell.layers[i] === cell.absorber ? "bold" : "normal";
      parts.push(textEl(text, { ...at, y: top + (i + 0.5) * ROW + 3.5, "font-weight": weight }));
    });
    end -= widths[c] + GAP;
  }
  return parts.join("");
}

function rule(x: number, right: number, y: number, width: number = theme.stroke.frame): string {
  return el("path", { d: `M${px(x)},${px(y)}H${px(right)}`, stroke: theme.frame, "stroke-width": width });
}

function layerColumns(cell: Stack, doses: readonly LayerDose[] | null): NamedColumn[] {
  const { layers } = cell;
  const given: NamedColumn[] = [
    ["layer", layers.map((layer) => layer.name)],
    ["contents", layers.map((layer) => contents(layer)[0])],
    ["thickness (µm)", layers.map((layer) => layer.thickness)],
    ["porosity", layers.map((layer) => layer.porosity)],
    ["areal mass (kg/m²)", layers.map((layer) => layer.arealMass("composite"))],
  ];
  if (!doses) return given;
  const of = (pick: (entry: LayerDose) => number): number[] => doses.map(pick);
  return [
    ...given,
    ["transmission", of((d) => d.transmission)],
    ["flux behind (ph/s)", of((d) => d.transmittedFlux)],
    ["dose rate, composite (Gy/s)", of((d) => d.doseRate.composite)],
    ["dose rate, porous (Gy/s)", of((d) => d.doseRate.porous)],
    ["dose rate, phase, solid (Gy/s)", of((d) => d.doseRate.phase.solid)],
    ["dose, composite (Gy)", of((d) => d.dose.composite)],
    ["dose, porous (Gy)", of((d) => d.dose.porous)],
    ["dose, phase, solid (Gy)", of((d) => d.dose.phase.solid)],
  ];
}

function describe(cell: Stack, doses: readonly LayerDose[] | null, convention: Convention): string {
  const layers = cell.layers.map((layer, i) => {
    const head = `${layer.name}, ${formatNumber(layer.thickness)} µm of ${contents(layer)[0]}`;
    if (!doses) return head;
    const { transmission, doseRate } = doses[i];
    const rate = convention === "phase" ? doseRate.phase.solid : doseRate[convention];
    return `${head}: transmits ${percent(transmission)} %, takes ${formatNumber(rate, 3)} Gy/s`;
  });
  return `Layers in the order of the beam: ${layers.join("; ")}. Dose convention ${convention}.`;
}
