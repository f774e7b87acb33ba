// Spectra of a result as an Athena project, with the windows that they were normalized with.
import { SchemaError } from "../../errors.js";
import { type AthenaInput, type AthenaNormalization, writeAthena } from "../../io/athena.js";
import { normalize } from "../../xas/normalize.js";
import type { Provenance } from "../provenance.js";

/** A result that may have spectra. */
interface WithSpectra {
  readonly kind: string;
  readonly provenance: Provenance;
  curves(): {
    /** eV */
    readonly energies: ArrayLike<number>;
    readonly spectra: Readonly<Record<string, ArrayLike<number>>>;
  } | null;
}

/** Spectra of one project; more are images, which Athena does not show. */
const MOST = 1000;

/**
 * Writes the spectra of a result. Those of normalized cubes are marked as normalized, with the windows of their plan;
 * to absorbance the windows are written that `normalize` takes for its energies, where it has an edge.
 *
 * @throws SchemaError for a result without spectra, and for counts
 */
export async function saveAthena(path: string, result: WithSpectra): Promise<void> {
  const curves = result.curves();
  const steps = stepsOf(result.provenance);
  const isAbsorbance = steps.some(({ verb }) => verb === "absorb");
  const refuse = (got: string, remedy: string): SchemaError =>
    new SchemaError(`save: expected spectra of absorbance for an Athena project, got ${got}; ${remedy}`);
  if (!curves) throw refuse(`${result.kind}, which has no spectra`, "save it as .csv, .json or .h5");
  if (!isAbsorbance) throw refuse("counts", "call .absorb() before");
  const { energies, spectra } = curves;
  const names = Object.keys(spectra);
  if (names.length > MOST) throw refuse(`${names.length} spectra`, "average first, or save it as .h5");
  const step = steps.findLast(({ verb }) => verb === "normalize");
  const edge = result.provenance.settings.edge?.energy;
  const order = Array.from(energies, (_, k) => k).sort((a, b) => energies[a] - energies[b]);
  const groups = names.map((label): AthenaInput => {
    const kept = order.filter((k) => Number.isFinite(spectra[label][k]));
    const [energy, mu] = [energies, spectra[label]].map((list) => kept.map((k) => list[k]));
    if (step?.verb === "normalize") {
      const { e0, pre, post, degree } = step;
      return { label, energy, mu, normalized: true, normalization: { e0, pre, post, degree, edgeStep: 1 } };
    }
    const normalization = edge === undefined ? undefined : windowsOf(energy, mu, edge);
    return { label, energy, mu, ...(normalization && { normalization }) };
  });
  await writeAthena(path, groups);
}

/** The windows that `normalize` takes; undefined where the spectrum has no edge, or ends too early. */
function windowsOf(energy: number[], mu: number[], e0: number): AthenaNormalization | undefined {
  try {
    const { pre, post, degree, edgeStep } = normalize(energy, mu, { e0 });
    return { e0, pre, post, degree, edgeStep };
  } catch {
    return undefined;
  }
}

/** All steps since the recording, also those before a cube was saved. */
function stepsOf({ steps, saved }: Provenance): Provenance["steps"] {
  return [...(saved ? stepsOf(saved) : []), ...steps];
}
