// Numbers in text files, and rows of them. A cell that is no number is refused.
import { ArgumentError, quote } from "../errors.js";

const pointNumber = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:[eEdD][+-]?\d+)?$/;
const commaNumber = /^[+-]?(?:\d+(?:\.\d*|,\d+)?|[.,]\d+)(?:[eEdD][+-]?\d+)?$/;
/** What programs write for a missing number; Fortran writes stars for one that is too wide. */
const missing = /^(?:[+-]?nan|na|n\/a|null|\*+|-{2,}|)$/i;
const infinite = /^([+-]?)inf(?:inity)?$/i;

/**
 * The number in a cell; undefined when there is none. An empty cell, nan, NA, null, stars and dashes are NaN,
 * a missing value; Fortran's D exponents are numbers.
 *
 * @param comma whether a number may have a decimal comma
 */
export function parseNumber(cell: string, comma: boolean): number | undefined {
  if ((comma ? commaNumber : pointNumber).test(cell))
    return Number(cell.replace(",", ".").replace(/[dD]/, "e"));
  if (missing.test(cell)) return Number.NaN;
  const sign = infinite.exec(cell);
  return sign ? (sign[1] === "-" ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY) : undefined;
}

/** True for a cell that is a number or was meant as one: only digits, signs and separators. */
export function looksLikeNumber(cell: string): boolean {
  return /^[-+.,'’\d]*\d[-+.,'’\d]*(?:[eEdD][-+\d]*)?$/.test(cell);
}

/** A problem with numbers: [expected, got]. */
export type NumberProblem = [expected: string, got: string];

/** Columns that grow row by row. */
export class ColumnBuilder {
  readonly #columns: number[][];
  /**
   * First cell with a decimal point, with a decimal comma, and with a comma that cannot set thousands apart.
   */
  #point?: string;
  #decimalComma?: string;
  #sureComma?: string;

  constructor(width: number) {
    this.#columns = Array.from({ length: width }, () => []);
  }

  /** Number of columns. */
  get width(): number {
    return this.#columns.length;
  }

  /** Number of rows so far. */
  get length(): number {
    return this.#columns[0]?.length ?? 0;
  }

  /** Adds a row of cells. @returns the problem with it; undefined when there is none */
  add(cells: readonly string[], comma: boolean): NumberProblem | undefined {
    const glued = cells.find((cell) => /\d[+-]+\.?\d/.test(cell.replace(/[eEdD][+-]/, "")));
    if (glued !== undefined) return ["a separator between two numbers", quote(glued)];
    if (cells.length !== this.width) return [`${this.width} columns`, `${cells.length}`];
    for (let i = 0; i < cells.length; i++) {
      const value = parseNumber(cells[i], comma);
      if (value === undefined) return ["a number", `${quote(cells[i].slice(0, 40))} in column ${i + 1}`];
      this.#columns[i].push(value);
    }
    return comma ? this.#note(cells) : undefined;
  }

  #note(cells: readonly string[]): NumberProblem | undefined {
    for (const cell of cells) {
      if (cell.includes(".")) this.#point ??= cell;
      if (!cell.includes(",")) continue;
      this.#decimalComma ??= cell;
      if (!/^[+-]?[1-9]\d{0,2},\d{3}$/.test(cell)) this.#sureComma ??= cell;
    }
    if (this.#point === undefined || this.#decimalComma === undefined) return undefined;
    return ["one decimal sign in all numbers", `${quote(this.#point)} and ${quote(this.#decimalComma)}`];
  }

  /** The problem of ambiguous numbers: every comma may separate thousands or decimals. */
  ambiguous(): NumberProblem | undefined {
    if (this.#decimalComma === undefined || this.#sureComma !== undefined) return undefined;
    return [
      "decimal points",
      `${quote(this.#decimalComma)}, whose comma may set thousands or decimals apart`,
    ];
  }

  /** The columns as typed arrays. */
  finish(): Float64Array[] {
    return this.#columns.map((column) => Float64Array.from(column));
  }
}

/**
 * A number in the fewest digits that read back as the same number; "nan" for NaN and for null, which JSON has
 * instead of NaN.
 *
 * @throws ArgumentError for what is no number
 */
export function formatNumber(value: number | bigint | null | undefined): string {
  if (value === null || value === undefined || Number.isNaN(value)) return "nan";
  if (typeof value === "number" || typeof value === "bigint") return String(value);
  throw new ArgumentError(`expected numbers, got ${quote(value)}; convert it with Number()`, { value });
}
