// EC-Lab text files (.mpt) with the record of the potentiostat: Latin-1, with decimal points or commas.
import { ArgumentError, FileError, quote, ShapeError } from "../errors.js";
import { checkOptions, oneOf } from "../options.js";
import { writeWhole } from "./atomic.js";
import { describeTable } from "./describe-content.js";
import type { Format } from "./format.js";
import { ColumnBuilder, formatNumber, parseNumber } from "./numbers.js";
import { readText } from "./text.js";

/** The content of an EC-Lab text file. */
export interface Mpt {
  /** All header lines as written: from "EC-Lab ASCII FILE" to the line with the column names. */
  header: string[];
  /**
   * One array per column, by its name in the file, "time/s" or "Ewe/V" for example, in the order of the file.
   */
  columns: Record<string, Float64Array>;
}

const first = /^(EC|BT)-Lab ASCII FILE/;
const second = /^Nb header lines\s*:\s*(\d+)\s*$/;

/**
 * Reads an EC-Lab text file. The line with the column names is the one before the first row of numbers that
 * fits it, also where "Nb header lines" counts wrongly.
 *
 * @throws FileError naming path and line when the file is missing, empty, no EC-Lab text, cut short, has no
 *   rows, or has a row that does not fit its columns
 * @example
 * writeMpt("charge.mpt", { columns: { "time/s": [0, 60], "Ewe/V": [3.6, 3.61] } });
 * const { columns } = await readMpt("charge.mpt");
 * columns["Ewe/V"]; // [3.6, 3.61]
 */
export async function readMpt(path: string): Promise<Mpt> {
  return parseMpt("readMpt", path, await readText("readMpt", path));
}

/** The record in a text that was read from `path`. */
function parseMpt(call: string, path: string, text: string): Mpt {
  const lines = text.split(/\r\n|\n|\r/);
  while (lines.length > 1 && lines.at(-1)?.trim() === "") lines.pop();
  const refuse = (line: number, expected: string, got: string, remedy: string): FileError =>
    new FileError(`${call}: expected ${expected}, got ${got} in line ${line} of ${path}; ${remedy}`, {
      path,
      line,
    });

  if (!first.test(lines[0])) {
    throw refuse(
      1,
      '"EC-Lab ASCII FILE"',
      quote(lines[0]),
      "export the measurement as text (.mpt) from EC-Lab",
    );
  }
  const declared = Number(second.exec(lines[1] ?? "")?.[1] ?? Number.NaN);
  if (!(declared >= 3)) throw refuse(2, '"Nb header lines : N"', quote(lines[1]), "export the file again");
  const found = fits(lines, declared) ? declared : lines.findIndex((_, i) => i > 2 && fits(lines, i));
  // Without a row that fits, the message quotes the names in the declared line.
  const count = found > 0 ? found : declared;
  if (lines.length < count) {
    throw refuse(
      lines.length,
      `${count} header lines and rows of numbers`,
      `${lines.length} lines`,
      "the file is cut short; export it again",
    );
  }
  if (lines.length === count) {
    throw refuse(
      count,
      "rows of numbers after the header",
      "none",
      "nothing was recorded yet, or the export was stopped",
    );
  }

  const header = lines.slice(0, count);
  const names = namesIn(header[count - 1]);
  const rows = new ColumnBuilder(names.length);
  for (let i = count; i < lines.length; i++) {
    if (lines[i].trim() === "") continue;
    const cells = cellsIn(lines[i], names.length);
    const date = cells.find((cell) => /^\d+[/.-]\d+[/.-]\d+[ T]\d+:\d+/.test(cell));
    if (date) {
      const remedy = "export the file with relative times from EC-Lab";
      throw refuse(i + 1, "times in seconds", `a date, ${quote(date)}`, remedy);
    }
    const problem = rows.add(cells, true);
    if (problem) throw refuse(i + 1, ...problem, "the file is damaged or cut short; export it again");
  }
  const columns = rows.finish();
  const byName = new Map<string, Float64Array>();
  names.forEach((key, i) => {
    if (byName.has(key))
      throw refuse(count, "different column names", `${quote(key)} twice`, "export it again");
    byName.set(key, columns[i]);
  });
  return { header, columns: Object.fromEntries(byName) };
}

/** EC-Lab's text as a format. */
export const mptFormat = {
  name: "mpt" as const,
  detect: ({ text }) => first.test(text),
  options: {},
  read: readMpt,
  describe: (path) =>
    describeTable(path, (text) => {
      const { columns, header } = parseMpt("describe", path, text);
      const started = header.find((line) => /^Acquisition started on/.test(line));
      return {
        what: "record of a potentiostat (EC-Lab)",
        columns: Object.keys(columns),
        rows: Object.values(columns)[0].length,
        facts: { ...(started && { started: started.replace(/^[^:]*:\s*/, "") }) },
        code: `const record = await loadElectrochemistry(${JSON.stringify(path)}, { start: 0 }); // s, of its time zero`,
      };
    }),
} satisfies Format<Mpt>;

const namesIn = (line: string) =>
  line
    .replace(/\t\s*$/, "")
    .split("\t")
    .map((name) => name.trim());

function cellsIn(line: string, width: number): string[] {
  const cells = line.split("\t").map((cell) => cell.trim());
  // Every row may end with a tab.
  if (cells.length === width + 1 && cells.at(-1) === "") cells.pop();
  return cells;
}

/** True when line `count` holds names, and the next one as many numbers. */
function fits(lines: readonly string[], count: number): boolean {
  if (count >= lines.length) return false;
  const names = namesIn(lines[count - 1]);
  const cells = cellsIn(lines[count], names.length);
  const isNumber = (cell: string) => parseNumber(cell, true) !== undefined;
  return (
    cells.length === names.length && !names.some(isNumber) && cells.every(isNumber) && cells.some(Boolean)
  );
}

/**
 * Writes columns as EC-Lab would, so that readMpt gives the same numbers back. The file appears only when it
 * is whole.
 *
 * @param content `header`: further lines for the header; those that EC-Lab always writes are added, and
 *   recognized in a header that was read
 * @param options `decimal`: "," (default is ".") for a computer with a decimal comma
 * @throws ShapeError when columns differ in length; ArgumentError for text that Latin-1 or a line cannot
 *   hold; FileError when the disk refuses
 * @example
 * writeMpt("charge.mpt", { columns: { "time/s": [0, 60], "Ewe/V": [3.6, 3.61] } }, { decimal: "," });
 */
export function writeMpt(
  path: string,
  content: { columns: Readonly<Record<string, ArrayLike<number>>>; header?: readonly string[] },
  options?: { decimal?: "." | "," },
): void {
  const call = "writeMpt";
  const { decimal = "." } = checkOptions(call, options, { decimal: true });
  oneOf(call, "decimal", decimal, [".", ","]);
  checkOptions(call, content, { columns: true, header: true });
  const names = Object.keys(content.columns);
  const columns = Object.values(content.columns);
  const length = columns[0]?.length ?? 0;
  if (length === 0) {
    throw new ShapeError(
      `${call}: expected at least one column with one number, got ${quote(content.columns)}`,
    );
  }
  names.forEach((name, i) => {
    if (columns[i].length !== length) {
      throw new ShapeError(
        `${call}: expected ${length} numbers in ${quote(name)}, got ${columns[i].length}`,
        {
          column: name,
          expected: length,
          got: columns[i].length,
        },
      );
    }
    if (name !== name.trim() || name.includes("\t") || parseNumber(name, true) !== undefined) {
      throw new ArgumentError(`${call}: expected column names in words, without tabs, got ${quote(name)}`, {
        column: name,
      });
    }
  });

  const labels = names.join("\t");
  const isOwn = (line: string) => first.test(line) || second.test(line);
  const free = (content.header ?? []).filter((line) => !isOwn(line));
  // A header that was read ends with its column names.
  if (free.at(-1)?.includes("\t") && free.at(-1)?.includes("time/s")) free.pop();
  const header = ["EC-Lab ASCII FILE", `Nb header lines : ${free.length + 3}`, ...free, labels];
  for (const line of header) {
    if (!/[\r\n]|[^\0-\xff]/.test(line)) continue;
    throw new ArgumentError(
      `${call}: expected lines of Latin-1 text, got ${quote(line)}; use other letters`,
      { line },
    );
  }
  const lines = [...header];
  for (let i = 0; i < length; i++) {
    const row = columns.map((column) => formatNumber(column[i])).join("\t");
    lines.push(decimal === "," ? row.replaceAll(".", ",") : row);
  }
  writeWhole(call, path, `${lines.join("\r\n")}\r\n`, "latin1");
}
