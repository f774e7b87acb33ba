// Where a cell of a notebook is to be read.

/** The mark of a cell on the notebook's page. */
export function cellId(cell: number): string {
  return `cell-${cell}`;
}

/** A link from the first page to a notebook, or to one of its cells. */
export function cellLink(notebook: string, cell?: number): string {
  return `notebooks/${encodeURIComponent(notebook)}.html${cell === undefined ? "" : `#${cellId(cell)}`}`;
}
