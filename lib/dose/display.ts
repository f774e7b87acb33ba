// Display of the results of this folder: as a registered picture, and as columns. The pictures are in
// lib/figures, which imports this folder; so they register themselves here.
import { createRequire } from "node:module";
import type { DataFrame } from "danfojs-node";
import { OperandoseError } from "../errors.js";

/** Something that a page or a notebook can show. */
export interface Picture {
  readonly svg: string;
  readonly html: string;
  /** Writes the picture: `.svg`, `.png`, `.pdf` or `.html`; `.csv` for its numbers. */
  save(path: string): Promise<void>;
}

/** Columns of equal length; null where there is no number. */
export type Columns = Record<string, readonly (number | string | null)[]>;

const views = new Map<string, (shown: never) => Picture>();

/** Registers the picture of a kind of result. */
export function registerDoseView<T>(kind: string, view: (shown: T) => Picture): void {
  views.set(kind, view);
}

/** Picture of a result. @throws OperandoseError when none is registered for its kind */
export function picture<T>(kind: string, shown: T): Picture {
  const view = views.get(kind) as ((shown: T) => Picture) | undefined;
  if (view) return view(shown);
  throw new OperandoseError(`show: expected a registered picture of a ${kind}; import from "operandose"`);
}

/** Display bundle for a notebook: the picture where there is one, and a line of text. */
export function bundle<T>(kind: string, shown: T, text: string): Record<string, string> {
  return {
    ...(views.has(kind) ? { "text/html": picture(kind, shown).html } : {}),
    "text/plain": text,
  };
}

/** Columns as a danfojs DataFrame. The first call loads danfojs, which takes about a second. */
export function dataFrame(columns: Columns): DataFrame {
  const danfo = createRequire(import.meta.url)("danfojs-node") as typeof import("danfojs-node");
  return new danfo.DataFrame(columns);
}
