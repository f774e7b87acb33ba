// npm start's own machinery: what each cell leaves is found, a few jobs run at a time, and the time that is left is told.
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import type { Converter, ConvertResult } from "tslab/dist/converter.js";
import { afterAll, describe, expect, test } from "vitest";
import { overview, timeLeft } from "../../kernel/cli/overview.js";
import { duration } from "../../kernel/cli/say.js";
import { aheadConverter } from "../../kernel/jupyter/tslab/ahead.js";
import { readNotebook } from "../../kernel/runner/format.js";
import { claimsPath, startHarvest } from "../../kernel/runner/harvest.js";
import { openLedger } from "../../kernel/runner/ledger.js";
import { inPool } from "../../kernel/runner/pool.js";
import { codeStamp, refreshText } from "../../kernel/runner/refresh-text.js";
import { explorers, figureGroups, publishedFiles, publishedTwice } from "../../kernel/site/published.js";
import { temporaryFolder } from "./notebooks.js";

const folder = temporaryFolder();
afterAll(() => rmSync(folder, { recursive: true }));
const put = (path: string, text: string) => {
  mkdirSync(join(path, ".."), { recursive: true });
  writeFileSync(path, text);
};

describe("what a notebook leaves", () => {
  const site = join(folder, "site");
  const measured = (...list: [string, number][]) =>
    JSON.stringify({ measurements: list.map(([id, value]) => ({ id, value, verdict: "holds" })) });

  test("is the cell's that made it, or made it anew", () => {
    const harvest = startHarvest(join(site, ".running", "n"), "n");
    const figure = (name: string) => join(harvest.folder, "figures", name);
    const claims = join(harvest.folder, claimsPath("n"));
    harvest.after(1);
    put(figure("a.svg"), "1");
    put(claims, measured(["x", 1]));
    harvest.after(2);
    put(figure("b.svg"), "1");
    put(claims, measured(["x", 1], ["y", 1]));
    harvest.after(3);
    put(figure("a.svg"), "22");
    put(claims, measured(["x", 2], ["y", 1]));
    harvest.after(4);

    expect(harvest.bring(site)).toEqual({ "figures/a.svg": 4, "figures/b.svg": 3 });
    expect(readFileSync(join(site, "figures", "a.svg"), "utf8")).toBe("22");
    const { notebook, measurements } = JSON.parse(readFileSync(join(site, claimsPath("n")), "utf8"));
    expect(notebook).toBe("n");
    expect(measurements).toMatchObject([
      { id: "x", value: 2, cell: 4 },
      { id: "y", value: 1, cell: 3 },
    ]);
    expect(existsSync(harvest.folder)).toBe(false);
  });

  test("nothing is nothing: no file of claims, and what an earlier run left behind is not taken for its own", () => {
    put(join(site, ".running", "m", "figures", "old.svg"), "1");
    const harvest = startHarvest(join(site, ".running", "m"), "m");
    harvest.after(1);
    expect(harvest.bring(site)).toEqual({});
    expect(existsSync(join(site, claimsPath("m")))).toBe(false);
  });

  test("becomes figures and explorers of the site", () => {
    put(
      join(site, "figures", "fig-05b.svg"),
      '<svg xmlns="http://www.w3.org/2000/svg" width="340" height="2"><title>A &lt; B</title><desc>C &amp; D</desc></svg>',
    );
    const files = {
      "figures/fig-05b.svg": 2,
      "figures/fig-05b.csv": 2,
      "figures/lone.png": 2,
      "explore/farther.html": 3,
    };
    const notebook = { nbformat: 4, nbformat_minor: 5, metadata: {}, cells: [] };
    const source = { name: "fig-05", title: "Figure 5", notebook, files };
    expect(publishedFiles(files)[0]).toEqual({ path: "figures/fig-05b", cell: 2, endings: ["svg", "csv"] });
    const [{ figures }] = figureGroups(site, [source]);
    expect(figures).toMatchObject([
      { name: "fig-05b", cell: 2, title: "A < B", description: "C & D", width: 340, endings: ["svg", "csv"] },
    ]);
    put(join(site, "explore", "farther.html"), "<title>Spot C &amp; co</title>");
    expect(explorers(site, [source])).toMatchObject([{ href: "explore/farther.html", title: "Spot C & co" }]);
    expect(
      publishedTwice([source, { ...source, name: "copy", files: { "figures/fig-05b.pdf": 1 } }]),
    ).toEqual(["figures/fig-05b by fig-05 and copy"]);
  });
});

describe("a notebook whose text changes", () => {
  const text = (source: string) => ({ cell_type: "markdown" as const, metadata: {}, source });
  const code = (source: string, ...outputs: object[]) => {
    return {
      cell_type: "code" as const,
      metadata: {},
      source,
      execution_count: outputs.length || null,
      outputs,
    };
  };
  const notebook = (...cells: object[]) =>
    JSON.stringify({ nbformat: 4, nbformat_minor: 5, metadata: {}, cells });
  const [path, executed] = [join(folder, "text.ipynb"), join(folder, "text-executed.ipynb")];
  const output = (words: string) => ({ output_type: "stream", name: "stdout", text: words });

  test("has the same stamp and keeps its outputs; changed code has another stamp", () => {
    put(path, notebook(text("# A"), code("f(1)"), code(""), code("f(2)")));
    const before = codeStamp(path);
    put(executed, notebook(text("# A"), code("f(1)", output("1")), code(""), code("f(2)", output("2"))));
    put(path, notebook(text("# B"), code("f(1)"), text("why"), code(["f", "(2)"].join(""))));
    expect(codeStamp(path)).toBe(before);
    refreshText(path, executed);
    const cells = readNotebook(executed).cells;
    expect(cells.map(({ source }) => source)).toEqual(["# B", "f(1)", "why", "f(2)"]);
    expect(cells.map((cell) => (cell as { outputs?: object[] }).outputs)).toEqual([
      undefined,
      [output("1")],
      undefined,
      [output("2")],
    ]);
    put(path, notebook(text("# B"), code("f(1)"), code("f(3)")));
    expect(codeStamp(path)).not.toBe(before);
  });
});

describe("the ledger", () => {
  test("is kept from run to run; what is damaged or of another kind is forgotten", () => {
    const entry = { inputs: "a", seconds: 1, files: { "figures/a.svg": 1 } };
    openLedger(folder).set("n", entry);
    expect(openLedger(folder).get("n")).toEqual(entry);
    put(
      join(folder, ".runs.json"),
      JSON.stringify({ n: entry, old: { inputs: "a", seconds: 1, claims: true } }),
    );
    expect(openLedger(folder).names()).toEqual(["n"]);
    put(join(folder, ".runs.json"), '{ "n": {');
    expect(openLedger(folder).names()).toEqual([]);
  });
});

describe("jobs", () => {
  test("run two at a time, in order, and give their results in order", async () => {
    let running = 0;
    let most = 0;
    const begun: number[] = [];
    const job = (i: number) => async () => {
      begun.push(i);
      most = Math.max(most, ++running);
      await new Promise((done) => setTimeout(done, i % 2 ? 1 : 9));
      running--;
      return 10 * i;
    };
    expect(await inPool([0, 1, 2, 3, 4].map(job), 2)).toEqual([0, 10, 20, 30, 40]);
    expect(most).toBe(2);
    expect(begun).toEqual([0, 1, 2, 3, 4]);
  });

  test("one that breaks lets those that run end, and no other begin", async () => {
    const ended: string[] = [];
    const jobs = [
      async () => {
        throw new Error("broken");
      },
      async () => {
        await new Promise((done) => setTimeout(done, 5));
        ended.push("second");
      },
      async () => ended.push("third"),
    ];
    await expect(inPool<unknown>(jobs, 2)).rejects.toThrow("broken");
    expect(ended).toEqual(["second"]);
  });
});

describe("the time that is left", () => {
  const jobs = [
    { name: "a", expected: 30 },
    { name: "b", expected: 30 },
  ];

  test("is what was expected, then follows the pace", () => {
    let now = 100;
    const left = timeLeft(jobs, 2, () => now);
    expect(left.seconds()).toBe(30);
    now += 60; // twice as slow as expected
    left.update("a", 1);
    left.update("b", 0.5);
    expect(left.fraction()).toBeCloseTo(0.75);
    // A quarter is left, and three quarters took 60 s: 20 s at that pace, 7.5 s as expected.
    expect(left.seconds()).toBeGreaterThan(15);
    expect(left.seconds()).toBeLessThan(20);
    left.update("b", 0.1); // never goes back
    expect(left.fraction()).toBeCloseTo(0.75);
    left.update("b", 1);
    expect(left.words()).toBe("");
  });

  test("is told in few digits", () => {
    expect([1, 33, 89, 100, 200, 1000].map(duration)).toEqual([
      "5 s",
      "35 s",
      "90 s",
      "2 min",
      "3 min",
      "17 min",
    ]);
  });

  test("is said with each job that ends, where there is no screen", () => {
    const written: string[] = [];
    const output = { isTTY: false, write: (text: string) => written.push(text) };
    const view = overview(jobs, 2, output as unknown as NodeJS.WritableStream);
    view.begin("a");
    view.update("a", 0.5, "a: cell 2 of 3");
    view.end("a", "a: ran in 3 s");
    view.begin("b");
    view.end("b", "b: ran in 3 s");
    view.close();
    expect(written[0]).toMatch(/^operandose: a: ran in 3 s; 1 of 2 done, about \d+ s left\n$/);
    expect(written.slice(1)).toEqual(["operandose: b: ran in 3 s; 2 of 2 done\n"]);
  });
});

describe("cells compiled by another process", () => {
  const ts = createRequire(createRequire(import.meta.url).resolve("tslab"))("@tslab/typescript-for-tslab");
  const asked: string[] = [];
  const converter = (where: string) =>
    ({
      convert: (declarations: string, code: string): ConvertResult => {
        asked.push(`${where}: ${declarations}|${code}`);
        return { output: code, declOutput: `${declarations}${code};`, diagnostics: [] };
      },
      close() {},
    }) as unknown as Converter;
  const there = converter("there");

  test("see the declarations of the cells that ran, not of one that did not run", async () => {
    const ahead = aheadConverter(
      ts,
      () => converter("here"),
      async (declarations, code) => there.convert(declarations, code),
    );
    asked.length = 0;
    await ahead.prepare("a");
    ahead.convert("", "a");
    ahead.accept(new Set(), false);
    await ahead.prepare("b");
    ahead.convert("a;", "b"); // was not run
    await ahead.prepare("c");
    expect(ahead.convert("a;", "c").declOutput).toBe("a;c;");
    expect(asked).toEqual(["there: |a", "there: a;|b", "there: a;|c"]);
  });

  test("are compiled here where that process has died, or files beside the notebook come into it", async () => {
    const compile = async (declarations: string, code: string) =>
      code === "dead" ? null : there.convert(declarations, code);
    for (const code of ["dead", 'import { x } from "./beside";', 'await import("../beside.js")']) {
      const ahead = aheadConverter(ts, () => converter("here"), compile);
      asked.length = 0;
      await ahead.prepare(code);
      expect(ahead.convert("", code).output).toBe(code);
      ahead.accept(new Set(), false);
      await ahead.prepare("next"); // a converter that is there is used
      ahead.convert(`${code};`, "next");
      expect(asked).toEqual([`here: |${code}`, `here: ${code};|next`]);
    }
  });
});
