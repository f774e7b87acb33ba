// Tables as CSV: comment lines with a description, then one block per table.
import { csvComment, csvText } from "../../io/csv.js";
import type { FigureTable } from "./data.js";

/**
 * Tables below each other, each with its name in a comment line and its column names in the next.
 *
 * Numbers have 12 significant digits; `nan` where there is none. An apostrophe precedes texts that a
 * spreadsheet would execute (they begin with = + - @).
 *
 * @param about description, in lines
 */
export function csvOf(about: readonly string[], tables: readonly FigureTable[]): string {
  const lines = about.map(csvComment);
  for (const { name, columns } of tables) {
    const names = Object.keys(columns);
    const values = Object.values(columns);
    const length = Math.max(0, ...values.map((list) => list.length));
    lines.push("", csvComment(name), names.map(csvText).join(","));
    for (let i = 0; i < length; i++) lines.push(values.map((list) => cell(list[i])).join(","));
  }
  return `${lines.join("\n")}\n`;
}

function cell(value: number | string | undefined): string {
  if (value === undefined) return "";
  if (typeof value === "string") return csvText(value);
  return Number.isNaN(value) ? "nan" : String(Number(value.toPrecision(12)));
}
