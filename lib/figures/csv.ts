// Tables as CSV: comment lines that say what they are, then one block a table. A spreadsheet must never take a text for a formula.
import type { FigureTable } from "./data.js";

/**
 * Tables below each other, each with its name in a comment line and its column names in the next.
 *
 * Numbers have 12 significant digits; `nan` where there is none. Texts that a spreadsheet would run (they begin with = + - @)
 * get an apostrophe in front.
 *
 * @param about lines that say what the tables are
 */
export function csvOf(about: readonly string[], tables: readonly FigureTable[]): string {
  const lines = about.map(comment);
  for (const { name, columns } of tables) {
    const names = Object.keys(columns);
    const values = Object.values(columns);
    const length = Math.max(0, ...values.map((list) => list.length));
    lines.push("", comment(name), names.map(cell).join(","));
    for (let i = 0; i < length; i++) lines.push(values.map((list) => cell(list[i])).join(","));
  }
  return `${lines.join("\n")}\n`;
}

// One line, of which no part may begin a cell with a formula where a program splits comments too.
function comment(text: string): string {
  return `# ${plain(text).replace(/([,;]\s*"?\s*)([=+\-@])/g, "$1'$2")}`;
}

function cell(value: number | string | undefined): string {
  if (value === undefined) return "";
  if (typeof value === "number") return Number.isNaN(value) ? "nan" : String(Number(value.toPrecision(12)));
  const text = plain(value).replace(/^(?=\s*[=+\-@＝＋－＠])/, "'");
  return /[",;#]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

// Line ends and other control characters are no part of a name.
function plain(text: string): string {
  return text.replace(CONTROLS, " ").trim();
}

const CONTROLS = /[\p{Cc}\p{Zl}\p{Zp}]+/gu;
