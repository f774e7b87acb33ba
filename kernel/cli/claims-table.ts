// The table of claims for a terminal.

import { styleText } from "node:util";
import { printable } from "../jupyter/display/printable.js";
import type { ClaimRow, Verdict } from "../site/claims.js";
import { measuredWords, paperWords, toleranceWords } from "../site/words.js";

const heads = ["claim", "where", "paper", "ours", "tolerance", "verdict"];
const widest = [44, 16, 24, 24, 16, 16];

const colors: Record<Verdict, "green" | "red" | "gray"> = {
  holds: "green",
  differs: "red",
  missing: "red",
};

/** The table as lines of text, columns aligned, long cells cut, and a last line that counts the verdicts. */
export function terminalTable(rows: readonly ClaimRow[], { color = false } = {}): string {
  const cells = rows.map(({ claim, measured, verdict }) => [
    claim.configuration ? `${claim.text} (${claim.configuration})` : claim.text,
    claim.where,
    paperWords(claim),
    measuredWords(claim, measured),
    toleranceWords(claim),
    verdict,
  ]);
  const table = [heads, ...cells].map((row) =>
    row.map((cell, column) => cut(printable(cell), widest[column])),
  );
  const widths = heads.map((_, column) => Math.max(...table.map((row) => row[column].length)));
  const line = (row: string[]) =>
    row
      .map((cell, column) => cell.padEnd(widths[column]))
      .join("  ")
      .trimEnd();
  const rule = widths.map((width) => "─".repeat(width)).join("  ");
  const body = table.slice(1).map((row, i) => {
    const text = line(row);
    const { verdict } = rows[i];
    return color ? text.slice(0, text.length - verdict.length) + styleText(colors[verdict], verdict) : text;
  });
  return [line(heads), rule, ...body, rule, countWords(rows)].join("\n");
}

/** "12 hold, 1 differs, 4 missing". */
export function countWords(rows: readonly ClaimRow[]): string {
  const count = (verdict: Verdict) => rows.filter((row) => row.verdict === verdict).length;
  const [holds, differs] = [count("holds"), count("differs")];
  return `${holds} hold${holds === 1 ? "s" : ""}, ${differs} differ${differs === 1 ? "s" : ""}, ${count("missing")} missing`;
}

function cut(text: string, width: number): string {
  return text.length > width ? `${text.slice(0, width - 3)}...` : text;
}
