// Cells that are compiled by another process. A compiler that reads the types of all packages needs ten
// seconds of one core, so npm start has one for all notebooks. The result depends only on the code of the
// cell and on the declarations of earlier cells.
import type * as TypeScript from "@tslab/typescript-for-tslab";
import type { Converter, ConvertResult } from "tslab/dist/converter.js";
import { withVariables } from "./block-variables.js";
import { afterFailure, withoutReset } from "./declarations.js";
import { withTagNames } from "./inspection.js";

/** Compiles a cell in another process; null if that is not possible, and the cell is compiled here. */
export type Compile = (declarations: string, code: string) => Promise<ConvertResult | null>;

/**
 * tslab's converter with a step that compiles a cell in advance, because tslab's conversion is synchronous. It
 * keeps the declarations of the cells that have run, because tslab forgets those of a cell that failed.
 */
export interface AheadConverter extends Converter {
  /** Compiles this cell; called before it is executed. */
  prepare(code: string): Promise<void>;
  /**
   * Called after the cell that was converted last has run: its declarations are valid from now on, except
   * those of names without a value if it failed.
   *
   * @param assigned names that the cell has set
   * @returns names that the cell declares and has not set
   */
  accept(assigned: ReadonlySet<string>, failed: boolean): string[];
}

/**
 * Files beside the notebook are compiled with it once per converter, so they need a converter of their own.
 */
const besideNotebook = /\b(?:from|import)\s*\(?\s*["']\.{1,2}\//;

/**
 * @param ts TypeScript of the cells
 * @param create makes a converter in this process, for cells that cannot be compiled elsewhere
 * @param compile undefined: all cells are compiled here, and the converter is made immediately
 */
export function aheadConverter(
  ts: typeof TypeScript,
  create: () => Converter,
  compile?: Compile,
): AheadConverter {
  let own = compile ? null : create();
  const here = () => {
    own ??= create();
    return own;
  };
  let ready: { code: string; result: ConvertResult } | null = null;
  let declarations = "";
  let next = { declarations, names: [] as string[] };
  return {
    async prepare(code) {
      ready = null;
      next = { declarations, names: [] };
      const elsewhere =
        compile && own === null && !besideNotebook.test(code) ? await compile(declarations, code) : null;
      ready = { code, result: elsewhere ?? here().convert(declarations, code) };
    },
    accept(assigned, failed) {
      const lost = next.names.filter((name) => !assigned.has(name));
      declarations = failed
        ? afterFailure(ts, declarations, next.declarations, new Set(lost))
        : next.declarations;
      next = { declarations, names: [] };
      return lost;
    },
    convert(_, code) {
      const result = ready?.code === code ? ready.result : here().convert(declarations, code);
      if (result.diagnostics.length > 0) {
        // A cell with the same text would get the same answer, although a file or package was added since.
        own?.convert(declarations, "");
        return result;
      }
      const { code: output, names } = withoutReset(result.output ?? "");
      next = { declarations: withVariables(ts, result.declOutput ?? ""), names };
      return { ...result, output };
    },
    inspect: (_, ...at) => withTagNames(here().inspect(declarations, ...at)),
    complete: (_, ...at) => here().complete(declarations, ...at),
    addModule: (...module) => here().addModule(...module),
    close: () => own?.close(),
  };
}
