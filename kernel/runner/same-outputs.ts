// Comparison of the outputs of a notebook under the runner and under Jupyter. Only times may differ.
import { type CodeCell, joined, type Output, split } from "./format.js";

/** "(0.5 s)", "12 s", "about 2 min", "less than a second": durations differ from run to run. */
const durations = /(?:about )?\b\d+(?:[.,]\d+)?\s?(?:ms|s|min)\b(?!\/)|less than a second/g;

/** "2026-11-30 22:10 UTC": when a page was made. */
const moments = /\b\d{4}-\d\d-\d\d \d\d:\d\d UTC\b/g;

/** Differences of two runs, one line each; empty if there are none. */
export function differences(ours: readonly CodeCell[], theirs: readonly CodeCell[]): string[] {
  if (ours.length !== theirs.length) return [`${ours.length} cells, ${theirs.length} under Jupyter`];
  return ours.flatMap((cell, i) => {
    const [a, b] = [cell.outputs, theirs[i].outputs].map((all) =>
      wholeStreams(all.filter((o) => !isProgress(o))),
    );
    const number = cell.execution_count;
    if (a.length !== b.length) return [`cell ${number}: ${a.length} outputs, ${b.length} under Jupyter`];
    return a.flatMap((output, k) => {
      const [x, y] = [timeless(output), timeless(b[k])];
      if (x === y) return [];
      const at = [...x].findIndex((character, j) => character !== y[j]);
      const around = (text: string) => text.slice(Math.max(0, at - 30), at + 50);
      return [`cell ${number}, output ${k + 1}: ${around(x)} | ${around(y)}`];
    });
  });
}

/** Progress appears for long work only, so its presence depends on time. */
function isProgress(output: Output): boolean {
  return JSON.stringify(output).includes('class=\\"progress\\"');
}

/** Parts of a stream that only progress separates are joined. */
function wholeStreams(outputs: readonly Output[]): Output[] {
  const list: Output[] = [];
  for (const output of outputs) {
    const last = list.at(-1);
    if (output.output_type !== "stream") list.push(output);
    else if (last?.output_type === "stream" && last.name === output.name) {
      list[list.length - 1] = { ...last, text: split(joined(last.text) + joined(output.text)) };
    } else list.push({ ...output, text: split(joined(output.text)) });
  }
  return list;
}

/** An output without parts that differ between runs. */
export function timeless(output: Output): string {
  return JSON.stringify(sorted(output)).replace(moments, "now").replace(durations, "0 s");
}

/** The same value with sorted keys, because Jupyter sorts them. */
function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== "object" || value === null) return value;
  const entries = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
  return Object.fromEntries(entries.map(([name, inner]) => [name, sorted(inner)]));
}
