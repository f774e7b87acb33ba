// Cells that are compiled by another process. A compiler that reads the types of all packages needs ten
// seconds of one core, so npm start has one for all notebooks. The result depends only on the code of the
// cell and on the declarations of earlier cells.
import type { Converter, ConvertResult } from "tslab/dist/converter.js";

/** Compiles a cell in another process; null if that is not possible, and the cell is compiled here. */
export type Compile = (declarations: string, code: string) => Promise<ConvertResult | null>;

/**
 * tslab's converter with a step that compiles a cell in advance, because tslab's conversion is synchronous.
 */
export interface AheadConverter extends Converter {
  /** Compiles this cell; called before it is executed. */
  prepare(code: string): Promise<void>;
  /** Called after the cell that was converted last has run: its declarations are valid from now on. */
  accept(): void;
}

/**
 * Files beside the notebook are compiled with it once per converter, so they need a converter of their own.
 */
const besideNotebook = /\b(?:from|import)\s*\(?\s*["']\.{1,2}\//;

/**
 * @param create makes a converter in this process, for cells that cannot be compiled elsewhere
 * @param compile undefined: all cells are compiled here, and the converter is made immediately
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
