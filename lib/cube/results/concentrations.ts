// Concentrations of components, resolved (mcrAls) or fitted (fit): one row per time step or one per pixel.
import { Matrix } from "ml-matrix";
import { type Flat, toMatrix } from "../../compute/matrix.js";
import { ArgumentError, quote, SchemaError } from "../../errors.js";
import { type ExploreOptions, type Explorer, explorers } from "../explorer.js";
import type { InvalidCount } from "../invalid.js";
import type { Provenance } from "../provenance.js";
import { MapResult, places, spread } from "./map.js";
import { cell, Result } from "./result.js";
import { middles, type Rows, timeColumn } from "./rows.js";
import type { Columns, Curves, NamedArray } from "./save.js";

/** Options of a view of concentrations. */
export interface ConcentrationsExploreOptions extends ExploreOptions {
  /** Maps of the same image (dose rate, dose) on whose histogram pixels are chosen. */
  readonly by?: MapResult | readonly MapResult[];
}
declare module "../explorer.js" {
  interface ExplorerMakers {
    concentrations(result: Concentrations, options?: ConcentrationsExploreOptions): Explorer;
  }
}

/** What concentrations need besides their provenance. */
export interface ConcentrationsInit {
  /** [nRows, nComponents] */
  readonly C: Matrix | Flat;
  /** [nComponents, nEnergies] */
  readonly S: Matrix;
  /** eV, of S. */
  readonly energies: Float64Array;
  readonly rows: Rows;
  /** Pixels that each row is the mean of; 1 where rows are pixels. */
  readonly nPixels: number;
  readonly invalid: InvalidCount;
}

/** Base of McrResult and FitResult. D = C S + E. */
export abstract class Concentrations extends Result {
  #C: Matrix | Flat;
  readonly S: Matrix;
  /** eV, of S, in recording order. */
  readonly energies: Float64Array;
  readonly rows: Rows;
  readonly nPixels: number;
  readonly invalid: InvalidCount;
  /** Cp1, Cp2, ... as in the paper. */
  readonly names: readonly string[];

  constructor(provenance: Provenance, init: ConcentrationsInit) {
    super(provenance);
    this.#C = init.C;
    this.S = init.S;
    this.energies = init.energies;
    this.rows = init.rows;
    this.nPixels = init.nPixels;
    this.invalid = init.invalid;
    this.names = Array.from({ length: init.S.rows }, (_, i) => `Cp${i + 1}`);
  }

  /** Concentrations, [nRows, nComponents]. */
  get C(): Matrix {
    // A matrix is an object for each of its rows: it is made when it is wanted.
    if (!Matrix.isMatrix(this.#C)) this.#C = toMatrix(this.#C.data, this.#C.rows, this.#C.columns);
    return this.#C;
  }

  /** Middle of each time step, s on the experiment's clock; empty where rows are pixels. */
  get time(): Float64Array {
    return middles(this.rows);
  }

  /**
   * One component's concentration in each row.
   *
   * @example
   * const resolved = await Cube.load().calibrate().absorb().mcrAls(3);
   * resolved.profile("Cp3"); // one concentration per time step
   */
  profile(name: string): Float64Array {
    const column = this.index("profile", name);
    const own = this.#C;
    if (Matrix.isMatrix(own)) return Float64Array.from(own.getColumn(column));
    return Float64Array.from({ length: own.rows }, (_, row) => own.data[row * own.columns + column]);
  }

  /**
   * One component's spectrum.
   *
   * @example
   * const resolved = await Cube.load().calibrate().absorb().mcrAls(3);
   * resolved.spectrum("Cp3").length === resolved.energies.length; // true
   */
  spectrum(name: string): Float64Array {
    return Float64Array.from(this.S.getRow(this.index("spectrum", name)));
  }

  /**
   * One component's concentration in each pixel; NaN where a pixel is not selected or could not be fitted.
   *
   * @example
   * const resolved = await Cube.load().calibrate().absorb().mcrAls(3);
   * const fit = await resolved.fit(Cube.load({ part: "holdC" }).calibrate().absorb().bin(2));
   * fit.map("Cp3").statistics().mean; // between 0 and 1
   */
  map(name: string): MapResult {
    return this.pixelMap(`map(${quote(name)})`, this.profile(name), `Relative concentration of ${name}`, "");
  }

  /**
   * A linked view of maps or profiles, spectra and concentrations in one page; see `cube.explore`. Choose pixels by a map with { by }.
   *
   * @example
   * const resolved = await Cube.load().calibrate().absorb().mcrAls(3);
   * await resolved.explore({ title: "Charge" }).save("charge.html");
   */
  explore(options?: ConcentrationsExploreOptions): Explorer {
    return explorers().concentrations(this, options);
  }

  columns(): Columns {
    const { rows } = this;
    const where: Columns = rows.of === "time" ? timeColumn(rows) : places(rows.pixels, rows);
    for (const name of this.names) where[name] = Array.from(this.profile(name), cell);
    return where;
  }

  override arrays(): Record<string, NamedArray> {
    const { C, S, energies } = this;
    const columns = super.arrays();
    const where = Object.keys(columns).filter((name) => !this.names.includes(name));
    return {
      C: { data: Float64Array.from(C.to1DArray()), shape: [C.rows, C.columns] },
      S: { data: Float64Array.from(S.to1DArray()), shape: [S.rows, S.columns] },
      energy: { data: energies, shape: [energies.length], units: "eV" },
      ...Object.fromEntries(where.map((name) => [name, columns[name]])),
    };
  }

  override curves(): Curves {
    const spectra = Object.fromEntries(this.names.map((name) => [name, this.spectrum(name)]));
    return { energies: this.energies, spectra };
  }

  protected pixelMap(call: string, values: ArrayLike<number>, label: string, unit: string): MapResult {
    if (this.rows.of !== "pixel") {
      throw new SchemaError(
        `${call}: expected one row per pixel, got one row per time step; fit a single cube, for example .average() first`,
      );
    }
    return new MapResult(
      this.provenance,
      spread(values, this.rows.pixels, this.rows),
      this.rows,
      label,
      unit,
      undefined,
      this.invalid,
    );
  }

  private index(call: string, name: string): number {
    const at = this.names.indexOf(name);
    if (at < 0)
      throw new ArgumentError(
        `${call}: expected a component (${this.names.join(", ")}), got ${quote(name)}`,
        { name },
      );
    return at;
  }
}
