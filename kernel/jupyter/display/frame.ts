// danfojs DataFrames and Series as HTML tables, because danfojs-node only prints to the console.
import { escapeHtml } from "../../escape.js";

interface Frame {
  columns: string[];
  index: (string | number)[];
  values: unknown[] | unknown[][];
  $isSeries?: boolean;
}

/** Number of rows of a longer table: half of them from the start and half from the end. */
const HEAD = 10;

/**
 * MIME bundle of a danfojs table; null for other values. It checks the fields only, because loading danfojs
 * takes a second.
 */
export function frameBundle(value: object): { "text/html": string; "text/plain": string } | null {
  if (!isFrame(value)) return null;
  const { columns, index, values } = value;
  const rows = values.map((row) => (Array.isArray(row) ? row : [row]));
  const shown =
    rows.length > 2 * HEAD
      ? [...range(0, HEAD), -1, ...range(rows.length - HEAD, rows.length)]
      : range(0, rows.length);
  const head = `<tr><th></th>${columns.map((name) => `<th scope="col">${escapeHtml(name)}</th>`).join("")}</tr>`;
  const body = shown.map((i) => (i < 0 ? gap(columns.length) : line(index[i], rows[i]))).join("");
  const size = `${rows.length} rows, ${columns.length} columns`;
  return {
    "text/html": `<table class="dataframe"><thead>${head}</thead><tbody>${body}</tbody></table><p>${size}</p>`,
    "text/plain": String(value),
  };
}

function isFrame(value: object): value is Frame {
  const { columns, index, values } = value as Partial<Frame>;
  return (
    "$dataIncolumnFormat" in value && Array.isArray(columns) && Array.isArray(index) && Array.isArray(values)
  );
}

function line(name: unknown, row: unknown[]): string {
  const cells = row.map(
    (cell) => `<td>${escapeHtml(typeof cell === "number" ? short(cell) : (cell ?? ""))}</td>`,
  );
  return `<tr><th scope="row">${escapeHtml(name)}</th>${cells.join("")}</tr>`;
}

function gap(columns: number): string {
  return `<tr><th></th>${"<td>...</td>".repeat(columns)}</tr>`;
}

/** Six significant digits. */
function short(value: number): string {
  return Number.isInteger(value) ? String(value) : String(Number(value.toPrecision(6)));
}

function range(from: number, to: number): number[] {
  return Array.from({ length: to - from }, (_, i) => from + i);
}
