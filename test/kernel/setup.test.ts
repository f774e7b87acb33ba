// What runs before anything is installed: which Node is good enough, and when to compile again.
import { spawnSync } from "node:child_process";
import {
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { nodeProblem, PACKAGES_MB } from "../../kernel/setup.mjs";
import { sourcesStamp } from "../../kernel/stamp.mjs";
import { root, temporaryFolder } from "./notebooks.js";

describe("Node", () => {
  test.each(["20.19.0", "20.20.2", "22.12.0", "24.0.0"])("%s will do", (version) => {
    expect(nodeProblem(version)).toBeNull();
  });
  test.each(["12.22.0", "18.19.0", "20.18.3", "21.7.3", "22.11.0"])("%s will not", (version) => {
    expect(nodeProblem(version)).toMatch(
      `setup: expected Node 20.19 or newer (or 22.12 or newer), got ${version};`,
    );
  });
  test("package.json asks for the same", () => {
    const { engines } = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));
    expect(engines.node).toContain("20.19");
  });
});

test("the size of the packages that is told is theirs, to 15 %", () => {
  let blocks = 0;
  for (const entry of readdirSync(join(root, "node_modules"), { recursive: true, withFileTypes: true })) {
    if (entry.isFile()) blocks += lstatSync(join(entry.parentPath, entry.name)).blocks;
  }
  expect(Math.abs((512 * blocks) / 2 ** 20 / PACKAGES_MB - 1)).toBeLessThan(0.15);
});

describe("the stamp of the sources", () => {
  let folder: string;
  beforeEach(() => {
    folder = temporaryFolder();
    mkdirSync(join(folder, "lib", "io"), { recursive: true });
    writeFileSync(join(folder, "lib", "io", "edf.ts"), "1");
    writeFileSync(join(folder, "package.json"), "{}");
  });
  afterEach(() => rmSync(folder, { recursive: true }));
  const hash = () => sourcesStamp(folder).hash;

  test("follows content and names, not times", () => {
    const before = hash();
    utimesSync(join(folder, "lib", "io", "edf.ts"), 1, 1);
    expect(hash()).toBe(before);
    writeFileSync(join(folder, "lib", "io", "edf.ts"), "2");
    const changed = hash();
    expect(changed).not.toBe(before);
    writeFileSync(join(folder, "lib", "io", "mpt.ts"), "");
    expect(hash()).not.toBe(changed);
    expect(sourcesStamp(folder).files).toEqual(["lib/io/edf.ts", "lib/io/mpt.ts", "package.json"]);
  });
});

describe("setup, in a repository where npm and the compiler only take notes", () => {
  let folder: string;
  const put = (path: string, text: string) => {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  };
  const lock = (version: string) =>
    JSON.stringify({
      packages: { "": {}, "node_modules/a": { version }, "node_modules/b": { version, optional: true } },
    });
  const note = `require("node:fs").appendFileSync("notes", process.argv.slice(2).join(" ") + "\\n");`;
  /** @returns what was called since the last time */
  const setup = () => {
    rmSync(join(folder, "notes"), { force: true });
    const env = { ...process.env, npm_execpath: join(folder, "npm.cjs") };
    const { status, stderr } = spawnSync(process.execPath, [join(folder, "kernel/setup.mjs")], {
      env,
      encoding: "utf8",
    });
    const notes = existsSync(join(folder, "notes"))
      ? readFileSync(join(folder, "notes"), "utf8").trim().split("\n")
      : [];
    return { status, stderr, notes };
  };
  const tables = "danfojs";
  const compiles = ["-p tsconfig.json", "-p kernel/tsconfig.json", "numeric kernels", "pages"];

  beforeEach(() => {
    folder = realpathSync(temporaryFolder());
    for (const file of ["setup.mjs", "stamp.mjs"])
      put(`kernel/${file}`, readFileSync(join(root, "kernel", file), "utf8"));
    put(
      "lib/compute/wasm/build.mjs",
      `import { appendFileSync } from "node:fs"; appendFileSync("notes", "numeric kernels\\n");`,
    );
    put(
      "kernel/site/build-pages.mjs",
      `import { appendFileSync } from "node:fs"; appendFileSync("notes", "pages\\n");`,
    );
    put("lib/index.ts", "1");
    put(
      "vendor/danfojs-node/build.mjs",
      `import { appendFileSync, cpSync } from "node:fs"; appendFileSync("notes", "danfojs\\n");
       cpSync("npm.cjs", "vendor/danfojs-node/dist/index.cjs");`,
    );
    put("package-lock.json", lock("1.0.0"));
    put(
      "npm.cjs",
      `${note} require("node:fs").cpSync("package-lock.json", "node_modules/.package-lock.json");`,
    );
    put(
      "node_modules/typescript/bin/tsc",
      `${note} require("node:fs").cpSync("npm.cjs", "dist/kernel/jupyter/launch.js");`,
    );
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  test("installs and compiles once, then is silent until something changes", () => {
    const first = setup();
    expect(first.notes).toEqual([expect.stringMatching(/^ci --include=dev/), tables, ...compiles]);
    expect(first.stderr).toMatch(/installing packages .*\n.*done in/);
    expect(setup()).toEqual({ status: 0, stderr: "", notes: [] });

    put("lib/index.ts", "2");
    expect(setup().notes).toEqual(compiles);

    put("package-lock.json", lock("1.0.1"));
    expect(setup().notes).toEqual([expect.stringMatching(/^ci /), tables, ...compiles]);
    expect(setup().notes).toEqual([]);
  });

  test("packages for other systems may be missing", () => {
    put(
      "node_modules/.package-lock.json",
      JSON.stringify({ packages: { "node_modules/a": { version: "1.0.0" } } }),
    );
    expect(setup().notes).toEqual([tables, ...compiles]);
  });

  test("an installed package has no sources: nothing is installed or compiled", () => {
    rmSync(join(folder, "lib"), { recursive: true });
    expect(setup()).toEqual({ status: 0, stderr: "", notes: [] });
  });

  test("what a removed source was compiled to goes with it", () => {
    put("lib/old.ts", "");
    setup();
    put("dist/old.js", "");
    rmSync(join(folder, "lib/old.ts"));
    expect(setup().notes).toEqual(compiles);
    expect(existsSync(join(folder, "dist/old.js"))).toBe(false);
  });

  test("a failure ends it, with its words and its exit code, and is tried again", () => {
    put("node_modules/typescript/bin/tsc", `console.log("lib/index.ts(1,1): error"); process.exit(3);`);
    for (let i = 0; i < 2; i++) {
      const { status, stderr } = setup();
      expect(status).toBe(3);
      expect(stderr).toContain("lib/index.ts(1,1): error");
      expect(stderr).toContain("setup: compiling the library failed with exit code 3");
    }
  });
});
