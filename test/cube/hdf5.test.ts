// The same experiment as EDF and as NeXus files gives the same numbers.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, expect, test } from "vitest";
import { Cube } from "../../lib/cube/cube.js";
import { EdfFile } from "../../lib/io/edf.js";
import { openExperiment, writeExperiment } from "../../lib/io/experiment.js";
import type { ImageKind } from "../../lib/io/frames.js";
import { loadHdf5 } from "../../lib/io/hdf5-library.js";
import { NexusWriter } from "../../lib/io/nexus-writer.js";
import { smallExperiment } from "../support/small-experiment.js";

const { folder } = smallExperiment();
const nexus = `${folder}-nexus`;

beforeAll(async () => {
  await loadHdf5();
  const { manifest } = openExperiment(folder);
  const parts = structuredClone(manifest.parts);
  writeExperiment(nexus, { ...manifest, parts: {} });
  for (const part of Object.values(parts)) {
    for (const file of part.files) {
      const renamed = file.path.replace(".edf", ".nxs");
      convert(join(folder, file.path), join(nexus, renamed), part.kind);
      Object.assign(file, { path: renamed });
    }
  }
  writeExperiment(nexus, { ...manifest, parts });
});

function convert(from: string, to: string, kind: ImageKind): void {
  const file = EdfFile.openSync(from);
  const writer = NexusWriter.create(to, { kind });
  file.frames.forEach(({ header, shape }, k) => {
    const data = new Float32Array(shape[0] * shape[1]);
    file.readRows(k, 0, shape[0], data);
    writer.append({ header, shape, data: Uint16Array.from(data) });
  });
  writer.finish();
  file.close();
}

test("a chain with dose rate, calibration, normalization and mask", async () => {
  const run = async (of: string) => {
    const cube = Cube.load(of).calibrate().absorb().bin(2).normalize().doseRate();
    const [spectra, rate] = [await cube.spectra(), await cube.map("doseRate")];
    return { spectra: spectra.data, rate: rate.values };
  };
  const [edf, hdf5] = [await run(folder), await run(nexus)];
  expect(hdf5.spectra).toEqual(edf.spectra);
  expect(hdf5.rate).toEqual(edf.rate);
  expect(readFileSync(join(nexus, "flat1.nxs")).subarray(1, 4).toString()).toBe("HDF");
});

test("files without a manifest, one of them in the other format", async () => {
  const options = (sample: string, flat: string) => ({
    sample: [sample],
    flat,
    dark: join(folder, "dark.edf"),
  });
  const edf = Cube.load(options(join(folder, "cube-0.edf"), join(folder, "flat1.edf")));
  const mixed = Cube.load(
    options(`${join(nexus, "cube-*.nxs")}::/entry/instrument/detector/data`, join(folder, "flat1.edf")),
  );
  expect(mixed.schema.times.length).toBe(5);
  const first = (await mixed.absorb().spectra()).data.slice(0, edf.schema.energies.length);
  expect(first).toEqual((await edf.absorb().spectrum()).values);
});
