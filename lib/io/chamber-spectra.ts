// The ion-chamber spectra of an experiment: what the beamline's fast scans recorded without the camera.
import { FileError } from "../errors.js";
import { readColumns } from "./columns.js";
import { checkExperiment, type Experiment } from "./experiment.js";
import { energyOf, unitOf, XdiProblem } from "./xdi-units.js";

/** One ion-chamber spectrum, in the order of its file. */
export interface ChamberSpectrum {
  name: string;
  spot?: string;
  state?: string;
  /** eV. */
  energy: Float64Array;
  /** Absorbance of the sample, ln(i0 / i1). */
  mu: Float64Array;
  /** Absorbance of the foil behind it, ln(i1 / i2); absent when there was no third chamber. */
  foil?: Float64Array;
}

/**
 * All ion-chamber spectra that the manifest names; none when it names none. Energies are in eV, or in the
 * unit of their label, "energy (keV)" for example.
 *
 * @throws FileError when a file cannot be read, lacks energy, i0 or i1, or has energies in a unit that is not
 *   understood
 * @example
 * const chambers = await loadSpectra(openExperiment(demonstrationFolder()));
 * chambers.map(({ name }) => name); // open circuit, and the spots after the charge
 */
export async function loadSpectra(experiment: Experiment): Promise<ChamberSpectrum[]> {
  const entries = checkExperiment("loadSpectra", experiment).manifest.spectra ?? [];
  return Promise.all(
    entries.map(async ({ file, ...about }) => {
      const path = experiment.path(file);
      const { labels, columns } = await readColumns(path);
      const names = labels.map((label) => unitOf(label));
      const column = (name: string): Float64Array | undefined =>
        columns[names.findIndex(([one]) => one.toLowerCase() === name)];
      const axis = column("energy");
      const i0 = column("i0");
      const i1 = column("i1");
      const i2 = column("i2");
      if (!axis || !i0 || !i1) {
        throw new FileError(
          `loadSpectra: expected columns energy, i0, i1 (and i2), got ${labels.join(", ") || "no labels"} in ${path}; name them in its header`,
          { path, labels },
        );
      }
      const energy = inElectronvolts(path, names, columns) ?? axis;
      const mu = logRatio(i0, i1);
      return i2 ? { ...about, energy, mu, foil: logRatio(i1, i2) } : { ...about, energy, mu };
    }),
  );
}

function inElectronvolts(
  path: string,
  names: readonly (readonly [label: string, unit: string])[],
  columns: readonly Float64Array[],
): Float64Array | undefined {
  const table = { labels: names.map(([label]) => label), units: names.map(([, unit]) => unit) };
  try {
    return energyOf(new Map(), table, columns);
  } catch (error) {
    if (!(error instanceof XdiProblem)) throw error;
    throw new FileError(
      `loadSpectra: expected ${error.expected}, got ${error.got} in ${path}; name the unit in the label`,
      {
        path,
      },
    );
  }
}

/** ln(a / b), NaN where a detector has no counts. */
function logRatio(a: Float64Array, b: Float64Array): Float64Array {
  return a.map((value, i) => (value > 0 && b[i] > 0 ? Math.log(value / b[i]) : Number.NaN));
}
