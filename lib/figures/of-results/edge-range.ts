// Energy range of figures of spectra at an edge.
import type { Provenance } from "../../cube/provenance.js";

/** From 8 eV below the edge to 67 eV above it; undefined (the whole axis) where the edge is unknown. */
export function edgeRange({ settings: { edge } }: Provenance): readonly [number, number] | undefined {
  return edge ? rangeAt(edge.energy) : undefined;
}

/** The same for a known edge, eV. */
export function rangeAt(edge: number): readonly [number, number] {
  return [edge - 8, edge + 67];
}
