// The command line: finds the command, prints its result, and converts errors to one line and an exit code.
import { OperandoseError } from "operandose";
import { printable } from "../jupyter/display/printable.js";
import type { Command } from "./command.js";
import { doseCommand } from "./dose.js";
import { UsageError } from "./usage-error.js";

/** Registry of all commands: a new one is one file and one line. */
export const commands: Readonly<Record<string, Command>> = { dose: doseCommand };

/** Output streams. */
export interface Output {
  out(text: string): void;
  error(text: string): void;
}

/**
 * Runs a command.
 *
 * @param args arguments after `operandose`
 * @returns exit code: 0, 1 for a failure, 2 for arguments that cannot be parsed
 */
export async function main(args: readonly string[], output: Output = streams): Promise<number> {
  const [name, ...rest] = args;
  if (name === undefined || name === "--help" || name === "-h" || name === "help") {
    output.out(`${overview()}\n`);
    return name === undefined ? 2 : 0;
  }
  const command = Object.hasOwn(commands, name) ? commands[name] : undefined;
  if (command === undefined) {
    output.error(`operandose: expected a command (${Object.keys(commands).join(", ")}), got ${name}\n`);
    return 2;
  }
  try {
    if (rest.includes("--help") || rest.includes("-h")) output.out(`${command.help}\n`);
    else output.out(`${await command.run(rest)}\n`);
    return 0;
  } catch (error) {
    if (!(error instanceof OperandoseError || error instanceof UsageError)) throw error;
    output.error(`operandose ${name}: ${printable(error.message)}\n`);
    if (!(error instanceof UsageError)) return 1;
    output.error(`operandose ${name} --help shows its options\n`);
    return 2;
  }
}

const streams: Output = {
  out: (text) => process.stdout.write(text),
  error: (text) => process.stderr.write(text),
};

function overview(): string {
  const width = Math.max(...Object.keys(commands).map((name) => name.length));
  const lines = Object.entries(commands).map(([name, { summary }]) => `  ${name.padEnd(width)}  ${summary}`);
  return [
    "usage: operandose COMMAND [options]",
    "",
    ...lines,
    "",
    "operandose COMMAND --help shows its options",
  ].join("\n");
}
