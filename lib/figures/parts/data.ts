// Numbers of a figure as tables, for CSV files.

/** One table of the numbers of a figure: columns of equal length with units in their names. */
export interface FigureTable {
  readonly name: string;
  readonly columns: Readonly<Record<string, ArrayLike<number | string>>>;
}

/** A name and its values. */
export type NamedColumn = readonly [name: string, values: ArrayLike<number | string>];

/** Tables, computed on demand, because most figures are not saved as CSV. */
export type FigureData = () => readonly FigureTable[];

/** A table. Columns with the same name are numbered, because two species may have the same name. */
export function table(name: string, columns: readonly NamedColumn[]): FigureTable {
  const named = new Map<string, ArrayLike<number | string>>();
  for (const [wanted, values] of columns) {
    // Whole numbers as names would change the order, because objects put such keys first.
    const plain = /^\d+$/.test(wanted) ? `value ${wanted}` : wanted;
    let free = plain;
    for (let n = 2; named.has(free); n++) free = `${plain} (${n})`;
    named.set(free, values);
  }
  return { name, columns: Object.fromEntries(named) };
}

/** Centers of the pixels of an image, row-major, in mm or in pixels: the first two columns of every map. */
export function pixelColumns(width: number, height: number, pixelSize: number | undefined): NamedColumn[] {
  const [unit, side] = pixelSize === undefined ? ["pixel", 1] : ["mm", pixelSize / 1000];
  const [x, y] = [new Float64Array(width * height), new Float64Array(width * height)];
  for (let i = 0; i < x.length; i++) {
    x[i] = ((i % width) + 0.5) * side;
    y[i] = (Math.floor(i / width) + 0.5) * side;
  }
  return [
    [`x (${unit})`, x],
    [`y (${unit})`, y],
  ];
}
