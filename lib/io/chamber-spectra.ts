// The ion-chamber spectra of an experiment: what the beamline's fast scans recorded without the camera.
import { FileError } from "../errors.js";
import { readColumns } from "./columns.js";
import type { Experiment } from "./experiment.js";

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
 * All ion-chamber spectra that the manifest names; none when it names none.
 *
 * @throws FileError when a file cannot be read or lacks energy, i0 or i1
 */
export async function loadSpectra(experiment: Experiment): Promise<ChamberSpectrum[]> {
  const entries = experiment.manifest.spectra ?? [];
  return Promise.all(
    entries.map(async ({ file, ...about }) => {
      const path = experiment.path(file);
      const { labels, columns } = await readColumns(path);
      const column = (label: string): Float64Array | undefined =>
        columns[labels.findIndex((one) => one.toLowerCase() === label)];
      const energy = column("energy");
      const i0 = column("i0");
      const i1 = column("i1");
      const i2 = column("i2");
      if (!energy || !i0 || !i1) {
        throw new FileError(
          `loadSpectra: expected columns energy, i0, i1 (and i2), got ${labels.join(", ") || "no labels"} in ${path}; name them in its header`,
          { path, labels },
        );
      }
      const mu = logRatio(i0, i1);
      return i2 ? { ...about, energy, mu, foil: logRatio(i1, i2) } : { ...about, energy, mu };
    }),
  );
}

/** ln(a / b), NaN where a detector saw nothing. */
function logRatio(a: Float64Array, b: Float64Array): Float64Array {
  return a.map((value, i) => (value > 0 && b[i] > 0 ? Math.log(value / b[i]) : Number.NaN));
}
