// @ts-check
// What the fuzzer damages and how it is read back: one line per format. The readers are those of the compiled library.
import { copyFileSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";

/** @param {string} path a compiled file of the library; without types, so that checks need no build */
const compiled = (path) => import(new URL(`../../dist/${path}`, import.meta.url).href);
/** @type {typeof import("../../lib/index.js")} */
const {
  Cube,
  describe,
  readEdf,
  readHdf5,
  writeEdf,
  writeExperiment,
  writeHdf5,
  writeAthena,
  writeColumns,
  writeMpt,
  writeXdi,
} = await compiled("index.js");
/** @type {typeof import("../../lib/io/formats.js")} */
const { formats } = await compiled("io/formats.js");
/** @type {typeof import("../../lib/io/edf.js")} */
const { EdfFile } = await compiled("io/edf.js");
/** @type {typeof import("../../lib/io/zarr.js")} */
const { readZarr } = await compiled("io/zarr.js");
/** @type {typeof import("../../lib/io/zarr-writer.js")} */
const { writeZarr } = await compiled("io/zarr-writer.js");
/** @type {typeof import("../../lib/io/frame-file.js")} */
const { readFrames } = await compiled("io/frame-file.js");
/** @type {typeof import("../../lib/io/hdf5-library.js")} */
const { loadHdf5 } = await compiled("io/hdf5-library.js");
/** @type {typeof import("../../lib/io/nexus-writer.js")} */
const { NexusWriter } = await compiled("io/nexus-writer.js");

/**
 * @typedef {object} Target
 * @property {string} name
 * @property {string} ending of a file's or folder's name
 * @property {(folder: string) => unknown} make writes whole files or folders into an empty folder
 * @property {(path: string) => Promise<Record<string, unknown>>} read its content in parts, compared one by one
 * @property {(file: string) => boolean} [sealed] whether a checksum covers the file (of a folder: by its path in it):
 *   its damage has to be refused or without effect
 * @property {"refused" | "fewer"} [cut] what a file that ends early has to be: refused, or read with fewer parts
 */

const registered = (/** @type {string} */ name) => {
  const format = formats.find((one) => one.name === name);
  if (!format) throw new Error(`fuzz: no format ${name} in the registry`);
  return async (/** @type {string} */ path) =>
    /** @type {Record<string, unknown>} */ (await format.read(path));
};
const whole = (/** @type {string} */ file) => file === "";
const chunk = (/** @type {string} */ file) => /\/c\//.test(file);

/** @type {readonly Target[]} */
export const targets = [
  { name: "edf", ending: ".edf", make: edf, read: bothEdfReaders, cut: "fewer" },
  { name: "edf.gz", ending: ".edf.gz", make: gzipped, read: edfFrames, sealed: whole, cut: "refused" },
  {
    name: "edf.bz2",
    ending: ".edf.bz2",
    make: copied("squares.edf.bz2"),
    read: edfFrames,
    sealed: whole,
    cut: "refused",
  },
  { name: "hdf5", ending: ".h5", make: hdf5, read: hdf5Parts, cut: "refused" },
  { name: "nexus", ending: ".nxs", make: nexus, read: frames, cut: "refused" },
  { name: "tiff", ending: ".tif", make: copied("plain.tif", "tiles.tif"), read: frames, cut: "refused" },
  { name: "xrm", ending: ".txrm", make: copied("two.txrm"), read: frames, cut: "refused" },
  { name: "athena", ending: ".prj", make: athena, read: registered("athena") },
  { name: "mpt", ending: ".mpt", make: mpt, read: registered("mpt") },
  { name: "cycler", ending: ".csv", make: cycler, read: registered("cycler") },
  { name: "xdi", ending: ".xdi", make: xdi, read: registered("xdi") },
  { name: "columns", ending: ".txt", make: columns, read: registered("columns") },
  { name: "zarr", ending: ".zarr", make: zarr, read: zarrParts, sealed: chunk },
  { name: "cube", ending: ".zarr", make: cube, read: cubeParts, sealed: chunk },
  { name: "experiment", ending: ".experiment", make: experiment, read: experimentParts },
  { name: "recipe", ending: ".recording", make: recipe, read: recipeParts },
];

const shape = /** @type {const} */ ([3, 4]);
const energies = [8278, 8320, 8335, 8345, 8360, 8400, 8500, 8600];
const counts = (/** @type {number} */ k) =>
  Uint16Array.from({ length: 12 }, (_, p) => 900 + 37 * p + ((k * 611) % 97));
const header = (/** @type {number} */ k) => ({
  energy: energies[k],
  exposure_time: 0.0044,
  ring_current: 499 + k / 10,
  time: 11 * k,
});
const images = () => energies.map((_, k) => ({ header: header(k), shape, data: counts(k) }));

async function edf(/** @type {string} */ folder) {
  await writeEdf(join(folder, "counts.edf"), images());
  await writeEdf(join(folder, "one.edf"), images().slice(0, 1));
  const doubles = { shape, data: Float64Array.from(counts(0), (n) => n / 7) };
  await writeEdf(join(folder, "doubles.edf"), [doubles, doubles], { byteOrder: "HighByteFirst" });
}

async function gzipped(/** @type {string} */ folder) {
  const plain = join(folder, "plain.edf");
  await writeEdf(plain, images());
  const bytes = readFileSync(plain);
  writeFileSync(join(folder, "counts.edf.gz"), gzipSync(bytes));
  // Two members, as gzip writes when one file is appended to another.
  const half = [bytes.subarray(0, 700), bytes.subarray(700)];
  writeFileSync(join(folder, "members.edf.gz"), Buffer.concat(half.map((part) => gzipSync(part))));
}

/** Files that the builders of test/support made. @param {string[]} names */
function copied(...names) {
  return (/** @type {string} */ folder) => {
    for (const name of names) {
      copyFileSync(fileURLToPath(new URL(`../io/fixtures/${name}`, import.meta.url)), join(folder, name));
    }
  };
}

async function athena(/** @type {string} */ folder) {
  const mu = energies.map((e) => Math.atan(e - 8345) / 3 + 1);
  const groups = [{ label: "one", energy: energies, mu }];
  await writeAthena(join(folder, "json.prj"), groups, { gzip: false });
  await writeAthena(join(folder, "perl.prj"), groups, { kind: "perl", gzip: false });
}

async function hdf5(/** @type {string} */ folder) {
  const long = Float64Array.from({ length: 2400 }, (_, i) => Math.sin(i));
  await writeHdf5(join(folder, "tree.h5"), {
    groups: { "/entry": { NX_class: "NXentry" } },
    datasets: {
      "/entry/title": { data: "a title" },
      "/entry/data": { data: long, shape: [20, 120], attributes: { units: "counts" } },
      "/entry/list": { data: Int32Array.of(1, 2, 3) },
      "/entry/deep/er/value": { data: 17.5 },
    },
  });
  await writeHdf5(join(folder, "small.h5"), { datasets: { "/a": { data: counts(1), shape } } });
}

async function nexus(/** @type {string} */ folder) {
  await loadHdf5();
  const writer = NexusWriter.create(join(folder, "recording.nxs"), { kind: "sample", title: "a recording" });
  for (const image of images()) writer.append(image);
  writer.finish();
}

function mpt(/** @type {string} */ folder) {
  const time = Float64Array.from({ length: 30 }, (_, i) => 10.5 * i);
  const columns = { "time/s": time, "Ewe/V": time.map((t) => 3.4 + t / 1e4), "I/mA": time.map(() => 0.011) };
  writeMpt(join(folder, "point.mpt"), { columns });
  writeMpt(join(folder, "comma.mpt"), { columns }, { decimal: "," });
}

function cycler(/** @type {string} */ folder) {
  const rows = energies.map((_, k) => `${k + 1},2025-03-27 10:00:0${k},${k}.5,${k / 1000},${3.5 + k / 100}`);
  const labels = "Data_Point,Date_Time,Test_Time(s),Current(A),Voltage(V)";
  writeFileSync(join(folder, "arbin.csv"), `${[labels, ...rows].join("\n")}\n`);
}

function xdi(/** @type {string} */ folder) {
  writeXdi(join(folder, "foil.xdi"), {
    columns: [
      { label: "energy", unit: "eV", data: energies },
      { label: "mutrans", data: energies.map((e) => (e > 8340 ? 1.1 : 0.1)) },
    ],
    comments: ["a comment"],
  });
  const angles =
    "# XDI/1.0\n# Column.1: angle degrees\n# Column.2: i0\n# Column.3: itrans\n# Mono.d_spacing: 3.1356\n";
  writeFileSync(
    join(folder, "angle.xdi"),
    `${angles}# ///\n# ---\n13.80 1e5 2e4\n13.75 1.1e5 2.1e4\n13.70 1e5 1e4\n`,
  );
}

function columns(/** @type {string} */ folder) {
  const content = {
    labels: ["energy", "mu"],
    columns: [energies, energies.map((e) => e / 1e4)],
    comments: ["a scan"],
  };
  writeColumns(join(folder, "tabs.txt"), content);
  writeColumns(join(folder, "commas.csv"), content);
  writeFileSync(join(folder, "german.txt"), "energy;mu\n8300,5;0,125\n8301,5;0,25\n8302,5;0,5\n");
}

async function zarr(/** @type {string} */ folder) {
  const data = Float32Array.from({ length: 24 }, (_, i) => Math.cos(i));
  await writeZarr(join(folder, "group.zarr"), {
    attributes: { title: "a group" },
    arrays: {
      data: { data, shape: [2, 12], dimensions: ["time", "energy"], chunks: [1, 6] },
      count: { data: counts(2), shape: [12], dimensions: ["pixel"] },
    },
  });
}

async function cube(/** @type {string} */ folder) {
  const [sample, flat] = ["sample.edf", "flat.edf"].map((name) => join(folder, `.${name}`));
  await writeEdf(sample, images());
  await writeEdf(
    flat,
    images().map((image) => ({ ...image, data: image.data.map((n) => 3 * n) })),
  );
  await Cube.load({ sample, flat, pixelSize: 6.5, edge: 8333, period: 11, saturation: 60000 })
    .absorb()
    .save(join(folder, "saved.zarr"));
}

async function experiment(/** @type {string} */ folder) {
  const made = join(folder, "two.experiment");
  mkdirSync(made);
  for (const [name, factor] of /** @type {const} */ ([
    ["flat", 3],
    ["cube-1", 1],
    ["cube-2", 2],
  ])) {
    const recorded = images().map((image) => ({ ...image, data: image.data.map((n) => factor * n) }));
    await writeEdf(join(made, `${name}.edf`), recorded);
  }
  const mode = { pixelSize: 6.5, shape: /** @type {[number, number]} */ ([3, 4]) };
  writeExperiment(made, {
    format: "operandose-experiment",
    version: 1,
    title: "two cubes",
    instrument: "none",
    sample: "none",
    edge: { element: "Ni", shell: "K", energy: 8333 },
    energies,
    flux: { value: 1e12, energy: 8390 },
    stack: {
      layers: [{ name: "Window", solid: { formula: "C", density: 3.5 }, thickness: 145 }],
      absorber: "Window",
    },
    exposure: [{ spot: "C", start: -20, end: 22 }],
    parts: {
      flat: { kind: "flat", ...mode, files: [{ path: "flat.edf", start: -20, end: -9 }] },
      charge: {
        kind: "sample",
        spot: "C",
        ...mode,
        files: [
          { path: "cube-1.edf", start: 0, end: 11 },
          { path: "cube-2.edf", start: 11, end: 22 },
        ],
        flat: "flat",
        foil: "foil",
      },
      foil: { kind: "foil", ...mode, files: [{ path: "cube-1.edf", start: -9, end: 0 }], flat: "flat" },
    },
  });
}

/** @returns {Promise<Record<string, unknown>>} */
async function edfFrames(/** @type {string} */ path) {
  return { ...(await readEdf(path)).frames };
}

/** Frames as both readers give them. @returns {Promise<Record<string, unknown>>} */
async function bothEdfReaders(/** @type {string} */ path) {
  const { frames } = await readEdf(path);
  const file = EdfFile.openSync(path);
  try {
    if (file.frames.length !== frames.length) throw new Error("the two EDF readers disagree on the frames");
    for (const [k, { shape, data }] of frames.entries()) {
      const rows = new Float64Array(data.length);
      file.readRows(k, 0, shape[0], rows);
      if (rows.some((value, i) => !Object.is(value, Number(data[i])) && value !== Number(data[i])))
        throw new Error(`the two EDF readers disagree on frame ${k}`);
    }
  } finally {
    file.close();
  }
  return { ...frames };
}

/** @returns {Promise<Record<string, unknown>>} */
async function frames(/** @type {string} */ path) {
  return { ...(await readFrames({ path, kind: "sample" })) };
}

/** @returns {Promise<Record<string, unknown>>} */
async function hdf5Parts(/** @type {string} */ path) {
  const { datasets, groups } = await readHdf5(path);
  return { ...datasets, groups };
}

/** @returns {Promise<Record<string, unknown>>} */
async function zarrParts(/** @type {string} */ path) {
  const { arrays, attributes } = await readZarr(path);
  return { ...arrays, attributes };
}

/** @returns {Promise<Record<string, unknown>>} */
async function cubeParts(/** @type {string} */ path) {
  const { data } = await Cube.load(path).compute();
  return { data };
}

/** @returns {Promise<Record<string, unknown>>} */
/** A recipe of one's own beside its recording. */
async function recipe(/** @type {string} */ folder) {
  const made = join(folder, "one.recording");
  mkdirSync(made);
  const data = (/** @type {number} */ factor) =>
    Uint16Array.from(energies.flatMap((_, k) => Array.from(counts(k), (n) => factor * n)));
  const list = { data: Float64Array.from(energies, (energy) => energy / 1000), attributes: { units: "keV" } };
  await writeHdf5(join(made, "scan.h5"), {
    datasets: {
      "/1.1/images": { data: data(1), shape: [energies.length, ...shape] },
      "/1.1/energy": list,
      "/2.1/flat": { data: data(3), shape: [energies.length, ...shape] },
    },
  });
  const content = {
    format: "operandose-recipe",
    version: 1,
    name: "one",
    title: "one",
    files: "*.h5",
    sample: { dataset: "/{scan}/images" },
    flat: { dataset: "/{scan}/flat" },
    energies: { dataset: "/{scan}/energy", unit: "eV" },
    pixelSize: { value: 650, unit: "nm" },
  };
  writeFileSync(join(made, "recipe.json"), JSON.stringify(content, null, 1));
}

async function recipeParts(/** @type {string} */ path) {
  await describe(join(path, "scan.h5"));
  const cube = Cube.load({ recipe: join(path, "recipe.json"), path });
  // Damage may rename the flat: then there is none.
  const { data, energies } = await (cube.plan.source.flat ? cube.absorb() : cube).spectra();
  return { data, energies, pixelSize: cube.schema.pixelSize };
}

async function experimentParts(/** @type {string} */ path) {
  const { data, energies } = await Cube.load(path).absorb().spectra();
  return { data, energies };
}
