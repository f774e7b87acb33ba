import { spawn } from "node:child_process";
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { configure } from "../../lib/beamline/configurations.js";
import { dryRun, planOf, timeline } from "../../lib/beamline/plans/index.js";
import { estimateBytes, simulate } from "../../lib/beamline/simulate.js";
import { Cube } from "../../lib/cube/cube.js";
import { exposureTime } from "../../lib/dose/exposure.js";
import { rockCell } from "../../lib/dose/rock-cell.js";
import { readEdf } from "../../lib/io/edf.js";
import { openExperiment } from "../../lib/io/experiment.js";
import { readFrames } from "../../lib/io/frame-file.js";
import { temporaryBeside } from "../../lib/io/temporaries.js";
import { peer, python } from "../support/peers.js";

let root: string;
beforeAll(() => {
  root = mkdtempSync(join(tmpdir(), "operandose-plans-"));
});
afterAll(() => rmSync(root, { recursive: true, force: true }));

const quick = { scale: "tiny", seed: 5, only: ["ocv"], workers: 1 } as const;
let edf: string;
beforeAll(async () => {
  edf = await simulate("farther", { ...quick, out: join(root, "edf") });
});

/** Names and contents of all files below a folder. */
function contents(folder: string): Map<string, string> {
  const names = readdirSync(folder, { recursive: true, encoding: "utf8" }).sort();
  const files = names.filter((name) => statSync(join(folder, name)).isFile());
  return new Map(files.map((name) => [name, readFileSync(join(folder, name), "latin1")]));
}

describe("a dry run", () => {
  test("says the dose that the recorded manifest and flat give", async () => {
    const run = dryRun(planOf("farther"), { scale: "tiny", only: ["ocv"] });
    const { manifest } = openExperiment(edf);
    expect(run.exposure).toEqual(manifest.exposure);
    for (const { spot, seconds } of run.spots) expect(seconds).toBe(exposureTime(manifest.exposure, spot));
    const rate = (
      await Cube.load(edf, { part: "ocv" }).absorb().doseRate(rockCell()).map("doseRate")
    ).statistics();
    const spotC = run.spots.find(({ spot }) => spot === "C");
    // The flat's flux is measured, in pixels that are wider and reach a little beyond the field of view.
    expect(Math.abs((spotC?.doseRate.mean ?? 0) / rate.mean - 1)).toBeLessThan(0.04);
    expect(Math.abs((spotC?.doseRate.max ?? 0) / rate.max - 1)).toBeLessThan(0.04);
    expect(spotC?.dose.mean).toBe((spotC?.doseRate.mean ?? 0) * 17_320);
  });

  test("says how long, how much disk, and how much of the beam is recorded", () => {
    const run = dryRun(planOf("farther"), { scale: "tiny", only: ["ocv"] });
    expect(run.bytes).toBe(estimateBytes("farther", "tiny", { only: ["ocv"] }));
    const cubes = [...contents(edf)].filter(([name]) => name.endsWith(".edf"));
    expect(run.bytes).toBe(cubes.reduce((sum, [, bytes]) => sum + bytes.length, 0));
    expect(run.duration).toBe(24_624 + 3820);
    const full = dryRun(planOf("farther"));
    // 120 + 1400 + 3 x 120 cubes, 20 flats and 20 foils in the one mode of the full scale, and a dark.
    expect(full.bytes).toBe(1920 * 580 * (512 + 2 * 748 * 2048) + 20 * (512 + 2 * 748 * 2048));
    expect(full.summary).toContain("spot C: 289 min of beam, 289 min recorded: ");
  });

  test("scales the dose with the attenuator and with the time that the beam is on", () => {
    const dose = (changes: Parameters<typeof configure>[1]) =>
      dryRun(planOf(configure("farther", changes))).spots.find(({ spot }) => spot === "C")?.dose.max ?? 0;
    expect(dose({ attenuation: 0.9 }) / dose({})).toBeCloseTo(0.1, 9);
    expect(dose({ protocol: { bursts: 14 } }) / dose({})).toBeCloseTo((1320 + 1540 + 600) / 17_320, 9);
    expect(dose({}) / 1e6).toBeCloseTo(121, 0);
  });

  test("tells of the ion chambers' beam beside the dose, which does not have it", () => {
    const { spots } = dryRun(planOf("farther"));
    for (const { spot, chambers } of spots) {
      expect(chambers.seconds).toBe(spot === "C" ? 2640 : 1320);
      // The middle of the beam, where it is brightest.
      expect(chambers.dose / chambers.seconds).toBeGreaterThan(5500);
    }
  });
});

describe("the exposure history of a manifest", () => {
  test("has the time under beam when nothing was recorded", () => {
    const { manifest, partNames } = openExperiment(edf);
    expect(partNames).not.toContain("charge");
    expect(partNames).not.toContain("holdA");
    expect(exposureTime(manifest.exposure, "C")).toBe(17_320);
    expect(exposureTime(manifest.exposure, "A")).toBe(600);
  });

  test("tells of the ion chambers' beam apart: it meets the middle of a spot only", () => {
    const { manifest } = openExperiment(edf);
    const seconds = (spot: string) => exposureTime(manifest.partialExposure ?? [], spot);
    for (const { spot, chambers } of dryRun(planOf("farther")).spots)
      expect(seconds(spot)).toBe(chambers.seconds);
    for (const { width, height } of manifest.partialExposure ?? [])
      expect([width, height]).toEqual([0.5, 0.5]);
    // Neither is under way while the other is.
    const all = [...manifest.exposure, ...(manifest.partialExposure ?? [])].sort((a, b) => a.start - b.start);
    all.slice(1).forEach(({ start }, i) => {
      expect(start).toBeGreaterThanOrEqual(all[i].end);
    });
  });

  test("is that of a varied experiment, whose damage follows it", async () => {
    const config = configure("farther", { protocol: { chargeSpots: ["B", "C"] } });
    const out = await simulate(config, {
      ...quick,
      only: ["chargeB"],
      cubes: 1,
      every: 100,
      out: join(root, "moved"),
    });
    const { manifest } = openExperiment(out);
    expect(manifest.exposure).toEqual(timeline(planOf(config).messages).exposure);
    expect(manifest.parts.chargeB).toMatchObject({ kind: "sample", spot: "B" });
    expect(manifest.title).toContain("changed: charge recorded at spots B, C in turn");
    expect(exposureTime(manifest.exposure, "B")).toBe(699 * 11 + 600);
  });
});

describe("every twentieth frame", () => {
  test("is one of the whole recording", async () => {
    const out = await simulate("farther", { ...quick, every: 20, out: join(root, "coarse") });
    const { manifest } = openExperiment(out);
    const whole = openExperiment(edf).manifest.energies;
    expect(manifest.energies).toEqual(whole.filter((_, k) => k % 20 === 10));
    const [few, all] = await Promise.all([out, edf].map((f) => readEdf(join(f, "ocv.edf"))));
    expect(few.frames).toHaveLength(29);
    few.frames.forEach(({ data, header }, k) => {
      expect(data).toEqual(all.frames[20 * k + 10].data);
      expect(header.ring_current).toBe(all.frames[20 * k + 10].header.ring_current);
      expect(header.time).toBe(all.frames[20 * k + 10].header.time);
    });
  });

  test.each([0, 291, 1.5, "2"])("refuses every %j", async (every) => {
    const call = simulate("farther", { ...quick, every: every as never, out: join(root, "never") });
    await expect(call).rejects.toThrow(/simulate: expected every as a whole number, 1 to 290 frames/);
  });
});

describe("a recording as NeXus", () => {
  let nexus: string;
  beforeAll(async () => {
    nexus = await simulate("farther", { ...quick, format: "nexus", out: join(root, "nexus") });
  });

  test("gives identical numbers through the chain", async () => {
    const chain = (folder: string) =>
      Cube.load(folder, { part: "ocv" }).calibrate().absorb().bin(2).doseRate(rockCell()).normalize();
    const [one, other] = await Promise.all([edf, nexus].map((folder) => chain(folder).spectrum()));
    expect(other.values).toEqual(one.values);
    const [map, mapped] = await Promise.all([edf, nexus].map((folder) => chain(folder).map("doseRate")));
    expect(mapped.values).toEqual(map.values);
  });

  test("has the same counts and headers, frame by frame", async () => {
    for (const part of ["darkStatic", "ocv"]) {
      const [one, other] = [
        (await readEdf(join(edf, `${part}.edf`))).frames,
        await readFrames(join(nexus, `${part}.nxs`)),
      ];
      expect(other).toHaveLength(one.length);
      one.forEach(({ data, header }, k) => {
        expect(Array.from(other[k].data)).toEqual(Array.from(data, Number));
        for (const [key, value] of Object.entries(other[k].header))
          expect(Number(header[key])).toBe(Number(value));
      });
    }
  });

  test("has the same bytes whenever it is made", async () => {
    await sleep(1100);
    const again = await simulate("farther", { ...quick, format: "nexus", out: join(root, "nexus-again") });
    expect(contents(again)).toEqual(contents(nexus));
  });

  test("is another recording than the EDF one", async () => {
    await expect(simulate("farther", { ...quick, out: nexus })).rejects.toThrow(/got .*"format":"nexus"/);
    await expect(
      simulate("farther", { ...quick, format: "tiff" as never, out: join(root, "never") }),
    ).rejects.toThrow('simulate: expected format "edf" or "nexus", got "tiff"');
  });

  test("is what h5py sees as NXentry", (context) => {
    peer("h5py")(context);
    const script = `
import h5py, json, sys
def look(path):
    e = h5py.File(path)["entry"]
    d = e[e.attrs["default"]]
    return [e.attrs["NX_class"], d.attrs["NX_class"], list(d[d.attrs["signal"]].shape), list(map(int, set(e["instrument/detector/image_key"][:]))),
      [float(v) for v in d["energy"][:2]] if "energy" in d else None, e["title"][()].decode()]
print(json.dumps([look(sys.argv[1] + "/" + p + "Static.nxs") for p in ("dark", "flat", "foil")] + [look(sys.argv[1] + "/ocv.nxs")]))`;
    const stdout = python(script, { args: [nexus] });
    const [dark, flat, foil, sample] = JSON.parse(stdout);
    expect([dark[3], flat[3], foil[3], sample[3]]).toEqual([[2], [1], [4], [0]]);
    expect(sample.slice(0, 3)).toEqual(["NXentry", "NXdata", [580, 24, 64]]);
    expect(sample[4]).toEqual(openExperiment(nexus).manifest.energies.slice(0, 2));
    expect(sample[5]).toBe("LiNiO2 charged at C/4, farther focus (simulated), ocv");
    expect(dark[4]).toBeNull();
  });
});

describe("what a killed recording leaves", () => {
  test("is no obstacle: not even its stamp half-written", async () => {
    const out = join(root, "early");
    mkdirSync(out);
    const left = (name: string, pid: number): string =>
      temporaryBeside(join(out, name)).replace(/-\d+-(\d+)-\w+\.part$/, `-${pid}-$1-00000000.part`);
    writeFileSync(left("simulation.json", 999999), '{"simul');
    writeFileSync(left("ocv.edf", process.pid), "an earlier process of the same number");
    await simulate("farther", { ...quick, out });
    expect(contents(out)).toEqual(contents(edf));
  });
});

const built = fileURLToPath(new URL("../../dist/beamline/simulate.js", import.meta.url));

describe.skipIf(!existsSync(built))(
  `a recording that is killed${existsSync(built) ? "" : " (skipped: dist is not built)"}`,
  () => {
    const start = (out: string) => {
      const options = JSON.stringify({ ...quick, workers: 2, out });
      const script = join(root, "record.mjs");
      writeFileSync(
        script,
        `import { simulate } from ${JSON.stringify(built)}; await simulate("farther", ${options});`,
      );
      return spawn(process.execPath, [script], { stdio: "ignore" });
    };
    const halfWritten = (out: string) =>
      existsSync(out) ? readdirSync(out).filter((name) => name.endsWith(".part")) : [];

    test("and started again has the files of one that never was, and no others", async () => {
      const out = join(root, "killed");
      let leftovers = 0;
      for (let kill = 0; kill < 8 && (kill < 2 || leftovers === 0); kill++) {
        const child = start(out);
        const ended = new Promise((resolve) => child.once("exit", resolve));
        const own = () => halfWritten(out).some((name) => name.includes(`-${child.pid}-`));
        while (child.exitCode === null && !own()) await sleep(5);
        // Any moment while files are written.
        await sleep(100 * Math.random());
        child.kill("SIGKILL");
        await ended;
        leftovers += halfWritten(out).length;
        // It was quicker than the kill: once more from the beginning.
        if (existsSync(join(out, "experiment.json"))) rmSync(out, { recursive: true });
      }
      expect(leftovers).toBeGreaterThan(0);
      const last = start(out);
      expect(await new Promise((resolve) => last.once("exit", resolve))).toBe(0);
      expect(contents(out)).toEqual(contents(edf));
    });
  },
);
