// What all results have in common: plain data, provenance, a line of text, a table, and a picture of
// themselves. The pictures live in lib/figures, which knows results; a result only knows that someone may
// have registered one.
import { createRequire } from "node:module";
import { inspect } from "node:util";
import type { DataFrame } from "danfojs-node";
import { escapeText } from "../../compute/escape.js";
import { OperandoseError } from "../../errors.js";
import type { Provenance } from "../provenance.js";
import { type Columns, type Curves, type NamedArray, type Savable, saveResult } from "./save.js";

/** Something that can be put into a page or a notebook. */
export interface Picture {
  readonly svg: string;
  readonly html: string;
  /** Writes the picture: `.svg`, `.png`, `.pdf` or `.html`; `.csv` for its numbers. */
  save(path: string): Promise<void>;
}

type View = (result: never) => Picture;
const views = new Map<string, View>();

/** Says how results of a kind are drawn. */
export function registerView<R extends Result>(kind: R["kind"], view: (result: R) => Picture): void {
  views.set(kind, view as View);
}

/** Base of all results. */
export abstract class Result implements Savable {
  abstract readonly kind: string;
  constructor(readonly provenance: Provenance) {}

  /** One line that says what this is. */
  abstract summary(): string;

  /** The numbers as columns; NaN becomes null. */
  abstract columns(): Columns;

  /** The numbers as arrays, for HDF5 and JSON; by default the numeric columns. */
  arrays(): Record<string, NamedArray> {
    const numeric = Object.entries(this.columns()).filter(([, list]) =>
      list.every((v) => typeof v !== "string"),
    );
    return Object.fromEntries(
      numeric.map(([name, list]) => {
        const data = Float64Array.from(list as readonly (number | null)[], (v) => v ?? Number.NaN);
        return [name, { data, shape: [data.length], ...(name in UNITS && { units: UNITS[name] }) }];
      }),
    );
  }

  /** Spectra on one energy axis, for XDI; null where there are none. */
  curves(): Curves | null {
    return null;
  }

  /**
   * Writes the result: `.csv` (the table, with units behind the labels), `.json` and `.h5` (all arrays with
   * their provenance), `.xdi` and `.prj` (spectra; the Athena project with their normalization). The file
   * is there completely or not at all.
   *
   * @returns the path
   * @throws ArgumentError for another extension, SchemaError for XDI or Athena of a result without spectra, FileError
   * @example
   * const rate = await Cube.load().doseRate(rockCell()).map("doseRate");
   * await rate.save("dose-rate.csv"); // or .json, .h5
   */
  async save(path: string): Promise<string> {
    await saveResult(path, this);
    return path;
  }

  /**
   * The result as a picture.
   *
   * @example
   * const rate = await Cube.load().doseRate(rockCell()).map("doseRate");
   * rate.show().svg.startsWith("<svg"); // true
   */
  show(): Picture {
    const view = views.get(this.kind);
    if (!view)
      throw new OperandoseError(
        `show: expected a result with a picture (${[...views.keys()].join(", ")}), got ${this.kind}; import from "operandose", or take spectra, a map or an image of the cube`,
      );
    return (view as (result: Result) => Picture)(this);
  }

  /**
   * The result's table as a danfojs DataFrame. Loading danfojs takes about a second, the first time.
   *
   * @example
   * const series = await Cube.load().absorb().spectra();
   * series.toFrame().columns; // energy, and one name per spectrum
   */
  toFrame(): DataFrame {
    const danfo = createRequire(import.meta.url)("danfojs-node") as typeof import("danfojs-node");
    return new danfo.DataFrame(this.columns());
  }

  /** What a notebook shows where the result is a cell's last value. */
  [Symbol.for("Jupyter.display")](): Record<string, string> {
    return {
      "text/html": views.has(this.kind) ? this.show().html : escapeText(this.summary()),
      "text/plain": this.summary(),
    };
  }

  [inspect.custom](): string {
    return this.summary();
  }
}

/** Units of columns that mean the same in every table. */
const UNITS: Readonly<Record<string, string>> = { energy: "eV", time: "s", x: "um", y: "um" };

/** A number for a table: null where there is none. */
export function cell(value: number): number | null {
  return Number.isFinite(value) ? value : null;
}
