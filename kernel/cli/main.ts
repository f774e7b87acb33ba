// The command line: describes all commands, runs one, and converts errors to one line and an exit code.
import { readFileSync } from "node:fs";
import { Command, CommanderError } from "commander";
import { printable } from "../jupyter/display/printable.js";
import { place } from "../places.js";
import { type Context, exitCodes, groups, type Output } from "./command.js";
import { commands } from "./commands.js";
import { UsageError } from "./usage-error.js";

/**
 * Runs a command.
 *
 * @param args arguments after `operandose`
 * @returns exit code: 0, 1 for a failure, 2 for arguments that cannot be parsed
 */
export async function main(args: readonly string[], output: Output = streams): Promise<number> {
  const context: Context = { ...output, code: 0 };
  const program = programOf(context);
  if (args.length === 0) {
    program.outputHelp();
    return 2;
  }
  let name = "";
  program.hook("preAction", (_, command) => {
    name = pathOf(command);
  });
  try {
    await program.parseAsync(args, { from: "user" });
    return context.code;
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2;
    if (error instanceof UsageError) {
      context.error(`${name}: ${lines(error.message)}\n${hint(name)}\n`);
      return 2;
    }
    const { OperandoseError } = await import("operandose");
    if (!(error instanceof OperandoseError)) throw error;
    context.error(`${name}: ${lines(error.message)}\n`);
    return 1;
  }
}

/** The program with all commands. */
function programOf(context: Context): Command {
  const { version } = JSON.parse(readFileSync(place("package.json"), "utf8")) as { version: string };
  const program = new Command("operandose")
    .usage("COMMAND [options]")
    .description(
      "Tells whether, where and from which dose on the X-ray beam changed the battery under study.",
    )
    .version(version, "-V, --version", "shows the version")
    .helpOption("-h, --help", "shows this help")
    .configureHelp({ subcommandTerm: (command) => command.name() })
    .addHelpText("after", `\noperandose help COMMAND shows what a command takes.\n${exitCodes}`)
    .exitOverride();
  const help = new Command("help").argument("[command]").description("what a command takes");
  program.addHelpCommand(help.helpGroup(groups[groups.length - 1]));
  for (const { name, group, define } of commands) {
    const command = program.command(name).helpGroup(group);
    define(command, context);
  }
  configure(program, context);
  return program;
}

/** Output and errors of a command and those below it. */
function configure(command: Command, context: Context): void {
  const path = pathOf(command);
  command
    .exitOverride()
    .showHelpAfterError(hint(path))
    .configureOutput({
      writeOut: (text) => context.out(text),
      writeErr: (text) => context.error(text),
      outputError: (text, write) => write(`${path}: ${printable(text.trimEnd()).replace(/^error: /, "")}\n`),
    });
  for (const below of command.commands) configure(below, context);
}

/** A message whose lines cannot steer the terminal. */
function lines(message: string): string {
  return message.split("\n").map(printable).join("\n");
}

function pathOf(command: Command): string {
  return command.parent ? `${pathOf(command.parent)} ${command.name()}` : command.name();
}

function hint(path: string): string {
  return path === "operandose" ? "operandose help shows all commands" : `${path} --help shows what it takes`;
}

const streams: Output = {
  out: (text) => process.stdout.write(text),
  error: (text) => process.stderr.write(text),
};
