// A small experiment folder with known ingredients and common problems of a beamline: a dead pixel, a hot
// one, one below the dark, several flat fields, a drifting ring current, two sweeps in one file. It does not
// use the simulated beamline, so that the two cannot have the same error.
import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { random } from "../../lib/compute/random.js";
import { EdfWriter } from "../../lib/io/edf.js";
import { writeExperiment } from "../../lib/io/experiment.js";

export interface SmallExperiment {
  readonly folder: string;
  readonly energies: number[];
  readonly height: number;
  readonly width: number;
  /** Normalized spectra of the two species, [2][nEnergies], on the nominal axis. */
  readonly species: number[][];
  /** Fraction of the second species in cube t, the same in all pixels. */
  readonly share: number[];
  /** True energy minus nominal energy, eV, of row y. */
  readonly shift: (y: number) => number;
}

/** Writes the folder; the beam is different in every pixel. */
export function smallExperiment({ height = 13, width = 18, nTimes = 5, noise = 1 } = {}): SmallExperiment {
  const folder = mkdtempSync(join(tmpdir(), "operandose-small-"));
  const nEnergies = 150;
  // Descending and denser around the edge, as in a sinusoidal scan.
  const energies = Array.from({ length: nEnergies }, (_, k) => {
    const u = 1 - k / (nEnergies - 1);
    return Number((8266 + 612 * (0.35 * u + 0.65 * u ** 3)).toFixed(4));
  });
  const shift = (y: number): number => 1.2 * (y / (height - 1) - 0.5);
  const share = Array.from({ length: nTimes }, (_, t) => t / Math.max(1, nTimes - 1));
  const rng = random(11);
  const beam = Array.from({ length: height * width }, (_, p) => {
    const [y, x] = [Math.floor(p / width), p % width];
    return (
      9000 * Math.exp(-(((x - width / 2) / width) ** 2) * 4 - ((y - height / 2) / height) ** 2 * 5) +
      400 * rng.uniform()
    );
  });
  const gauss = (): number => noise * rng.normal();
  const frameOf = (k: number, current: number, transmission: (p: number, e: number) => number): Uint16Array =>
    Uint16Array.from(beam, (b, p) => {
      const y = Math.floor(p / width);
      const counts = (b * current) / 500;
      const clean = counts * transmission(p, energies[k] + shift(y));
      return Math.max(
        0,
        Math.min(65535, Math.round(100 + clean + gauss() * Math.sqrt(Math.max(1, clean)) * 0.02)),
      );
    });
  const write = (
    path: string,
    cubes: number,
    start: number,
    transmission: (p: number, e: number) => number,
  ): void => {
    const writer = EdfWriter.create(join(folder, path));
    for (let k = 0; k < nEnergies; k++) {
      const current = 500 - 0.02 * k + rng.uniform();
      const data = frameOf(k, current, transmission);
      spoil(data, width, k);
      writer.append({
        header: { energy: energies[k], exposure_time: 0.0044, ring_current: current, time: start, cubes },
        shape: [height, width],
        data,
      });
    }
    writer.finish();
  };

  const dark = EdfWriter.create(join(folder, "dark.edf"));
  for (let i = 0; i < 4; i++) {
    const data = Uint16Array.from(beam, () => Math.round(100 + 2 * rng.normal()));
    dark.append({ header: { exposure_time: 0.0044, ring_current: 0 }, shape: [height, width], data });
  }
  dark.finish();
  for (const i of [1, 2]) write(`flat${i}.edf`, 10, -2000, () => 1);
  write("foil.edf", 20, -1900, (_, e) => Math.exp(-1.4 * foilSpectrum(e)));
  const mu = (t: number) => (_: number, e: number) =>
    Math.exp(
      -(
        0.3 +
        0.4 * (8333 / e) ** 3 +
        0.8 * ((1 - share[t]) * speciesSpectrum(0, e) + share[t] * speciesSpectrum(1, e))
      ),
    );
  const files = Array.from({ length: nTimes }, (_, t) => {
    const cubes = t === 1 ? 2 : 1;
    const file = { path: `cube-${t}.edf`, start: 11 * t, end: 11 * (t + 1), cubes };
    write(file.path, cubes, file.start, mu(t));
    return file;
  });
  const shape: [number, number] = [height, width];
  const reference = (kind: "dark" | "flat" | "foil", paths: string[], cubes: number) => ({
    kind,
    pixelSize: 6.5,
    shape,
    files: paths.map((path) => ({ path, start: -2000, end: -1900, cubes })),
  });
  writeExperiment(folder, {
    format: "operandose-experiment",
    version: 1,
    title: "Small experiment of the tests",
    instrument: "none",
    sample: "two species",
    edge: { element: "Ni", shell: "K", energy: 8333 },
    energies,
    flux: { value: 1e12, energy: 8390 },
    stack: {
      layers: [
        { name: "Window", solid: { formula: "C", density: 3.5 }, thickness: 145 },
        {
          name: "Cathode",
          solid: { formula: "LiNiO2", density: 4.716 },
          liquid: { formula: "C4H8O3", density: 1.01 },
          thickness: 10,
          porosity: 0.36,
        },
      ],
      absorber: "Cathode",
    },
    saturation: 60000,
    exposure: [{ spot: "C", start: -100, end: 1000 }],
    parts: {
      dark: reference("dark", ["dark.edf"], 1),
      flat: reference("flat", ["flat1.edf", "flat2.edf"], 10),
      foil: reference("foil", ["foil.edf"], 20),
      charge: {
        kind: "sample",
        spot: "C",
        pixelSize: 6.5,
        shape,
        files,
        dark: "dark",
        flat: "flat",
        foil: "foil",
      },
    },
  });
  const species = [0, 1].map((i) => energies.map((e) => speciesSpectrum(i, e)));
  return { folder, energies, height, width, species, share, shift };
}

/** A dead pixel, a saturated one, and one below the dark at some energies. */
function spoil(frame: Uint16Array, width: number, k: number): void {
  frame[2 * width + 3] = 0;
  frame[5 * width + 7] = 65535;
  if (k % 10 === 0) frame[8 * width + 9] = 90;
}

function step(e: number, e0: number, width: number): number {
  return 0.5 + Math.atan((e - e0) / width) / Math.PI;
}

function peak(e: number, center: number, width: number): number {
  return Math.exp(-(((e - center) / width) ** 2) / 2);
}

export function foilSpectrum(e: number): number {
  return step(e, 8342, 3) + 0.3 * step(e, 8333, 1) + 0.2 * peak(e, 8352, 5);
}

function speciesSpectrum(i: number, e: number): number {
  return step(e, 8343.5 + 1.6 * i, 2) + (0.6 - 0.1 * i) * peak(e, 8350 + 1.6 * i, 3.5);
}
