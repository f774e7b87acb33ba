// The page, built from the sources as `npm run build` builds it.
import { csvParseRows } from "d3";
import { bundlePage } from "../../../kernel/site/build-pages.mjs";
import { page } from "../../../lib/pages/calculator/document.js";

let made: Promise<string> | undefined;

/** The page as HTML. */
export function builtPage(): Promise<string> {
  made ??= bundlePage("calculator").then(page);
  return made;
}

/** Columns of the page's CSV table by their names; null where there is no number. */
export function columnsOf(csv: string): Map<string, (string | number | null)[]> {
  const lines = csv.split("\n").filter((line) => line !== "" && !line.startsWith("#"));
  const [head, ...rows] = csvParseRows(lines.join("\n"));
  return new Map(
    head.map((name, k) => [
      name,
      rows.map((row) => (row[k] === "" ? null : Number.isNaN(Number(row[k])) ? row[k] : Number(row[k]))),
    ]),
  );
}
