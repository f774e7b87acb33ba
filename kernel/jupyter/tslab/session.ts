// One running notebook: cells are compiled and run one after the other in this process with common variables.
// The Jupyter kernel (launch.ts) and the notebook runner (runner/child.ts) use it.
import { setImmediate as nextTurn } from "node:timers/promises";
import { format, types } from "node:util";
import { bundleOf, showsItself } from "../display/bundle.js";
import { printed } from "../display/printed.js";
import { aheadConverter, type Compile } from "./ahead.js";
import { assignVariables } from "./block-variables.js";
import { type CellError, compileError, InterruptError, thrown } from "./cell-error.js";
import { loadTslab, type Tslab } from "./load.js";
import { type CellSink, type DisplayData, redirectOutput } from "./output.js";
import { prepareCell } from "./prepare.js";

/** Result of a cell. */
export type CellOutcome = { status: "ok" } | ({ status: "error" } & CellError);

/** State of a kernel: the variables of the cells that have run. */
export interface Session {
  /** tslab's replies to the other requests of Jupyter: completion, inspection, "is this complete". */
  readonly handler: InstanceType<Tslab["jupyter"]["JupyterHandlerImpl"]>;
  /** Jupyter's language_info. */
  readonly language: Record<string, unknown>;
  /** Runs a cell; never rejects. The caller runs one at a time. */
  run(code: string, sink: CellSink): Promise<CellOutcome>;
  /** Displays data in the output of the last cell. */
  display(data: DisplayData, update: boolean): void;
  /** Ends a cell that waits for a promise. The signal itself ends a synchronous loop. */
  interrupt(): void;
  /** Number of interrupts: work that began before the last one should stop. */
  readonly interrupts: number;
  close(): void;
}

/**
 * @param folder folder of the notebook, from which its imports are resolved
 * @param compile compiles cells in another process
 */
export function createSession(folder: string, compile?: Compile): Session {
  const tslab = loadTslab();
  const converter = aheadConverter(
    tslab.ts,
    () => tslab.createConverter({ isJS: false, isBrowser: false }),
    compile,
  );
  let failures: unknown[] = [];
  let complaints: string[] = [];
  let last: { value: unknown } | null = null;
  const executor = tslab.createExecutor(
    folder,
    { node: converter, browser: converter, close: () => converter.close() },
    {
      // tslab passes the value of the last expression; run() displays it, because it can wait for promises.
      log: (value: unknown) => {
        last = { value };
      },
      // A thrown error is a single argument; a compiler error is a format with its values.
      error: (...words: unknown[]) => {
        if (words.length > 1) complaints.push(format(...words));
        else failures.push(words[0]);
      },
    },
  );
  let assigned = new Set<string>();
  const variables = recorded(executor.locals, (name) => assigned.add(name));
  shared().exports = variables;
  let interrupts = 0;
  let current: CellSink = { stream() {}, display() {} };
  let stop: (reason: InterruptError) => void = () => {};

  async function run(code: string, sink: CellSink): Promise<CellOutcome> {
    failures = [];
    complaints = [];
    last = null;
    assigned = new Set();
    current = sink;
    redirectOutput(sink);
    (tslab.jupyter as { lastWriteDisplayData: unknown }).lastWriteDisplayData = sink.display.bind(sink);
    const prepared = prepareCell(tslab.ts, code);
    const interruptsBefore = interrupts;
    try {
      await converter.prepare(prepared.code);
      // Node loses a signal that it has received and not yet reported when the cell starts. The second turn of
      // the event loop begins with such reports.
      for (let turn = 0; turn < 2; turn++) await nextTurn();
      if (interrupts !== interruptsBefore) throw new InterruptError("interrupted");
      const succeeded = await executor.execute(prepared.code);
      assignVariables(variables);
      if (succeeded) {
        // A variable in a block that was not entered is undefined, whatever earlier cells called so.
        for (const name of converter.accept(assigned, false)) executor.locals[name] = undefined;
        if (last !== null) await showLast((last as { value: unknown }).value, sink);
        return { status: "ok" };
      }
    } catch (error) {
      failures.push(error);
    }
    if (complaints.length === 0) converter.accept(assigned, true);
    const error =
      complaints.length > 0
        ? compileError(complaints, code, prepared, folder)
        : thrown(failures.at(-1), folder);
    return { status: "error", ...error };
  }

  /** Displays a value, or the result of a promise. */
  async function showLast(value: unknown, sink: CellSink): Promise<void> {
    const interrupted = new Promise<never>((_, reject) => {
      stop = reject;
    });
    const shown =
      types.isPromise(value) && !showsItself(value) ? await Promise.race([value, interrupted]) : value;
    if (types.isPromise(value) && (shown === undefined || shown === null)) return;
    const data = await Promise.race([bundleOf(shown), interrupted]);
    if (data === null) console.log(typeof shown === "string" ? shown : printed(shown));
    else sink.display({ data, metadata: {}, transient: {} }, false);
  }

  const handler = new tslab.jupyter.JupyterHandlerImpl(executor, false);
  const info = handler.handleKernel();
  const language = { ...info.language_info, version: tslab.ts.version };
  handler.handleKernel = () => ({ ...info, language_info: language, banner: "TypeScript with operandose" });
  return {
    handler,
    language,
    run,
    display: (data, update) => current.display(data, update),
    interrupt() {
      interrupts++;
      executor.interrupt();
      stop(new InterruptError("interrupted"));
    },
    get interrupts() {
      return interrupts;
    },
    close: () => executor.close(),
  };
}

/** The variables of the cells; `report` gets the name of each one that is set. */
function recorded<T extends object>(variables: T, report: (name: string) => void): T {
  return new Proxy(variables, {
    set(target, name, value) {
      report(String(name));
      return Reflect.set(target, name, value);
    },
    defineProperty(target, name, attributes) {
      report(String(name));
      return Reflect.defineProperty(target, name, attributes);
    },
  });
}

/** The object through which tslab's executor gives a cell its variables. */
function shared(): { exports: object } {
  return (globalThis as unknown as { __tslab__: { exports: object } }).__tslab__;
}
