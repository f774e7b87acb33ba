// TypeScript in texts as modules: the names of the library that it uses without an import are imported, and the compiler
// judges it as it judges a user's file.
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import * as library from "operandose";
import ts from "typescript";
import { root } from "./markdown.js";

/** Code of a text as a module. */
export function moduleOf(code: string): string {
  if (/from "operandose"/.test(code)) return `${code}\nexport {};\n`;
  const words = new Set(code.replace(/\/\/.*$/gm, "").match(/(?<![.\w$"])[A-Za-z_]\w*/g));
  const declared = new Set([...code.matchAll(/\b(?:const|let|function)\s+(\w+)/g)].map((match) => match[1]));
  const names = Object.keys(library).filter((name) => words.has(name) && !declared.has(name));
  return `import { ${names.join(", ")} } from "operandose"; ${code}\nexport {};\n`;
}

/** The same as JavaScript that Node runs, with the address of the compiled library. */
export function runnableModule(code: string): string {
  const address = JSON.stringify(pathToFileURL(join(root, "dist/index.js")).href);
  const { outputText } = ts.transpileModule(moduleOf(code), {
    compilerOptions: { target: ts.ScriptTarget.ES2022, module: ts.ModuleKind.ESNext },
  });
  return outputText.replaceAll('"operandose"', address);
}

/**
 * Complaints of the compiler about modules, each with its place.
 *
 * @param folder where the modules are written
 * @param assumed declarations of names that the texts have introduced in words
 */
export function complaintsAbout(
  modules: readonly { place: string; text: string }[],
  folder: string,
  assumed = "export {};\n",
): string[] {
  const files = modules.map(({ text }, i) => {
    const path = join(folder, `block-${i}.ts`);
    writeFileSync(path, text);
    return path;
  });
  writeFileSync(join(folder, "assumed.ts"), assumed);
  const program = ts.createProgram([join(folder, "assumed.ts"), ...files], {
    target: ts.ScriptTarget.ES2022,
    module: ts.ModuleKind.ESNext,
    moduleResolution: ts.ModuleResolutionKind.Bundler,
    lib: ["lib.es2023.d.ts", "lib.dom.d.ts"],
    types: ["node"],
    typeRoots: [join(root, "node_modules/@types")],
    paths: { operandose: [join(root, "dist/index.d.ts")] },
    strict: true,
    skipLibCheck: true,
    noEmit: true,
  });
  return files.flatMap((path, i) => {
    const file = program.getSourceFile(path);
    return ts.getPreEmitDiagnostics(program, file).map(({ messageText, start = 0 }) => {
      const line = file?.getLineAndCharacterOfPosition(start).line ?? 0;
      return `${modules[i].place}, line ${line + 1}: ${ts.flattenDiagnosticMessageText(messageText, " ")}`;
    });
  });
}
