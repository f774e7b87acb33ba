// Tables of the elements, each read from data/ on first use.
import { readFileSync } from "node:fs";

/** Lowest and highest energy of the tables in this library, eV. */
export const ATTENUATION_RANGE: readonly [number, number] = [1e3, 1e5];

/** A cubic spline of ln(cm2/g) against ln(eV). Two knots at the same x are an edge. */
export interface Spline {
  /** ln(energy / eV), ascending. */
  readonly x: readonly number[];
  /** ln(cross section / (cm2/g)). */
  readonly y: readonly number[];
  /** Second derivative of y at the knots. */
  readonly d: readonly number[];
}

/** One element of Elam's table. */
export interface Element {
  readonly z: number;
  readonly symbol: string;
  /** Molar mass, g/mol. */
  readonly mass: number;
  readonly photo: Spline;
  readonly coherent: Spline;
  readonly incoherent: Spline;
}

/** One element of Chantler's table: points, interpolated linearly in double logarithmic scale. */
export interface ChantlerElement {
  readonly symbol: string;
  /** eV, ascending. */
  readonly energy: readonly number[];
  /** cm2/g */
  readonly photo: readonly number[];
  /** cm2/g */
  readonly total: readonly number[];
}

/** One electron level of Elam's table, and the decay of a vacancy in it. */
export interface Level {
  /** K, L1, L2, L3, M1 ... M5. */
  readonly level: string;
  /**
   * ln(eV), equal to the knot of the edge in {@link Element.photo}, so that level and spline start at the
   * same energy.
   */
  readonly lnEdge: number;
  /** Probability that a vacancy is filled with an emission line. */
  readonly yield: number;
  /** Photoabsorption above the edge divided by that below it. */
  readonly jump: number;
  /**
   * Emission lines: energy in eV, and fraction of all lines. `to` is the level that the electron comes from.
   */
  readonly lines: readonly { readonly to: string; readonly energy: number; readonly share: number }[];
  /** Coster-Kronig transitions: probability that the vacancy moves on to another level of its shell. */
  readonly moves: readonly { readonly to: string; readonly probability: number }[];
}

/**
 * The elements H to U by symbol.
 *
 * @see W. T. Elam, B. D. Ravel, J. R. Sieber, Radiat. Phys. Chem. 63, 121 (2002)
 */
export function elements(): ReadonlyMap<string, Element> {
  elam ??= read<Element>("attenuation.json");
  return elam;
}

/**
 * The elements H to U of Chantler's table.
 *
 * @see C. T. Chantler, J. Phys. Chem. Ref. Data 24, 71 (1995) and 29, 597 (2000)
 */
export function chantlerElements(): ReadonlyMap<string, ChantlerElement> {
  chantler ??= read<ChantlerElement>("attenuation-chantler.json");
  return chantler;
}

/** The levels of an element with an edge from 1 to 100 keV, highest edge first. @see {@link elements} */
export function levelsOf(symbol: string): readonly Level[] {
  levels ??= read<{ symbol: string; levels: Level[] }>("attenuation-fluorescence.json");
  return levels.get(symbol)?.levels ?? [];
}

let elam: Map<string, Element> | undefined;
let chantler: Map<string, ChantlerElement> | undefined;
let levels: Map<string, { levels: Level[] }> | undefined;

// The path is the same from lib/dose and from dist/dose.
function read<T extends { readonly symbol: string }>(file: string): Map<string, T> {
  const text = readFileSync(new URL(`../../data/${file}`, import.meta.url), "utf8");
  const { elements } = JSON.parse(text) as { elements: T[] };
  return new Map(elements.map((element) => [element.symbol, element]));
}
