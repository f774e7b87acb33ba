import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { Cube } from "../../lib/cube/cube.js";
import { ArgumentError, SchemaError } from "../../lib/errors.js";
import { loadSpectra } from "../../lib/io/chamber-spectra.js";
import { writeColumns } from "../../lib/io/columns.js";
import { loadElectrochemistry } from "../../lib/io/electrochemistry.js";
import { MANIFEST, type ManifestInput, openExperiment, writeExperiment } from "../../lib/io/experiment.js";
import { writeMpt } from "../../lib/io/mpt.js";
import { smallExperiment } from "../support/small-experiment.js";
import { exampleManifest } from "./manifest-example.js";
import { fileError, temporaryFolder } from "./support.js";

const root = temporaryFolder();
let counter = 0;
const fresh = () => join(root, `experiment-${counter++}`);

function written(manifest: ManifestInput = exampleManifest()): string {
  const folder = fresh();
  writeExperiment(folder, manifest);
  return folder;
}

describe("openExperiment", () => {
  test("gives back what writeExperiment wrote, with defaults filled in", () => {
    const folder = written();
    const experiment = openExperiment(folder);
    const expected = exampleManifest();
    expect(experiment.manifest).toMatchObject(expected);
    expect(experiment.manifest.simulated).toBe(false);
    expect(experiment.part("charge").files.map((file) => file.cubes)).toEqual([10, 1]);
    expect(readdirSync(folder)).toEqual([MANIFEST]);
    writeExperiment(folder, experiment.manifest);
    expect(openExperiment(folder).manifest).toEqual(experiment.manifest);
  });

  test("the manifest is readable: indented, numbers of a list on one line, brackets in text untouched", () => {
    const manifest = exampleManifest();
    manifest.title = "a [\n 1, 2 ] b";
    const folder = written(manifest);
    const text = readFileSync(join(folder, MANIFEST), "utf8");
    expect(text).toContain('\n  "energies": [8878, 8400, 8350.5, 8266],\n');
    expect(openExperiment(folder).manifest.title).toBe(manifest.title);
  });

  test("parts, their references and paths", () => {
    const experiment = openExperiment(written());
    expect(experiment.partNames).toEqual(["darkMovie", "flatMovie", "foilMovie", "charge"]);
    expect(experiment.part("charge")).toMatchObject({ name: "charge", kind: "sample", spot: "C" });
    const { dark, flat, foil } = experiment.references("charge");
    expect([dark?.name, flat?.name, foil?.name]).toEqual(["darkMovie", "flatMovie", "foilMovie"]);
    expect(experiment.references("darkMovie")).toEqual({});
    expect(experiment.path("charge/charge-0001.edf")).toBe(
      join(experiment.folder, "charge", "charge-0001.edf"),
    );
    for (const name of ["hold", "constructor", "__proto__", "toString"]) {
      expect(() => experiment.part(name)).toThrow(
        /expected one of darkMovie, flatMovie, foilMovie, charge, got "/,
      );
    }
    for (const path of ["../other/x.edf", "/etc/passwd", "a/../../b", "C:\\x.edf", ""]) {
      expect(() => experiment.path(path), path).toThrow(ArgumentError);
    }
  });

  test("check names a file that is missing", async () => {
    const experiment = openExperiment(written());
    mkdirSync(join(experiment.folder, "charge"));
    mkdirSync(join(experiment.folder, "ic"));
    const [first, ...others] = experiment.files;
    for (const file of others) writeFileSync(experiment.path(file), "x");
    const error = await fileError(() => experiment.check());
    expect(error.fields).toMatchObject({ path: experiment.path(first), missing: [first] });
    expect(error.message).toMatch(/experiment\.check: expected all files .*got no file .*dark\.edf; copy/);
    writeFileSync(experiment.path(first), "x");
    experiment.check();
  });
});

test("a manifest that is edited between two loads: each cube keeps what it was loaded with", async () => {
  const { folder: small } = smallExperiment({ height: 6, width: 8, nTimes: 1 });
  const manifest = JSON.parse(readFileSync(join(small, MANIFEST), "utf8"));
  const before = Cube.load(small).doseRate();
  const first = await before.map("doseRate");
  // Within the same moment, so that no time of the file tells.
  const edited = { ...manifest, flux: { ...manifest.flux, value: 2 * manifest.flux.value } };
  writeExperiment(small, edited);
  const again = await before.map("doseRate");
  const second = await Cube.load(small).doseRate().map("doseRate");
  expect(again.values).toEqual(first.values);
  for (const [p, value] of first.values.entries()) {
    if (Number.isNaN(value)) expect(second.values[p]).toBeNaN();
    else expect(second.values[p] / value).toBeCloseTo(2, 6);
  }
  rmSync(small, { recursive: true });
});

describe("openExperiment refuses", () => {
  test("a missing folder, a folder without manifest, and a file for a folder", async () => {
    const missing = await fileError(() => openExperiment(join(root, "nowhere")));
    expect(missing.message).toMatch(
      /^openExperiment: expected a folder, got nothing at .*nowhere; check the path/,
    );
    const empty = fresh();
    mkdirSync(empty);
    expect((await fileError(() => openExperiment(empty))).message).toMatch(
      /expected experiment\.json in .*, got none/,
    );
    const file = join(empty, "x.edf");
    writeFileSync(file, "x");
    expect((await fileError(() => openExperiment(file))).fields.path).toBe(join(file, MANIFEST));
  });

  test.each([
    ["no JSON", '{ "format": '],
    ["an empty file", ""],
    ["JSON that is no object", "[1, 2]"],
  ])("%s", async (_, text) => {
    const folder = fresh();
    mkdirSync(folder);
    writeFileSync(join(folder, MANIFEST), text);
    const error = await fileError(() => openExperiment(folder));
    expect(error.message).toMatch(/^openExperiment: expected /);
    expect(error.fields.path).toBe(join(folder, MANIFEST));
  });

  // biome-ignore lint/suspicious/noExplicitAny: the point is to break the type
  type Spoil = (m: any) => void;
  const spoiled: [spoil: Spoil, problem: string][] = [
    [(m) => delete m.title, "title: expected a string, got nothing"],
    [(m) => (m.format = "other"), 'format: expected "operandose-experiment", got "other"'],
    [(m) => (m.version = 2), "version: expected 1, got 2"],
    [(m) => (m.simulated = "no"), 'simulated: expected a boolean, got "no"'],
    [(m) => (m.note = 1), "note: expected no such entry, got 1"],
    [(m) => (m.parts.charge.pixelsize = 1), "parts.charge.pixelsize: expected no such entry, got 1"],
    [(m) => (m.parts.charge.files[1].end = "x"), 'parts.charge.files[1].end: expected a number, got "x"'],
    [
      (m) => (m.parts.charge.files[1].end = 100),
      "parts.charge.files[1].end: expected an end at or after its start 110, got 100",
    ],
    [(m) => (m.parts.charge.files = []), "parts.charge.files: expected at least 1 entry, got []"],
    [
      (m) => (m.parts.charge.files[0].cubes = 0),
      "parts.charge.files[0].cubes: expected a number above 0, got 0",
    ],
    [
      (m) => (m.parts.charge.files[0].cubes = 1.5),
      "parts.charge.files[0].cubes: expected a whole number, got 1.5",
    ],
    [
      (m) => (m.parts.charge.kind = "movie"),
      'parts.charge.kind: expected "dark" or "flat" or "foil" or "sample", got "movie"',
    ],
    [(m) => (m.parts.charge.pixelSize = 0), "parts.charge.pixelSize: expected a number above 0, got 0"],
    [(m) => (m.parts.charge.shape = [187]), "parts.charge.shape"],
    [(m) => (m.parts["bad name"] = m.parts.charge), 'parts["bad name"]: expected a name of letters'],
    [(m) => delete m.parts.charge.flat, "parts.charge.flat: expected the name of a flat part, got nothing"],
    [(m) => delete m.parts.charge.foil, "parts.charge.foil: expected the name of a foil part, got nothing"],
    [
      (m) => (m.parts.charge.flat = "foilMovie"),
      'parts.charge.flat: expected the name of a flat part (there are: flatMovie), got "foilMovie"',
    ],
    [
      (m) => (m.parts.charge.dark = "night"),
      'parts.charge.dark: expected the name of a dark part (there are: darkMovie), got "night"',
    ],
    [(m) => (m.parts.charge.dark = "constructor"), "parts.charge.dark: expected the name of a dark part"],
    [
      (m) => (m.parts.foilMovie.shape = [187, 400]),
      'parts.charge.foil: expected a part with 187 x 512 pixels of 6.5 um, as charge itself, got "foilMovie with 187 x 400 pixels',
    ],
    [
      (m) => (m.parts.flatMovie.pixelSize = 13),
      "parts.charge.flat: expected a part with 187 x 512 pixels of 6.5 um",
    ],
    [
      (m) => (m.energies = [8266, 8300, 8300]),
      "energies[2]: expected strictly rising or strictly falling energies, got 8300",
    ],
    [(m) => (m.energies = [8266, 8300, 8280]), "energies[2]: expected strictly rising"],
    [(m) => (m.energies = [8300, 0]), "energies[1]: expected a number above 0, got 0"],
    [(m) => (m.energies = []), "energies: expected at least 1 entry, got []"],
    [(m) => (m.energies[1] = null), "energies[1]: expected a number, got null"],
    [
      (m) => (m.exposure[0].end = -2000),
      "exposure[0].end: expected an end at or after its start -1320, got -2000",
    ],
    [
      (m) => (m.stack.absorber = "Anode"),
      'stack.absorber: expected one of the layers Window, Cathode, got "Anode"',
    ],
    [
      (m) => (m.stack.layers[0].name = "Cathode"),
      "stack.layers[1].name: expected a name that no other layer has",
    ],
    [
      (m) => (m.stack.layers[1].porosity = 1.2),
      "stack.layers[1].porosity: expected a number of at most 1, got 1.2",
    ],
    [(m) => (m.stack.layers = []), "stack.layers: expected at least 1 entry"],
    [(m) => (m.flux.value = -1), "flux.value: expected a number above 0, got -1"],
    // In keV, m and kg/m3 they would be other numbers.
    [(m) => (m.edge.energy = 8.333), "(this looks like keV; did you mean 8333?), got 8.333"],
    [(m) => (m.flux.energy = 8.39), "(this looks like keV; did you mean 8390?), got 8.39"],
    [(m) => (m.stack.layers[1].thickness = 5e-5), "(this looks like m; did you mean 50?), got 0.00005"],
    [(m) => (m.stack.layers[1].solid.density = 4700), "(this looks like kg/m3; did you mean 4.7?), got 4700"],
    [(m) => (m.parts.charge.pixelSize = 1.6e-6), "(this looks like m; did you mean 1.6?), got 0.0000016"],
    ...["/etc/passwd", "../x.edf", "a/../../x.edf", "a\\..\\x.edf", "C:/x.edf", ""].map(
      (path): [Spoil, string] => [
        (m) => (m.parts.charge.files[0].path = path),
        "parts.charge.files[0].path: expected a path relative to the experiment folder that does not leave it",
      ],
    ),
    [(m) => (m.electrochemistry.file = "../charge.mpt"), "electrochemistry.file: expected a path relative"],
    [(m) => (m.spectra[0].file = "/x.txt"), "spectra[0].file: expected a path relative"],
  ];

  test.each(spoiled.map(([spoil, problem]) => ({ spoil, problem })))(
    "$problem",
    async ({ spoil, problem }) => {
      const manifest = exampleManifest();
      spoil(manifest);
      const folder = fresh();
      mkdirSync(folder);
      writeFileSync(join(folder, MANIFEST), JSON.stringify(manifest));
      const error = await fileError(() => openExperiment(folder));
      const problems = error.fields.problems as string[];
      expect(problems.join("\n")).toContain(problem);
      expect(error.message).toContain(problem);
      expect(error.message).toContain(join(folder, MANIFEST));

      const other = fresh();
      expect(() => writeExperiment(other, manifest)).toThrow(ArgumentError);
      expect(existsSync(other)).toBe(false);
    },
  );

  test("lists all problems at once", async () => {
    const manifest = { ...exampleManifest(), title: 1, sample: undefined, flux: { value: -1, energy: "x" } };
    const folder = fresh();
    mkdirSync(folder);
    writeFileSync(join(folder, MANIFEST), JSON.stringify(manifest));
    const error = await fileError(() => openExperiment(folder));
    expect(error.fields.problems).toHaveLength(4);
    expect(error.message).toMatch(/got 4 entries that cannot be/);
  });
});

describe("what was recorded beside the camera", () => {
  test("loadElectrochemistry puts the potentiostat on the experiment's clock", async () => {
    const experiment = openExperiment(written());
    const columns = {
      mode: [1, 1, 1],
      "time/s": [0, 30, 60],
      "Ewe/V": [3.4, 3.5, 3.6],
      "<I>/mA": [0, 0.25, 0.25],
    };
    writeMpt(experiment.path("charge.mpt"), { columns });
    const { time, voltage, current } = await loadElectrochemistry(experiment);
    expect(Array.from(time)).toEqual([-60, -30, 0]);
    expect(Array.from(voltage)).toEqual([3.4, 3.5, 3.6]);
    expect(Array.from(current ?? [])).toEqual([0, 0.25, 0.25]);

    writeMpt(experiment.path("charge.mpt"), { columns: { "time/s": [0], "Ece/V": [3] } });
    const error = await fileError(() => loadElectrochemistry(experiment));
    expect(error.message).toMatch(
      /expected columns time\/s and Ewe\/V.*got time\/s, Ece\/V in .*charge\.mpt/,
    );
  });

  test("loadElectrochemistry says when there is none", async () => {
    const { electrochemistry: _, ...manifest } = exampleManifest();
    const experiment = openExperiment(written(manifest));
    await expect(loadElectrochemistry(experiment)).rejects.toThrow(SchemaError);
    await expect(loadElectrochemistry(experiment)).rejects.toThrow(
      /expected "electrochemistry" in the manifest/,
    );
  });

  test("loadSpectra takes logarithms of the chambers' ratios", async () => {
    const experiment = openExperiment(written());
    mkdirSync(experiment.path("ic"));
    const e = Math.E;
    writeColumns(experiment.path("ic/ocv.txt"), {
      labels: ["energy", "i0", "i1", "i2"],
      columns: [
        [8300, 8301, 8302],
        [e * e, 4, 4],
        [e, 4, 0],
        [1, 4, 4],
      ],
    });
    const [spectrum] = await loadSpectra(experiment);
    expect(spectrum).toMatchObject({ name: "OCV", spot: "C", state: "ocv" });
    expect(Array.from(spectrum.energy)).toEqual([8300, 8301, 8302]);
    expect(spectrum.mu[0]).toBeCloseTo(1, 12);
    expect(spectrum.foil?.[0]).toBeCloseTo(1, 12);
    expect(spectrum.mu[1]).toBe(0);
    expect(spectrum.mu[2]).toBeNaN();
    writeColumns(experiment.path("ic/ocv.txt"), { labels: ["energy", "mu"], columns: [[1], [2]] });
    expect((await fileError(() => loadSpectra(experiment))).message).toMatch(
      /expected columns energy, i0, i1/,
    );
  });
});
