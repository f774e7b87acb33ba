// EC-Lab text files (.mpt): what the potentiostat recorded, Latin-1, decimal comma or point as the computer had it.
import { ArgumentError, FileError, quote, ShapeError } from "../errors.js";
import { readBytes, writeWhole } from "./disk.js";
import { ColumnBuilder, formatNumber } from "./numbers.js";

/** The content of an EC-Lab text file. */
export interface Mpt {
  /** All header lines as written: from "EC-Lab ASCII FILE" to the line with the column names. */
  header: string[];
  /** One array a column, by its name in the file, "time/s" or "Ewe/V" for example, in the order of the file. */
  columns: Record<string, Float64Array>;
}

const first = /^(EC|BT)-Lab ASCII FILE/;
const second = /^Nb header lines\s*:\s*(\d+)\s*$/;

/**
 * Reads an EC-Lab text file.
 *
 * @throws FileError naming path and line when the file is missing, empty, no EC-Lab text, cut short, or has a row that
 *   does not fit its columns
 */
export async function readMpt(path: string): Promise<Mpt> {
  const call = "readMpt";
  const lines = (await readBytes(call, path)).toString("latin1").split(/\r\n|\n/);
  if (lines.at(-1) === "") lines.pop();
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
  const count = Number(second.exec(lines[1] ?? "")?.[1] ?? Number.NaN);
  if (!(count >= 3)) throw refuse(2, '"Nb header lines : N"', quote(lines[1]), "export the file again");
  if (lines.length <= count) {
    throw refuse(
      lines.length,
      `${count} header lines and rows of numbers`,
      `${lines.length} lines`,
      "the file is cut short; export it again",
    );
  }

  const header = lines.slice(0, count);
  const names = header[count - 1].replace(/\t\s*$/, "").split("\t");
  const rows = new ColumnBuilder(names.length);
  for (let i = count; i < lines.length; i++) {
    const cells = lines[i].split("\t").map((cell) => cell.trim());
    if (cells.length === names.length + 1 && cells.at(-1) === "") cells.pop();
    const problem = rows.add(cells, true);
    if (problem) throw refuse(i + 1, ...problem, "the file is damaged or cut short; export it again");
  }
  const columns = rows.finish();
  const byName = new Map<string, Float64Array>();
  names.forEach((name, i) => {
    const key = name.trim();
    if (byName.has(key))
      throw refuse(count, "different column names", `${quote(key)} twice`, "export it again");
    byName.set(key, columns[i]);
  });
  return { header, columns: Object.fromEntries(byName) };
}

/**
 * Writes columns as EC-Lab would, so that readMpt gives the same numbers back. The file appears only when it is whole.
 *
 * @param content `header`: further lines for the header; those that EC-Lab always writes are added, and recognized in a
 *   header that was read
 * @param options `decimal`: "," (default is ".") for a computer with a decimal comma
 * @throws ShapeError when columns differ in length; ArgumentError for text that Latin-1 or a line cannot hold; FileError
 *   when the disk refuses
 */
export function writeMpt(
  path: string,
  content: { columns: Readonly<Record<string, ArrayLike<number>>>; header?: readonly string[] },
  options: { decimal?: "." | "," } = {},
): void {
  const call = "writeMpt";
  const { decimal = "." } = options;
  if (decimal !== "." && decimal !== ",") {
    throw new ArgumentError(`${call}: expected decimal "." or ",", got ${quote(decimal)}`, {
      option: "decimal",
      value: decimal,
    });
  }
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
    if (name.trim() === "" || name.includes("\t")) {
      throw new ArgumentError(`${call}: expected column names without tabs, got ${quote(name)}`, {
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
