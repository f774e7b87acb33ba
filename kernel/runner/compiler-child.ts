// The process that compiles the cells of several notebooks of one folder, controlled by compiler.ts through
// its channel.
import { loadTslab } from "../jupyter/tslab/load.js";
import type { CompileAnswer, CompileRequest } from "./messages.js";

const converter = loadTslab().createConverter({ isJS: false, isBrowser: false });
process.on("disconnect", () => process.exit(0));
process.on("message", ({ id, declarations, code }: CompileRequest) => {
  process.send?.({ id, result: converter.convert(declarations, code) } satisfies CompileAnswer);
});
