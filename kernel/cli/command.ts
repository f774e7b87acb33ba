// What a command of the command line is.

/** A command: its lines of help, and what it prints. */
export interface Command {
  /** One line. */
  readonly summary: string;
  readonly help: string;
  /** @throws UsageError for arguments that cannot be parsed, OperandoseError for invalid values */
  run(args: readonly string[]): Promise<string>;
}
