// operandose start: from nothing to a page with the results.
import type { CommandFile } from "./command.js";

/** The command `start`. */
export const startCommand: CommandFile = {
  name: "start",
  group: "Begin",
  define(command, context) {
    command
      .description("records the demonstration, runs the notebooks, writes the site")
      .addHelpText(
        "after",
        `
Writes recordings/ (3 GB) and site/ into the current folder; in a clone of operandose, into the clone. A step
runs again only if its inputs have changed. Then open site/index.html.`,
      )
      .action(async () => {
        const { demonstrate } = await import("./demonstrate.js");
        context.code = await demonstrate();
      });
  },
};
