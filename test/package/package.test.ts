// The package as a user gets it: packed, installed into an empty folder from the registry, and used there.
import { spawnSync } from "node:child_process";
import {
  copyFileSync,
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { rockCell } from "../../lib/dose/rock-cell.js";
import { Stack } from "../../lib/dose/stack.js";
import { blocksOf } from "../docs/markdown.js";
import { executedCells, root } from "../kernel/notebooks.js";

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
      "dist/dose-calculator.html",
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

const chain = `import { Cube, figures, rockCell } from "operandose";
const cube = Cube.load("my-experiment/trial", { part: "ocv" }).calibrate().absorb().bin(2).doseRate(rockCell());
const result = await cube.mcrAls(2);
await result.show().save("species.svg");
const columns: string[] = result.toFrame().columns;
console.log(result.lackOfFit.experimental < 5, columns.join(" "), Object.keys(figures).length > 10);
process.exit();
`;

/** Lines of the shell blocks below a heading of the README, without their comments. */
function commandsOf(heading: string): string[] {
  const readme = readFileSync(join(root, "README.md"), "utf8");
  const section = readme.split(/^## /m).find((part) => part.startsWith(`${heading}\n`))!;
  return blocksOf({ path: "README.md", markdown: section })
    .filter(({ language }) => language === "sh")
    .flatMap(({ code }) => code.trim().split("\n"))
    .map((line) => line.replace(/\s+#.*$/, ""));
}

test("the README's commands for a clone are there", () => {
  const { scripts } = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));
  const commands = commandsOf("Start");
  expect(commands.length).toBeGreaterThan(3);
  for (const command of commands) {
    const [npm, verb, script] = command.split(" ");
    expect(npm).toBe("npm");
    if (verb !== "pack") expect(Object.keys(scripts)).toContain(verb === "run" ? script : verb);
  }
});

describe("installed into an empty folder, by the README's commands", () => {
  const project = mkdtempSync(join(tmpdir(), "operandose-installed-"));
  afterAll(() => rmSync(project, { recursive: true }));
  const installing = commandsOf("In your own folder").slice(0, 2);
  const others = commandsOf("In your own folder").slice(2);
  let unreachable: string | null = null;

  const shell = (command: string) => {
    const env = {
      // A Jupyter that says how it was called.
      PATH: `${join(project, "programs")}:${process.env.PATH}`,
      JUPYTER_DATA_DIR: join(project, "jupyter"),
      npm_config_prefer_offline: "true",
      npm_config_audit: "false",
      npm_config_fund: "false",
      npm_config_fetch_retries: "0",
      npm_config_fetch_timeout: "30000",
    };
    return run(project, "env", ...Object.entries(env).map((pair) => pair.join("=")), "bash", "-c", command);
  };

  beforeAll(() => {
    mkdirSync(join(project, "programs"));
    writeFileSync(join(project, "programs/jupyter-lab"), '#!/bin/sh\necho "$JUPYTER_PATH" "$@"\n', {
      mode: 0o755,
    });
    copyFileSync(join(folder, packed.filename), join(project, packed.filename));
    for (const command of installing) {
      const { status, stderr } = shell(command);
      const offline = /\b(ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ETIMEDOUT|ENETUNREACH|ECONNRESET|E5\d\d)\b/.exec(
        stderr,
      );
      if (status !== 0 && offline) unreachable = `the npm registry cannot be reached: ${offline[0]}`;
      else expect(status, stderr).toBe(0);
    }
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
    const hosts = Object.values(packages).flatMap(({ resolved, inBundle }) =>
      resolved === undefined || inBundle
        ? []
        : [resolved.startsWith("file:") ? "file" : new URL(resolved).host],
    );
    const registry = new URL(run(project, "npm", "config", "get", "registry").stdout.trim()).host;
    // A configuration of npm may leave out the addresses of the registry.
    expect(["file", registry]).toEqual(expect.arrayContaining([...new Set(hosts)]));
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

  whereReachable("every other command of the README runs as printed", () => {
    expect(others.length).toBeGreaterThan(6);
    const out: Record<string, string> = {};
    for (const command of others) {
      const { status, stdout, stderr } = shell(command);
      expect(status, `${command}\n${stderr}`).toBe(0);
      out[command.split(" ")[2]] = stdout;
    }
    expect(out.new).not.toContain("npm install"); // the library is in the folder above
    expect(out.lab).toContain(`operandose/kernel/jupyter --notebook-dir my-experiment`);
    expect(existsSync(join(project, "jupyter/kernels/tslab/kernel.json"))).toBe(true);
    expect(out.inspect).toContain('Cube.load("my-experiment/trial", { part: "charge" })');
    expect(out.dose).toMatch(/^Cathode +10 /m);
    expect(out.doctor).toContain("ok        Node.js");
  });

  whereReachable(
    "the first notebook of a project runs where experiment.json is filled in, with types and tables",
    () => {
      const first = JSON.parse(readFileSync(join(project, "my-experiment/first.ipynb"), "utf8"));
      const [cell] = first.cells.filter(({ cell_type }: { cell_type: string }) => cell_type === "code");
      const added = [
        'const rate = await absorbance.doseRate().map("doseRate");\nconst picture = rate.show();',
        'await picture.save("rate.svg");\npicture.svg.length > 0 && rate.width > 0',
        'import { DataFrame } from "danfojs-node";\nnew DataFrame({ "absorption edge": [cube.schema.edge?.energy] })',
      ];
      // The types of these variables are not exported by name.
      for (const [i, source] of added.entries()) first.cells.push({ ...cell, id: `added-${i}`, source });
      writeFileSync(join(project, "my-experiment/trial/first.ipynb"), JSON.stringify(first));
      const { status, stderr } = shell("npx operandose run my-experiment/trial/first.ipynb --out ran.ipynb");
      expect(status, stderr).toBe(0);
      const outputs = executedCells(join(project, "ran.ipynb")).map((one) =>
        JSON.stringify(one.outputs ?? []),
      );
      expect(outputs.filter((output) => output.includes("<svg"))).toHaveLength(2);
      expect(outputs.at(-1)).toContain("<td>8333</td>");
    },
  );

  whereReachable("the chain compiles under --strict with all declarations checked, and runs", () => {
    writeFileSync(join(project, "chain.mts"), chain);
    const flags = ["--strict", "--skipLibCheck", "false", "--target", "es2022", "--module", "nodenext"];
    const compiler = join(root, "node_modules/typescript/bin/tsc");
    const compiled = run(project, process.execPath, compiler, ...flags, "chain.mts");
    expect(compiled.stdout).toBe("");
    const { stdout, stderr } = run(project, process.execPath, "chain.mjs");
    expect(stdout.trim(), stderr).toBe("true x y Cp1 Cp2 true");
    expect(readFileSync(join(project, "species.svg"), "utf8")).toContain("<svg");
  });
});
