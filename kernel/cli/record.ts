// operandose record: a simulated experiment, recorded as files like those of a beamline.
import { resolve } from "node:path";
import { Option } from "commander";
import type { CommandFile } from "./command.js";
import { number } from "./numbers.js";

interface Options {
  focus: "farther" | "closer";
  scale: "tiny" | "demo" | "full";
  seed: string;
}

/** The command `record`. */
export const recordCommand: CommandFile = {
  name: "record",
  group: "Files and doses",
  define(command, context) {
    command
      .description("records a simulated experiment, as files like those of a beamline")
      .argument("<FOLDER>", "of the experiment; what was recorded there before is kept")
      .addOption(
        new Option("--focus <NAME>", "of the beam").choices(["farther", "closer"]).default("farther"),
      )
      .addOption(
        new Option("--scale <NAME>", "tiny for a first try (35 MB), demo (2 GB), full as the beamline")
          .choices(["tiny", "demo", "full"])
          .default("tiny"),
      )
      .option("--seed <N>", "of the noise", "1")
      .action(async (folder: string, { focus, scale, seed }: Options) => {
        const { simulate } = await import("operandose");
        const { terminalProgress } = await import("./terminal-progress.js");
        const bar = terminalProgress()(`recording ${focus}`);
        try {
          await simulate(focus, {
            scale,
            seed: number("--seed", seed),
            out: resolve(folder),
            onProgress: ({ done, total, label }) => bar.update(done / total, label),
          });
        } finally {
          bar.done();
        }
        context.out(`recorded in ${folder}; load it with Cube.load(${JSON.stringify(folder)})\n`);
      });
  },
};
