// How things of this folder show themselves: as a picture that someone registered, and as columns. The pictures live in
// lib/figures, which knows doses; a dose only knows that there may be a picture of it.
import { createRequire } from "node:module";
import type { DataFrame } from "danfojs-node";
import { OperandoseError } from "../errors.js";

/** Something that can be put into a page or a notebook. */
export interface Picture {
  readonly svg: string;
  readonly html: string;
}

/** Columns of equal length; null where there is no number. */
export type Columns = Record<string, readonly (number | string | null)[]>;

const views = new Map<string, (shown: never) => Picture>();

/** Says how things of a kind are drawn. */
export function registerDoseView<T>(kind: string, view: (shown: T) => Picture): void {
  views.set(kind, view);
}

/** The picture of a thing. @throws OperandoseError when none is registered for its kind */
export function picture<T>(kind: string, shown: T): Picture {
  const view = views.get(kind) as ((shown: T) => Picture) | undefined;
  if (view) return view(shown);
  throw new OperandoseError(`show: no picture is registered for a ${kind}; import from "operandose"`);
}

/** What a notebook shows: the picture where there is one, and a line of text. */
export function bundle<T>(kind: string, shown: T, text: string): Record<string, string> {
  return {
    ...(views.has(kind) ? { "text/html": picture(kind, shown).html } : {}),
    "text/plain": text,
  };
}

/** Columns as a danfojs DataFrame. Loading danfojs takes about a second, the first time. */
export function dataFrame(columns: Columns): DataFrame {
  const danfo = createRequire(import.meta.url)("danfojs-node") as typeof import("danfojs-node");
  return new danfo.DataFrame(columns);
}
