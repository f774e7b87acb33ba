// The runner: cells give the outputs that Jupyter would store, and failures are told with the cell that failed.
import { spawn } from "node:child_process";
import { existsSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type CodeCell, joined } from "../../kernel/runner/format.js";
import { command, executedCells, showcase, temporaryFolder, writeTestNotebook } from "./notebooks.js";

const folder = temporaryFolder();
afterAll(() => rmSync(folder, { recursive: true }));

interface Ended {
  code: number | null;
  said: string;
  out: string;
}

function run(args: string[]): Promise<Omit<Ended, "out">> {
  const child = spawn(process.execPath, [command, "run", ...args], {
    cwd: folder,
    stdio: ["ignore", "pipe", "pipe"],
  });
  let said = "";
  for (const stream of [child.stdout, child.stderr]) stream.on("data", (chunk) => (said += chunk));
  return new Promise((done) => child.on("close", (code) => done({ code, said })));
}

async function runCells(name: string, cells: string[], ...more: string[]): Promise<Ended> {
  const out = join(folder, "executed", `${name}.ipynb`);
  return { ...(await run([writeTestNotebook(folder, name, cells), "--out", out, ...more])), out };
}

describe("a notebook of everything", () => {
  let ended: Ended;
  let before: string;
  let cells: Record<string, CodeCell>;
  beforeAll(async () => {
    before = readFileSync(writeTestNotebook(folder, "showcase", Object.values(showcase)), "utf8");
    ended = await runCells("showcase", Object.values(showcase));
    const executed = executedCells(ended.out);
    cells = Object.fromEntries(Object.keys(showcase).map((name, i) => [name, executed[i]]));
  }, 120_000);

  const html = (cell: CodeCell) => {
    const [output] = cell.outputs;
    return output?.output_type === "display_data" ? joined(output.data["text/html"] as string[]) : undefined;
  };
  const printed = (cell: CodeCell) =>
    cell.outputs.map((output) => (output.output_type === "stream" ? joined(output.text) : "")).join("");

  test("the library is there, with its types", () => {
    expect(printed(cells.typed)).toBe("true\n");
  });

  test("streams stay apart, and what is text stays text", () => {
    expect(cells.streams.outputs).toEqual([
      { output_type: "stream", name: "stdout", text: ["out <b>\n"] },
      { output_type: "stream", name: "stderr", text: ["err\n"] },
      { output_type: "stream", name: "stdout", text: ["µ\n"] },
    ]);
  });

  test("values show themselves, also those that a promise brings, elements and tables", () => {
    expect(cells.display.outputs).toEqual([
      {
        output_type: "display_data",
        data: { "text/html": ["<b>rich</b>"], "text/plain": ["rich"] },
        metadata: {},
      },
    ]);
    expect(cells.promise.outputs).toEqual(cells.display.outputs);
    expect(html(cells.element)).toMatch(/^<svg id="s"/);
    expect(html(cells.table)).toContain("<td>&lt;i&gt;a&lt;/i&gt;</td><td>1</td>");
  });

  test("for await needs no other await beside it", () => {
    expect(printed(cells.forAwait)).toBe("1\n2\n");
  });

  test("variables of earlier cells are found in shorthands, and not where only a property is named", () => {
    expect(printed(cells.shorthand)).toBe("5 3 4\n");
  });

  test("progress of the library is one display, updated in place, and ends with the time it took", () => {
    expect(cells.progress.outputs).toHaveLength(1);
    expect(html(cells.progress)).toMatch(/^<small[^>]*>counting &lt;photons&gt; \(0\.\d s\)<\/small>$/);
  });

  test("a name may be declared again, as in other notebooks", () => {
    expect(printed(cells.redeclared)).toBe("another type\n");
  });

  test("an error is an error output, without the kernel's insides", () => {
    const [error] = cells.failing.outputs;
    expect(error).toMatchObject({ output_type: "error", ename: "RangeError", evalue: "no <signal>" });
    const traceback = error.output_type === "error" ? error.traceback.join("\n") : "";
    expect(traceback).toContain("at fail in a cell");
    expect(traceback).toContain("Caused by Error: dark");
    expect(traceback).not.toMatch(/tslab|node:|kernel\//);
  });

  test("cells are counted as in Jupyter, empty ones left out", () => {
    expect(Object.values(cells).map((cell) => cell.execution_count)).toEqual([
      1,
      2,
      3,
      4,
      5,
      6,
      7,
      8,
      9,
      10,
      null,
      11,
      12,
    ]);
  });

  test("the failure is told with its cell, and the exit code is 1", () => {
    expect(ended.code).toBe(1);
    expect(ended.said).toContain("cell 12 failed: RangeError: no <signal>");
    expect(ended.said).toContain("function fail(): never");
  });

  test("the notebook itself is left as it was", () => {
    expect(readFileSync(join(folder, "showcase.ipynb"), "utf8")).toBe(before);
  });
});

describe("what goes wrong", () => {
  test("a mistake of type is an error before the cell runs, shown where it is", async () => {
    const cells = [
      `import { massAttenuation } from "operandose";`,
      `console.log("ran");\nmassAttenuation(28, 8400);`,
    ];
    const { code, out } = await runCells("types", cells);
    const [error, ...more] = executedCells(out)[1].outputs;
    expect(code).toBe(1);
    expect(more).toEqual([]); // nothing was printed: it did not run
    expect(error).toMatchObject({ output_type: "error", ename: "CompileError" });
    const traceback = error.output_type === "error" ? error.traceback : [];
    expect(traceback.join("\n")).toMatch(/2:17 - .*\n {4}massAttenuation\(28, 8400\);\n {20}\^/);
  }, 120_000);

  test("a cell that takes too long is stopped and the outputs so far are kept", async () => {
    const cells = [`1 + 1`, `console.log("before"); while (true);`, `"never"`];
    const { code, said, out } = await runCells("endless", cells, "--timeout", "2");
    expect(code).toBe(1);
    expect(said).toContain("cell 2 failed: Timeout: the cell took longer than 2 s");
    const [, second, third] = executedCells(out);
    expect(second.outputs[0]).toMatchObject({ output_type: "stream", text: ["before\n"] });
    expect(second.outputs[1]).toMatchObject({ output_type: "error", ename: "Timeout" });
    expect(third).toMatchObject({ execution_count: null, outputs: [] });
  }, 120_000);

  test("a cell that ends the process takes only its own notebook with it", async () => {
    const { code, said } = await runCells("exit", [`process.exit(7)`]);
    expect(code).toBe(1);
    expect(said).toContain("KernelDied: the process of the notebook ended, with exit code 7");
  }, 120_000);

  test("a forgotten await does not hide an error", async () => {
    const { code, said } = await runCells("late", [`void Promise.reject(new Error("lost")); 1`]);
    expect(code).toBe(1);
    expect(said).toContain("UnhandledRejection: Unhandled promise rejection, is an await missing?: lost");
  }, 120_000);

  test("wrong use is refused with exit code 2", async () => {
    const path = writeTestNotebook(folder, "use", [`1`]);
    const refused = [
      { args: ["--out", "x.ipynb"], message: "operandose run: missing required argument 'NOTEBOOK'" },
      { args: [path], message: "operandose run: required option '-o, --out <FILE>' not specified" },
      {
        args: [path, "--out", path],
        message: `operandose run: expected --out to be another file than ${path}`,
      },
      {
        args: ["none.ipynb", "--out", "x.ipynb"],
        message: "operandose run: expected a notebook, got no file at none.ipynb",
      },
      {
        args: [path, "--out", "x.ipynb", "--timeout", "soon"],
        message: "operandose run: expected --timeout as a number, got soon",
      },
    ];
    for (const { args, message } of refused) {
      const { code, said } = await run(args);
      expect(said.split("\n")[0]).toBe(message);
      expect(code).toBe(2);
    }
    expect(existsSync(join(folder, "x.ipynb"))).toBe(false);
  });
});
