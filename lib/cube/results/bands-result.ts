// What the data leave open about resolved components, drawn, tabulated, and carried to other cubes.
import type {
  ComponentBand,
  FeasibleBands,
  FeasibleSolution,
} from "../../chemometrics/bands/feasible-bands.js";
import type { FitOptions } from "../../chemometrics/fit/fit-options.js";
import { ArgumentError, quote } from "../../errors.js";
import { together } from "../engine/pass.js";
import type { RunOptions } from "../engine/stream.js";
import { Concentrations } from "./concentrations.js";
import type { DoseCurve, DoseCurveOptions } from "./dose-curve.js";
import { type FitResult, type Fittable, fittable } from "./fit-result.js";
import type { MapResult } from "./map.js";
import { cell, Result } from "./result.js";
import type { Columns } from "./save.js";

/**
 * Feasible bands of a resolved cube; see `feasibleBands`.
 *
 * @example
 * const resolved = await Cube.load().calibrate().absorb().mcrAls(3);
 * const bands = resolved.bands();
 * bands.component("Cp2").C; // { low, high } in each time step
 * bands.extreme("Cp2", "maximum"); // the solution with most of Cp2
 * await bands.fit(Cube.load({ part: "holdC" }).calibrate().absorb().bin(8)); // all extremes, in each pixel
 */
export class BandsResult extends Result {
  readonly kind = "bands";

  constructor(
    /** The result that the bands are about. */
    readonly resolved: Concentrations,
    readonly bands: FeasibleBands,
  ) {
    super({ ...resolved.provenance, terminal: `${resolved.provenance.terminal}, bands` });
  }

  /** Cp1, Cp2, ... as in the resolved result. */
  get names(): readonly string[] {
    return this.resolved.names;
  }

  /** One component's band. */
  component(name: string): ComponentBand {
    return this.bands.components[this.#index("component", name)];
  }

  /** Ranges of the requested quantities, by name. */
  get quantities(): FeasibleBands["quantities"] {
    return this.bands.quantities;
  }

  /** The area of feasible solutions; null for one or more than three components. */
  get area(): FeasibleBands["area"] {
    return this.bands.area;
  }

  /**
   * The solution in which a component contributes least or most, to be shown, or fitted to other cubes:
   * `cube.fit(it)`.
   */
  extreme(name: string, end: "minimum" | "maximum"): FeasibleComponents {
    const band = this.component(name);
    if (end !== "minimum" && end !== "maximum") {
      throw new ArgumentError(`extreme: expected "minimum" or "maximum", got ${quote(end)}`, { value: end });
    }
    return new FeasibleComponents(this.resolved, band[end], `${end} of ${name}`);
  }

  /**
   * The resolved components and every extreme solution fitted to another cube, in one pass over its files:
   * the band there.
   */
  async fit(cube: Fittable, options: FitOptions & RunOptions = {}): Promise<BandFit> {
    fittable("fit", cube);
    const solutions: Concentrations[] = [
      this.resolved,
      ...this.names.flatMap((name) => [this.extreme(name, "minimum"), this.extreme(name, "maximum")]),
    ];
    const chains = solutions.map((one, i) => [i, () => cube.fit(one, options)] as const);
    const fits = await together<string, FitResult>(Object.fromEntries(chains));
    const [nominal, ...extremes] = solutions.map((_, i) => fits[i]);
    return new BandFit(nominal, extremes);
  }

  summary(): string {
    const { components, lackOfFit, nSolutions, tolerance } = this.bands;
    const verdicts = this.names.map((name, k) => `${name} ${components[k].verdict}`).join(", ");
    return (
      `Feasible bands: ${verdicts}; ${nSolutions} solutions that fit to ${lackOfFit.toPrecision(3)} % or better, entries ` +
      `within ${tolerance.standardErrors.toPrecision(2)} standard errors of their limits`
    );
  }

  columns(): Columns {
    const where = this.resolved.columns();
    const columns: Columns = {};
    for (const key of ["time", "x", "y"]) if (where[key]) columns[key] = where[key];
    this.names.forEach((name, k) => {
      const { low, high } = this.bands.components[k].C;
      columns[name] = where[name];
      columns[`${name} low`] = Array.from(low, cell);
      columns[`${name} high`] = Array.from(high, cell);
    });
    return columns;
  }

  #index(call: string, name: string): number {
    const at = this.names.indexOf(name);
    if (at >= 0) return at;
    throw new ArgumentError(`${call}: expected a component (${this.names.join(", ")}), got ${quote(name)}`, {
      name,
    });
  }
}

/** Components of one feasible solution. */
export class FeasibleComponents extends Concentrations {
  readonly kind = "feasibleComponents";
  readonly lackOfFit: number;

  constructor(
    resolved: Concentrations,
    solution: FeasibleSolution,
    /** Which solution it is. */
    readonly which: string,
  ) {
    const { provenance, energies, rows, nPixels, invalid } = resolved;
    super(
      { ...provenance, terminal: `${provenance.terminal}, ${which}` },
      {
        C: solution.C,
        S: solution.S,
        energies,
        rows,
        nPixels,
        invalid,
      },
    );
    this.lackOfFit = solution.lackOfFit;
  }

  summary(): string {
    return `Feasible solution, ${this.which}: lack of fit ${this.lackOfFit.toPrecision(3)} %`;
  }
}

/** Lower and upper limit by name of the component. */
export type BandsByName = Readonly<
  Record<string, { readonly low: Float64Array; readonly high: Float64Array; readonly unbounded?: Limits }>
>;

/** Lowest and highest concentration. */
export interface Limits {
  readonly low: Float64Array;
  readonly high: Float64Array;
}

/** A cube fitted with the resolved components and with those of the extreme solutions. */
export class BandFit {
  constructor(
    /** The fit of the resolved components. */
    readonly nominal: FitResult,
    /** The fits of the extreme solutions. */
    readonly extremes: readonly FitResult[],
  ) {}

  /** Lowest and highest concentration in each row; NaN where a row could not be fitted. */
  get bands(): BandsByName {
    return envelopes(this.nominal.names, [this.nominal, ...this.extremes], (fit, name) => fit.profile(name));
  }

  /** Mean concentrations in steps of dose (see `FitResult.against`), and how far the extremes move them. */
  against(dose: MapResult, options: DoseCurveOptions = {}): { curve: DoseCurve; bands: BandsByName } {
    const curve = this.nominal.against(dose, options);
    const curves = [curve, ...this.extremes.map((fit) => fit.against(dose, options))];
    const { names } = this.nominal;
    const bounded = envelopes(names, curves, (of, name) => of.components[name]);
    // Thresholds are read from means that may leave 0..1, and so are their limits.
    const unbounded = envelopes(
      names,
      curves,
      (of, name) => (of.unbounded?.components ?? of.components)[name],
    );
    const bands = names.map((name) => [name, { ...bounded[name], unbounded: unbounded[name] }] as const);
    return { curve, bands: Object.fromEntries(bands) };
  }
}

function envelopes<T>(
  names: readonly string[],
  all: readonly T[],
  values: (of: T, name: string) => Float64Array,
): BandsByName {
  return Object.fromEntries(
    names.map((name) => {
      const low = values(all[0], name).slice();
      const high = low.slice();
      for (const one of all.slice(1)) {
        values(one, name).forEach((v, i) => {
          if (v < low[i]) low[i] = v;
          if (v > high[i]) high[i] = v;
        });
      }
      return [name, { low, high }];
    }),
  );
}
