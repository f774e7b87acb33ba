// danfojs DataFrames and Series as tables, of HTML and of text: danfojs-node prints ten rows and cuts numbers, also
// their exponents.
import { escapeHtml } from "../../escape.js";
import { printable } from "./printable.js";

interface Frame {
  columns: string[];
  index: (string | number)[];
  values: unknown[] | unknown[][];
  $isSeries?: boolean;
}

/** Number of rows of a longer table: half of them from the start and half from the end. */
const HEAD = 10;

/** Longest line of a table as text; further columns follow below. */
const WIDTH = 110;

/** Space between columns of text. */
const GAP = "  ";

/**
 * MIME bundle of a danfojs table; null for other values. It checks the fields only, because loading danfojs
 * takes a second.
 */
export function frameBundle(value: object): { "text/html": string; "text/plain": string } | null {
  if (!isFrame(value)) return null;
  const { columns } = value;
  const head = `<tr><th></th>${columns.map((name) => `<th scope="col">${escapeHtml(name)}</th>`).join("")}</tr>`;
  const body = shownRows(value).map((row) => (row ? line(row) : gap(columns.length)));
  return {
    "text/html": `<table class="dataframe"><thead>${head}</thead><tbody>${body.join("")}</tbody></table><p>${size(value)}</p>`,
    "text/plain": textOf(value),
  };
}

/** A danfojs table as lines of text with aligned columns; null for other values. */
export function frameText(value: unknown): string | null {
  return typeof value === "object" && value !== null && isFrame(value) ? textOf(value) : null;
}

function textOf(frame: Frame): string {
  const rows = shownRows(frame).map((row) => row?.map((cell) => printable(String(cell))));
  const table = [["", ...frame.columns.map((name) => printable(String(name)))], ...rows];
  const isNumber = (cell: string) => cell === "" || Number.isFinite(Number(cell));
  const columns = frame.columns.map((_, k) => rows.every((row) => !row || isNumber(row[k + 1])));
  const right = [false, ...columns];
  const widths = right.map((_, k) => Math.max(3, ...table.map((row) => row?.[k].length ?? 0)));
  const column = (k: number) =>
    table.map((row) => {
      const cell = row?.[k] ?? "...";
      return right[k] ? cell.padStart(widths[k]) : cell.padEnd(widths[k]);
    });
  const name = column(0);
  const blocks: string[][] = [];
  for (const cells of range(1, widths.length).map(column)) {
    const last = blocks.at(-1);
    if (last && last[0].length + GAP.length + cells[0].length <= WIDTH) {
      for (const [i, cell] of cells.entries()) last[i] += GAP + cell;
    } else blocks.push(cells.map((cell, i) => name[i] + GAP + cell));
  }
  const text = blocks.map((lines) => lines.map((line) => line.trimEnd()).join("\n"));
  return [...text, size(frame)].join("\n");
}

function size({ index, columns }: Frame): string {
  const counted = (n: number, what: string) => `${n} ${what}${n === 1 ? "" : "s"}`;
  return `${counted(index.length, "row")}, ${counted(columns.length, "column")}`;
}

/** The rows that are shown, each with its name in front; null where rows are left out. */
function shownRows({ index, values }: Frame): (unknown[] | null)[] {
  const row = (i: number) => [index[i], ...[values[i]].flat().map(readable)];
  if (values.length <= 2 * HEAD) return range(0, values.length).map(row);
  return [...range(0, HEAD).map(row), null, ...range(values.length - HEAD, values.length).map(row)];
}

function isFrame(value: object): value is Frame {
  const { columns, index, values } = value as Partial<Frame>;
  return (
    "$dataIncolumnFormat" in value && Array.isArray(columns) && Array.isArray(index) && Array.isArray(values)
  );
}

function line([name, ...row]: unknown[]): string {
  const cells = row.map((cell) => `<td>${escapeHtml(cell)}</td>`);
  return `<tr><th scope="row">${escapeHtml(name)}</th>${cells.join("")}</tr>`;
}

function gap(columns: number): string {
  return `<tr><th></th>${"<td>...</td>".repeat(columns)}</tr>`;
}

/** Numbers with six significant digits; nothing for a missing value. */
function readable(value: unknown): unknown {
  if (typeof value !== "number" || Number.isInteger(value)) return value ?? "";
  return Number(value.toPrecision(6));
}

function range(from: number, to: number): number[] {
  return Array.from({ length: to - from }, (_, i) => from + i);
}
