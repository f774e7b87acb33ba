// XDI, the interchange format for single XAS spectra: a header of `Namespace.key: value`, then columns.
// Source: XAS Data Interchange Format, version 1.0 (github.com/XraySpectroscopy/XAS-Data-Interchange).
import { FileError, quote } from "../errors.js";
import { describeTable } from "./describe-content.js";
import { energyRange, readLine } from "./description.js";
import type { Format } from "./format.js";
import { ColumnBuilder } from "./numbers.js";
import { readText } from "./text.js";
import { checkElement, energyOf, type Table, unitOf, XdiProblem } from "./xdi-units.js";

/** The content of an XDI file. */
export interface Xdi {
  /** Values of the header by "Namespace.key" as written; those of a repeated key one per line. */
  headers: Record<string, string>;
  /** Free comments after the header, without their `#`. */
  comments: string[];
  /** Names of the columns, without units. */
  labels: string[];
  columns: Float64Array[];
  /**
   * eV, from a column "energy" (eV, keV, Ryd), or "angle" (deg, rad, mrad) and Mono.d_spacing; absent without
   * either.
   */
  energy?: Float64Array;
  /**
   * Absorption as recorded: a column mutrans, mufluor, mu or xmu, or else ln(i0 / itrans); absent without
   * either.
   */
  mu?: Float64Array;
}

/** The beginning of the first line. */
const FIRST = /^[#;*%!$]*\s*XDI\/\d/;

/**
 * Reads an XDI file.
 *
 * @throws FileError naming path and line when the file is missing, empty, no XDI, has no rows or a row that
 *   does not fit its columns; when a unit of energy or angle, the lattice spacing, the element or the edge is
 *   not understood; when labels or repeated fields contradict each other
 * @example
 * writeXdi("edge.xdi", {
 *   columns: [
 *     { label: "energy", unit: "eV", data: [8330, 8340] },
 *     { label: "mutrans", data: [0.1, 0.6] },
 *   ],
 *   headers: { "Element.symbol": "Ni", "Element.edge": "K", "Mono.d_spacing": 3.13556 },
 * });
 * const { energy, mu } = await readXdi("edge.xdi");
 * energy; // [8330, 8340] eV
 */
export async function readXdi(path: string): Promise<Xdi> {
  return parseXdi("readXdi", path, await readText("readXdi", path));
}

/** The spectrum in a text that was read from `path`. */
function parseXdi(call: string, path: string, text: string): Xdi {
  const lines = text.split(/\r\n|\n|\r/);
  const refuse = (line: number, expected: string, got: string, remedy: string): FileError =>
    new FileError(`${call}: expected ${expected}, got ${got} in line ${line} of ${path}; ${remedy}`, {
      path,
      line,
    });
  if (!FIRST.test(lines[0])) {
    throw refuse(1, '"# XDI/1.0"', quote(lines[0]), "this is no XDI file; use readColumns for plain columns");
  }

  const headers = new Map<string, string>();
  const comments: string[] = [];
  let lineLabels: string[] = [];
  let section: "header" | "comments" | "labels" = "header";
  let rows: ColumnBuilder | undefined;
  for (let i = 1; i < lines.length; i++) {
    const line = lines[i].trim();
    if (line === "") continue;
    if (line.startsWith("#")) {
      const text = line.slice(1).trim();
      if (rows) continue;
      if (/^\/{3,}$/.test(text)) section = "comments";
      else if (/^-{3,}$/.test(text)) section = "labels";
      else if (section === "comments") comments.push(text);
      else if (text === "") continue;
      else if (section === "labels") lineLabels = text.split(/\s+(?![[(])/);
      else {
        const field = /^([A-Za-z_]\w*\.\w+)\s*:\s*(.*)$/.exec(text);
        if (!field)
          throw refuse(i + 1, '"Namespace.key: value"', quote(text), "put free comments after a line ///");
        const both = addField(headers, field[1], field[2].trim());
        if (both) throw refuse(i + 1, `one value of ${field[1]}`, both, "remove the wrong one");
      }
      continue;
    }
    const cells = line.split(line.includes(",") ? /\s*,\s*/ : /\s+/);
    rows ??= new ColumnBuilder(cells.length);
    const problem = rows.add(cells, false);
    if (problem) throw refuse(i + 1, ...problem, "the file is damaged or cut short; copy it again");
  }
  if (!rows) throw refuse(lines.length, "rows of numbers", "none", "the file is cut short; copy it again");

  const fields = new Map(Array.from(headers, ([key, value]) => [key.toLowerCase(), value]));
  const columns = rows.finish();
  const result: Xdi = { headers: Object.fromEntries(headers), comments, labels: [], columns };
  try {
    checkElement(fields);
    const table = tableOf(fields, lineLabels, rows.width);
    result.labels = table.labels;
    const energy = energyOf(fields, table, columns);
    if (energy) result.energy = energy;
  } catch (error) {
    if (!(error instanceof XdiProblem)) throw error;
    throw refuse(1, error.expected, error.got, error.remedy);
  }
  const mu = absorption(result.labels, columns);
  if (mu) result.mu = mu;
  return result;
}

/** XDI as a format. */
export const xdiFormat = {
  name: "xdi" as const,
  detect: ({ text }) => FIRST.test(text),
  options: {},
  read: readXdi,
  describe: (path) =>
    describeTable(path, (text) => {
      const { energy, labels, columns, headers } = parseXdi("describe", path, text);
      return {
        what: "spectrum (XDI)",
        columns: labels,
        rows: columns[0].length,
        facts: {
          ...(energy && { energies: energyRange(energy) }),
          ...Object.fromEntries(Object.entries(headers).slice(0, 20)),
        },
        code: readLine("readXdi", path),
      };
    }),
} satisfies Format<Xdi>;

/** Fields that the reader computes with: one value each. */
const SINGLE = /^(column\.\d+|mono\.d_spacing|element\.(symbol|edge))$/i;

function addField(headers: Map<string, string>, key: string, value: string): string | undefined {
  const known = [...headers.keys()].find((name) => name.toLowerCase() === key.toLowerCase());
  const before = known === undefined ? undefined : headers.get(known);
  if (known === undefined || before === undefined) {
    headers.set(key, value);
  } else if (!before.split("\n").includes(value)) {
    if (SINGLE.test(key)) return `${quote(before)} and ${quote(value)}`;
    headers.set(known, `${before}\n${value}`);
  }
  return undefined;
}

/**
 * Names with a defined meaning. Two of them for one column are a contradiction; other names are free.
 */
const MEANINGS = [
  "energy",
  "angle",
  "i0",
  "itrans",
  "ifluor",
  "irefer",
  "mutrans",
  "mufluor",
  "murefer",
  "mu",
  "xmu",
];

/** Labels and units of the columns: from the Column.N headers, else from the line above the numbers. */
function tableOf(fields: ReadonlyMap<string, string>, lineLabels: readonly string[], width: number): Table {
  const named = Array.from({ length: width }, () => "");
  const units = named.slice();
  for (const [key, value] of fields) {
    const number = /^column\.(\d+)$/.exec(key);
    if (!number) continue;
    const index = Number(number[1]) - 1;
    if (index < 0 || index >= width) {
      throw new XdiProblem(
        `a column for Column.${number[1]}`,
        `${width} columns`,
        "correct the Column.N entries",
      );
    }
    [named[index], units[index]] = unitOf(value);
  }
  const above = lineLabels.length === width ? lineLabels.map(unitOf) : [];
  const labels = named.map((label, i) => {
    const [other = "", unit = ""] = above[i] ?? [];
    if (label === "") units[i] = unit;
    const meanings = [label, other].map((name) => MEANINGS.indexOf(name.toLowerCase()));
    if (meanings[0] !== meanings[1] && Math.min(...meanings) >= 0) {
      throw new XdiProblem(
        `one name for column ${i + 1}`,
        `${quote(label)} in Column.${i + 1} and ${quote(other)} above the numbers`,
        "correct one of them",
      );
    }
    return label || other || `column${i + 1}`;
  });
  for (const name of MEANINGS) {
    const at = labels.flatMap((label, i) => (label.toLowerCase() === name ? [i + 1] : []));
    if (at.length > 1)
      throw new XdiProblem(`one column ${name}`, `columns ${at.join(" and ")}`, "rename one of them");
  }
  return { labels, units };
}

function absorption(labels: readonly string[], columns: readonly Float64Array[]): Float64Array | undefined {
  const lower = labels.map((label) => label.toLowerCase());
  const find = (name: string): Float64Array | undefined => columns[lower.indexOf(name)];
  for (const name of ["mutrans", "mufluor", "mu", "xmu"]) {
    const mu = find(name);
    if (mu) return mu;
  }
  const i0 = find("i0");
  const itrans = find("itrans");
  // NaN where a detector has no counts.
  return i0 && itrans
    ? i0.map((value, i) => (value > 0 === itrans[i] > 0 ? Math.log(value / itrans[i]) : Number.NaN))
    : undefined;
}
