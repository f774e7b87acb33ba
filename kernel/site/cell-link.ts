// Links to cells of a notebook.

/** Identifier of a cell on the page of its notebook. */
export function cellId(cell: number): string {
  return `cell-${cell}`;
}

/** Link from the first page to a notebook, or to one of its cells. */
export function cellLink(notebook: string, cell?: number): string {
  return `notebooks/${encodeURIComponent(notebook)}.html${cell === undefined ? "" : `#${cellId(cell)}`}`;
}
