// Absorption edges: those within a scan, the one of a name, and the one that follows another.
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

/** A measured edge is at most this far from that of the table, eV: chemical shift and scale of the energies. */
const SAME_EDGE = 20;

/** The edge that ends the spectrum of another one. */
export interface NextEdge {
  /** "Ce L2". */
  readonly name: string;
  /** From one edge to the next, eV: scale and chemical shift of the energies leave it as it is. */
  readonly distance: number;
}

/**
 * The edge above which the spectrum of an edge ends: L2 after L3 and L1 after L2 of the same element, and
 * after a K edge that of the next element, which is often in the same sample. L edges of other elements are
 * too many to be expected.
 *
 * @param e0 eV, measured or nominal
 * @returns undefined where no K, L3 or L2 edge lies within 20 eV of e0. Of several, the closest next edge
 *   counts, where L2 edges are considered only without a K or L3 edge: they are rarely recorded alone.
 */
export function nextEdge(e0: number): NextEdge | undefined {
  sequences ??= allSequences();
  const near = sequences.filter(({ energy }) => Math.abs(energy - e0) <= SAME_EDGE);
  near.sort((a, b) => Number(a.isL2) - Number(b.isL2) || a.next.distance - b.next.distance);
  return near[0]?.next;
}

interface Sequence {
  /** eV */
  readonly energy: number;
  readonly isL2: boolean;
  readonly next: NextEdge;
}

let sequences: readonly Sequence[] | undefined;

function allSequences(): Sequence[] {
  const edges = [...elements().keys()].map((symbol) => {
    return new Map(levelsOf(symbol).map(({ level, lnEdge }) => [level, named(symbol, level, lnEdge)]));
  });
  const pairs = edges.flatMap((own, z) => [
    [own.get("K"), edges[z + 1]?.get("K")],
    [own.get("L3"), own.get("L2")],
    [own.get("L2"), own.get("L1")],
  ]);
  return pairs.flatMap(([edge, next]) => {
    if (!edge || !next) return [];
    const distance = next.energy - edge.energy;
    return [{ energy: edge.energy, isL2: edge.name.endsWith("L2"), next: { name: next.name, distance } }];
  });
}

let known: AbsorptionEdge[] | undefined;

function allEdges(): AbsorptionEdge[] {
  return [...elements().keys()]
    .filter((symbol) => !SHORT_LIVED.has(symbol))
    .flatMap((symbol) =>
      levelsOf(symbol)
        .filter(({ level }) => level === "K" || level === "L3")
        .map(({ level, lnEdge }) => named(symbol, level, lnEdge)),
    )
    .sort((a, b) => a.energy - b.energy);
}

function named(symbol: string, level: string, lnEdge: number): AbsorptionEdge {
  // The table has five or six digits of the logarithm: an error below half an eV.
  return { name: `${symbol} ${level}`, energy: Math.round(Math.exp(lnEdge)) };
}
