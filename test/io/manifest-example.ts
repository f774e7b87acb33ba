// A small manifest that is valid; tests spoil copies of it.
import type { ManifestInput } from "../../lib/io/experiment.js";

/** A fresh valid manifest with one movie, its references, and everything optional. */
export function exampleManifest(): ManifestInput {
  const mode = { pixelSize: 6.5, shape: [187, 512] as [number, number] };
  const once = (path: string) => [{ path, start: -100, end: -90 }];
  return {
    format: "operandose-experiment",
    version: 1,
    title: "LiNiO2, farther focus",
    instrument: "full-field Quick-XAS",
    sample: "LiNiO2 | Li",
    edge: { element: "Ni", shell: "K", energy: 8333 },
    energies: [8878, 8400, 8350.5, 8266],
    flux: { value: 1.041e12, energy: 8390 },
    stack: {
      layers: [
        { name: "Window", solid: { formula: "C", density: 1.4 }, thickness: 200 },
        {
          name: "Cathode",
          solid: { name: "LNO", formula: "LiNiO2", density: 4.716 },
          liquid: { formula: "(CH2)3CO3", density: 1.3 },
          thickness: 10,
          porosity: 0.4,
        },
      ],
      absorber: "Cathode",
    },
    saturation: 65535,
    exposure: [
      { spot: "C", start: -1320, end: 0 },
      { spot: "C", start: 0, end: 15400 },
    ],
    parts: {
      darkMovie: { kind: "dark", ...mode, files: once("dark.edf") },
      flatMovie: { kind: "flat", ...mode, files: once("flat.edf"), dark: "darkMovie" },
      foilMovie: { kind: "foil", ...mode, files: once("foil.edf"), dark: "darkMovie", flat: "flatMovie" },
      charge: {
        kind: "sample",
        spot: "C",
        ...mode,
        files: [
          { path: "charge/charge-0001.edf", start: 0, end: 110, cubes: 10 },
          { path: "charge/charge-0002.edf", start: 110, end: 220 },
        ],
        dark: "darkMovie",
        flat: "flatMovie",
        foil: "foilMovie",
      },
    },
    electrochemistry: { file: "charge.mpt", start: -60 },
    spectra: [{ name: "OCV", file: "ic/ocv.txt", spot: "C", state: "ocv" }],
  };
}
