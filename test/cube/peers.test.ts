// Python reads what chains write: saved cubes, results as HDF5, and images as EDF.
import { join } from "node:path";
import { expect, test } from "vitest";
import { Cube, writeEdf } from "../../lib/index.js";
import { temporaryFolder } from "../io/support.js";
import { peer, python } from "../support/peers.js";
import { smallExperiment } from "../support/small-experiment.js";

const folder = temporaryFolder();
const { folder: experiment } = smallExperiment();
const cube = Cube.load(experiment).absorb().doseRate().dose();

/** Any array of a Zarr v3 group, by its metadata; the zarr module of Debian 13 reads version 2 only. */
const readArray = `
import itertools, json, math, os, sys
import numpy as np
from numcodecs import Blosc
def read(path):
    m = json.load(open(path + "/zarr.json"))
    kind = np.dtype(m["data_type"]).newbyteorder("<")
    fill = float("nan") if m["fill_value"] == "NaN" else m["fill_value"]
    out = np.full(m["shape"], fill, kind)
    size = m["chunk_grid"]["configuration"]["chunk_shape"]
    names = [codec["name"] for codec in m["codecs"]]
    for index in itertools.product(*(range(math.ceil(n / s)) for n, s in zip(m["shape"], size))):
        file = os.path.join(path, "c", *map(str, index))
        if not os.path.exists(file): continue
        raw = open(file, "rb").read()
        if names[-1] == "crc32c": raw = raw[:-4]
        if "blosc" in names: raw = Blosc().decode(raw)
        chunk = np.frombuffer(raw, kind).reshape(size)
        box = tuple(slice(i * s, min((i + 1) * s, n)) for i, s, n in zip(index, size, m["shape"]))
        out[box] = chunk[tuple(slice(0, b.stop - b.start) for b in box)]
    return out, m.get("dimension_names")
`;

test("a saved cube, by NumPy from its metadata and chunks: numbers, axes and maps", async (context) => {
  peer("numpy", "numcodecs")(context);
  const path = join(folder, "cube.zarr");
  await cube.save(path);
  const program = `${readArray}
group = json.load(open("zarr.json"))
data, names = read("data")
energy, _ = read("energy")
dose, _ = read("dose")
print(json.dumps({
  "kind": group["node_type"], "names": names, "shape": data.shape, "energy": energy.tolist(),
  "sum": float(np.nansum(data.astype("f8"))), "missing": int(np.isnan(data).sum()),
  "one": float(data[1, 2, 3, 4]), "dose": float(np.nanmax(dose)),
}))`;
  const read = JSON.parse(python(program, { cwd: path }));
  const { data, energies } = await cube.compute();
  const { max } = (await cube.map("dose")).statistics();
  const [height, width] = [cube.schema.height, cube.schema.width];
  expect(read).toMatchObject({
    kind: "group",
    names: ["time", "energy", "y", "x"],
    shape: [cube.schema.times.length, energies.length, height, width],
    energy: Array.from(energies),
    missing: Array.from(data).filter(Number.isNaN).length,
  });
  const sum = Array.from(data).reduce((all, value) => all + (Number.isNaN(value) ? 0 : value), 0);
  expect(Math.abs(read.sum / sum - 1)).toBeLessThan(1e-6);
  expect(read.one).toBeCloseTo(data[((energies.length + 2) * height + 3) * width + 4], 6);
  // Maps are kept in float32.
  expect(Math.abs(read.dose / max - 1)).toBeLessThan(1e-6);
});

test("a result as HDF5, by h5py: numbers, units, and the plot that NeXus promises", async (context) => {
  peer("h5py")(context);
  const series = await cube.spectra();
  const path = await series.save(join(folder, "series.h5"));
  const read = JSON.parse(
    python(
      `import h5py, json, sys
with h5py.File(sys.argv[1]) as f:
    entry = f[f.attrs["default"]]; data = entry[entry.attrs["default"]]
    print(json.dumps([data.attrs["NX_class"], data["energy"].attrs["units"], data["energy"][()].tolist(), data["absorbance"][1].tolist()]))`,
      { args: [path] },
    ),
  );
  expect(read).toEqual(["NXdata", "eV", Array.from(series.energies), Array.from(series.row(1))]);
});

test("images as EDF, by fabio", async (context) => {
  peer("fabio")(context);
  const { data } = await cube.average().compute();
  const { height, width, energies } = cube.schema;
  const size = height * width;
  const frames = energies.map((energy, k) => ({
    header: { energy },
    shape: [height, width] as const,
    data: Float32Array.from(data.subarray(k * size, (k + 1) * size)),
  }));
  const path = join(folder, "absorbance.edf");
  await writeEdf(path, frames);
  const read = JSON.parse(
    python(
      `import fabio, json, sys
image = fabio.open(sys.argv[1])
frames = list(image.frames())
print(json.dumps([len(frames), [float(f.header["energy"]) for f in frames], frames[2].data.ravel().tolist()]))`,
      { args: [path] },
    ).replaceAll("NaN", "null"),
  );
  const third = Array.from(frames[2].data, (value) => (Number.isNaN(value) ? null : value));
  expect(read).toEqual([energies.length, [...energies], third]);
});
