/** The command line was not understood; the message says what was expected and what came. */
export class UsageError extends Error {
  override readonly name = "UsageError";
}
