// A plan as a file: the same numbers from another folder, and a clear refusal of whatever is not the same.
import {
  appendFileSync,
  cpSync,
  mkdtempSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { basename, dirname, join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { Cube } from "../../lib/cube/cube.js";
import { rockCell } from "../../lib/dose/rock-cell.js";
import { ArgumentError, FileError, SchemaError } from "../../lib/errors.js";
import { type SmallExperiment, smallExperiment } from "../support/small-experiment.js";

let small: SmallExperiment;
let cube: Cube;
const out = mkdtempSync(join(tmpdir(), "operandose-plan-"));
const path = join(out, "plan.json");
beforeAll(async () => {
  small = smallExperiment({ nTimes: 3 });
  const images = Cube.load(small.folder)
    .calibrate({ degree: 1 })
    .crop({ energy: [8280, 8800] })
    .absorb()
    .bin(2)
    .doseRate(rockCell())
    .dose()
    .average(2);
  const { median } = (await images.map("doseRate")).statistics();
  cube = images.mask([0, median / 1e3]).normalize();
});
afterAll(() => {
  rmSync(small.folder, { recursive: true });
  rmSync(out, { recursive: true });
});

const numbers = async (from: Cube) => Array.from((await from.spectra()).data);
/** A change of the file on disk. */
const edited = (change: (file: { steps: object[] }) => unknown): string => {
  const file = JSON.parse(readFileSync(path, "utf8"));
  change(file);
  const other = join(out, "edited.json");
  writeFileSync(other, JSON.stringify(file));
  return other;
};

describe("a plan", () => {
  test("gives the same cube, as an object, as JSON and as a file", async () => {
    expect(cube.savePlan(path)).toBe(path);
    const expected = await numbers(cube);
    for (const plan of [cube.plan, JSON.parse(JSON.stringify(cube.plan)), path]) {
      const again = Cube.from(plan);
      expect(JSON.stringify(again.steps)).toBe(JSON.stringify(cube.steps));
      expect(again.schema).toEqual(cube.schema);
      expect(again.explain()).toBe(cube.explain());
      expect(await numbers(again)).toEqual(expected);
    }
  });

  test("finds its files in another folder", async () => {
    const elsewhere = join(out, "elsewhere");
    cpSync(small.folder, elsewhere, { recursive: true });
    cube.savePlan(path);
    expect(JSON.parse(readFileSync(path, "utf8")).root).toBe(small.folder);
    const moved = Cube.from(path, { root: elsewhere });
    expect(moved.plan.source.sample.files[0].path.startsWith(elsewhere)).toBe(true);
    expect(await numbers(moved)).toEqual(await numbers(cube));

    const hidden = `${small.folder}-hidden`;
    renameSync(small.folder, hidden);
    try {
      expect(() => Cube.from(path)).toThrow(
        /expected "experiment.json" below .*, found none; give \{ root \}/,
      );
    } finally {
      renameSync(hidden, small.folder);
    }
    cube.savePlan(path, { root: dirname(small.folder) });
    const { inputs } = JSON.parse(readFileSync(path, "utf8"));
    expect(inputs[0].path).toBe(join(basename(small.folder), "experiment.json"));
    expect(() => cube.savePlan(path, { root: elsewhere })).toThrow(/expected all files of the plan below/);
  });

  test("of files and of a saved cube", async () => {
    const { sample, flat } = cube.plan.source;
    const files = Cube.load({
      sample: sample.files.map((file) => file.path),
      flat: (flat?.files ?? []).map((file) => file.path),
      pixelSize: 6.5,
      edge: "Ni K",
      energies: cube.plan.source.energies,
    })
      .absorb()
      .bin(2);
    const listed = Cube.from(files.savePlan(path));
    expect(await numbers(listed)).toEqual(await numbers(files));
    const saved = Cube.load(await files.save(join(out, "small.zarr"))).average();
    expect(await numbers(Cube.from(saved.savePlan(path)))).toEqual(await numbers(saved));
  });

  test("refuses other files, other steps and other versions", () => {
    const copy = join(out, "copy");
    cpSync(small.folder, copy, { recursive: true });
    cube.savePlan(path);
    const steps = (change: (steps: object[]) => unknown) => edited((file) => change(file.steps));
    expect(() => Cube.from(steps((all) => all.push({ verb: "none" })))).toThrow(SchemaError);
    expect(() => Cube.from(steps((all) => Object.assign(all[3], { factor: 1.5 })))).toThrow(
      "bin: expected a whole number",
    );
    expect(() => Cube.from(steps((all) => Object.assign(all[3], { more: 1 })))).toThrow(
      "expected step 4 of the plan",
    );
    expect(() => Cube.from(steps((all) => Object.assign(all[0], { degree: "1" })))).toThrow(
      "calibrate: expected a degree",
    );
    expect(() => Cube.from(steps((all) => void all.splice(2, 1)))).toThrow("normalize: expected absorbance");
    expect(() => Cube.from(edited((file) => Object.assign(file, { library: "9.9.9" })))).toThrow(
      /expected a plan of operandose .*, got one of 9.9.9/,
    );
    writeFileSync(join(out, "no.json"), "{");
    for (const file of ["no.json", "none.json"]) expect(() => Cube.from(join(out, file))).toThrow(FileError);
    for (const given of [null, 7, {}, { source: {}, steps: [] }, [cube.plan]]) {
      expect(() => Cube.from(given as never)).toThrow(ArgumentError);
    }
    expect(() => Cube.from(cube.plan, { root: copy })).toThrow("expected { root } beside the path of a plan");
    expect(() => cube.savePlan("plan.txt")).toThrow('expected a path that ends in .json, got "plan.txt"');
    appendFileSync(join(copy, basename(cube.plan.source.sample.files[1].path)), "x");
    expect(() => Cube.from(path, { root: copy })).toThrow("the file that the plan was made with");
  });
});
