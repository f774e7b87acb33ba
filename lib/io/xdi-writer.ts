// Writes spectra as XDI, so that other programs for XAS know what the columns are.
import { ArgumentError, quote, ShapeError } from "../errors.js";
import { checkOptions } from "../options.js";
import { writeWhole } from "./atomic.js";
import { formatNumber } from "./numbers.js";

/** One column of an XDI file. */
export interface XdiColumn {
  /** One word: energy, mu, i0, norm, or another name. */
  readonly label: string;
  readonly unit?: string;
  readonly data: ArrayLike<number>;
}

/** What `writeXdi` writes. */
export interface XdiInput {
  /** One of them is `energy` in eV. */
  readonly columns: readonly XdiColumn[];
  /** Values by "Namespace.key"; XDI requires Element.symbol, Element.edge and Mono.d_spacing. */
  readonly headers?: Readonly<Record<string, string | number>>;
  /** Free lines of text. */
  readonly comments?: readonly string[];
}

/**
 * Writes an XDI file; it is there completely or not at all.
 *
 * @throws ArgumentError for headers or labels that XDI cannot hold, ShapeError for columns of different
 *   length, FileError when the disk refuses
 * @example
 * writeXdi("edge.xdi", {
 *   columns: [
 *     { label: "energy", unit: "eV", data: [8330, 8340] },
 *     { label: "mutrans", data: [0.1, 0.6] },
 *   ],
 *   headers: { "Element.symbol": "Ni", "Element.edge": "K", "Mono.d_spacing": 3.13556 },
 * });
 */
export function writeXdi(path: string, input: XdiInput): void {
  const call = "writeXdi";
  const names = { columns: true, headers: true, comments: true } as const;
  const { columns, headers = {}, comments = [] } = checkOptions(call, input, names);
  if (!Array.isArray(columns)) {
    throw new ArgumentError(
      `${call}: expected columns as a list of { label, data }, got ${quote(columns)}; pass { columns }`,
    );
  }
  const length = columns[0]?.data.length ?? 0;
  if (length === 0 || !columns.some(({ label }) => label === "energy")) {
    throw new ArgumentError(
      `${call}: expected columns with one called "energy", got ${quote(columns.map((c) => c.label))}`,
    );
  }
  const remarks = comments.flatMap((text) => text.split(/\r\n|\n|\r/));
  const rule = remarks.find((text) => /^\s*(\/{3,}|-{3,})\s*$/.test(text));
  if (rule !== undefined) {
    throw new ArgumentError(
      `${call}: expected comments without lines of "///" or "---", which end a section of XDI, got ${quote(rule)}; drop it`,
    );
  }
  const seen = new Set<string>();
  for (const { label, unit = "", data } of columns) {
    if (seen.has(label.toLowerCase())) {
      throw new ArgumentError(`${call}: expected different labels, got ${quote(label)} twice; rename one`, {
        label,
      });
    }
    seen.add(label.toLowerCase());
    if (label === "energy" && unit !== "" && unit.toLowerCase() !== "ev") {
      throw new ArgumentError(`${call}: expected energy in eV, got ${quote(unit)}; convert it`, { unit });
    }
    if (!/^\w+$/.test(label) || /\s/.test(unit)) {
      throw new ArgumentError(
        `${call}: expected labels and units of one word, got ${quote(`${label} ${unit}`)}`,
      );
    }
    if (data.length !== length) {
      throw new ShapeError(`${call}: expected ${length} numbers in ${quote(label)}, got ${data.length}`, {
        expected: length,
        got: data.length,
      });
    }
  }
  for (const [key, value] of Object.entries(headers)) {
    const text = String(value);
    const usable = /^[A-Za-z]\w*\.\w+$/.test(key) && !/^column\./i.test(key) && !/[\r\n]/.test(text);
    if (usable && value !== null && !Number.isNaN(value)) continue;
    throw new ArgumentError(
      `${call}: expected headers "Namespace.key" (Column.N comes from the columns) with a value of one line, got ${quote(`${key}: ${value}`)}`,
    );
  }
  const lines = [
    "# XDI/1.0 operandose",
    ...columns.map(({ label, unit }, i) => `# Column.${i + 1}: ${label}${unit ? ` ${unit}` : ""}`),
    ...Object.entries(headers).map(([key, value]) => `# ${key}: ${value}`),
    "# ///",
    ...remarks.map((text) => `# ${text}`),
    "#-----",
    `# ${columns.map(({ label }) => label).join(" ")}`,
  ];
  for (let i = 0; i < length; i++) lines.push(columns.map(({ data }) => formatNumber(data[i])).join("  "));
  writeWhole(call, path, `${lines.join("\n")}\n`);
}
