import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Changes, configure, resolveConfiguration } from "../../lib/beamline/configurations.js";
import { simulate } from "../../lib/beamline/simulate.js";
import { schedule } from "../../lib/beamline/time/schedule.js";
import { timetableOf } from "../../lib/beamline/time/timetable.js";
import { truth } from "../../lib/beamline/truth.js";
import { ArgumentError } from "../../lib/errors.js";
import { readEdf } from "../../lib/io/edf.js";
import { loadElectrochemistry } from "../../lib/io/electrochemistry.js";
import { openExperiment } from "../../lib/io/experiment.js";

describe("a changed configuration", () => {
  test("is the configuration itself when nothing changes, in its stamp too", () => {
    const farther = resolveConfiguration("farther");
    const same = configure("farther", {
      attenuation: 0,
      cRate: 0.25,
      exposure: 1 / 228.6,
      damage: "calibrated",
    });
    expect(JSON.stringify(same)).toBe(JSON.stringify(farther));
    expect(configure(configure("farther", { cRate: 1 }), { cRate: 0.25 })).toEqual(farther);
  });

  test("says in its title what was changed, but nothing of the damage, which no experimenter chooses", () => {
    const { title } = configure("closer", { attenuation: 0.9, cRate: 0.5, damage: "none" });
    expect(title).toBe(
      "LiNiO2 charged at C/4, closer focus (simulated); changed: beam attenuated by 90 %, C-rate 0.5 1/h",
    );
  });

  test("dims the dose rate by the attenuation", () => {
    const grid = { rows: 20, columns: 20, pixelSize: 26 };
    const [full, dim] = [{}, { attenuation: 0.75 }].map((c) => truth(configure("farther", c), grid).doseRate);
    full.forEach((rate, p) => {
      expect(dim[p] / rate).toBeCloseTo(0.25, 12);
    });
  });

  test("charges for as long as the C-rate makes it, with as many cubes as fit", () => {
    const half = timetableOf({ cRate: 0.5 });
    const paper = timetableOf({});
    expect(half.chargeTime).toBe(7200);
    expect(half.current).toBe(0.75);
    expect(half.chargeCubes).toBe(700);
    expect(half.holdEnd - half.holdStart).toBe(paper.holdEnd - paper.holdStart);
    // Charge, current times time, does not depend on the rate.
    expect(half.current * half.holdStart).toBeCloseTo(paper.current * paper.holdStart, 9);
    for (const scale of ["tiny", "demo", "full"] as const) {
      const charge = schedule(configure("farther", { cRate: 0.5 }), scale).find(
        ({ name }) => name === "charge",
      );
      expect(charge?.files.reduce((sum, { cubes }) => sum + cubes, 0)).toBe(700);
      expect(charge?.files.at(-1)?.end).toBe(7700);
    }
  });

  test.each<[string, Changes, RegExp]>([
    ["an attenuation of all", { attenuation: 1 }, /expected attenuation in a fraction of the beam.*got 1/],
    ["a long exposure", { exposure: 0.1 }, /expected exposure in s above 0 and at most 1\/228.6, got 0.1/],
    ["no current", { cRate: 0 }, /expected cRate in 1\/h, 0.01 to 5, got 0/],
    ["no number", { cRate: Number.NaN }, /expected cRate .* got NaN/],
    ["a place beyond the focus", { sampleDistance: 33 }, /expected sampleDistance in m .* got 33/],
    ["an unknown damage", { damage: "much" as never }, /expected damage "calibrated", "none", "threshold"/],
    [
      "an unknown change",
      { focus: 3 } as never,
      /configure: expected options \{ sampleDistance\?, .* got an option "focus"/,
    ],
  ])("refuses %s", (_, changes, message) => {
    expect(() => configure("farther", changes)).toThrow(ArgumentError);
    expect(() => configure("farther", changes)).toThrow(message);
  });

  test("refuses them in a configuration of one's own too", () => {
    const own = { ...resolveConfiguration("farther"), attenuation: -1 };
    expect(() => resolveConfiguration(own)).toThrow(/simulate: expected attenuation/);
  });
});

describe("a recording of a changed configuration", () => {
  let root: string;
  beforeAll(() => {
    root = mkdtempSync(join(tmpdir(), "operandose-configurations-"));
  });
  afterAll(() => rmSync(root, { recursive: true, force: true }));
  const record = (name: string, changes: Changes) =>
    simulate(configure("farther", { damage: "none", ...changes }), {
      scale: "tiny",
      seed: 1,
      only: ["flatStatic"],
      workers: 1,
      out: join(root, name),
    });
  const flat = async (folder: string) => (await readEdf(join(folder, "flatStatic.edf"))).frames;
  const light = (data: ArrayLike<number | bigint>) =>
    Array.from(data, Number).reduce((sum, c) => sum + c - 400, 0);

  test("has counts in proportion to the attenuated beam, and the flux that goes with them", async () => {
    const [full, dim] = [await record("full", {}), await record("dim", { attenuation: 0.8 })];
    const [bright, dark] = [await flat(full), await flat(dim)];
    const at8390 = openExperiment(full).manifest.energies.findIndex((e) => e < 8390);
    expect(light(dark[at8390].data) / light(bright[at8390].data)).toBeCloseTo(0.2, 3);
    // Aluminum lets more of the higher energies through.
    const share = (k: number) => light(dark[k].data) / light(bright[k].data);
    expect(share(0)).toBeGreaterThan(1.1 * share(579));
    expect(openExperiment(dim).manifest.flux.value / openExperiment(full).manifest.flux.value).toBeCloseTo(
      0.2,
      12,
    );
  });

  test("has counts in proportion to the exposure, which the header tells", async () => {
    const frames = await flat(await record("short", { exposure: 0.001 }));
    const whole = await flat(await record("full", {}));
    expect(light(frames[0].data) / light(whole[0].data)).toBeCloseTo(0.2286, 3);
    expect(Number(frames[0].header.exposure_time)).toBe(0.001);
  });

  test("charges with the C-rate's current, for its time", async () => {
    const experiment = openExperiment(await record("fast", { cRate: 1 }));
    const { time, current, voltage } = await loadElectrochemistry(experiment);
    const charging = time.filter((_, i) => current?.[i] === 1.5);
    expect([charging[0], charging.at(-1)]).toEqual([0, 3460]);
    expect(voltage.at(-1)).toBeCloseTo(4.3, 2);
    const exposed = experiment.manifest.exposure.filter(({ spot }) => spot === "C");
    expect(exposed.map(({ end }) => end)).toEqual([0, 3850, 3456 + 9480 + 600]);
  });
});
