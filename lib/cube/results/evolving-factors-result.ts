// When the components of a series come and go.
import type { EvolvingFactors } from "../../chemometrics/diagnostics/evolving-factors.js";
import type { Provenance } from "../provenance.js";
import { Result } from "./result.js";
import { type TimeAxis, timeAxis, timeColumn } from "./rows.js";
import type { Columns } from "./save.js";
import type { SpectraResult } from "./spectra.js";

/**
 * Evolving factor analysis of a series.
 *
 * @example
 * const parts = await Cube.load().calibrate().absorb().normalize().pca();
 * const { factors } = parts.evolvingFactors({ components: 2 });
 * factors.appears; // the time step at which each component first exceeds the noise
 */
export class EvolvingFactorsResult extends Result {
  readonly kind = "evolvingFactors";
  /** Middle of each time step, s. */
  readonly time: Float64Array;
  readonly #axis: TimeAxis;

  constructor(
    provenance: Provenance,
    /** Curves and ranges; rows are time steps. */
    readonly factors: EvolvingFactors,
    /** The spectra that were analyzed. */
    readonly data: SpectraResult,
  ) {
    super(provenance);
    this.time = data.time;
    this.#axis = timeAxis(data.rows);
  }

  summary(): string {
    const { values, unit } = this.#axis;
    const hours = (row: number): string =>
      row < 0 ? "never" : unit === "" ? `step ${values[row]}` : `${values[row].toFixed(2)} h`;
    const { appears, disappears } = this.factors;
    const ranges = Array.from(appears, (row, j) => `${j + 1}: ${hours(row)} to ${hours(disappears[j])}`);
    return `Evolving factors of ${this.time.length} time steps, noise ${this.factors.noise.toPrecision(2)}; components above it ${ranges.join(", ")}`;
  }

  columns(): Columns {
    const { forward, backward, noiseLevel } = this.factors;
    const columns: Columns = timeColumn(this.data.rows);
    for (let a = 0; a < forward.columns; a++) {
      columns[`forward${a + 1}`] = forward.getColumn(a);
      columns[`backward${a + 1}`] = backward.getColumn(a);
    }
    return { ...columns, noise: Array.from(noiseLevel) };
  }
}
