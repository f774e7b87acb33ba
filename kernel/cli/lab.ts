// operandose lab: Jupyter with the kernel of this package. A missing Jupyter is installed from Debian's packages.
import { spawnSync } from "node:child_process";
import { existsSync, statSync } from "node:fs";
import { delimiter, join } from "node:path";
import { home, installed, place } from "../places.js";
import type { CommandFile } from "./command.js";
import { UsageError } from "./usage-error.js";

/** The command `lab`. */
export const labCommand: CommandFile = {
  name: "lab",
  group: "Notebooks",
  define(command, context) {
    command
      .description("opens notebooks in Jupyter, with the kernel of this package")
      .usage("[FOLDER] [options of Jupyter]")
      .argument("[args...]")
      .allowUnknownOption()
      .addHelpText(
        "after",
        `
FOLDER is the current folder where it is left out; in a clone of operandose, its notebooks.
Where Jupyter is missing, Debian's jupyter-notebook is installed; on other systems install JupyterLab.
Other arguments go to Jupyter: operandose lab --no-browser --port 8889

For a Jupyter that is started in another way: operandose kernel install`,
      )
      .action((args: string[]) => {
        const named = args[0]?.startsWith("-") === false;
        const folder = named ? args[0] : installed ? home : join(home, "notebooks");
        if (!statSync(folder, { throwIfNoEntry: false })?.isDirectory()) {
          throw new UsageError(`expected the folder of the notebooks, got ${folder}`);
        }
        const jupyter = findJupyter() ?? install(context.error);
        if (jupyter === null) context.code = 1;
        else context.code = open(jupyter, folder, args.slice(named ? 1 : 0), context.error);
      });
  },
};

/** JupyterLab if it is installed, else the classic notebook, else null. */
export function findJupyter(): string | null {
  const folders = [...(process.env.PATH ?? "").split(delimiter), "/usr/bin"];
  for (const name of ["jupyter-lab", "jupyter-notebook"]) {
    const folder = folders.find((f) => f !== "" && existsSync(join(f, name)));
    if (folder) return join(folder, name);
  }
  return null;
}

const isRoot = process.getuid?.() === 0;

function install(say: (text: string) => void): string | null {
  if (!existsSync("/usr/bin/apt-get")) {
    say("lab: expected Jupyter, found none; install JupyterLab (https://jupyter.org/install)\n");
    return null;
  }
  say(`operandose: installing Debian's jupyter-notebook${isRoot ? "" : " (sudo may ask for a password)"}\n`);
  // sudo removes the environment.
  const apt = [...(isRoot ? [] : ["sudo"]), "env", "DEBIAN_FRONTEND=noninteractive", "apt-get"];
  for (const args of [
    ["update", "-qq"],
    ["install", "-y", "-qq", "--no-install-recommends", "jupyter-notebook"],
  ]) {
    const [program, ...rest] = [...apt, ...args];
    const { status, error } = spawnSync(program, rest, { stdio: ["inherit", "ignore", "inherit"] });
    if (!error && status === 0) continue;
    say(`lab: ${[program, ...rest].join(" ")} failed: ${error?.message ?? `exit code ${status}`}\n`);
    return null;
  }
  return findJupyter();
}

function open(jupyter: string, folder: string, args: string[], say: (text: string) => void): number {
  const paths = [place("kernel/jupyter"), process.env.JUPYTER_PATH].filter(Boolean);
  const env = { ...process.env, JUPYTER_PATH: paths.join(delimiter) };
  const all = ["--notebook-dir", folder, ...(isRoot ? ["--allow-root"] : []), ...args];
  const { status, error } = spawnSync(jupyter, all, { stdio: "inherit", env });
  if (error) say(`lab: ${jupyter} could not be started: ${error.message}\n`);
  return error ? 1 : (status ?? 0);
}
