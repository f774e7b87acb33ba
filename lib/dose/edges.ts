// K and L3 absorption edges: those within a scan, and the one of a name.
import { ArgumentError, quote } from "../errors.js";
import { elements, levelsOf } from "./elements.js";

/** An absorption edge of an element. */
export interface AbsorptionEdge {
  /** "Ni K". */
  readonly name: string;
  /** eV, rounded to a whole number. */
  readonly energy: number;
}

/** Elements without samples: all isotopes decay within years. */
const SHORT_LIVED = new Set(["Pm", "Po", "At", "Rn", "Fr", "Ra", "Ac", "Pa"]);

/**
 * K and L3 edges of H to U from 1 to 100 keV, ascending.
 *
 * @param low, high eV, both included
 * @see W. T. Elam, B. D. Ravel, J. R. Sieber, Radiat. Phys. Chem. 63, 121 (2002)
 */
export function edgesBetween(low: number, high: number): AbsorptionEdge[] {
  known ??= allEdges();
  return known.filter(({ energy }) => energy >= low && energy <= high);
}

/**
 * The edge with a name such as "Ni K" or "Pb L3".
 *
 * @param call name of the caller for the error message
 * @throws ArgumentError for a name without such an edge from 1 to 100 keV
 */
export function edgeNamed(call: string, name: string): AbsorptionEdge {
  const [, symbol = "", shell = ""] = /^\s*([A-Za-z]{1,2})[\s_-]*(K|L3|LIII)\s*$/i.exec(name) ?? [];
  const wanted = `${symbol} ${shell.toUpperCase() === "LIII" ? "L3" : shell}`.toLowerCase();
  const found = edgesBetween(0, Number.POSITIVE_INFINITY).find((one) => one.name.toLowerCase() === wanted);
  if (found) return found;
  throw new ArgumentError(
    `${call}: expected an edge as its energy in eV or as a name such as "Ni K" or "Pb L3" (1 to 100 keV), got ${quote(name)}`,
    { option: "edge", value: name },
  );
}

let known: AbsorptionEdge[] | undefined;

function allEdges(): AbsorptionEdge[] {
  return [...elements().keys()]
    .filter((symbol) => !SHORT_LIVED.has(symbol))
    .flatMap((symbol) =>
      levelsOf(symbol)
        .filter(({ level }) => level === "K" || level === "L3")
        // The table has five or six digits of the logarithm: an error below half an eV.
        .map(({ level, lnEdge }) => ({ name: `${symbol} ${level}`, energy: Math.round(Math.exp(lnEdge)) })),
    )
    .sort((a, b) => a.energy - b.energy);
}
