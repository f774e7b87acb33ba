// Elam's table of the elements, read once from data/attenuation.json when first asked for.
import { readFileSync } from "node:fs";

/** A cubic spline in double logarithmic scale: ln(cm2/g) against ln(eV). Two knots at one x are an edge. */
export interface Spline {
  /** ln(energy / eV), ascending. */
  readonly x: readonly number[];
  /** ln(cross section / (cm2/g)). */
  readonly y: readonly number[];
  /** Second derivative of y at the knots. */
  readonly d: readonly number[];
}

/** One element of the table. */
export interface Element {
  readonly z: number;
  readonly symbol: string;
  /** Molar mass, g/mol. */
  readonly mass: number;
  readonly photo: Spline;
  readonly coherent: Spline;
  readonly incoherent: Spline;
}

/**
 * The elements H to U by symbol.
 *
 * @see W. T. Elam, B. D. Ravel, J. R. Sieber, Radiat. Phys. Chem. 63, 121 (2002)
 */
export function elements(): ReadonlyMap<string, Element> {
  table ??= read();
  return table;
}

let table: Map<string, Element> | undefined;

// The same two steps up from lib/dose and from dist/dose.
function read(): Map<string, Element> {
  const text = readFileSync(new URL("../../data/attenuation.json", import.meta.url), "utf8");
  const { elements } = JSON.parse(text) as { elements: Element[] };
  return new Map(elements.map((element) => [element.symbol, element]));
}
