// The package as a user gets it: packed, installed into an empty folder from the registry, and used there.
import { spawnSync } from "node:child_process";
import { lstatSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { rockCell } from "../../lib/dose/rock-cell.js";
import { Stack } from "../../lib/dose/stack.js";
import { executedCells, root, writeTestNotebook } from "../kernel/notebooks.js";

const folder = mkdtempSync(join(tmpdir(), "operandose-package-"));
afterAll(() => rmSync(folder, { recursive: true }));

function run(cwd: string, program: string, ...args: string[]) {
  // The project of the tests is not that of the package.
  const env = Object.fromEntries(
    Object.entries(process.env).filter(([name]) => !/^npm_|^INIT_CWD/.test(name)),
  );
  const { status, stdout, stderr } = spawnSync(program, args, { cwd, env, encoding: "utf8" });
  return { status, stdout, stderr };
}

interface Packed {
  filename: string;
  size: number;
  unpackedSize: number;
  files: { path: string }[];
}

let packed: Packed;

beforeAll(() => {
  // npm test has compiled everything.
  const pack = run(root, "npm", "pack", "--ignore-scripts", "--json", "--pack-destination", folder);
  expect(pack.status, pack.stderr).toBe(0);
  const listed = JSON.parse(pack.stdout) as Packed[] | Record<string, Packed>;
  packed = Object.values(listed)[0];
});

describe("the packed file", () => {
  test("holds what users need and no more", () => {
    const paths = packed.files.map(({ path }) => path);
    for (const path of [
      "LICENSE",
      "data/attenuation.md",
      "data/rock-cell.json",
      "dist/index.js",
      "dist/index.d.ts",
      "dist/compute/kernels.wasm",
      "dist/kernel/jupyter/launch.js",
      "docs/glossary.md",
      "kernel/cli/operandose.mjs",
      "kernel/jupyter/kernels/tslab/kernel.json",
      "node_modules/danfojs-node/dist/LICENSES.txt",
      "node_modules/danfojs-node/dist/index.cjs",
      "notebooks/start-here.ipynb",
    ])
      expect(paths).toContain(path);
    // Sources, maps to them, tests, and the truth behind the simulation.
    expect(paths.filter((path) => /\.map$|(?<!\.d)\.ts$|tsbuildinfo|^test\/|truth\./.test(path))).toEqual([]);
    expect(packed.size / 1e6).toBeLessThan(5);
    expect(packed.unpackedSize / 1e6).toBeLessThan(20);
  });

  test("package.json lacks only what its owner fills in", () => {
    const about = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));
    expect(about).toMatchObject({ name: "operandose", license: "MIT", bundleDependencies: ["danfojs-node"] });
    expect(about.private).toBeUndefined();
    expect(about.keywords.length).toBeGreaterThan(5);
    // A path of this machine or another server would be missing for users.
    expect(Object.values(about.dependencies).filter((of) => !/^\d+\.\d+\.\d+$/.test(String(of)))).toEqual([]);
  });
});

test("data/rock-cell.json is rockCell()", () => {
  const stored = JSON.parse(readFileSync(join(root, "data/rock-cell.json"), "utf8"));
  expect(stored).toEqual(JSON.parse(JSON.stringify(rockCell())));
  expect(Stack.from(stored).upstream(8390)).toBe(rockCell().upstream(8390));
});

const chain = `import { Cube, figures, rockCell, simulate } from "operandose";
const recording = await simulate("farther", { scale: "tiny", seed: 1, only: ["ocv"], out: "recording" });
const cube = Cube.load(recording, { part: "ocv" }).calibrate().absorb().bin(2).doseRate(rockCell());
const result = await cube.mcrAls(2);
const columns: string[] = result.toFrame().columns;
console.log(result.lackOfFit.experimental < 5, columns.join(" "), Object.keys(figures).length > 10);
process.exit();
`;

describe("installed into an empty folder", () => {
  const project = mkdtempSync(join(tmpdir(), "operandose-installed-"));
  afterAll(() => rmSync(project, { recursive: true }));
  const npx = (...args: string[]) =>
    run(
      project,
      process.execPath,
      join(project, "node_modules/operandose/kernel/cli/operandose.mjs"),
      ...args,
    );
  let unreachable: string | null = null;

  beforeAll(() => {
    writeFileSync(join(project, "package.json"), "{}");
    const quick = [
      "--prefer-offline",
      "--no-audit",
      "--no-fund",
      "--fetch-retries=0",
      "--fetch-timeout=30000",
    ];
    const install = run(project, "npm", "install", ...quick, join(folder, packed.filename));
    const offline = /\b(ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ETIMEDOUT|ENETUNREACH|ECONNRESET)\b/.exec(
      install.stderr,
    );
    if (offline) unreachable = `the npm registry cannot be reached: ${offline[0]}`;
    else expect(install.status, install.stderr).toBe(0);
  });

  const whereReachable = (name: string, body: () => void) =>
    test(name, ({ skip }) => {
      if (unreachable !== null) skip(unreachable);
      body();
    });

  whereReachable("takes every package from the registry, and 300 MB at most", () => {
    const { packages } = JSON.parse(readFileSync(join(project, "package-lock.json"), "utf8")) as {
      packages: Record<string, { resolved?: string; inBundle?: boolean }>;
    };
    const others = Object.values(packages).flatMap(({ resolved, inBundle }) =>
      resolved === undefined || inBundle
        ? []
        : [new URL(resolved, "file:").protocol + new URL(resolved, "file:").host],
    );
    const registry = new URL(run(project, "npm", "config", "get", "registry").stdout.trim());
    // A configuration of npm may leave out the addresses of the registry.
    expect(["file:", registry.protocol + registry.host]).toEqual(
      expect.arrayContaining([...new Set(others)]),
    );
    expect(run(project, "npm", "ls", "--all").status).toBe(0);
    let blocks = 0;
    for (const entry of readdirSync(join(project, "node_modules"), {
      recursive: true,
      withFileTypes: true,
    })) {
      if (entry.isFile()) blocks += lstatSync(join(entry.parentPath, entry.name)).blocks;
    }
    expect((512 * blocks) / 2 ** 20).toBeLessThan(300);
  });

  whereReachable("the chain compiles under --strict with all declarations checked, and runs", () => {
    writeFileSync(join(project, "chain.mts"), chain);
    const flags = ["--strict", "--skipLibCheck", "false", "--target", "es2022", "--module", "nodenext"];
    const compiler = join(root, "node_modules/typescript/bin/tsc");
    const compiled = run(project, process.execPath, compiler, ...flags, "chain.mts");
    expect(compiled.stdout).toBe("");
    const { stdout, stderr } = run(project, process.execPath, "chain.mjs");
    expect(stdout.trim(), stderr).toBe("true x y Cp1 Cp2 true");
  });

  whereReachable("the command computes a dose", () => {
    const cell = join(project, "node_modules/operandose/data/rock-cell.json");
    const { status, stdout } = npx("dose", cell, "--flux", "1.041e12", "--energy", "8390", "--json");
    expect(status).toBe(0);
    expect(JSON.parse(stdout).layers.map(({ layer }: { layer: string }) => layer)).toContain("Cathode");
  });

  whereReachable("a notebook of the folder runs in the kernel, with types and tables", () => {
    const notebook = writeTestNotebook(project, "first", [
      `import { rockCell } from "operandose";\nconst n: number = rockCell().layers.length;\nn`,
      `import { DataFrame } from "danfojs-node";\nnew DataFrame({ layer: [1, n] })`,
    ]);
    const runner = join(project, "node_modules/operandose/dist/kernel/runner/run.js");
    const { status, stderr } = run(
      project,
      process.execPath,
      runner,
      notebook,
      "--out",
      join(project, "ran.ipynb"),
    );
    expect(status, stderr).toBe(0);
    const [first, second] = executedCells(join(project, "ran.ipynb")).map(({ outputs }) =>
      JSON.stringify(outputs),
    );
    expect(first).toContain("4");
    expect(second).toContain("2 rows, 1 columns");
  });
});
