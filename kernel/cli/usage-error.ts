/** Arguments that cannot be parsed; the message states what was expected and what was given. */
export class UsageError extends Error {
  override readonly name = "UsageError";
}
