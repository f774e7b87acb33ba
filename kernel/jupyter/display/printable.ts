/** A line of text for a terminal: a string of a file must not move the cursor or color the screen. */
export function printable(text: string): string {
  return text.replace(/\p{Cc}/gu, " ");
}
