// Several figures as one, with panel letters.

import { ArgumentError, quote } from "../../errors.js";
import { checkOptions, type OptionNames } from "../../options.js";
import { letterOf } from "../kinds/maps.js";
import { headingText } from "./chart.js";
import { count } from "./check.js";
import { Figure } from "./figure.js";
import { at, textEl } from "./svg.js";
import { theme } from "./theme.js";

/** Options of `panel`. */
export interface PanelOptions {
  /** Figures side by side; default: 2. */
  readonly columns?: number;
  /** a), b), c) in the upper left corners (default), other letters, or none. */
  readonly letters?: boolean | readonly string[];
  readonly title?: string;
}

const PANEL: OptionNames<PanelOptions> = {
  columns: true,
  letters: true,
  title: true,
};

/**
 * Composes figures in their own sizes, row by row. Columns have the width of their widest figure, rows the
 * height of their highest one.
 *
 * @throws ArgumentError without figures, or for other objects
 * @example
 * const curve = (y: number[]) =>
 *   figures.curves({ x: [0, 1], y: [y], xLabel: "Time (h)", yLabel: "Voltage (V)" });
 * figures.panel([curve([3.6, 4.3]), curve([3.5, 4.2])], { columns: 2 });
 */
export function panel(figures: readonly Figure[], options: PanelOptions = {}): Figure {
  const call = "figures.panel";
  checkOptions(call, options, PANEL);
  const wrong = Array.isArray(figures) ? figures.findIndex((figure) => !(figure instanceof Figure)) : 0;
  if (wrong >= 0 || figures.length === 0) {
    throw new ArgumentError(
      `${call}: expected figures, got ${quote(figures?.[wrong] ?? figures)}; await functions that return promises`,
    );
  }
  const nColumns = Math.min(
    figures.length,
    options.columns === undefined ? 2 : count(call, "columns", options.columns),
  );
  const letters = lettersOf(call, options.letters ?? true, figures.length);
  const nRows = Math.ceil(figures.length / nColumns);
  const widths = Array.from({ length: nColumns }, (_, c) =>
    largest(figures, (i) => i % nColumns === c, "width"),
  );
  const strip = letters.length > 0 ? theme.text.letter + 6 : 0;
  const heights = Array.from(
    { length: nRows },
    (_, r) => largest(figures, (i) => Math.floor(i / nColumns) === r, "height") + strip,
  );
  const width = sum(widths);
  const top = options.title ? theme.text.heading + 12 : 0;
  const parts = figures.map((figure, i) => {
    const c = i % nColumns;
    const r = Math.floor(i / nColumns);
    const x = sum(widths.slice(0, c));
    const y = top + sum(heights.slice(0, r)) + GAP * r;
    const letter = letters[i]
      ? textEl(letters[i], {
          x: x + 2,
          y: y + theme.text.letter,
          "font-size": theme.text.letter,
          "font-weight": "bold",
          "text-anchor": "start",
        })
      : "";
    return letter + at(x, y + strip, figure.drawing.body);
  });
  if (options.title) parts.push(headingText(options.title, width / 2, width));
  return new Figure(
    { body: parts.join(""), width, height: top + sum(heights) + GAP * (nRows - 1) },
    {
      title: options.title ?? figures.map((figure) => figure.title).join("; "),
      description: figures
        .map((f, i) => `${letters[i] ? `${letters[i]} ` : ""}${f.title}: ${f.description}`)
        .join(" "),
    },
    () =>
      figures.flatMap((f, i) =>
        f.data.map(({ name, columns }) => ({
          name: figures.length > 1 ? `${letters[i] || `panel ${i + 1}:`} ${f.title}: ${name}` : name,
          columns,
        })),
      ),
  );
}

// Between rows. Columns have none: figures have margins of their own, and two columns fill a page.
const GAP = 10;

function lettersOf(call: string, letters: boolean | readonly string[], n: number): string[] {
  if (letters === false) return [];
  if (letters === true) return n > 1 ? Array.from({ length: n }, (_, i) => letterOf(i)) : [];
  if (Array.isArray(letters) && letters.length === n) return letters.map(String);
  throw new ArgumentError(`${call}: expected letters as true, false or ${n} strings, got ${quote(letters)}`);
}

function largest(
  figures: readonly Figure[],
  among: (i: number) => boolean,
  side: "width" | "height",
): number {
  return Math.max(...figures.filter((_, i) => among(i)).map((figure) => figure[side]));
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
