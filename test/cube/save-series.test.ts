// A saved series goes on where it was: the same bytes, whatever ended it.
import { execFileSync, spawn } from "node:child_process";
import {
  copyFileSync,
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from "node:fs";
import { join, resolve } from "node:path";
import { afterEach, describe, expect, test, vi } from "vitest";
import { Cube } from "../../lib/cube/cube.js";
import { readZarr } from "../../lib/io/zarr.js";
import { temporaryFolder } from "../io/support.js";
import { smallExperiment } from "../support/small-experiment.js";

const out = temporaryFolder();
const { folder } = smallExperiment({ nTimes: 6 });
const chain = (from = folder): Cube => Cube.load(from).calibrate().absorb().bin(2).normalize().doseRate();
const built = existsSync(resolve(import.meta.dirname, "../../dist/index.js"));
const program = resolve(import.meta.dirname, "../../kernel/cli/operandose.mjs");

afterEach(() => vi.restoreAllMocks());

/** All files of a store by their names; of the attributes what is not the time at which it was made. */
function contentOf(store: string): Record<string, string> {
  const files = readdirSync(store, { recursive: true, withFileTypes: true }).filter((entry) =>
    entry.isFile(),
  );
  return Object.fromEntries(
    files.map((entry) => {
      const path = join(entry.parentPath, entry.name);
      const bytes = readFileSync(path, path === join(store, "zarr.json") ? "utf8" : "latin1");
      return [path.slice(store.length), bytes.replace(/"created":"[^"]*"/, "")];
    }),
  );
}

/** Copies of the experiment, whose cube t is cut off. */
function damaged(name: string, t: number): string {
  const copy = join(out, name);
  cpSync(folder, copy, { recursive: true });
  truncateSync(join(copy, `cube-${t}.edf`), 40_000);
  return copy;
}

const store = (name: string): string => join(out, `${name}.zarr`);

describe("save", () => {
  test("computes only what is not there and whole, and gives the same bytes", async () => {
    const whole = contentOf(await chain().save(store("whole")));
    const path = await chain().save(store("again"), { task: "1/2" });
    expect(readdirSync(join(path, "data", "c")).sort()).toEqual(["0", "1", "2"]);
    expect(Object.keys(contentOf(path))).not.toContain("/data/steps/3.json");
    await chain().save(path, { task: "2/2" });
    expect(contentOf(path)).toEqual(whole);

    const times = () =>
      readdirSync(join(path, "data", "c"), { recursive: true }).map(
        (name) => statSync(join(path, "data", "c", String(name))).mtimeMs,
      );
    const before = times();
    await chain().save(path);
    expect(times()).toEqual(before);

    // Cut off, lost, without a record: each is computed again.
    const spoil = [
      () => truncateSync(join(path, "data", "c", "1", "0", "2", "0"), 10),
      () => rmSync(join(path, "data", "c", "2", "0", "0"), { recursive: true }),
      () => rmSync(join(path, "data", "steps", "3.json")),
      () => writeFileSync(join(path, "data", "steps", "4.json"), "{"),
    ];
    for (const one of spoil) {
      one();
      await chain().save(path);
      expect(contentOf(path)).toEqual(whole);
    }
  });

  test("numbers and what they lack are those of one pass", async () => {
    const saved = Cube.load(store("whole"));
    const [a, b] = [await saved.compute(), await chain().compute()];
    expect(a.data).toEqual(b.data);
    expect(saved.plan.source.store?.provenance.invalid).toEqual(b.invalid);
  });

  test("refuses the cube of another plan, and something else; the same files elsewhere are the same plan", async () => {
    const path = store("whole");
    await expect(chain().mask([0, 1]).save(path)).rejects.toThrow("got the cube of another plan");
    await expect(Cube.load(folder).absorb().bin(3).save(path)).rejects.toThrow(
      "remove it, or choose another",
    );
    const changed = join(out, "changed");
    cpSync(folder, changed, { recursive: true });
    await chain(changed).save(path);
    const bytes = readFileSync(join(changed, "cube-2.edf"));
    bytes[bytes.length - 1] ^= 1;
    writeFileSync(join(changed, "cube-2.edf"), bytes);
    await expect(chain(changed).save(path)).rejects.toThrow("got the cube of another plan");
    const other = store("other");
    mkdirSync(other);
    writeFileSync(join(other, "zarr.json"), "{}");
    await expect(chain().save(other)).rejects.toThrow("got something else");
    for (const task of ["0/2", "3/2", "1", "1/2/3", "a/b", 1]) {
      await expect(chain().save(path, { task: task as string })).rejects.toThrow(
        'expected a task as "3/100"',
      );
    }
    await expect(chain().save(path, { strict: 1 as never })).rejects.toThrow(
      "expected strict as true or false",
    );
  });

  test("a damaged cube is reported, NaN, and computed when it is whole; strict ends there", async () => {
    const warn = vi.spyOn(console, "warn").mockImplementation(() => {});
    const copy = damaged("damaged", 3);
    await expect(chain(copy).save(store("strict"), { strict: true })).rejects.toThrow("cube-3.edf");
    const path = await chain(copy).save(store("damaged"));
    expect(warn).toHaveBeenCalledWith(
      expect.stringMatching(/1 of 6 time steps .*\n {2}time step 3: .*cube-3\.edf/),
    );
    const { data } = await Cube.load(path).compute();
    const [expected, n] = [(await chain().compute()).data, data.length / 6];
    for (let t = 0; t < 6; t++) {
      const step = data.slice(t * n, (t + 1) * n);
      if (t === 3) expect(step.every(Number.isNaN)).toBe(true);
      else expect(step).toEqual(expected.slice(t * n, (t + 1) * n));
    }
    expect(Cube.load(path).explain()).toContain("1 of 6 time steps could not be computed and are NaN");

    // Every cube is damaged: nothing to go on with.
    for (let t = 1; t < 6; t++) if (t !== 3) truncateSync(join(copy, `cube-${t}.edf`), 40_000);
    await expect(chain(copy).save(store("none"), { task: "6/6" })).rejects.toThrow("got none; time step 5");
  });

  test("a damaged flat is no damaged cube", async () => {
    const copy = join(out, "flat");
    cpSync(folder, copy, { recursive: true });
    const cube = Cube.load(copy).absorb();
    truncateSync(join(copy, "flat2.edf"), 40_000);
    await expect(cube.save(store("flat"))).rejects.toThrow("flat2.edf");
    expect(existsSync(join(store("flat"), "data", "steps"))).toBe(false);
  });

  test("while it grows, only whole chunks are there, and the fill value of the others is NaN", async () => {
    const path = await chain().save(store("growing"), { task: "1/3" });
    const { arrays } = await readZarr(path);
    const n = arrays.data.data.length / 6;
    const isThere = Array.from({ length: 6 }, (_, t) =>
      arrays.data.data.slice(t * n, (t + 1) * n).some(Number.isFinite),
    );
    expect(isThere).toEqual([true, true, false, false, false, false]);
    // What is no array would make Python's zarr warn.
    for (const entry of readdirSync(path, { withFileTypes: true })) {
      if (entry.isDirectory()) expect(existsSync(join(path, entry.name, "zarr.json"))).toBe(true);
    }
    expect(JSON.parse(readFileSync(join(path, "data", "zarr.json"), "utf8")).fill_value).toBe("NaN");
    await expect(Cube.load(path).spectra()).rejects.toThrow("save it to its end");
  });
});

describe.skipIf(!built)("npx operandose reduce (skipped where the library is not built)", () => {
  const plan = (): string => chain().savePlan(join(out, "plan.json"));
  const start = (path: string, ...more: string[]) =>
    spawn(process.execPath, [program, "reduce", plan(), "--out", path, ...more], { stdio: "ignore" });
  const ended = (child: ReturnType<typeof spawn>) =>
    new Promise<void>((done) => child.on("close", () => done()));

  const nRecords = (path: string): number => {
    const folder = join(path, "data", "steps");
    return existsSync(folder) ? readdirSync(folder).filter((name) => /^\d+\.json$/.test(name)).length : 0;
  };

  test("killed again and again, and two at once: the same bytes", async () => {
    const expected = contentOf(await chain().save(store("expected")));
    const path = store("killed");
    for (const records of [0, 1, 2, 4]) {
      const child = start(path);
      // Some time after so many cubes are there: within the next one, or between two.
      while (nRecords(path) < records) await new Promise((later) => setTimeout(later, 5));
      await new Promise((later) => setTimeout(later, 13 * records));
      child.kill("SIGKILL");
      await ended(child);
    }
    await Promise.all([ended(start(path)), ended(start(path)), ended(start(path, "--task", "2/2"))]);
    await ended(start(path));
    expect(contentOf(path)).toEqual(expected);
  });

  test("300 cubes with 256 files that may be open", () => {
    const many = join(out, "many");
    cpSync(folder, many, { recursive: true });
    const names = Array.from({ length: 300 }, (_, i) => {
      const name = join(many, `series-${String(i).padStart(3, "0")}.edf`);
      copyFileSync(join(folder, "cube-0.edf"), name);
      return name;
    });
    const flat = join(many, "flat1.edf");
    const cube = Cube.load({ sample: names, flat, edge: "Ni K", pixelSize: 6.5 }).absorb().bin(6);
    const path = store("many");
    const code = `ulimit -n 256; exec "$0" "$@"`;
    for (const [chain, target] of [
      [cube, path],
      [cube.average(), store("mean")],
    ] as const) {
      const file = chain.savePlan(join(out, "many.json"));
      execFileSync("bash", [
        "-c",
        code,
        process.execPath,
        program,
        "reduce",
        file,
        "--out",
        target,
        "--workers",
        "2",
      ]);
    }
    expect(readdirSync(join(path, "data", "steps"))).toHaveLength(300);
  });
});
