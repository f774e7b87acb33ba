// What a linked view shows, whatever it comes from: spectra on the pixels of an image, perhaps at several times, maps by which
// pixels are chosen, and components.
import { checkComponents, fitComponents } from "../chemometrics/fit/fit-components.js";
import type { MatrixLike } from "../compute/matrix.js";
import type { Quantity, TimeStep } from "../cube/plan.js";
import type { MapResult } from "../cube/results/map.js";
import type { Provenance } from "../cube/results/provenance.js";
import { ArgumentError, quote, ShapeError } from "../errors.js";
import { KGY, MGY } from "../units.js";

/** A map by which pixels can be chosen. */
export interface SceneLayer {
  readonly label: string;
  readonly unit: string;
  /** How many of the values' own units are in one of people's. */
  readonly scale: number;
  readonly values: Float64Array;
  /** The verb that chooses the same pixels, with LOW and HIGH; "" where there is none. */
  readonly code: string;
}

/** Components and their shares in each spectrum. */
export interface SceneSpecies {
  readonly names: readonly string[];
  /** [nComponents, nEnergies] */
  readonly S: Float64Array;
  /** [nTimes, nPixels, nComponents] */
  readonly shares: Float32Array;
  /** [nTimes, nPixels] */
  readonly rFactor: Float32Array;
}

/** All that a page shows. */
export interface Scene {
  readonly title: string;
  readonly quantity: Quantity;
  /** eV, ascending. */
  readonly energies: Float64Array;
  /** eV; null where it is not known. */
  readonly edge: number | null;
  readonly width: number;
  readonly height: number;
  /** um; null where it is not known. */
  readonly pixelSize: number | null;
  /** Empty where there is no series. */
  readonly times: readonly TimeStep[];
  /** [nTimes, nPixels, nEnergies]; NaN where there is no value. */
  readonly spectra: Float32Array;
  readonly layers: readonly SceneLayer[];
  /** Said in place of the histogram where there is no map to choose by; "" where there are no pixels to choose. */
  readonly noLayers: string;
  readonly species: SceneSpecies | null;
  /** What was done to the numbers, in sentences. */
  readonly notes: readonly string[];
  /** What the spectra are, where they are not measured ones; "" otherwise. */
  readonly caution: string;
  /** Chain in words. */
  readonly chain: string;
  readonly provenance: Provenance;
}

/** A map as a layer. @throws ShapeError when it is of another image */
export function layerOf(
  map: MapResult,
  shape: { width: number; height: number },
  code: string = "",
): SceneLayer {
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
  const { unit, scale } = { "Gy/s": { unit: "kGy/s", scale: KGY }, Gy: { unit: "MGy", scale: MGY } }[
    map.unit
  ] ?? {
    unit: map.unit,
    scale: 1,
  };
  return { label: map.label, unit, scale, values: map.values, code };
}

/** Components fitted to each spectrum: shares that are not negative and sum to one. */
export function speciesOf(
  spectra: Float32Array,
  nEnergies: number,
  S: MatrixLike,
  names: readonly string[],
): SceneSpecies {
  const components = checkComponents(S, "explore");
  const rows = spectra.length / nEnergies;
  const fit = fitComponents({ data: spectra, rows, columns: nEnergies }, S);
  return {
    names,
    S: components.data,
    shares: Float32Array.from(fit.concentrations),
    rFactor: Float32Array.from(fit.rFactor),
  };
}

/**
 * An energy axis in ascending order, and spectra along with it.
 *
 * @param rows [nSpectra, nEnergies]; turned in place
 */
export function ascending(energies: Float64Array, ...rows: (Float32Array | Float64Array)[]): Float64Array {
  const n = energies.length;
  if (n < 2 || energies[1] > energies[0]) return energies;
  for (const values of rows) {
    for (let from = 0; from < values.length; from += n) values.subarray(from, from + n).reverse();
  }
  return energies.slice().reverse();
}
