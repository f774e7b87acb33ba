// The view model of a linked view: spectra of the pixels of an image, for one or more times, maps by which
// pixels are selected, and components.
import { checkComponents, fitComponents } from "../chemometrics/fit/fit-components.js";
import type { MatrixLike } from "../compute/matrix.js";
import type { Quantity, TimeStep } from "../cube/plan.js";
import type { Provenance } from "../cube/provenance.js";
import type { MapResult } from "../cube/results/map.js";
import { ArgumentError, quote, ShapeError } from "../errors.js";
import { displayUnit } from "../units.js";
import type { ChainCode } from "./page/format.js";

/** A map by which pixels can be selected. */
export interface ViewMap {
  readonly label: string;
  readonly unit: string;
  /** Values are divided by this to show them in `unit`. */
  readonly scale: number;
  readonly values: Float64Array;
  /** The verb that selects the same pixels, with LOW and HIGH as placeholders; "" if there is none. */
  readonly code: string;
}

/** Components and their concentrations in each spectrum. */
export interface ViewSpecies {
  readonly names: readonly string[];
  /** [nComponents, nEnergies] */
  readonly S: Float64Array;
  /** [nTimes, nPixels, nComponents] */
  readonly concentrations: Float32Array;
  /** [nTimes, nPixels] */
  readonly rFactor: Float32Array;
}

/** All data of a page. */
export interface ViewModel {
  readonly title: string;
  readonly quantity: Quantity;
  /** eV, ascending. */
  readonly energies: Float64Array;
  /** eV; null if unknown. */
  readonly edge: number | null;
  readonly width: number;
  readonly height: number;
  /** um; null if unknown. */
  readonly pixelSize: number | null;
  /** Empty if there is no series. */
  readonly times: readonly TimeStep[];
  /** [nTimes, nPixels, nEnergies]; NaN for missing values. */
  readonly spectra: Float32Array;
  readonly maps: readonly ViewMap[];
  /** Text in place of the histogram if there is no map; "" if there are no pixels to select. */
  readonly noMaps: string;
  readonly species: ViewSpecies | null;
  /** Code that computes a shown spectrum; null where the view is of a result. */
  readonly code: ChainCode | null;
  /** Sentences on how the numbers were reduced. */
  readonly notes: readonly string[];
  /** States what the spectra are if they are not measured; "" otherwise. */
  readonly caution: string;
  /** The chain as text, as `explain()` prints it. */
  readonly chain: string;
  readonly provenance: Provenance;
}

/** Whether an edge energy can be read from the spectra. */
export function hasEdge({ quantity, edge }: Pick<ViewModel, "quantity" | "edge">): boolean {
  return quantity === "normalized" && edge !== null;
}

/** A map as a map of the view. @throws ShapeError when it is of another image */
export function viewMapOf(
  map: MapResult,
  shape: { width: number; height: number },
  code: string = "",
): ViewMap {
  if (map?.kind !== "map") {
    throw new ArgumentError(
      `explore: expected { by } as a map, got ${quote(map)}; give await cube.map("doseRate")`,
      { option: "by" },
    );
  }
  if (map.width !== shape.width || map.height !== shape.height) {
    throw new ShapeError(
      `explore: expected a map of ${shape.width} x ${shape.height} pixels, got ${map.width} x ${map.height}; take it from the same chain`,
      { expected: [shape.width, shape.height], got: [map.width, map.height] },
    );
  }
  const { unit, scale } = displayUnit(map.unit);
  return { label: map.label, unit, scale, values: map.values, code };
}

/** Components fitted to each spectrum: non-negative concentrations whose sum is one. */
export function speciesOf(
  spectra: Float32Array,
  nEnergies: number,
  S: MatrixLike,
  names: readonly string[],
): ViewSpecies {
  const components = checkComponents(S, "explore");
  const rows = spectra.length / nEnergies;
  const fit = fitComponents({ data: spectra, rows, columns: nEnergies }, S);
  return {
    names,
    S: components.data,
    concentrations: Float32Array.from(fit.concentrations),
    rFactor: Float32Array.from(fit.rFactor),
  };
}

/**
 * An energy axis in ascending order, and spectra along with it.
 *
 * @param rows [nSpectra, nEnergies]; reversed in place
 */
export function ascending(energies: Float64Array, ...rows: (Float32Array | Float64Array)[]): Float64Array {
  const n = energies.length;
  if (n < 2 || energies[1] > energies[0]) return energies;
  for (const values of rows) {
    for (let from = 0; from < values.length; from += n) values.subarray(from, from + n).reverse();
  }
  return energies.slice().reverse();
}
