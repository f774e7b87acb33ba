/**
 * A line of text for a terminal without control characters, so that text from files cannot move the cursor or
 * change colors.
 */
export function printable(text: string): string {
  return text.replace(/\p{Cc}/gu, " ");
}
