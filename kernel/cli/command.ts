// Interface of a command of the command line.

/** A command: its lines of help, and its text output. */
export interface Command {
  /** Summary in one line. */
  readonly summary: string;
  readonly help: string;
  /** @throws UsageError for arguments that cannot be parsed, OperandoseError for invalid values */
  run(args: readonly string[]): Promise<string>;
}
