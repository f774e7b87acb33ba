// operandose kernel: makes the kernel known to the user's own Jupyter, JupyterLab or VS Code, or removes it.
import type { Command } from "commander";
import type { CommandFile, Context } from "./command.js";
import {
  installedKernel,
  isTemporary,
  KERNEL,
  kernelFolder,
  removeKernel,
  writeKernel,
} from "./kernelspec.js";
import { UsageError } from "./usage-error.js";

interface Options {
  user?: boolean;
  prefix?: string;
  name: string;
}

/** The command `kernel`. */
export const kernelCommand: CommandFile = {
  name: "kernel",
  group: "This machine",
  define(command, context) {
    command
      .helpCommand(false)
      .description("installs or uninstalls the kernel for your own Jupyter or VS Code")
      .usage("install | uninstall");
    options(
      command.command("install").description("makes the kernel known to Jupyter, JupyterLab and VS Code"),
    )
      .addHelpText(
        "after",
        `
The kernel of this copy of operandose runs with this Node; both are stated by their paths. Install it again
after one of them has moved. The notebooks of operandose state the kernel ${KERNEL}.`,
      )
      .action((given: Options) => install(folderOf(given), context));
    options(command.command("uninstall").description("removes what install has written")).action(
      (given: Options) => uninstall(folderOf(given), context),
    );
  },
};

function options(command: Command): Command {
  return command
    .option("--user", "in the user's folder of Jupyter (default)")
    .option("--prefix <DIR>", "in DIR/share/jupyter, such as a Python environment")
    .option("--name <NAME>", "name of the kernel", KERNEL);
}

function folderOf({ user, prefix, name }: Options): string {
  if (user && prefix !== undefined) throw new UsageError("expected --user or --prefix, got both");
  if (!/^[\w.-]+$/.test(name) || /^\.+$/.test(name)) {
    throw new UsageError(`expected --name of letters, digits, ".", "_" and "-", got ${name}`);
  }
  return kernelFolder(name, prefix);
}

function install(folder: string, context: Context): void {
  if (isTemporary) {
    context.error(
      "operandose kernel install: expected operandose in a folder of yours, got npm's temporary copy; " +
        "install it there first: npm install operandose\n",
    );
    context.code = 1;
  } else if (installedKernel(folder).owner === "other") {
    context.error(
      `operandose kernel install: expected no other kernel in ${folder}, found one; give --name NAME, or remove it\n`,
    );
    context.code = 1;
  } else {
    writeKernel(folder);
    context.out(`installed in ${folder}; Jupyter shows it as "TypeScript (operandose)"\n`);
  }
}

function uninstall(folder: string, context: Context): void {
  const { owner } = installedKernel(folder);
  if (owner === "operandose") {
    removeKernel(folder);
    context.out(`removed ${folder}\n`);
    return;
  }
  const found = owner === "none" ? "found none" : "found another one, which stays";
  context.error(`operandose kernel uninstall: expected a kernel of operandose in ${folder}, ${found}\n`);
  context.code = 1;
}
