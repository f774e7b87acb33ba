// Small multiples: rows and columns of maps with a common color scale, length scale and color bar.

import type { Matrix } from "ml-matrix";
import { ArgumentError, quote, ShapeError } from "../../errors.js";
import { type OptionNames, requireOptions } from "../../options.js";
import { headingText } from "../parts/chart.js";
import { interval, type Size, strings, widthOf } from "../parts/check.js";
import { type FigureTable, type NamedColumn, pixelColumns, table } from "../parts/data.js";
import { Figure } from "../parts/figure.js";
import {
  barOf,
  beyondNote,
  dataDomain,
  type Image,
  type ImageOptions,
  imageBlock,
  imageOf,
  NOTE,
} from "../parts/image-block.js";
import { schemeOf } from "../parts/schemes.js";
import { at, type Drawing, textEl, verticalText } from "../parts/svg.js";
import { fitText, textWidth } from "../parts/text-width.js";
import { theme } from "../parts/theme.js";
import { withUnit } from "../parts/ticks.js";
import { describeImage } from "./map.js";

/** Options of `maps`. */
export interface MapsOptions extends Omit<ImageOptions, "values"> {
  /** Rows of columns; null leaves a position empty. */
  readonly maps: readonly (readonly (ArrayLike<number> | Matrix | null)[])[];
  /** The quantity, such as `Relative concentration`. */
  readonly label: string;
  readonly unit?: string;
  /** Names of the rows, such as `OCV`. */
  readonly rows?: readonly string[];
  /** Headings of the columns, such as `Cp1`. */
  readonly columns?: readonly string[];
  /** One letter per row (default), one per map, or none. */
  readonly letters?: "rows" | "maps" | "none";
  readonly title?: string;
  readonly size?: Size;
}

const MAPS: OptionNames<MapsOptions> = {
  maps: true,
  label: true,
  unit: true,
  rows: true,
  columns: true,
  letters: true,
  title: true,
  size: true,
  width: true,
  height: true,
  pixelSize: true,
  domain: true,
  factor: true,
  scheme: true,
  masks: true,
  scaleBar: true,
};

/**
 * Maps in rows and columns on one color scale, as in Figs. 7 and 12; the scale bar is in the first map.
 *
 * @throws ShapeError when rows differ in length, or a map or a list of names has the wrong length
 * @throws ArgumentError for an invalid option
 * @example
 * const { values, width, height, pixelSize } = await Cube.load({ part: "holdC" })
 *   .absorb()
 *   .image({ energy: 8350 });
 * figures.maps({
 *   maps: [[values, values]],
 *   columns: ["first", "last"],
 *   width,
 *   height,
 *   pixelSize,
 *   label: "Absorbance",
 * });
 */
export function maps(options: MapsOptions): Figure {
  const call = "figures.maps";
  requireOptions(call, options, MAPS);
  const grid = gridOf(call, options.maps);
  const letters = options.letters ?? "rows";
  if (!["rows", "maps", "none"].includes(letters)) {
    throw new ArgumentError(`${call}: expected letters as "rows", "maps" or "none", got ${quote(letters)}`);
  }
  const rows = options.rows ? strings(call, "rows", options.rows, grid.length) : [];
  const columns = options.columns ? strings(call, "columns", options.columns, grid[0].length) : [];
  const images = imagesOf(call, options, grid);
  const width = widthOf(call, options.size ?? "page");
  const label = withUnit(options.label, options.unit);
  const plan: Plan = { images, label, rows, columns, letters, title: options.title, width };
  return new Figure(
    draw(plan, geometryOf(plan)),
    {
      title: options.title ?? `Maps: ${label}`,
      description: describe(plan),
    },
    () => [tableOf(plan)],
  );
}

// Every map is a column of the table, named by its row and column.
function tableOf({ images, label, rows, columns }: Plan): FigureTable {
  const { width, height, pixelSize } = presentIn(images)[0];
  return table(label, [
    ...pixelColumns(width, height, pixelSize),
    ...images.flatMap((row, r) =>
      row.flatMap((image, c): NamedColumn[] => {
        if (!image) return [];
        const names = [
          columns[c] ?? `column ${c + 1}`,
          ...(images.length > 1 ? [rows[r] ?? `row ${r + 1}`] : []),
        ];
        return [[`${label}, ${names.join(", ")}`, image.values]];
      }),
    ),
  ]);
}

/** The letter of the i-th panel: a), b), ... z), aa). */
export function letterOf(i: number): string {
  const last = String.fromCharCode(97 + (i % 26));
  return `${i >= 26 ? String.fromCharCode(96 + Math.floor(i / 26)) : ""}${last})`;
}

const GAP = 8;
const LETTER = 22;

interface Plan {
  readonly images: readonly (readonly (Image | null)[])[];
  readonly label: string;
  readonly rows: readonly string[];
  readonly columns: readonly string[];
  readonly letters: "rows" | "maps" | "none";
  readonly title: string | undefined;
  readonly width: number;
}

interface Geometry {
  readonly left: number;
  readonly top: number;
  readonly right: number;
  /** Size of a map. */
  readonly cell: number;
  readonly cellHeight: number;
  readonly gapY: number;
  readonly mapsHeight: number;
  /** Names of rows above their row, if they are too long beside it. */
  readonly namesAbove: boolean;
}

function geometryOf(plan: Plan): Geometry {
  const { images, columns, rows, letters, title, width } = plan;
  const first = presentIn(images)[0];
  const nColumns = images[0].length;
  const beside = (letters === "rows" ? LETTER : 4) + (rows.length > 0 ? theme.text.label + 8 : 0);
  // The width of the color bar depends on its height, and the height on the width that it leaves.
  let right = barOf(presentIn(images), plan.label, 200).width + 14;
  const cellWidth = (start: number): number => (width - start - right - GAP * (nColumns - 1)) / nColumns;
  const heightFor = (start: number): number =>
    (images.length * cellWidth(start) * first.height) / first.width + (images.length - 1) * GAP;
  right = barOf(presentIn(images), plan.label, heightFor(beside)).width + 14;
  const room = (cellWidth(beside) * first.height) / first.width + GAP;
  const namesAbove = letters !== "maps" && rows.some((name) => textWidth(name, theme.text.label) > room);
  const left = namesAbove ? 4 : beside;
  const cell = cellWidth(left);
  const cellHeight = (cell * first.height) / first.width;
  const lettered = theme.text.letter + 8;
  const gapY = letters === "maps" || namesAbove ? lettered : GAP;
  const strip = columns.length > 0 ? theme.text.label + 8 : letters === "maps" ? gapY : 4;
  const top = (title ? theme.text.heading + 10 : 4) + strip + (namesAbove ? lettered : 0);
  const mapsHeight = images.length * cellHeight + (images.length - 1) * gapY;
  return { left, top, right, cell, cellHeight, gapY, mapsHeight, namesAbove };
}

function draw(plan: Plan, geometry: Geometry): Drawing {
  const { images, columns, rows, letters, title, width } = plan;
  const { left, top, right, cell, cellHeight, gapY, mapsHeight, namesAbove } = geometry;
  const mapsWidth = width - left - right;
  const cellX = (c: number): number => left + c * (cell + GAP);
  const cellY = (r: number): number => top + r * (cellHeight + gapY);

  const parts: string[] = [];
  if (title) parts.push(headingText(title, left + mapsWidth / 2, width));
  columns.forEach((name, c) => {
    const room = letters === "maps" ? cell - 2 * LETTER : cell;
    const text = fitText(name, room, theme.text.label, true);
    const y = top - 6 - (namesAbove ? theme.text.letter + 8 : 0);
    parts.push(bold(text, cellX(c) + cell / 2, y, "middle", theme.text.label));
  });
  rows.forEach((name, r) => {
    if (namesAbove) {
      const x = left + (letters === "rows" ? LETTER - 4 : 0);
      const text = fitText(name, mapsWidth - LETTER, theme.text.label);
      const style = { x, y: cellY(r) - 6, "font-size": theme.text.label, "text-anchor": "start" };
      parts.push(textEl(text, style));
      return;
    }
    const text = fitText(name, cellHeight + gapY, theme.text.label);
    parts.push(verticalText(text, left - 8, cellY(r) + cellHeight / 2));
  });
  let letter = 0;
  images.forEach((row, r) => {
    const letterY = cellY(r) + (namesAbove ? -6 : theme.text.letter * 0.8);
    if (letters === "rows") parts.push(bold(letterOf(r), 4, letterY, "start"));
    row.forEach((image, c) => {
      if (!image) return;
      parts.push(at(cellX(c), cellY(r), imageBlock(image, cell).body));
      if (letters === "maps") parts.push(bold(letterOf(letter++), cellX(c), cellY(r) - 6, "start"));
    });
  });
  const bottom = top + mapsHeight;
  const bar = barOf(presentIn(images), plan.label, mapsHeight);
  parts.push(at(width - right + 10, top, bar.body));
  const note = beyondNote(presentIn(images), left, bottom + 4, width - left);
  parts.push(note);
  return { body: parts.join(""), width, height: bottom + 8 + (note ? NOTE : 0) };
}

/** "1 row", "2 rows". */
function number(n: number, what: string): string {
  return `${n} ${what}${n === 1 ? "" : "s"}`;
}

function describe({ images, label, rows, columns }: Plan): string {
  const present = presentIn(images);
  const values = Float64Array.from(present.flatMap((image) => Array.from(image.values)));
  const all = { ...present[0], nMissing: missing(images), masks: [], values };
  const shape = `${number(images.length, "row")}${list(rows)} and ${number(images[0].length, "column")}${list(columns)}`;
  return `${number(present.length, "map")} in ${shape}. ${describeImage(all, label)}`;
}

function missing(images: Plan["images"]): number {
  return presentIn(images).reduce((n, image) => n + image.nMissing, 0);
}

function gridOf(call: string, grid: MapsOptions["maps"]): MapsOptions["maps"] {
  if (
    !Array.isArray(grid) ||
    grid.length === 0 ||
    !grid.every((row) => Array.isArray(row) && row.length > 0)
  ) {
    throw new ShapeError(
      `${call}: expected maps as rows of images, got ${quote(grid)}; one row: [[a, b, c]]`,
    );
  }
  const ragged = grid.findIndex((row) => row.length !== grid[0].length);
  if (ragged >= 0) {
    throw new ShapeError(
      `${call}: expected ${grid[0].length} maps in every row, got ${grid[ragged].length} in row ${ragged}; put null where a place stays empty`,
      { row: ragged },
    );
  }
  if (grid.flat().every((entry) => entry === null)) {
    throw new ShapeError(`${call}: expected at least one map, got only null`);
  }
  return grid;
}

// All maps have one scale: the given domain, or the range of all values. The scale bar is in the first map.
function imagesOf(call: string, options: MapsOptions, grid: MapsOptions["maps"]): (Image | null)[][] {
  let scaleBar = options.scaleBar;
  const images = grid.map((row) =>
    row.map((values) => {
      if (values === null) return null;
      const image = imageOf(call, { ...options, values, scaleBar }, schemeOf(options.unit));
      scaleBar = false;
      return image;
    }),
  );
  const present = presentIn(images);
  for (const { width, height } of present) {
    if (width === present[0].width && height === present[0].height) continue;
    throw new ShapeError(
      `${call}: expected maps of equal shape ${present[0].width} x ${present[0].height}, got ${width} x ${height}`,
    );
  }
  const domain = options.domain
    ? interval(call, "domain", options.domain)
    : dataDomain(...present.map((image) => image.values));
  return images.map((row) => row.map((image) => image && { ...image, domain }));
}

function presentIn(images: readonly (readonly (Image | null)[])[]): Image[] {
  return images.flat().filter((image): image is Image => image !== null);
}

function bold(text: string, x: number, y: number, anchor: string, size: number = theme.text.letter): string {
  return textEl(text, { x, y, "font-size": size, "font-weight": "bold", "text-anchor": anchor });
}

function list(names: readonly string[]): string {
  return names.length > 0 ? ` (${names.join(", ")})` : "";
}
