// The commands around the library: project folders, the kernel of the user's Jupyter, files, the machine, completion.
import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { commands } from "../../kernel/cli/commands.js";
import { Cube } from "../../lib/cube/cube.js";
import { openExperiment } from "../../lib/io/experiment.js";
import { blocksOf, documents } from "../docs/markdown.js";
import { temporaryFolder } from "./notebooks.js";
import { run } from "./run-command.js";

const folder = temporaryFolder();
afterAll(() => rmSync(folder, { recursive: true }));

describe("operandose new", () => {
  const project = join(folder, "Zyklus 7");
  beforeAll(async () => {
    expect((await run("new", project)).code).toBe(0);
  });
  const json = (file: string) => JSON.parse(readFileSync(join(project, file), "utf8"));

  test("makes a project that npm accepts", () => {
    expect(readdirSync(project).sort()).toEqual([
      ".gitignore",
      "experiment.json",
      "first.ipynb",
      "package.json",
    ]);
    const { name, dependencies } = json("package.json");
    expect(name).toBe("zyklus-7");
    expect(Object.keys(dependencies)).toEqual(["operandose"]);
  });

  test("experiment.json is refused until every null is filled in, and is then accepted", () => {
    const template = json("experiment.json");
    let problems: readonly string[] = [];
    try {
      openExperiment(project);
    } catch (error) {
      problems = (error as { fields: { problems: string[] } }).fields.problems;
    }
    const nulls = JSON.stringify(template).match(/null/g)!.length;
    expect(problems).toHaveLength(nulls);
    // The values of the documented example, wherever it has the entry.
    const [example] = documents()
      .filter(({ path }) => path === "docs/experiment-format.md")
      .flatMap(blocksOf)
      .filter(({ language }) => language === "json");
    const filled = join(folder, "filled");
    mkdirSync(filled);
    const full = { ...JSON.parse(example.code), electrochemistry: undefined };
    expect(Object.keys(template).filter((key) => !(key in full))).toEqual([]);
    const fill = (value: unknown, known: unknown): unknown => {
      if (value === null) return known;
      if (typeof value !== "object") return value;
      const of = (known ?? {}) as Record<string, unknown>;
      const entries = Object.entries(value).map(([key, inner]) => [key, fill(inner, of[key])]);
      return Array.isArray(value) ? entries.map(([, inner]) => inner) : Object.fromEntries(entries);
    };
    writeFileSync(join(filled, "experiment.json"), JSON.stringify(fill(template, full)));
    expect(openExperiment(filled).partNames).toEqual(Object.keys(template.parts));
  });

  test("writes over no file", async () => {
    const before = statSync(join(project, "first.ipynb")).mtimeMs;
    const { code, error } = await run("new", project);
    expect([code, error]).toEqual([2, expect.stringContaining("expected a folder without first.ipynb")]);
    expect(statSync(join(project, "first.ipynb")).mtimeMs).toBe(before);
    const own = join(folder, "own");
    mkdirSync(own);
    writeFileSync(join(own, "package.json"), "{}");
    expect((await run("new", own)).out).toContain("kept package.json, which was there");
    expect(readFileSync(join(own, "package.json"), "utf8")).toBe("{}");
  });
});

describe("operandose kernel", () => {
  const prefix = join(folder, "environment");
  const spec = join(prefix, "share/jupyter/kernels/tslab/kernel.json");

  test("install writes a kernel with absolute paths, uninstall removes it", async () => {
    expect((await run("kernel", "install", "--prefix", prefix)).code).toBe(0);
    const { argv, language, interrupt_mode } = JSON.parse(readFileSync(spec, "utf8"));
    expect(argv[0]).toBe(process.execPath);
    expect(existsSync(argv.at(-2))).toBe(true);
    expect([argv.at(-1), language, interrupt_mode]).toEqual(["{connection_file}", "typescript", "signal"]);
    // Again, after a path has changed.
    expect((await run("kernel", "install", "--prefix", prefix)).code).toBe(0);
    expect((await run("kernel", "uninstall", "--prefix", prefix)).code).toBe(0);
    expect(existsSync(join(spec, ".."))).toBe(false);
    expect((await run("kernel", "uninstall", "--prefix", prefix)).error).toContain("found none");
  });

  test("the kernel of another package stays", async () => {
    mkdirSync(join(spec, ".."), { recursive: true });
    writeFileSync(spec, JSON.stringify({ argv: ["tslab", "kernel"] }));
    for (const what of ["install", "uninstall"]) {
      const { code, error } = await run("kernel", what, "--prefix", prefix);
      expect([code, error]).toEqual([1, expect.stringContaining("found")]);
    }
    expect(JSON.parse(readFileSync(spec, "utf8")).argv).toEqual(["tslab", "kernel"]);
    expect((await run("kernel", "install", "--prefix", prefix, "--name", "mine")).code).toBe(0);
    expect(existsSync(join(prefix, "share/jupyter/kernels/mine/kernel.json"))).toBe(true);
  });

  test.each([
    [["--user", "--prefix", "x"], "expected --user or --prefix, got both"],
    [["--name", "../x"], "expected --name of letters"],
    [["--name", ".."], "expected --name of letters"],
  ])("install %j is wrong use", async (args, message) => {
    const { code, error } = await run("kernel", "install", ...args);
    expect([code, error]).toEqual([2, expect.stringContaining(message)]);
  });
});

describe("operandose record and inspect", () => {
  const recording = join(folder, "recording");
  beforeAll(async () => {
    expect((await run("record", recording, "--scale", "tiny")).code).toBe(0);
  });
  const inspect = async (...path: string[]) => {
    const { code, out, error } = await run("inspect", join(recording, ...path), "--json");
    expect([code, error]).toEqual([0, ""]);
    return JSON.parse(out) as {
      what: string;
      facts: Record<string, string>;
      missing: string[];
      code: string;
    };
  };

  test("an experiment: edge, energies, flux, layers, parts, files", async () => {
    const { manifest } = openExperiment(recording);
    const { what, facts, missing, code } = await inspect();
    expect(what).toContain(manifest.title);
    expect(facts.edge).toBe("Ni K, 8333 eV");
    expect(facts.energies).toBe(`${manifest.energies.length}, from 8266 to 8878 eV`);
    expect(facts["part charge"]).toContain(
      `${manifest.parts.charge.files.length} files of 64 x 24 pixels of 52 um`,
    );
    expect(facts.files).toContain("all there");
    expect([missing, code]).toEqual([
      [],
      `const cube = Cube.load(${JSON.stringify(recording)}, { part: "charge" });`,
    ]);
    expect((await inspect("experiment.json")).facts).toEqual(facts);
  });

  test("a file of images: axes, headers, and what a dose map lacks", async () => {
    const { facts, missing, code } = await inspect("ocv.edf");
    expect(facts.energies).toBe("580, from 8266 to 8878 eV");
    expect(facts.images).toBe("580 of 64 x 24 pixels, Uint16");
    expect(facts["header energy"]).toBe("8878");
    expect(missing.map((words) => words.split(/[: ]/)[0])).toEqual([
      "flat",
      "edge",
      "pixelSize",
      "flux",
      "stack",
      "exposure",
    ]);
    expect(code).toContain(`Cube.load({ sample: ${JSON.stringify(join(recording, "ocv.edf"))}`);
    expect((await inspect("darkStatic.edf")).code).toContain("readEdf(");
  });

  test("tables", async () => {
    expect((await inspect("charge.mpt")).facts.columns).toContain("Ewe/V");
    expect((await inspect("ic/ocv.txt")).facts.columns).toBe("energy, i0, i1, i2");
  });

  test("a plan is reduced to a saved cube", async () => {
    const cube = Cube.load(recording, { part: "charge" }).absorb().average(8).bin(4);
    const plan = cube.savePlan(join(folder, "plan.json"), { root: recording });
    const reduced = join(folder, "reduced.zarr");
    const { code, out, error } = await run("reduce", plan, "--out", reduced, "--workers", "1");
    expect([code, error]).toEqual([0, ""]);
    expect(out).toContain(`Cube.load(${JSON.stringify(reduced)})`);
    const [expected, got] = [await cube.spectra(), await Cube.load(reduced).spectra()];
    expect(Array.from(got.data)).toEqual(Array.from(expected.data));
    expect(await run("reduce", plan)).toMatchObject({ code: 2 });
    const elsewhere = await run("reduce", plan, "--out", reduced, "--root", folder);
    expect([elsewhere.code, elsewhere.error]).toEqual([1, expect.stringContaining("give { root }")]);
  });

  test("what is no recording is refused with the reason", async () => {
    const odd = join(folder, "odd.bin");
    writeFileSync(odd, Buffer.from([0, 1, 2, 3]));
    expect((await run("inspect", odd)).out).toContain("format that the library does not know");
    const empty = join(folder, "empty.edf");
    writeFileSync(empty, "");
    for (const path of [empty, join(folder, "none.edf")]) {
      const { code, out, error } = await run("inspect", path);
      expect([code, out, error]).toEqual([1, "", expect.stringContaining("operandose inspect: ")]);
    }
    expect((await run("record", join(folder, "x"), "--seed", "one")).code).toBe(2);
  });
});

test("operandose doctor finds what this machine has", async () => {
  const { code, out } = await run("doctor", "--json");
  const findings = JSON.parse(out) as { what: string; needed: boolean; ok: boolean; remedy: string }[];
  expect(findings.filter(({ needed, ok }) => needed && !ok)).toEqual([]);
  expect(code).toBe(0);
  expect(findings.find(({ what }) => what === "Node.js")).toMatchObject({ found: process.versions.node });
  expect((await run("doctor")).out.split("\n")[0]).toBe(`ok        Node.js: ${process.versions.node}`);
});

describe("operandose completion", () => {
  const complete = async (...words: string[]) => {
    const { out } = await run("completion", "bash");
    const list = ["operandose", ...words].map((word) => JSON.stringify(word)).join(" ");
    const script = `${out}\nCOMP_WORDS=(${list}); COMP_CWORD=${words.length}; _operandose; printf "%s\\n" "\${COMPREPLY[@]}"`;
    const { stdout, stderr } = spawnSync("bash", ["--norc"], {
      input: script,
      encoding: "utf8",
      cwd: folder,
    });
    expect(stderr).toBe("");
    return stdout.trim().split("\n");
  };

  test("bash completes commands, their options, and commands below them", async () => {
    expect(await complete("")).toEqual(expect.arrayContaining(commands.map(({ name }) => name)));
    expect(await complete("do")).toEqual(["dose", "doctor"].sort((a, b) => b.length - a.length).reverse());
    expect(await complete("dose", "--fl")).toEqual(["--flux"]);
    expect(await complete("kernel", "un")).toEqual(["uninstall"]);
    expect(await complete("kernel", "install", "--p")).toEqual(["--prefix"]);
    expect(await complete("run", "--json", "--o")).toEqual(["--out"]);
  });

  test.each(["bash", "zsh", "fish"])("%s gets every command", async (shell) => {
    const { out } = await run("completion", shell);
    for (const { name } of commands) expect(out).toContain(name);
  });

  test("another shell is refused", async () => {
    expect((await run("completion", "tcsh")).code).toBe(2);
  });
});
