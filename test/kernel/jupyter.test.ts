// The same kernel under Jupyter itself: the runner must not be the only one that gets it right.
import { execFile } from "node:child_process";
import { readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { afterAll, beforeEach, describe, expect, test } from "vitest";
import { differences, timeless } from "../../kernel/runner/same-outputs.js";
import { peer, python3 } from "../support/peers.js";
import {
  command,
  compiled,
  executedCells,
  root,
  showcase,
  temporaryFolder,
  writeTestNotebook,
} from "./notebooks.js";

const execute = promisify(execFile);
const env = {
  ...process.env,
  JUPYTER_PATH: join(root, "kernel", "jupyter"),
  OPERANDOSE_PROGRESS: compiled("compute/progress.js"),
};

describe("under Jupyter", () => {
  beforeEach(peer("nbconvert", "jupyter_client"));

  const folder = temporaryFolder();
  afterAll(() => rmSync(folder, { recursive: true }));

  test("nbconvert stores the same outputs as the runner", async () => {
    const path = writeTestNotebook(folder, "showcase", Object.values(showcase));
    const [ours, theirs] = [join(folder, "ours.ipynb"), join(folder, "theirs.ipynb")];
    await execute(process.execPath, [command, "run", path, "--out", ours]).catch(() => {});
    const convert = [
      "-m",
      "nbconvert",
      "--to",
      "notebook",
      "--execute",
      "--allow-errors",
      "--output",
      theirs,
      path,
    ];
    await execute(python3, convert, { env });

    const [a, b] = [executedCells(ours), executedCells(theirs)];
    expect(b.map((cell) => cell.outputs.map(timeless))).toEqual(a.map((cell) => cell.outputs.map(timeless)));
    expect(differences(a, b)).toEqual([]);
    expect(b.map((cell) => cell.execution_count)).toEqual(a.map((cell) => cell.execution_count));
    const metadata = (file: string) => JSON.parse(readFileSync(file, "utf8")).metadata;
    expect(metadata(theirs)).toEqual(metadata(ours));
  }, 180_000);

  test("a conversation: interrupts end a cell, queued cells are dropped after an error and later ones are not", async () => {
    const script = fileURLToPath(new URL("./conversation.py", import.meta.url));
    const { stdout } = await execute(python3, [script], { env, cwd: folder });
    const heard = JSON.parse(stdout);
    expect(heard.interrupted).toMatchObject({ status: "error", ename: "Interrupted" });
    expect(heard.interruptedEarly).toMatchObject({ status: "error", ename: "Interrupted" });
    expect(heard.interruptedLoop).toMatchObject({ status: "error", ename: "Interrupted" });
    expect(heard.interruptedWork).toMatchObject({ status: "error", ename: "Interrupted" });
    expect(heard.stopped).toMatchObject({ status: "ok" });
    expect(heard.failed).toMatchObject({ status: "error", ename: "Error", evalue: "first" });
    // A count would stand beside a cell that has not run.
    expect(heard.queued).toEqual([{ status: "aborted" }, { status: "aborted" }]);
    expect(heard.next).toMatchObject({ status: "ok" });
    expect(heard.nextOutput).toBe("on we go\n");
    const progress = heard.progress as { type: string; data: object; metadata: object; transient: object }[];
    expect(progress.map(({ type }) => type)).toEqual([
      "display_data",
      "update_display_data",
      "update_display_data",
    ]);
    expect(new Set(progress.map(({ transient }) => JSON.stringify(transient))).size).toBe(1);
    for (const { data, metadata, transient } of progress) {
      expect(Object.keys(data)).toEqual(["text/html", "text/plain"]);
      expect([metadata, transient]).toEqual([{}, { display_id: expect.any(String) }]);
    }
    expect(heard.completions).toContain("massAttenuation");
    expect(heard.inspected).toMatch(/function massAttenuation\(formula: string.*\n[\s\S]*^@returns cm2\/g/m);
    expect(heard.exited).toBe(true);
  }, 180_000);
});
