// Several writers of one name, writers that are killed, and readers in between: real processes of the compiled library.
import { type ChildProcess, spawn } from "node:child_process";
import { existsSync, readdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { basename, dirname, join, resolve } from "node:path";
import { describe, expect, test } from "vitest";
import { writeWhole } from "../../lib/io/atomic.js";
import { isLeft, temporaryBeside } from "../../lib/io/temporaries.js";
import { readZarr } from "../../lib/io/zarr.js";
import { writeZarr } from "../../lib/io/zarr-writer.js";
import { temporaryFolder } from "./support.js";

const dist = resolve(import.meta.dirname, "../../dist");
const folder = temporaryFolder();

/** A store in which every number is the same: a mixture of two shows. */
const store = (value: number) => ({
  attributes: { value },
  arrays: Object.fromEntries(
    ["a", "b", "c"].map((name) => [
      name,
      { data: new Float64Array(6).fill(value), shape: [6], dimensions: ["x"], chunks: [2] },
    ]),
  ),
});

/** The value of a store that is whole. */
async function wholeValue(path: string): Promise<number> {
  const { attributes, arrays } = await readZarr(path);
  const all = Object.values(arrays).flatMap(({ data }) => [...data]);
  expect(new Set([attributes.value, ...all]).size).toBe(1);
  expect(all).toHaveLength(18);
  return all[0];
}

/** Another process that runs a module; `zarr`, `disk`, `path` and `store` are there. */
function start(path: string, code: string): ChildProcess {
  const source = `
import { readZarr } from ${JSON.stringify(join(dist, "io/zarr.js"))};
import { writeZarr } from ${JSON.stringify(join(dist, "io/zarr-writer.js"))};
import { writeWhole } from ${JSON.stringify(join(dist, "io/atomic.js"))};
const path = ${JSON.stringify(path)};
const store = (value) => ({ attributes: { value }, arrays: Object.fromEntries(["a", "b", "c"].map((name) =>
  [name, { data: new Float64Array(6).fill(value), shape: [6], dimensions: ["x"], chunks: [2] }])) });
${code}`;
  return spawn(process.execPath, ["--input-type=module", "-e", source], {
    stdio: ["ignore", "pipe", "pipe"],
  });
}

function ended(child: ChildProcess): Promise<string> {
  return new Promise((done, fail) => {
    let [out, err] = ["", ""];
    child.stdout?.on("data", (text) => {
      out += text;
    });
    child.stderr?.on("data", (text) => {
      err += text;
    });
    child.on("close", (code) => (code === 0 ? done(out) : fail(new Error(err))));
  });
}

function said(child: ChildProcess, text: string): Promise<void> {
  return new Promise((done) => child.stdout?.on("data", (some) => String(some).includes(text) && done()));
}

const leftOf = (path: string): string[] =>
  readdirSync(dirname(path)).filter((name) => name.startsWith(`.${basename(path)}.`));

/** A name that a process of another number would have given. */
const named = (path: string, pid: number, ending: "part" | "old"): string =>
  temporaryBeside(path, ending).replace(/-\d+-(\d+)-\w+\.(\w+)$/, `-${pid}-$1-00000000.$2`);

/** Larger than any process number. */
const GONE = 2 ** 30;

describe.skipIf(!existsSync(dist))("processes (skipped where the library is not built)", () => {
  test("that write one store leave one whole store; who reads meanwhile gets a whole one or is told", async () => {
    const path = join(folder, "two.zarr");
    const write = (value: number) => `for (let i = 0; i < 25; i++) await writeZarr(path, store(${value}));`;
    const read = `
let whole = 0;
for (let i = 0; i < 150; i++) try {
  const { attributes, arrays } = await readZarr(path);
  const all = [attributes.value, ...Object.values(arrays).flatMap(({ data }) => [...data])];
  if (all.length !== 19 || new Set(all).size !== 1) throw new Error("half: " + all);
  whole++;
} catch (error) { if (error.name !== "FileError") throw error; }
console.log(whole);`;
    await writeZarr(path, store(0));
    const all = [start(path, write(1)), start(path, write(2)), start(path, write(3)), start(path, read)];
    const outputs = await Promise.all(all.map(ended));
    expect(Number(outputs[3])).toBeGreaterThan(0);
    expect([1, 2, 3]).toContain(await wholeValue(path));
    expect(leftOf(path)).toEqual([]);
  });

  test("that write one file leave one whole file", async () => {
    const path = join(folder, "two.txt");
    const write = (letter: string) =>
      `for (let i = 0; i < 100; i++) writeWhole("test", path, ${JSON.stringify(letter)}.repeat(1e5));`;
    const writers = ["a", "b"].map((letter) => ended(start(path, write(letter))));
    let running = true;
    const both = Promise.all(writers).finally(() => {
      running = false;
    });
    while (running) {
      if (existsSync(path)) expect(readFileSync(path, "utf8")).toMatch(/^(a{100000}|b{100000})$/);
      await new Promise((resolve) => setTimeout(resolve, 2));
    }
    await both;
    expect(leftOf(path)).toEqual([]);
  });

  test("that are killed leave the old store, and what they leave is removed by the next one", async () => {
    const path = join(folder, "killed.zarr");
    await writeZarr(path, store(1));
    const child = start(
      path,
      `await writeZarr(path, store(2), async () => { console.log("writing"); await new Promise((r) => setTimeout(r, 1e6)); });`,
    );
    await said(child, "writing");
    // It still runs: what it writes stays.
    await writeZarr(path, store(3));
    expect(leftOf(path)).toHaveLength(1);
    const end = new Promise((done) => child.on("close", done));
    child.kill("SIGKILL");
    await end;
    expect(await wholeValue(path)).toBe(3);
    await writeZarr(path, store(4));
    expect(await wholeValue(path)).toBe(4);
    expect(leftOf(path)).toEqual([]);
  });
});

test("calls at the same time in one process leave one whole store", async () => {
  const path = join(folder, "awaits.zarr");
  await Promise.all(Array.from({ length: 12 }, (_, i) => writeZarr(path, store(i))));
  expect(await wholeValue(path)).toBeGreaterThanOrEqual(0);
  expect(leftOf(path)).toEqual([]);
});

test("a process that ended between the two renames has lost nothing: the next reader or writer brings the store back", async () => {
  for (const next of [wholeValue, (path: string) => writeZarr(path, store(7)).then(() => wholeValue(path))]) {
    const path = join(folder, "between.zarr");
    await writeZarr(path, store(5));
    renameSync(path, named(path, GONE, "old"));
    expect([5, 7]).toContain(await next(path));
    expect(leftOf(path)).toEqual([]);
  }
});

test("only what has lost its writer is left: not one of a running process, nor a young one of another machine", () => {
  const path = join(folder, "x.edf");
  const mine = temporaryBeside(path);
  const cases: readonly (readonly [string, boolean])[] = [
    [mine, false],
    [named(path, process.pid, "part"), true],
    [named(path, GONE, "part"), true],
    [named(path, process.ppid, "part"), false],
    [named(path, GONE, "part").replace(/\.[0-9a-f]{6}-/, ".ffffff-"), false],
    [path, false],
  ];
  for (const [name, left] of cases) {
    writeFileSync(name, "1");
    expect([basename(name), isLeft(name)]).toEqual([basename(name), left]);
  }
  writeWhole("test", path, "2");
  expect(leftOf(path)).toHaveLength(3);
});
