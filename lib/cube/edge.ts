// The absorption edge of a scan: given, or the only one that its energies can be of.
import { edgeNamed, edgesBetween } from "../elements/edges.js";
import { quote, SchemaError } from "../errors.js";
import type { Edge } from "./plan.js";
import type { Source } from "./recorded.js";

/** How far the energies must reach below and above an edge for it to be the edge of the scan, eV. */
const MARGIN = [20, 30] as const;
/** An edge that lies so far outside the energies may still be meant: monochromators are off by some eV. */
const OUTSIDE = 15;

/** The edge that was given, or the only one that the energies can be of. */
export function edgeOf(
  call: string,
  given: number | string | undefined,
  energies: readonly number[],
): Edge | undefined {
  if (typeof given === "string") return { ...edgeNamed(call, given), from: "option" };
  if (given !== undefined) return { energy: given, from: "option" };
  const [low, high] = ends(energies);
  const [found, ...others] = edgesBetween(low - OUTSIDE, high + OUTSIDE);
  if (!found || others.length > 0) return undefined;
  const inside = found.energy >= low + MARGIN[0] && found.energy <= high - MARGIN[1];
  return inside ? { ...found, from: "energies" } : undefined;
}

/**
 * The edge of a source, for a call that cannot do without.
 *
 * @param remedy another option that would do
 * @throws SchemaError that names the edges within the energies
 */
export function requireEdge({ name, edge, energies }: Source, call: string, remedy: string): number {
  if (edge) return edge.energy;
  const [low, high] = ends(energies);
  const found = edgesBetween(low - OUTSIDE, high + OUTSIDE);
  const names = found.map((one) => `${one.name} (${one.energy} eV)`);
  const got =
    names.length === 0
      ? "no K or L3 edge within its energies"
      : names.length === 1
        ? `only ${names[0]}, too close to an end of its energies`
        : `${names.length} edges within its energies, ${names.join(", ")}`;
  throw new SchemaError(
    `${call}: expected the absorption edge of ${name}, got ${got}; name it in Cube.load({ ..., edge: ${quote(found[0]?.name ?? "Ni K")} }), in eV or as a name, or give ${remedy}`,
    { low, high },
  );
}

function ends(energies: readonly number[]): [number, number] {
  return [
    Math.min(energies[0], energies[energies.length - 1]),
    Math.max(energies[0], energies[energies.length - 1]),
  ];
}
