// Numbers in text files, and rows of them: a cell that is no number is never read as one.

const pointNumber = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:[eEdD][+-]?\d+)?$/;
const commaNumber = /^[+-]?(?:\d+[.,]?\d*|[.,]\d+)(?:[eEdD][+-]?\d+)?$/;

/**
 * The number in a cell; undefined when there is none. "nan" in any case is NaN; Fortran's D exponents are numbers.
 *
 * @param comma whether a decimal comma is a number too
 */
export function parseNumber(cell: string, comma: boolean): number | undefined {
  if ((comma ? commaNumber : pointNumber).test(cell))
    return Number(cell.replace(",", ".").replace(/[dD]/, "e"));
  return /^[+-]?nan$/i.test(cell) ? Number.NaN : undefined;
}

/** Columns that grow row by row. */
export class ColumnBuilder {
  readonly #columns: number[][];

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

  /** Adds a row of cells. @returns what is wrong with it, as [expected, got]; undefined when nothing is */
  add(cells: readonly string[], comma: boolean): [expected: string, got: string] | undefined {
    if (cells.length !== this.width) return [`${this.width} columns`, `${cells.length}`];
    for (let i = 0; i < cells.length; i++) {
      const value = parseNumber(cells[i], comma);
      if (value === undefined)
        return ["a number", `${JSON.stringify(cells[i].slice(0, 40))} in column ${i + 1}`];
      this.#columns[i].push(value);
    }
    return undefined;
  }

  /** The columns as typed arrays. */
  finish(): Float64Array[] {
    return this.#columns.map((column) => Float64Array.from(column));
  }
}

/** A number in the fewest digits that read back as the same number; "nan" for NaN. */
export function formatNumber(value: number): string {
  return Number.isNaN(value) ? "nan" : String(value);
}
