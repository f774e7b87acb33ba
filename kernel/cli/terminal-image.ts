// Images in terminals that can draw them.
import ansiEscapes from "ansi-escapes";
import { createSupportsTerminalGraphics } from "supports-terminal-graphics";

/** What a terminal understands: Kitty's graphics protocol, or the inline images of iTerm2. */
export type Protocol = "kitty" | "iterm2";

/**
 * The protocol of a terminal, from its environment; null for pipes and for all other terminals. A multiplexer
 * keeps the variables of the terminal around it and does not pass images on.
 */
export function terminalProtocol(terminal: { isTTY?: boolean }): Protocol | null {
  if (!terminal.isTTY || process.env.TMUX || process.env.STY) return null;
  const { kitty, iterm2 } = createSupportsTerminalGraphics(terminal);
  return kitty ? "kitty" : iterm2 ? "iterm2" : null;
}

/** The bytes of a PNG as text that a terminal shows as an image of so many columns. */
export function imageSequence(protocol: Protocol, png: Uint8Array, columns: number): string {
  return protocol === "kitty" ? kittyImage(png, columns) : ansiEscapes.image(png, { width: columns });
}

/** Kitty takes base64 in pieces of at most 4096 characters; all but the last announce another (m=1). */
const PIECE = 4096;

// https://sw.kovidgoyal.net/kitty/graphics-protocol/: a=T transmits and shows, f=100 is PNG, c is the width in
// columns, q=2 keeps the terminal from answering into the prompt.
function kittyImage(png: Uint8Array, columns: number): string {
  const pieces =
    Buffer.from(png)
      .toString("base64")
      .match(new RegExp(`.{1,${PIECE}}`, "g")) ?? [];
  return pieces
    .map((piece, i) => {
      const keys = [
        ...(i === 0 ? ["a=T", "f=100", `c=${columns}`, "q=2"] : []),
        `m=${i + 1 < pieces.length ? 1 : 0}`,
      ];
      return `\u001B_G${keys.join(",")};${piece}\u001B\\`;
    })
    .join("");
}
