// operandose new: the folder of a project, with a first notebook and an experiment.json to fill in.
import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { basename, join, resolve } from "node:path";
import type { CommandFile } from "./command.js";
import { projectFiles } from "./project-files.js";
import { UsageError } from "./usage-error.js";

/** The command `new`. */
export const newCommand: CommandFile = {
  name: "new",
  group: "Begin",
  define(command, context) {
    command
      .description("makes a project folder with a first notebook")
      .argument("<FOLDER>", "new, empty, or with other files, which stay as they are")
      .addHelpText(
        "after",
        `
Writes package.json (depends on operandose), first.ipynb, experiment.json (to fill in), .gitignore.`,
      )
      .action((name: string) => {
        const folder = resolve(name);
        const files = projectFiles(basename(folder));
        const there = Object.keys(files).filter((file) => existsSync(join(folder, file)));
        const kept = there.filter((file) => ["package.json", ".gitignore"].includes(file));
        const problem = there.find((file) => !kept.includes(file));
        if (problem !== undefined) {
          throw new UsageError(`expected a folder without ${problem}, got ${folder}; give another one`);
        }
        mkdirSync(folder, { recursive: true });
        for (const [file, text] of Object.entries(files)) {
          if (!kept.includes(file)) writeFileSync(join(folder, file), text);
        }
        const steps = [
          ...(folder === process.cwd() ? [] : [`cd ${name}`]),
          ...(findsLibrary(folder) ? [] : ["npm install"]),
          "npx operandose lab",
        ];
        context.out(
          [
            `made ${folder}`,
            ...kept.map((file) => `kept ${file}, which was there`),
            "next:",
            ...steps.map((step) => `  ${step}`),
            "",
          ].join("\n"),
        );
      });
  },
};

/** Whether a folder above has operandose. */
function findsLibrary(folder: string): boolean {
  try {
    createRequire(join(folder, "package.json")).resolve("operandose");
    return true;
  } catch {
    return false;
  }
}
