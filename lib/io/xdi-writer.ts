// Writes spectra as XDI, so that other programs for XAS know what the columns are.
import { ArgumentError, quote, ShapeError } from "../errors.js";
import { writeWhole } from "./disk.js";
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
  /** Values by "Namespace.key"; XDI asks for Element.symbol, Element.edge and Mono.d_spacing. */
  readonly headers?: Readonly<Record<string, string | number>>;
  /** Free lines of text. */
  readonly comments?: readonly string[];
}

/**
 * Writes an XDI file; it is there completely or not at all.
 *
 * @throws ArgumentError for headers or labels that XDI cannot hold, ShapeError for columns of different length, FileError
 *   when the disk refuses
 */
export function writeXdi(path: string, { columns, headers = {}, comments = [] }: XdiInput): void {
  const call = "writeXdi";
  const length = columns[0]?.data.length ?? 0;
  if (length === 0 || !columns.some(({ label }) => label === "energy")) {
    throw new ArgumentError(
      `${call}: expected columns with one called "energy", got ${quote(columns.map((c) => c.label))}`,
    );
  }
  for (const { label, unit = "", data } of columns) {
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
    if (/^[A-Za-z]\w*\.\w+$/.test(key) && !/[\r\n]/.test(String(value))) continue;
    throw new ArgumentError(
      `${call}: expected headers "Namespace.key" with a value of one line, got ${quote(`${key}: ${value}`)}`,
    );
  }
  const lines = [
    "# XDI/1.0 operandose",
    ...columns.map(({ label, unit }, i) => `# Column.${i + 1}: ${label}${unit ? ` ${unit}` : ""}`),
    ...Object.entries(headers).map(([key, value]) => `# ${key}: ${value}`),
    "# ///",
    ...comments.flatMap((text) => text.split(/\r?\n/)).map((text) => `# ${text}`),
    "#-----",
    `# ${columns.map(({ label }) => label).join(" ")}`,
  ];
  for (let i = 0; i < length; i++) lines.push(columns.map(({ data }) => formatNumber(data[i])).join("  "));
  writeWhole(call, path, `${lines.join("\n")}\n`);
}
