// The last lines of npm start: what was found, which results differ from the paper, and what to do next.
import { styleText } from "node:util";
import { type ClaimKind, type ClaimRow, countClaims } from "operandose";
import { printable } from "../jupyter/display/printable.js";
import { minutes } from "./say.js";

/** What the lines are made of. */
export interface ReportParts {
  /** Sentences of the notebooks. */
  readonly findings: readonly string[];
  readonly rows: readonly ClaimRow[];
  readonly notebooks: number;
  readonly seconds: number;
  /** Path of the first page. */
  readonly page: string;
}

const WIDTH = 100;

/** The report as text. Lines are at most 100 characters long, and paths and values stay whole. */
export function report(parts: ReportParts, { color = false } = {}): string {
  const { findings, rows, notebooks, seconds, page } = parts;
  const bold = (text: string): string => (color ? styleText("bold", text) : text);
  const differing = rows.filter(({ claim, verdict }) => claim.kind === "result" && verdict === "differs");
  const [counted, ...others] = countLines(rows);
  return [
    ...findings.flatMap((sentence) => [...wrap(printable(sentence)), ""]),
    counted,
    ...differing.flatMap(({ claim, text }) =>
      wrap(
        printable(`${claim.text} (${claim.where}): paper ${text.paper}, here ${text.ours}`),
        "  differs: ",
      ),
    ),
    ...others,
    "",
    `${notebooks} notebooks in ${minutes(seconds)}. Figures, claims and notebooks as pages:`,
    `  ${bold(page)}`,
    "Next:",
    "  npx operandose lab              opens the notebooks",
    "  npx operandose new my-folder    begins with files of your own",
  ].join("\n");
}

/** Lines of whole words; the first begins with `first`, the others are indented as far. */
function wrap(text: string, first = ""): string[] {
  const lines: string[] = [];
  let line = first;
  let empty = true;
  for (const word of text.split(/\s+/)) {
    if (!empty && line.length + 1 + word.length > WIDTH) {
      lines.push(line);
      line = " ".repeat(first.length);
      empty = true;
    }
    line += empty ? word : ` ${word}`;
    empty = false;
  }
  return [...lines, line];
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
