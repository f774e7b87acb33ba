// The program of the page: our own modules of page/, as they are compiled, one after the other in one
// function.
import { existsSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";

/** In order: a module uses only those before it. A path leads to what the library computes, too. */
export const modules = [
  "../../xas/half-step",
  "format",
  "unpack",
  "select",
  "concentrations",
  "edge",
  "dom",
  "chart",
  "view",
  "image",
  "histogram",
  "code",
  "spectrum",
  "profile",
  "summary",
  "main",
] as const;

let made: string | undefined;

/** The program as text. */
export function pageScript(): string {
  made ??= `(() => {\n"use strict";\n${modules.map(moduleText).join("\n")}\nstart();\n})();`;
  return made;
}

/**
 * A module without what only modules have: all share one scope, in which names are unique (a test sees to
 * that).
 */
function moduleText(name: string): string {
  return compiled(name)
    .replace(/^import [^;]*;\n/gm, "")
    .replace(/^export (?=(async |const |function |class ))/gm, "")
    .replace(/^export \{\};\n?/gm, "")
    .replace(/^\/\/# sourceMappingURL=.*$/gm, "");
}

function compiled(name: string): string {
  const script = new URL(`./page/${name}.js`, import.meta.url);
  if (existsSync(script)) return readFileSync(script, "utf8");
  // From source, as tests run: compiled here.
  const ts = createRequire(import.meta.url)("typescript") as typeof import("typescript");
  const source = readFileSync(new URL(`./page/${name}.ts`, import.meta.url), "utf8");
  const { outputText } = ts.transpileModule(source, {
    compilerOptions: {
      target: ts.ScriptTarget.ES2022,
      module: ts.ModuleKind.ESNext,
      verbatimModuleSyntax: true,
    },
  });
  return outputText;
}
