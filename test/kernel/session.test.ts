// Cells one after the other in one process, as in a notebook that is worked on: cells also run after a failure.
import { type ChildProcess, fork } from "node:child_process";
import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { CellMessage } from "../../kernel/runner/messages.js";
import { compiled, temporaryFolder } from "./notebooks.js";

let kernel: ChildProcess;
const folder = temporaryFolder();

beforeAll(async () => {
  const execArgv = ["--conditions=import", "--disable-warning=ExperimentalWarning"];
  kernel = fork(compiled("kernel/runner/child.js"), [], { cwd: folder, execArgv, stdio: "ignore" });
  await new Promise((ready) => kernel.once("message", ready));
}, 120_000);

afterAll(() => {
  kernel.kill("SIGKILL");
  rmSync(folder, { recursive: true });
});

interface Ran {
  printed: string;
  /** Name and text of the error; null if the cell succeeded. */
  error: string | null;
  /** Plain text of the displays. */
  displayed: string[];
}

function install(name: string): void {
  const at = join(folder, "node_modules", name);
  mkdirSync(at, { recursive: true });
  writeFileSync(join(at, "package.json"), JSON.stringify({ name, version: "1.0.0" }));
  writeFileSync(join(at, "index.js"), "exports.answer = 42;");
  writeFileSync(join(at, "index.d.ts"), "export declare const answer: number;");
}

function cell(code: string): Promise<Ran> {
  return new Promise((done) => {
    const ran: Ran = { printed: "", error: null, displayed: [] };
    const hear = (message: CellMessage) => {
      if (message.type === "stream") ran.printed += message.text;
      if (message.type === "display") ran.displayed.push(String(message.data.data["text/plain"]));
      if (message.type !== "outcome") return;
      const { outcome } = message;
      if (outcome.status === "error") ran.error = `${outcome.ename}: ${outcome.evalue}`;
      kernel.off("message", hear);
      done(ran);
    };
    kernel.on("message", hear);
    kernel.send({ type: "run", code });
  });
}

describe("a cell that fails while it runs", () => {
  test("keeps what it had declared before, with the types", async () => {
    const failed = await cell(
      `import { basename } from "node:path";
/** A length. */
interface Length { meters: number }
const a: Length = { meters: 2 }, μ = "x";
let { b, ...rest } = { b: 3, c: 4 };
class Box { side = b }
function twice(n: number) { return 2 * n }
throw new Error("at the end");`,
    );
    expect(failed.error).toBe("Error: at the end");
    const later = await cell(
      `const length: Length = a; basename("/a/" + μ) + twice(b + rest.c) + new Box().side + length.meters`,
    );
    expect(later).toEqual({ printed: "x1432\n", error: null, displayed: [] });
    expect((await cell(`const wrong: string = b;`)).error).toContain("'number' is not assignable");
  }, 60_000);

  test("also after an await, in the middle, and with several failures in a row", async () => {
    const failed = await cell(
      `const early = await Promise.resolve(5);\nawait Promise.reject(new Error("no"));\nconst late = 6;`,
    );
    expect(failed.error).toBe("Error: no");
    expect((await cell(`const most = early + 1; (null as any).x`)).error).toMatch(/^TypeError/);
    expect((await cell(`[early, most].join()`)).printed).toBe("5,6\n");
    expect((await cell(`late`)).error).toContain("Cannot find name 'late'");
  }, 60_000);

  test("leaves an earlier value and its type where it had set no new one", async () => {
    await cell(`const dose = 7; let kept = 1; function level() { return "first" }`);
    const failed = await cell(`kept = 2; throw new Error("early"); const dose = "seven"; const level = 3;`);
    expect(failed.error).toBe("Error: early");
    expect(await cell(`const sum: number = dose + kept; level() + sum`)).toMatchObject({
      printed: "first9\n",
      error: null,
    });
  }, 60_000);

  test("a type error changes nothing", async () => {
    await cell(`const stays = 1;`);
    expect((await cell(`const stays = "2"; const n: number = "3";`)).error).toMatch(/^CompileError/);
    expect((await cell(`stays + 1`)).printed).toBe("2\n");
  }, 60_000);
});

test("variables with types of the library keep them, exported by name or not", async () => {
  const declares = `import { Cube, rockCell } from "operandose";
const stack = rockCell(), picture = stack.show(), map = (cube: Cube) => cube.map("dose");`;
  expect((await cell(declares)).error).toBeNull();
  const wrong = `const a: string = stack; const b: string = picture; const c: string = null! as ReturnType<typeof map>;`;
  const { error } = await cell(wrong);
  for (const type of ["Stack", "Picture", "Promise<MapResult>"]) expect(error).toContain(`Type '${type}`);
  // A type that is not found would be any.
  expect((await cell("const d: string = null! as Awaited<ReturnType<typeof map>>;")).error).toContain(
    "Type 'MapResult' is not assignable to type 'string'",
  );
});

describe("var in a block", () => {
  test.each([
    ["if (true) { var branch = 2; branch += 1; }", "branch", "3\n"],
    ["for (var step = 0; step < 3; step++) { var last = step; }", "step + last", "5\n"],
    ["for (var item of [1, 2]) {}", "item", "2\n"],
    ["await null;\ntry { var parsed = { deep: [1] } } catch {}", "parsed.deep[0]", "1\n"],
    ["{ var { width, sizes: [size] } = { width: 1, sizes: [4] } }", "width + size", "5\n"],
    ["// a comment\n/** doc */\nconst top = 6; { var below = () => top }", "below()", "6\n"],
  ])("%j keeps its variables", async (declares, uses, printed) => {
    expect(await cell(declares)).toMatchObject({ error: null });
    expect(await cell(uses)).toEqual({ printed, error: null, displayed: [] });
  });

  test("has its type, remains after a failure, and replaces no value that it had not set", async () => {
    expect((await cell(`if (true) { var some = 7; } throw new Error("late");`)).error).toBe("Error: late");
    expect((await cell("const text: string = some;")).error).toContain("'number' is not assignable");
    expect((await cell(`throw new Error("early"); { var some = 8; }`)).error).toBe("Error: early");
    expect((await cell("some")).printed).toBe("7\n");
    expect((await cell(`const a = 1; { var wrong: number = "text"; }`)).error).toMatch(
      /^CompileError: 1:20 /,
    );
  });

  test("of a function is none of the notebook", async () => {
    await cell("function inside() { if (true) { var hidden = 1; } return hidden; }");
    expect((await cell("hidden")).error).toContain("Cannot find name 'hidden'");
  });
});

describe("a package that is not installed", () => {
  const command = (name: string) => `run "npm install ${name}" in ${folder} and run the cell again`;

  test("is named with the command that installs it, and is found after that", async () => {
    const code = `import { answer } from "absent-package-of-this-test"; answer`;
    const { error } = await cell(code);
    expect(error).toMatch(/^CompileError: 1:24 - Cannot find module 'absent-package-of-this-test'/);
    expect(error).toContain(
      `declarations; to install the package, ${command("absent-package-of-this-test")}`,
    );
    install("absent-package-of-this-test");
    expect(await cell(code)).toEqual({ printed: "42\n", error: null, displayed: [] });
  }, 60_000);

  test.each(["@absent-scope/one/sub.js", "absent-two/sub"])(
    "also as part of %s",
    async (name) => {
      const packageName = name.startsWith("@") ? "@absent-scope/one" : "absent-two";
      expect((await cell(`import * as x from "${name}";`)).error).toContain(command(packageName));
      // Unknown to the compiler: found when the cell runs.
      const { error } = await cell(`const at: string = "${name}"; await import(at);`);
      expect(error).toContain(command(packageName));
      expect(error).not.toContain("Require stack");
    },
    60_000,
  );

  test("a file that is missing is no package", async () => {
    const { error } = await cell(`import { x } from "./absent.js";`);
    expect(error).toContain("Cannot find module './absent.js'");
    expect(error).not.toContain("npm install");
  }, 60_000);
});
