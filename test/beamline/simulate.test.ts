import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { resolveConfiguration } from "../../lib/beamline/configurations.js";
import { estimateBytes, type SimulationProgress, simulate } from "../../lib/beamline/simulate.js";
import { schedule } from "../../lib/beamline/time/schedule.js";
import { timetableOf } from "../../lib/beamline/time/timetable.js";
import { truth } from "../../lib/beamline/truth.js";
import { ArgumentError, FileError } from "../../lib/errors.js";
import { loadSpectra } from "../../lib/io/chamber-spectra.js";
import { readEdf } from "../../lib/io/edf.js";
import { loadElectrochemistry } from "../../lib/io/electrochemistry.js";
import { openExperiment } from "../../lib/io/experiment.js";

let root: string;
beforeAll(() => {
  root = mkdtempSync(join(tmpdir(), "operandose-beamline-"));
});
afterAll(() => rmSync(root, { recursive: true, force: true }));

/** The quickest recording: references and one averaged sample. */
const quick = { scale: "tiny", seed: 7, only: ["ocv"], workers: 1 } as const;

/** Names and contents of all files below a folder. */
function contents(folder: string): Map<string, string> {
  const files = readdirSync(folder, { recursive: true, encoding: "utf8" }).sort();
  const isFile = (name: string) => statSync(join(folder, name)).isFile();
  return new Map(files.filter(isFile).map((name) => [name, readFileSync(join(folder, name), "latin1")]));
}

describe("a tiny recording", () => {
  let folder: string;
  const progress: SimulationProgress[] = [];
  beforeAll(async () => {
    folder = await simulate("closer", {
      scale: "tiny",
      seed: 1,
      out: join(root, "closer"),
      onProgress: (p) => progress.push(p),
      workers: 1,
    });
  });

  test("is a complete experiment", async () => {
    const experiment = openExperiment(folder);
    experiment.check();
    expect(experiment.partNames).toEqual(
      "darkStatic flatStatic foilStatic ocv holdB holdC darkMovie flatMovie foilMovie charge".split(" "),
    );
    expect(experiment.part("ocv").shape).toEqual([24, 50]);
    expect(experiment.part("charge").files).toHaveLength(12);
    expect(experiment.manifest.simulated).toBe(true);
    const { frames } = await readEdf(experiment.path("charge/charge-0005.edf"));
    expect(frames).toHaveLength(580);
    expect(frames.map((frame) => Number(frame.header.energy))).toEqual(experiment.manifest.energies);
  });

  test("holds nothing but what the manifest names, and its stamp", () => {
    const experiment = openExperiment(folder);
    const named = new Set([...experiment.files, "experiment.json", "simulation.json"]);
    expect([...contents(folder).keys()].filter((name) => !named.has(name))).toEqual([]);
    expect(readFileSync(join(folder, "simulation.json"), "utf8")).not.toMatch(/dose|concentration|shift/i);
  });

  test("reports bytes from nothing to the total, said before anything is written", () => {
    const total = estimateBytes("closer", "tiny");
    expect(progress[0]).toMatchObject({ done: 0, total });
    expect(progress[0].label).toContain("MB to record");
    expect(progress.at(-1)?.done).toBe(total);
    progress.slice(1).forEach((p, i) => {
      expect(p.done).toBeGreaterThanOrEqual(progress[i].done);
    });
    const { size } = statSync(join(folder, "ocv.edf"));
    expect(size).toBe(580 * (512 + 2 * 24 * 50));
  });

  test("shows the truth to whoever divides by the flat: absorbance, shift, mixture", async () => {
    const about = truth("closer", "tiny");
    const experiment = openExperiment(folder);
    const [flat, sample] = await Promise.all(
      ["flatStatic", "holdC"].map(async (name) => (await readEdf(experiment.path(`${name}.edf`))).frames),
    );
    const [c1, c2, c3] = about.concentrations(about.holdCubes.C);
    const p = 12 * 50 + 25;
    const energies = about.energies.map((e) => e + about.shift[p]);
    const pure = [0, 1, 2].map((j) => about.absorbance(j, energies));
    let [square, mean] = [0, 0];
    for (let k = 0; k < 580; k++) {
      const light = (frames: typeof flat) =>
        (Number(frames[k].data[p]) - 400) / Number(frames[k].header.ring_current);
      const expected = c1[p] * pure[0][k] + c2[p] * pure[1][k] + c3[p] * pure[2][k];
      const residual = Math.log(light(flat) / light(sample)) - expected;
      mean += residual / 580;
      square += residual ** 2 / 580;
    }
    // One pixel of 32 x 32 raw ones, 120 cubes in quarters of a count: jitter of the energy is most of the noise.
    expect(Math.abs(mean)).toBeLessThan(2e-4);
    expect(Math.sqrt(square)).toBeLessThan(1.5e-3);
  });

  test("has the potentiostat's and the ion chambers' records", async () => {
    const experiment = openExperiment(folder);
    const { time, voltage } = await loadElectrochemistry(experiment);
    expect(time[0]).toBe(-1800);
    expect(voltage[time.indexOf(0) - 1]).toBeCloseTo(3.42, 2);
    expect(voltage.at(-1)).toBeCloseTo(4.3, 2);
    const spectra = await loadSpectra(experiment);
    expect(spectra.map(({ name }) => name)).toEqual([
      "OCV",
      "4.3 V, spot A",
      "4.3 V, spot B",
      "4.3 V, spot C",
    ]);
    // At 8343 eV the reduced electrode absorbs more: its edge lies lower.
    const rising = ({ mu, energy }: (typeof spectra)[number]) => mu[energy.indexOf(8343.5)];
    expect(rising(spectra[0])).toBeGreaterThan(rising(spectra[1]) + 0.02);
    expect(rising(spectra[3])).toBeGreaterThan(rising(spectra[1]) + 0.01);
  });

  test("is left alone when it is asked for again", async () => {
    const before = statSync(join(folder, "ocv.edf")).mtimeMs;
    const reports: SimulationProgress[] = [];
    const again = {
      scale: "tiny",
      seed: 1,
      out: folder,
      onProgress: (p: SimulationProgress) => reports.push(p),
    } as const;
    expect(await simulate("near", again)).toBe(folder);
    expect(reports).toEqual([]);
    expect(statSync(join(folder, "ocv.edf")).mtimeMs).toBe(before);
  });

  test("is not overwritten by another one", async () => {
    await expect(simulate("closer", { scale: "tiny", seed: 2, out: folder })).rejects.toThrow(
      /simulate: expected a recording with .*"seed":2.*got .*"seed":1.*remove the folder/,
    );
  });
});

describe("the bytes of a recording", () => {
  test("depend on the seed and on nothing else; an interrupted one is completed to the same", async () => {
    const one = await simulate("farther", { ...quick, out: join(root, "one") });
    const two = await simulate("farther", { ...quick, out: join(root, "two") });
    expect(contents(two)).toEqual(contents(one));

    rmSync(join(two, "experiment.json"));
    rmSync(join(two, "foilStatic.edf"));
    await simulate("farther", { ...quick, out: two });
    expect(contents(two)).toEqual(contents(one));

    const other = await simulate("farther", { ...quick, seed: 8, out: join(root, "other") });
    expect(contents(other).get("ocv.edf")).not.toEqual(contents(one).get("ocv.edf"));
  });

  test("are not left half-written by a caller that stops", async () => {
    const out = join(root, "stopped");
    const stop = new AbortController();
    const onProgress = ({ done }: SimulationProgress) => done > 2e6 && stop.abort();
    await expect(simulate("farther", { ...quick, out, onProgress, signal: stop.signal })).rejects.toThrow(
      /abort/i,
    );
    expect([...contents(out).keys()].filter((name) => /part|experiment\.json/.test(name))).toEqual([]);
  });
});

describe("the plan", () => {
  test("puts 17,320 s of beam on spot C and 600 s on each fresh one", () => {
    const seconds = (spot: string) =>
      timetableOf({})
        .exposure.filter((e) => e.spot === spot)
        .reduce((sum, e) => sum + e.end - e.start, 0);
    expect(["A", "B", "C"].map(seconds)).toEqual([600, 600, 17_320]);
  });

  test.each(["tiny", "demo", "full"] as const)(
    "averages all 1400 cubes of the charge at scale %s",
    (scale) => {
      const files =
        schedule(resolveConfiguration("farther"), scale).find(({ name }) => name === "charge")?.files ?? [];
      expect(files.reduce((sum, file) => sum + file.cubes, 0)).toBe(1400);
      expect([files[0].start, files.at(-1)?.end]).toEqual([0, 15_400]);
      files.slice(1).forEach((file, i) => {
        expect(file.start).toBe(files[i].end);
      });
    },
  );

  test("records the demonstration in at most 3 GB, 36 time steps and images that bin to 128 x 46", () => {
    expect(estimateBytes("farther", "demo") + estimateBytes("closer", "demo")).toBeLessThan(3e9);
    const parts = schedule(resolveConfiguration("farther"), "demo");
    expect(parts.find(({ name }) => name === "ocv")?.grid).toEqual({
      rows: 248,
      columns: 680,
      pixelSize: 4.875,
    });
    expect(parts.find(({ name }) => name === "charge")?.grid).toEqual({
      rows: 74,
      columns: 204,
      pixelSize: 16.25,
    });
    expect(parts.find(({ name }) => name === "charge")?.files).toHaveLength(36);
  });

  test("has the true size at full scale, of which a part can be recorded", () => {
    const parts = schedule(resolveConfiguration("closer"), "full", { only: ["holdA"], cubes: 2 });
    expect(parts.map(({ name }) => name)).toEqual(["darkStatic", "flatStatic", "foilStatic", "holdA"]);
    expect(parts[3].grid).toEqual({ rows: 748, columns: 1600, pixelSize: 1.625 });
    expect(parts[3].files).toHaveLength(2);
  });
});

describe("simulate refuses", () => {
  const out = () => join(root, "never");
  test.each([
    [
      "an unknown config",
      () => simulate("middle" as never, { ...quick, out: out() }),
      /expected config "farther", "closer".*got "middle"/,
    ],
    [
      "an unknown scale",
      () => simulate("far", { ...quick, scale: "huge" as never, out: out() }),
      /expected scale "tiny", "demo" or "full", got "huge"/,
    ],
    [
      "a part that is not there",
      () => simulate("far", { ...quick, only: ["holdA"], out: out() }),
      /expected only as an array of darkStatic.*got "holdA"/,
    ],
    [
      "a seed that is no whole number",
      () => simulate("far", { ...quick, seed: 0.5, out: out() }),
      /expected seed as a whole number, got 0.5/,
    ],
    [
      "no folder",
      () => simulate("far", { scale: "tiny", seed: 1 } as never),
      /expected out as the path of a folder, got undefined/,
    ],
    [
      "no cubes",
      () => simulate("far", { ...quick, cubes: 0, out: out() }),
      /expected cubes as a whole number above 0, got 0/,
    ],
  ])("%s", async (_, call, message) => {
    await expect(call()).rejects.toThrow(message);
    await expect(call()).rejects.toBeInstanceOf(ArgumentError);
  });

  test("a folder that holds something else", async () => {
    const taken = join(root, "taken");
    mkdirSync(taken);
    writeFileSync(join(taken, "thesis.tex"), "");
    const call = simulate("far", { ...quick, out: taken });
    await expect(call).rejects.toThrow(/expected an empty or a new folder, got other files \(thesis.tex\)/);
    await expect(call).rejects.toBeInstanceOf(FileError);
    expect(readdirSync(taken)).toEqual(["thesis.tex"]);
  });

  test("a file in the folder's place, or in its parent's", async () => {
    const file = join(root, "file");
    writeFileSync(file, "");
    await expect(simulate("far", { ...quick, out: file })).rejects.toThrow(/expected a folder, got a file/);
    await expect(simulate("far", { ...quick, out: join(file, "x") })).rejects.toThrow(FileError);
  });

  test("what does not fit on the disk", async () => {
    const call = simulate("far", { scale: "full", seed: 1, out: out() });
    await expect(call).rejects.toThrow(/expected \d+\.\d\d GB of free disk.*got .* GB; free some/);
  });
});
