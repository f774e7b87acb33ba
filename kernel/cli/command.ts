// Interface of a command of the command line. A command is one file, and one line in commands.ts.
import type { Command } from "commander";

/** Output streams. */
export interface Output {
  out(text: string): void;
  error(text: string): void;
}

/** What an action gets: the output streams, and the exit code, which it changes where it fails. */
export interface Context extends Output {
  code: number;
}

/** Headings of the overview, in their order. */
export const groups = ["Begin", "Notebooks", "Files and doses", "This machine"] as const;

/** A command: its arguments, its options, and what it does. */
export interface CommandFile {
  readonly name: string;
  readonly group: (typeof groups)[number];
  /**
   * Describes the command. Its action imports the library where it needs it, because help and completion
   * are to answer at once. An action throws UsageError for arguments that cannot be parsed, and OperandoseError
   * for invalid values.
   */
  define(command: Command, context: Context): void;
}

/** Exit codes of all commands. */
export const exitCodes = `Exit codes: 0 done; 1 failed, or something is missing; 2 wrong arguments`;
