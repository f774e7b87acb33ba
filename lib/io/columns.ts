// Numbers in columns of text: what beamline programs and spreadsheets write, in their many dialects.
import { extname } from "node:path";
import { ArgumentError, FileError, quote, ShapeError } from "../errors.js";
import { readText, writeWhole } from "./disk.js";
import { ColumnBuilder, formatNumber, parseNumber } from "./numbers.js";

/** The content of a text file of columns. */
export interface Columns {
  /** One label a column; empty when the file has none. */
  labels: string[];
  columns: Float64Array[];
  /** Comment lines without their `#`, in order; the line that holds the labels is not among them. */
  comments: string[];
}

interface Dialect {
  readonly split: (line: string) => string[];
  readonly comma: boolean;
}

const trimmed = (separator: string) => (line: string) => {
  const cells = line.split(separator).map((cell) => cell.trim().replace(/^"(.*)"$/, "$1"));
  // Some programs end every line with a separator.
  if (cells.length > 1 && cells.at(-1) === "") cells.pop();
  return cells;
};

const semicolon: Dialect = { split: trimmed(";"), comma: true };
const tab: Dialect = { split: trimmed("\t"), comma: true };
const blank: Dialect = { split: (line) => line.trim().split(/\s+/), comma: true };
const comma: Dialect = { split: trimmed(","), comma: false };

/**
 * Reads numbers in columns, separated by blanks, tabs, commas or semicolons (the first row of numbers tells), with `#`
 * comments and decimal points, or decimal commas where the separator is no comma. "nan" is a number.
 *
 * The labels are the one line before the numbers that is neither comment nor numbers, or else the last comment before
 * them if it has one word a column.
 *
 * @throws FileError naming path and line when the file is missing, empty, ragged, or has a cell that is no number
 */
export async function readColumns(path: string): Promise<Columns> {
  return parseColumns("readColumns", path, await readText("readColumns", path));
}

/** The columns in a text that was read from `path`. @throws FileError as {@link readColumns} */
export function parseColumns(call: string, path: string, text: string): Columns {
  const comments: string[] = [];
  let labels: string[] | undefined;
  let labelLine: { text: string; line: number } | undefined;
  let dialect: Dialect | undefined;
  let rows: ColumnBuilder | undefined;

  const refuse = (line: number, expected: string, got: string): FileError =>
    new FileError(
      `${call}: expected ${expected}, got ${got} in line ${line} of ${path}; correct the line, or start it with # if it is a comment`,
      { path, line },
    );

  const lines = text.split(/\r\n|\n|\r/);
  for (let i = 0; i < lines.length; i++) {
    const line = lines[i];
    if (line.trim() === "") continue;
    if (/^\s*#/.test(line)) {
      comments.push(line.trim().slice(1).trim());
      continue;
    }
    if (!dialect || !rows) {
      dialect = dialectOf(line);
      if (!dialect) {
        if (labelLine) throw refuse(i + 1, "numbers after the line of labels", quote(line));
        labelLine = { text: line, line: i + 1 };
        continue;
      }
      const width = dialect.split(line).length;
      rows = new ColumnBuilder(width);
      if (labelLine) {
        labels = dialect.split(labelLine.text);
        if (labels.length !== width) throw refuse(labelLine.line, `${width} labels`, `${labels.length}`);
      } else {
        labels = commentLabels(comments.at(-1), dialect, width);
        if (labels) comments.pop();
      }
    }
    const problem = rows.add(dialect.split(line), dialect.comma);
    if (problem) throw refuse(i + 1, ...problem);
  }
  if (!rows) throw refuse(lines.length, "at least one row of numbers", "none");
  while (comments.at(-1) === "") comments.pop();
  return { labels: labels ?? [], columns: rows.finish(), comments };
}

/** The way to split a row that leaves only numbers; undefined when there is none. */
function dialectOf(line: string): Dialect | undefined {
  const candidates: Dialect[] = [];
  if (line.includes(";")) candidates.push(semicolon);
  if (line.includes("\t")) candidates.push(tab);
  // "1,5 2,5" is two decimal commas, but "8270,1" alone two columns.
  if (/\S\s+\S/.test(line)) candidates.push(blank);
  if (line.includes(",")) candidates.push(comma);
  candidates.push(blank);
  return candidates.find(({ split, comma }) =>
    split(line).every((cell) => parseNumber(cell, comma) !== undefined),
  );
}

function commentLabels(comment: string | undefined, dialect: Dialect, width: number): string[] | undefined {
  if (!comment) return undefined;
  for (const labels of [dialect.split(comment), comment.split(/\s{2,}|\t/), blank.split(comment)]) {
    // A row of numbers behind # is data that someone took out.
    if (labels.length === width && labels.some((label) => parseNumber(label, true) === undefined))
      return labels;
  }
  return undefined;
}

/**
 * Writes numbers in columns so that readColumns gives the same back: tabs and a comment with the labels, or commas and a
 * line of labels where the name ends in .csv. The file appears only when it is whole.
 *
 * @throws ShapeError when columns or labels disagree in length; ArgumentError for text that a line cannot hold;
 *   FileError when the disk refuses
 */
export function writeColumns(
  path: string,
  content: {
    labels?: readonly string[];
    columns: readonly ArrayLike<number>[];
    comments?: readonly string[];
  },
): void {
  const call = "writeColumns";
  const { labels = [], columns, comments = [] } = content;
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
      `${call}: expected comments of one line, got ${quote(comment)}; pass one entry a line`,
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
    throw new ShapeError(`${call}: expected ${width} labels, one a column, got ${labels.length}`, {
      expected: width,
      got: labels.length,
    });
  }
  for (const label of labels) {
    const usable =
      label !== "" && label === label.trim() && !/[\r\n#"]/.test(label) && !label.includes(separator);
    if (usable && (width > 1 || parseNumber(label, true) === undefined)) continue;
    throw new ArgumentError(
      `${call}: expected labels of one line without quotes, "#" and the separator, got ${quote(label)}; choose another label`,
      { label },
    );
  }
  if (labels.every((label) => parseNumber(label, true) !== undefined)) {
    throw new ArgumentError(
      `${call}: expected labels in words, got only numbers: ${quote(labels)}; add a word`,
    );
  }
}
