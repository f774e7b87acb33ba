// Tables of battery cyclers as CSV: numbers beside words and dates, of which time, voltage and current are read.
import { dsvFormat } from "d3";
import { FileError, quote } from "../errors.js";
import { dateIn, elapsedIn } from "./clock.js";
import { type CyclerRecipe, cyclerRecipes } from "./cycler-recipe.js";
import type { FileDescription } from "./description.js";
import { inOurUnit, unitFactor } from "./file-units.js";
import type { Format } from "./format.js";
import { ColumnBuilder, parseNumber } from "./numbers.js";
import { readText, readTextStart } from "./text.js";

/** What a cycler recorded. */
export interface Cycler {
  /** Name of the column recipe. */
  readonly recipe: string;
  /** s. */
  readonly time: Float64Array;
  /** V. */
  readonly voltage: Float64Array;
  /** mA, positive while charging; undefined where the table has none. */
  readonly current: Float64Array | undefined;
  /** Time zero, in s since 1970 by the cycler's own clock; undefined where the table has no dates. */
  readonly started: number | undefined;
}

/** Which column is which. */
interface Columns {
  readonly recipe: CyclerRecipe;
  readonly labels: readonly string[];
  readonly time: number;
  readonly date: number;
  readonly voltage: number;
  readonly current: number;
}

const SEPARATORS = [",", ";", "\t"] as const;

/** Rows of cells. */
function rowsOf(text: string, separator: string): string[][] {
  const rows = dsvFormat(separator).parseRows(text.replace(/\r\n?/g, "\n"));
  return rows.map((row) => row.map((cell) => cell.trim()));
}

/** The separator with which the columns of a recipe are found; a comma where none are. */
function separatorOf(text: string, recipes: readonly CyclerRecipe[]): string {
  const head = text.slice(0, 2 ** 14);
  return SEPARATORS.find((one) => findColumns(rowsOf(head, one), recipes) !== undefined) ?? ",";
}

/** A label and its unit: "Voltage(V)", "Current (mA)", "Time/s". */
function labelOf(text: string): { name: string; unit: string | undefined } {
  const found = /^(.*?)\s*(?:[([]\s*([^)\]]*)\s*[)\]]|\/\s*([a-zA-Zµμ]+))$/.exec(text);
  return found ? { name: found[1], unit: found[2] ?? found[3] } : { name: text, unit: undefined };
}

const plain = (text: string): string =>
  text
    .toLowerCase()
    .replace(/[\s_]+/g, " ")
    .trim();

/** The columns of a line of labels; undefined where it is none of this recipe. */
function columnsIn(labels: readonly string[], recipe: CyclerRecipe): Columns | undefined {
  const place = (names: readonly string[] | undefined): number => {
    for (const name of names ?? []) {
      const at = labels.findIndex((label) => plain(labelOf(label).name) === plain(name));
      if (at >= 0) return at;
    }
    return -1;
  };
  const { time, date, voltage, current } = recipe;
  const found = { time: place(time.names), date: place(date), voltage: place(voltage.names) };
  if (found.voltage < 0 || (found.time < 0 && found.date < 0)) return undefined;
  return { recipe, labels, ...found, current: place(current?.names) };
}

/** Lines before the labels that a program may write. */
const MOST_BEFORE = 100;

function findColumns(
  rows: readonly (readonly string[])[],
  recipes: readonly CyclerRecipe[],
): { columns: Columns; first: number } | undefined {
  for (const [k, row] of rows.slice(0, MOST_BEFORE).entries()) {
    const found = recipes.flatMap((recipe) => columnsIn(row, recipe) ?? []);
    // Where several fit, the one that finds more of its columns.
    const score = ({ time, date, current }: Columns) => [time, date, current].filter((at) => at >= 0).length;
    const [best] = found.toSorted((a, b) => score(b) - score(a));
    if (best) return { columns: best, first: k + 1 };
  }
  return undefined;
}

/**
 * Time, voltage and current of a cycler's table.
 *
 * @param recipe which columns they are; default the recipe of the library that fits
 * @throws FileError naming path and line when columns are missing, or a cell is no number, time or date
 */
export async function readCycler(call: string, path: string, recipe?: CyclerRecipe): Promise<Cycler> {
  return parseCycler(call, path, await readText(call, path), recipe);
}

function parseCycler(call: string, path: string, text: string, recipe?: CyclerRecipe): Cycler {
  const recipes = recipe ? [recipe] : cyclerRecipes();
  const separator = separatorOf(text, recipes);
  const rows = rowsOf(text, separator);
  const found = findColumns(rows, recipes);
  if (!found) {
    const needed = recipes.map(
      ({ name, time, voltage }) => `${name}: ${[...time.names, ...voltage.names].join(", ")}`,
    );
    throw new FileError(
      `${call}: expected a line with the columns of ${needed.join("; of ")}, got ${quote(rows[0]?.join(separator))} in ${path}; give { recipe }, a JSON file that names the columns`,
      { path, line: 1 },
    );
  }
  const { columns, first } = found;
  const refuse = (row: number, at: number, expected: string): FileError =>
    new FileError(
      `${call}: expected ${expected} in the column ${quote(columns.labels[at])}, got ${quote(rows[row][at])} in row ${row + 1} of ${path}; export the table again`,
      { path, line: row + 1 },
    );
  const data: number[] = [];
  // Some programs end every line with a separator.
  const n = columns.labels.length;
  for (let k = first; k < rows.length; k++) {
    if (rows[k].every((cell) => cell === "")) continue;
    const isWhole = rows[k].length === n || (rows[k].length === n + 1 && rows[k][n] === "");
    if (!isWhole) {
      throw new FileError(
        `${call}: expected ${columns.labels.length} cells, as there are labels, got ${rows[k].length} in row ${k + 1} of ${path}; export records alone, or copy the file again`,
        { path, line: k + 1 },
      );
    }
    data.push(k);
  }
  if (data.length === 0) {
    throw new FileError(`${call}: expected rows of numbers, got none in ${path}; export the table again`, {
      path,
    });
  }
  const { recipe: used, time, date, voltage, current } = columns;
  const wanted = [
    { at: time, quantity: "time", unit: used.time.unit },
    { at: voltage, quantity: "voltage", unit: used.voltage.unit },
    { at: current, quantity: "current", unit: used.current?.unit ?? "mA" },
  ] as const;
  const there = wanted.filter(({ at }) => at >= 0);
  const factors = there.map(({ at, quantity, unit }) => {
    const own = labelOf(columns.labels[at]).unit;
    // "Total Time(h:min:s.ms)" says how a time is written.
    const named = own && !own.includes(":") ? own : unit;
    return unitFactor(call, path, quote(columns.labels[at]), quantity, named);
  });
  const table = new ColumnBuilder(there.length);
  // Times as h:mm:ss are no numbers, and say nothing of the decimal sign of the others.
  const clock: (number | undefined)[] = [];
  for (const row of data) {
    const cells = there.map(({ at, quantity }) => {
      const cell = rows[row][at] ?? "";
      const elapsed = quantity === "time" ? elapsedIn(cell) : undefined;
      if (quantity === "time") clock.push(elapsed);
      return elapsed === undefined ? cell : "0";
    });
    const problem = table.add(cells, separator !== ",");
    if (!problem) continue;
    const at = Math.max(
      0,
      cells.findIndex((cell) => parseNumber(cell, separator !== ",") === undefined),
    );
    throw refuse(row, there[at].at, problem[0]);
  }
  const open = table.ambiguous();
  if (open) throw refuse(data[0], there[there.length - 1].at, `${open[0]} (${open[1]})`);
  const numbers = table.finish();
  const column = (at: number): Float64Array | undefined => {
    const k = there.findIndex((one) => one.at === at);
    return at < 0 ? undefined : inOurUnit(numbers[k], factors[k]);
  };
  const dates = date < 0 ? undefined : data.map((row) => dateIn(rows[row][date] ?? ""));
  const unread = time < 0 && dates ? dates.indexOf(undefined) : -1;
  if (unread >= 0) throw refuse(data[unread], date, "a date and time, year first");
  const [begin] = dates ?? [];
  const elapsed =
    column(time)?.map((value, k) => clock[k] ?? value) ??
    Float64Array.from(dates as number[], (value) => value - (begin as number));
  return {
    recipe: used.name,
    time: elapsed,
    voltage: column(voltage) as Float64Array,
    current: column(current),
    started: begin === undefined ? undefined : begin - elapsed[0],
  };
}

/** Tables of the cyclers that the library knows as a format. */
export const cyclerFormat = {
  name: "cycler" as const,
  detect: ({ text, bytes }) => {
    if (!/[,;\t]/.test(text) || text.includes("\0")) return false;
    const head = bytes(0, 2 ** 14).toString("latin1");
    const found = findColumns(rowsOf(head, separatorOf(head, cyclerRecipes())), cyclerRecipes());
    return found !== undefined && found.columns.time >= 0;
  },
  options: {},
  read: (path) => readCycler("read", path),
  describe: describeCycler,
} satisfies Format<Cycler>;

async function describeCycler(path: string): Promise<FileDescription> {
  const { text, isWhole } = await readTextStart("describe", path, 2 ** 23);
  const { recipe, time, current, started } = parseCycler("describe", path, text);
  const facts = {
    recipe,
    rows: `${time.length}${isWhole ? "" : " at its beginning, and more behind them"}`,
    columns: ["time", "voltage", ...(current ? ["current"] : [])].join(", "),
    ...(started !== undefined && {
      started: new Date(1000 * started).toISOString().slice(0, 19).replace("T", " "),
    }),
  };
  const code = `const record = await loadElectrochemistry(${JSON.stringify(path)}, { start: 0 }); // s, of its time zero`;
  return { what: "record of a battery cycler", facts, code };
}
