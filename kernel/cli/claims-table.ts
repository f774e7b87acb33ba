// Table of claims of npm start: the results one by one, and the numbers of the other kinds.
import { styleText } from "node:util";
import { type ClaimKind, type ClaimRow, countClaims, type Verdict } from "operandose";
import { printable } from "../jupyter/display/printable.js";

const heads = ["result", "where", "paper", "ours", "tolerance", "verdict"];
const widest = [44, 16, 24, 24, 16, 16];

const colors: Record<Verdict, "green" | "yellow" | "red"> = {
  holds: "green",
  differs: "yellow",
  missing: "red",
};

/** Results as lines with aligned columns and cut cells; the last lines count the verdicts of all claims. */
export function claimsTable(rows: readonly ClaimRow[], { color = false } = {}): string {
  const results = rows.filter(({ claim }) => claim.kind === "result");
  const cells = results.map(({ claim, text, verdict }) => [
    claim.configuration ? `${claim.text} (${claim.configuration})` : claim.text,
    claim.where,
    text.paper,
    text.ours,
    text.tolerance,
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
    const { verdict } = results[i];
    return color ? text.slice(0, text.length - verdict.length) + styleText(colors[verdict], verdict) : text;
  });
  return [line(heads), rule, ...body, rule, ...countLines(rows)].join("\n");
}

const labels: Record<ClaimKind, string> = {
  result: "Results of physics and analysis",
  calibrated: "Numbers that the simulation was calibrated to",
  input: "Inputs of the simulation",
};

/** One line per kind of claim: "Results of physics and analysis: 12 hold, 1 differs, 4 missing". */
export function countLines(rows: readonly ClaimRow[]): string[] {
  const counts = countClaims(rows);
  return (Object.keys(labels) as ClaimKind[]).map((kind) => {
    const { holds, differs, missing } = counts[kind];
    const parts = [
      `${holds} hold${holds === 1 ? "s" : ""}`,
      ...(differs > 0 ? [`${differs} differ${differs === 1 ? "s" : ""}`] : []),
      ...(missing > 0 ? [`${missing} missing`] : []),
    ];
    return `${labels[kind]}: ${parts.join(", ")}`;
  });
}

function cut(text: string, width: number): string {
  return text.length > width ? `${text.slice(0, width - 3)}...` : text;
}
