// Cells that are compiled by another process. A compiler that has read the types of all packages costs ten seconds of one
// core; npm start has one for all notebooks. A cell means the same wherever it is compiled: what comes out depends on its
// code and on the declarations of the cells before it, on nothing else.
import type { Converter, ConvertResult } from "tslab/dist/converter.js";

/** Compiles a cell elsewhere; null when that is not possible, and the cell is compiled here. */
export type Compile = (declarations: string, code: string) => Promise<ConvertResult | null>;

/** tslab's converter, with the step by which a cell is compiled before tslab asks for it: tslab cannot wait. */
export interface AheadConverter extends Converter {
  /** Has this cell compiled; to be called before it is executed. */
  prepare(code: string): Promise<void>;
  /** The cell that was converted last has run: its declarations count from now on. */
  accept(): void;
}

/** Files beside the notebook are compiled with it, once for each converter: they need one of their own. */
const besideNotebook = /\b(?:from|import)\s*\(?\s*["']\.{1,2}\//;

/**
 * @param create makes a converter in this process, for what cannot be compiled elsewhere
 * @param compile without it, everything is compiled here, and the converter is made at once
 */
export function aheadConverter(create: () => Converter, compile?: Compile): AheadConverter {
  let own = compile ? null : create();
  const here = () => {
    own ??= create();
    return own;
  };
  let ready: { declarations: string; code: string; result: ConvertResult } | null = null;
  let declarations = "";
  let next = "";
  return {
    async prepare(code) {
      ready = null;
      if (!compile || own !== null || besideNotebook.test(code)) return;
      const result = await compile(declarations, code);
      if (result !== null) ready = { declarations, code, result };
    },
    accept() {
      declarations = next;
    },
    convert(previous, code) {
      const known = ready?.declarations === previous && ready.code === code ? ready.result : null;
      const result = known ?? here().convert(previous, code);
      next = result.declOutput ?? "";
      return result;
    },
    inspect: (...at) => here().inspect(...at),
    complete: (...at) => here().complete(...at),
    addModule: (...module) => here().addModule(...module),
    close: () => own?.close(),
  };
}
