// Numbers in columns of text, as beamline programs and spreadsheets write them.
import { extname } from "node:path";
import { ArgumentError, FileError, quote, ShapeError } from "../errors.js";
import { checkOptions } from "../options.js";
import { writeWhole } from "./atomic.js";
import { describeTable } from "./describe-content.js";
import { readLine } from "./description.js";
import type { Format } from "./format.js";
import { ColumnBuilder, formatNumber, looksLikeNumber, type NumberProblem, parseNumber } from "./numbers.js";
import { readText } from "./text.js";

/** The content of a text file of columns. */
export interface Columns {
  /** One label per column; empty when the file has none. */
  labels: string[];
  columns: Float64Array[];
  /**
   * Comment lines without their `#` or other mark, in order; the line that holds the labels is not among
   * them.
   */
  comments: string[];
}

interface Dialect {
  readonly split: (line: string) => string[];
  readonly comma: boolean;
}

const separated = (separator: string) => (line: string) => {
  const cells = [""];
  let quoted = false;
  for (const letter of line) {
    if (letter === '"') quoted = !quoted;
    if (letter === separator && !quoted) cells.push("");
    else cells[cells.length - 1] += letter;
  }
  return cells.map((cell) => unquoted(cell.trim()));
};
const unquoted = (cell: string) => cell.replace(/^"(.*)"$/, "$1").replaceAll('""', '"');

const semicolon: Dialect = { split: separated(";"), comma: true };
const tab: Dialect = { split: separated("\t"), comma: true };
const blank: Dialect = { split: (line) => line.trim().split(/\s+/).map(unquoted), comma: true };
const comma: Dialect = { split: separated(","), comma: false };

/**
 * Begin of a comment: # % ! // and Excel's sep=; also a star, unless it is Fortran's for a number that is too
 * wide.
 */
const COMMENT = /^\s*(?:#|%|!|\/\/|sep=.\s*$|\*(?!\*+[\s;,]+[-+.\d]))/;

/**
 * Reads numbers in columns, separated by blanks, tabs, commas or semicolons (taken from the first row of
 * numbers), with comments after `#`, `%`, `!`, `*` or `//`, and decimal points, or decimal commas where the
 * separator is no comma. Empty cells, nan, NA, null, `***` and `---` are missing values, NaN. UTF-8, UTF-16
 * with a byte order mark, or Latin-1.
 *
 * The labels are the one line before the numbers that is neither comment nor numbers, or else the last
 * comment before them if it has one word per column.
 *
 * @throws FileError naming path and line when the file is missing, empty, ragged, has a cell that is no
 *   number, labels that are numbers, or commas that may set thousands or decimals apart
 * @example
 * writeColumns("edge.csv", { labels: ["energy_eV", "mu"], columns: [[8330, 8340], [0.1, 0.6]] });
 * const { labels, columns } = await readColumns("edge.csv");
 * columns[0]; // [8330, 8340] eV
 */
export async function readColumns(path: string): Promise<Columns> {
  return parseColumns("readColumns", path, await readText("readColumns", path));
}

/** Columns as a format: any text, so that it comes after all others. */
export const columnsFormat = {
  name: "columns" as const,
  detect: ({ text }) => !NO_TEXT.test(text) && !MARKUP.test(text),
  options: {},
  read: readColumns,
  describe: (path) =>
    describeTable(path, (text) => {
      const { labels, columns } = parseColumns("describe", path, text);
      const names = labels.length > 0 ? labels : columns.map((_, i) => `column ${i + 1}`);
      return {
        what: "columns of numbers",
        columns: names,
        rows: columns[0].length,
        code: readLine("readColumns", path),
      };
    }),
} satisfies Format<Columns>;

// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what tells binary files apart
const NO_TEXT = /[\0-\x08\x0e-\x1f]/;
/** JSON, XML and HTML are text, but no columns. */
const MARKUP = /^\s*[{[<]/;

/** The columns in a text that was read from `path`. @throws FileError as {@link readColumns} */
export function parseColumns(call: string, path: string, text: string): Columns {
  const comments: string[] = [];
  let labels: string[] | undefined;
  let labelLine: { text: string; line: number } | undefined;
  let dialect: Dialect | undefined;
  let rows: ColumnBuilder | undefined;
  let thousands = true;

  const refuse = (line: number, [expected, got]: NumberProblem): FileError =>
    new FileError(
      `${call}: expected ${expected}, got ${got} in line ${line} of ${path}; correct the line, or start it with # if it is a comment`,
      { path, line },
    );

  const lines = text.split(/\r\n|\n|\r/);
  for (let i = 0; i < lines.length; i++) {
    const line = lines[i];
    if (line.trim() === "") continue;
    const mark = COMMENT.exec(line);
    if (mark) {
      comments.push(line.slice(mark[0].length).trim());
      continue;
    }
    if (!dialect || !rows) {
      dialect = dialectOf(line);
      if (!dialect) {
        if (labelLine) throw refuse(i + 1, ["numbers after the line of labels", quote(line)]);
        labelLine = { text: line, line: i + 1 };
        continue;
      }
      const cells = dialect.split(line);
      labels = labelLine && labelsOf(labelLine.text, dialect, cells);
      // Some programs end every line with a separator; under as many labels the last cell is a missing value.
      const extra = cells.length > 1 && cells.at(-1) === "" && labels?.length !== cells.length;
      const width = cells.length - (extra ? 1 : 0);
      rows = new ColumnBuilder(width);
      if (labels && labelLine) {
        const number = labels.find(looksLikeNumber);
        if (number !== undefined)
          throw refuse(labelLine.line, ["labels in words, or numbers only", quote(labelLine.text)]);
        if (labels.length !== width) throw refuse(labelLine.line, [`${width} labels`, `${labels.length}`]);
      } else {
        labels = commentLabels(comments.at(-1), dialect, width);
        if (labels) comments.pop();
      }
    }
    const cells = dialect.split(line);
    if (cells.length === rows.width + 1 && cells.at(-1) === "") cells.pop();
    const problem = rows.add(cells, dialect.comma);
    if (problem) throw refuse(i + 1, problem);
    thousands &&= dialect === comma && /^\s*[1-9]\d{0,2}(,\d{3})+\s*$/.test(line);
  }
  if (!rows) throw refuse(lines.length, ["at least one row of numbers", "none"]);
  const several: NumberProblem = ["labels, or blanks between columns", "commas that may set thousands apart"];
  const open = thousands && !labels ? several : rows.ambiguous();
  if (open) throw refuse(lines.length, open);
  while (comments.at(-1) === "") comments.pop();
  return { labels: labels ?? [], columns: rows.finish(), comments };
}

/** The way to split a row that leaves only numbers, and at least one; undefined when there is none. */
function dialectOf(line: string): Dialect | undefined {
  const candidates: Dialect[] = [];
  if (line.includes(";")) candidates.push(semicolon);
  if (line.includes("\t")) candidates.push(tab);
  // "1,5 2,5" is two decimal commas, but "8270,1" alone two columns.
  // A comma beside a blank separates, as in "8300, 5" and "8300 ,5".
  if (/\s,/.test(line)) candidates.push(comma);
  if (/\S\s+\S/.test(line)) candidates.push(blank);
  if (line.includes(",")) candidates.push(comma);
  candidates.push(blank);
  return candidates.find(({ split, comma }) => {
    const numbers = split(line).map((cell) => parseNumber(cell, comma));
    return numbers.every((number) => number !== undefined) && numbers.some(Number.isFinite);
  });
}

/**
 * Labels in a line: as many as cells where the line allows it, a unit in brackets with the word before it.
 */
function labelsOf(line: string, dialect: Dialect, cells: readonly string[]): string[] {
  const width = cells.length - (cells.length > 1 && cells.at(-1) === "" ? 1 : 0);
  const labels = dialect.split(line);
  if (labels.length > width && labels.length > 1 && labels.at(-1) === "") labels.pop();
  if (dialect !== blank || labels.length === width) return labels;
  const joined = line.trim().split(/\s+(?![[(])/);
  return joined.length === width ? joined : labels;
}

function commentLabels(comment: string | undefined, dialect: Dialect, width: number): string[] | undefined {
  if (!comment) return undefined;
  const splits = [
    dialect.split(comment),
    comment.split(/\s{2,}|\t/),
    blank.split(comment),
    comment.split(/\s+(?![[(])/),
  ];
  for (const labels of splits) {
    // A row of numbers behind # is data that someone took out.
    if (labels.length === width && labels.some((label) => parseNumber(label, true) === undefined))
      return labels;
  }
  return undefined;
}

/** What `writeColumns` writes. */
export interface ColumnsInput {
  /** One per column. */
  readonly labels?: readonly string[];
  /** Of equal length; null and NaN are missing values. */
  readonly columns: readonly ArrayLike<number>[];
  readonly comments?: readonly string[];
}

/**
 * Writes numbers in columns so that readColumns gives the same back: tabs and a comment with the labels, or
 * commas and a line of labels where the name ends in .csv. The file appears only when it is whole.
 *
 * @throws ShapeError when columns or labels disagree in length; ArgumentError for text that a line cannot
 *   hold; FileError when the disk refuses
 * @example
 * writeColumns("edge.dat", {
 *   labels: ["energy_eV", "mu"],
 *   columns: [
 *     [8330, 8340],
 *     [0.1, 0.6],
 *   ],
 *   comments: ["Ni K"],
 * });
 */
export function writeColumns(path: string, content: ColumnsInput): void {
  const call = "writeColumns";
  const names = { labels: true, columns: true, comments: true } as const;
  const { labels = [], columns, comments = [] } = checkOptions(call, content, names);
  if (!Array.isArray(columns)) {
    throw new ArgumentError(
      `${call}: expected columns as a list of lists, got ${quote(columns)}; pass { columns }`,
    );
  }
  const csv = extname(path).toLowerCase() === ".csv";
  const separator = csv ? "," : "\t";
  const length = columns[0]?.length ?? 0;
  if (length === 0) {
    throw new ShapeError(`${call}: expected at least one column with one number, got ${quote(columns)}`);
  }
  columns.forEach((column, i) => {
    if (column.length === length) return;
    throw new ShapeError(
      `${call}: expected columns of equal length ${length}, got ${column.length} in column ${i + 1}`,
      { column: i, expected: length, got: column.length },
    );
  });
  checkLabels(call, labels, columns.length, separator);
  for (const comment of comments) {
    if (!/[\r\n]/.test(comment)) continue;
    throw new ArgumentError(
      `${call}: expected comments of one line, got ${quote(comment)}; pass one entry per line`,
    );
  }

  const lines = comments.map((comment) => `# ${comment}`);
  if (labels.length > 0) lines.push((csv ? "" : "# ") + labels.join(separator));
  // Otherwise a last comment with as many words as there are columns would come back as labels.
  else if (comments.length > 0) lines.push("#");
  for (let i = 0; i < length; i++)
    lines.push(columns.map((column) => formatNumber(column[i])).join(separator));
  writeWhole(call, path, `${lines.join("\n")}\n`);
}

function checkLabels(call: string, labels: readonly string[], width: number, separator: string): void {
  if (labels.length === 0) return;
  if (labels.length !== width) {
    throw new ShapeError(`${call}: expected ${width} labels, one per column, got ${labels.length}`, {
      expected: width,
      got: labels.length,
    });
  }
  for (const label of labels) {
    const usable =
      label !== "" &&
      label === label.trim() &&
      !/[\r\n#"]/.test(label) &&
      !label.includes(separator) &&
      !looksLikeNumber(label) &&
      parseNumber(label, true) === undefined &&
      !COMMENT.test(label);
    if (usable) continue;
    throw new ArgumentError(
      `${call}: expected labels of one line in words, without quotes, "#" and the separator, got ${quote(label)}; choose another label`,
      { label },
    );
  }
}
