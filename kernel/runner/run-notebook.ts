// Runs a notebook without Python and Jupyter, with the same outputs as Jupyter.
import { type ChildProcess, fork } from "node:child_process";
import { dirname, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import type { CellError } from "../jupyter/tslab/cell-error.js";
import type { CellOutcome } from "../jupyter/tslab/session.js";
import { nodeFlags } from "../places.js";
import type { Compiler } from "./compiler.js";
import { type CodeCell, joined, type Notebook, readNotebook, writeNotebook } from "./format.js";
import type { CellMessage, CellRequest, CompileRequest } from "./messages.js";
import { OutputCollector } from "./outputs.js";

export interface RunOptions {
  /** Path of the executed notebook, also written after a failure. The notebook itself is never changed. */
  out: string;
  /** Longest time per cell, s. */
  timeout?: number;
  /** Additional environment variables. */
  env?: Record<string, string>;
  /** Called before each code cell with the number of cells and its number, from 1. */
  onCell?: (cell: number, cells: number) => void;
  /** Called after each code cell, also after a failure, with its number. */
  onCellDone?: (cell: number) => void;
  /** Compiles the cells of notebooks in its folder, so that the types are read once. */
  compiler?: Compiler;
}

/** Error and its cell. */
export interface RunFailure extends CellError {
  /** Jupyter's number of the cell, from 1; 0 when the notebook could not be started. */
  cell: number;
  code: string;
}

export interface RunResult {
  ok: boolean;
  failure: RunFailure | null;
  seconds: number;
}

/** Default time limit of a cell, s. */
const TIMEOUT = 600;

/** Time for a cell to end after an interrupt before its process is ended, ms. */
const GRACE = 3000;

/**
 * Runs the cells of a notebook in its own process in the folder of the notebook, and stops at the first
 * error.
 *
 * @returns the failure, if any; it rejects only when the notebook cannot be read or the result cannot be
 *   written
 */
export async function runNotebook(path: string, options: RunOptions): Promise<RunResult> {
  const started = performance.now();
  const file = resolve(path);
  const notebook = readNotebook(file);
  const cells = notebook.cells.filter((cell): cell is CodeCell => cell.cell_type === "code");
  for (const cell of cells) Object.assign(cell, { outputs: [], execution_count: null });
  // Jupyter also skips empty cells.
  const filled = cells.filter((cell) => joined(cell.source).trim() !== "");
  const runner = new CellRunner(dirname(file), options);
  let failure: RunFailure | null = null;
  try {
    const language = await runner.start();
    notebook.metadata.language_info = language;
    for (const cell of filled) {
      options.onCell?.(runner.count + 1, filled.length);
      cell.execution_count = runner.count + 1;
      const outcome = await runner.run(cell);
      options.onCellDone?.(runner.count);
      if (outcome.status === "error") {
        failure = { ...outcome, cell: runner.count, code: joined(cell.source) };
        break;
      }
    }
  } catch (error) {
    const { name, message } = error as Error;
    failure = { ename: name, evalue: message, traceback: [message], cell: 0, code: "" };
  } finally {
    runner.stop();
  }
  writeNotebook(resolve(options.out), notebook satisfies Notebook);
  return { ok: failure === null, failure, seconds: (performance.now() - started) / 1000 };
}

class CellRunner {
  readonly #collector = new OutputCollector();
  readonly #child: ChildProcess;
  readonly #timeout: number;
  readonly #compiler: Compiler | undefined;
  #receive: (message: CellMessage) => void = () => {};
  #exit: (why: string) => void = () => {};
  count = 0;

  constructor(folder: string, { timeout = TIMEOUT, env, compiler }: RunOptions) {
    this.#timeout = timeout;
    this.#compiler = compiler?.folder === folder ? compiler : undefined;
    const args = this.#compiler ? ["compiler"] : [];
    this.#child = fork(fileURLToPath(new URL("./child.js", import.meta.url)), args, {
      cwd: folder,
      env: { ...process.env, ...env },
      execArgv: nodeFlags,
      // Output that bypasses the redirected streams, such as that of native code, is kept.
      stdio: ["ignore", "inherit", "inherit", "ipc"],
    });
    this.#child.on("message", (message) => this.#receive(message as CellMessage));
    this.#child.on("exit", (code, signal) => this.#exit(signal ? `signal ${signal}` : `exit code ${code}`));
    this.#child.on("error", (error) => this.#exit(error.message));
  }

  /** @returns Jupyter's language_info */
  start(): Promise<Record<string, unknown>> {
    return new Promise((ready, fail) => {
      this.#exit = (why) => fail(new Error(`the kernel ended before the first cell, with ${why}`));
      this.#receive = (message) => {
        if (message.type === "ready") ready(message.language);
      };
    });
  }

  /** Runs one cell; its outputs are in the cell when the promise is fulfilled. */
  async run(cell: CodeCell): Promise<CellOutcome> {
    this.count++;
    let late: string | null = null;
    let overdue = false;
    let kill: NodeJS.Timeout | undefined;
    const timer = setTimeout(() => {
      overdue = true;
      this.#child.kill("SIGINT");
      kill = setTimeout(() => this.#child.kill("SIGKILL"), GRACE);
    }, 1000 * this.#timeout);

    let outcome = await new Promise<CellOutcome>((done) => {
      this.#exit = (why) => done(failed("KernelDied", `the process of the notebook ended, with ${why}`));
      this.#receive = (message) => {
        if (message.type === "stream") this.#collector.stream(cell, message.name, message.text);
        if (message.type === "display") this.#collector.display(cell, message.data, message.update);
        if (message.type === "late") late ??= message.text;
        if (message.type === "compile") void this.#compile(message);
        if (message.type === "outcome") done(message.outcome);
      };
      this.#child.send({ type: "run", code: joined(cell.source) } satisfies CellRequest);
    });
    clearTimeout(timer);
    clearTimeout(kill);
    if (overdue) outcome = failed("Timeout", `the cell took longer than ${this.#timeout} s`);
    if (outcome.status === "ok" && late !== null) outcome = failed("UnhandledRejection", late);
    if (outcome.status === "error") this.#collector.error(cell, outcome);
    return outcome;
  }

  async #compile({ id, declarations, code }: CompileRequest): Promise<void> {
    const result = (await this.#compiler?.compile(declarations, code)) ?? null;
    // If the process has ended, its exit is reported.
    if (this.#child.connected)
      this.#child.send({ type: "compiled", id, result } satisfies CellRequest, () => {});
  }

  stop(): void {
    this.#exit = () => {};
    // It has no state to save, and workers of its cells would keep it alive.
    this.#child.kill("SIGKILL");
  }
}

function failed(ename: string, evalue: string): CellOutcome {
  return { status: "error", ename, evalue, traceback: [`${ename}: ${evalue}`] };
}
