// XDI, the interchange format for single XAS spectra: a header of `Namespace.key: value`, then columns.
// Source: XAS Data Interchange Format, version 1.0 (github.com/XraySpectroscopy/XAS-Data-Interchange).
import { FileError, quote } from "../errors.js";
import { HC_EV_ANGSTROM } from "../units.js";
import { readText } from "./disk.js";
import { ColumnBuilder } from "./numbers.js";

/** The content of an XDI file. */
export interface Xdi {
  /** Values of the header by "Namespace.key" as written. */
  headers: Record<string, string>;
  /** Free comments after the header, without their `#`. */
  comments: string[];
  /** Names of the columns, without units. */
  labels: string[];
  columns: Float64Array[];
  /** eV, from a column "energy" (eV or keV) or from "angle" (degree or radian) and Mono.d_spacing; absent without either. */
  energy?: Float64Array;
  /** Absorption as recorded: a column mutrans, mufluor, mu or xmu, or else ln(i0 / itrans); absent without either. */
  mu?: Float64Array;
}

/**
 * Reads an XDI file.
 *
 * @throws FileError naming path and line when the file is missing, empty, no XDI, has no rows or a row that does not fit
 *   its columns, or gives angles without the lattice spacing that makes them energies
 */
export async function readXdi(path: string): Promise<Xdi> {
  const call = "readXdi";
  const lines = (await readText(call, path)).split(/\r\n|\n|\r/);
  const refuse = (line: number, expected: string, got: string, remedy: string): FileError =>
    new FileError(`${call}: expected ${expected}, got ${got} in line ${line} of ${path}; ${remedy}`, {
      path,
      line,
    });
  if (!/^[#;*%!$]*\s*XDI\/\d/.test(lines[0])) {
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
      else if (section === "labels") lineLabels = text.split(/\s+/);
      else {
        const field = /^([A-Za-z_][\w]*\.[\w]+)\s*:\s*(.*)$/.exec(text);
        if (!field)
          throw refuse(i + 1, '"Namespace.key: value"', quote(text), "put free comments after a line ///");
        headers.set(field[1], field[2].trim());
      }
      continue;
    }
    const cells = line.split(/[\s,]+/);
    rows ??= new ColumnBuilder(cells.length);
    const problem = rows.add(cells, false);
    if (problem) throw refuse(i + 1, ...problem, "the file is damaged or cut short; copy it again");
  }
  if (!rows) throw refuse(lines.length, "rows of numbers", "none", "the file is cut short; copy it again");

  const table = tableOf(headers, lineLabels, rows.width);
  if (typeof table === "string")
    throw refuse(1, table, `${rows.width} columns`, "correct the Column.N entries");
  const columns = rows.finish();
  const result: Xdi = { headers: Object.fromEntries(headers), comments, labels: table.labels, columns };
  const energy = energyOf(headers, table, columns);
  if (energy === "no spacing") {
    throw refuse(
      1,
      "Mono.d_spacing with a column of angles",
      "none",
      "add # Mono.d_spacing: 3.1356, in angstrom",
    );
  }
  if (energy) result.energy = energy;
  const mu = absorption(table.labels, columns);
  if (mu) result.mu = mu;
  return result;
}

interface Table {
  labels: string[];
  units: string[];
}

/** Labels and units of the columns: from the Column.N headers, else from the line above the numbers. */
function tableOf(
  headers: ReadonlyMap<string, string>,
  lineLabels: readonly string[],
  width: number,
): Table | string {
  const labels: string[] =
    lineLabels.length === width ? [...lineLabels] : Array.from({ length: width }, () => "");
  const units: string[] = labels.map(() => "");
  for (const [key, value] of headers) {
    const number = /^column\.(\d+)$/i.exec(key);
    if (!number) continue;
    const index = Number(number[1]) - 1;
    if (index < 0 || index >= width) return `a column for ${key}`;
    const [label, unit = ""] = value.split(/\s+/);
    labels[index] = label;
    units[index] = unit.toLowerCase();
  }
  return { labels: labels.map((label, i) => label || `column${i + 1}`), units };
}

function energyOf(
  headers: ReadonlyMap<string, string>,
  { labels, units }: Table,
  columns: readonly Float64Array[],
): Float64Array | "no spacing" | undefined {
  const lower = labels.map((label) => label.toLowerCase());
  const at = lower.indexOf("energy");
  if (at >= 0) return units[at] === "kev" ? columns[at].map((value) => 1000 * value) : columns[at];
  const angle = lower.indexOf("angle");
  if (angle < 0) return undefined;
  const key = [...headers.keys()].find((name) => name.toLowerCase() === "mono.d_spacing");
  const spacing = Number.parseFloat((key && headers.get(key)) ?? "");
  if (!(spacing > 0)) return "no spacing";
  const radian = units[angle].startsWith("rad") ? 1 : Math.PI / 180;
  // Bragg: E = h c / (2 d sin(theta)).
  return columns[angle].map((theta) => HC_EV_ANGSTROM / (2 * spacing * Math.sin(theta * radian)));
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
  return i0 && itrans ? i0.map((value, i) => Math.log(value / itrans[i])) : undefined;
}
