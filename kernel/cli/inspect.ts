// operandose inspect: what a file or folder is, what a dose map still needs, and the line that loads it.
import type { CommandFile } from "./command.js";

/** The command `inspect`. */
export const inspectCommand: CommandFile = {
  name: "inspect",
  group: "Files and doses",
  define(command, context) {
    command
      .description("what a recorded file or a folder is, and the line that loads it")
      .argument("<PATH>", "file of a known format, folder of images or of an experiment, or saved cube")
      .option("--json", "prints JSON instead of text")
      .action(async (path: string, { json }: { json?: boolean }) => {
        const { describe } = await import("operandose");
        const found = await describe(path);
        context.out(`${json ? JSON.stringify(found, null, 2) : found}\n`);
      });
  },
};
