// Cross sections of one element at one energy, by the definitions of each table.
import { type ChantlerElement, chantlerElements, type Element, type Spline } from "../elements/elements.js";

/** Source of the attenuation coefficients. */
export type AttenuationTables = "elam" | "chantler";

/** Process that removes a photon from the beam. The first three add up to the total. */
export type Process = "photo" | "coherent" | "incoherent" | "total";

/**
 * Cross section in Elam's tables, cm2/g.
 *
 * @param x ln(energy / eV)
 */
export function elamAttenuation(element: Element, x: number, process: Process): number {
  if (process !== "total") return Math.exp(spline(element[process], x));
  return (
    Math.exp(spline(element.photo, x)) +
    Math.exp(spline(element.coherent, x)) +
    Math.exp(spline(element.incoherent, x))
  );
}

/**
 * Cross section in Chantler's tables, cm2/g. Scattering is tabulated as one sum only.
 *
 * @param x ln(energy / eV)
 */
export function chantlerAttenuation(element: Element, x: number, process: "photo" | "total"): number {
  const { lnEnergy, photo, total } = logarithms(element.symbol);
  const low = lastAtOrBelow(lnEnergy, x);
  const y = process === "photo" ? photo : total;
  const b = (x - lnEnergy[low]) / (lnEnergy[low + 1] - lnEnergy[low]);
  return Math.exp((1 - b) * y[low] + b * y[low + 1]);
}

// Cubic with the given values and second derivatives at the ends of the interval that contains x.
function spline({ x: knots, y, d }: Spline, x: number): number {
  const low = lastAtOrBelow(knots, x);
  const high = low + 1;
  const width = knots[high] - knots[low];
  const a = (knots[high] - x) / width;
  const b = 1 - a;
  return (
    a * y[low] + b * y[high] + ((a * a - 1) * a * d[low] + (b * b - 1) * b * d[high]) * ((width * width) / 6)
  );
}

// Index of the last knot at or below x, at most the last but one. At an edge it is the upper knot.
function lastAtOrBelow(knots: ArrayLike<number>, x: number): number {
  let low = 0;
  let high = knots.length - 1;
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if (knots[middle] <= x) low = middle;
    else high = middle;
  }
  return low;
}

interface Logarithms {
  readonly lnEnergy: Float64Array;
  readonly photo: Float64Array;
  readonly total: Float64Array;
}

const known = new Map<string, Logarithms>();

function logarithms(symbol: string): Logarithms {
  const found = known.get(symbol);
  if (found !== undefined) return found;
  const { energy, photo, total } = chantlerElements().get(symbol) as ChantlerElement;
  const ln = (values: readonly number[]) => Float64Array.from(values, Math.log);
  const made = { lnEnergy: ln(energy), photo: ln(photo), total: ln(total) };
  known.set(symbol, made);
  return made;
}
