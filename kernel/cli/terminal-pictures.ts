// Pictures at the prompt: a file, and the picture itself in terminals that can draw.
import { mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { printed } from "../jupyter/display/printed.js";
import { imageSequence, terminalProtocol } from "./terminal-image.js";

/** Figures of the library, as far as the prompt uses them. */
interface Picture {
  svg: string;
  /** Pixels. */
  width: number;
  save(path: string): Promise<void>;
}

/** Lines of the prompt for pictures. */
export interface TerminalPictures {
  /** Writes the file of a picture, before `lines` is called; nothing for other values. */
  prepare(value: unknown): Promise<void>;
  /** The lines for a picture; null for other values. */
  lines(value: unknown): string | null;
}

/**
 * Each picture becomes an SVG file in a new temporary folder of this session, so that no file of the user is
 * replaced. A terminal that can draw also shows it.
 */
export function terminalPictures(terminal: NodeJS.WriteStream): TerminalPictures {
  const protocol = terminalProtocol(terminal);
  const prepared = new WeakMap<object, string>();
  let folder: string | undefined;
  let count = 0;
  return {
    async prepare(value) {
      if (!isPicture(value)) return;
      try {
        folder ??= mkdtempSync(join(tmpdir(), "operandose-figures-"));
        const stem = join(folder, `figure-${++count}`);
        writeFileSync(`${stem}.svg`, `<?xml version="1.0" encoding="UTF-8"?>\n${value.svg}\n`);
        let image = "";
        if (protocol) {
          await value.save(`${stem}.png`);
          image = `${imageSequence(protocol, readFileSync(`${stem}.png`), columnsOf(value, terminal))}\n`;
        }
        prepared.set(
          value,
          `${image}written to ${stem}.svg; await _.save("figure.pdf") writes it here, also as .svg, .png, .html or .csv`,
        );
      } catch (error) {
        prepared.set(value, `not written: ${(error as Error).message}`);
      }
    },
    lines: (value) =>
      isPicture(value) && prepared.has(value) ? `${printed(value)}\n${prepared.get(value)}` : null,
  };
}

/** Width of a character, pixels; terminals draw with about this size. */
const CHARACTER = 8;

function columnsOf({ width }: Picture, { columns }: NodeJS.WriteStream): number {
  return Math.min(columns || 80, Math.ceil(width / CHARACTER));
}

function isPicture(value: unknown): value is Picture {
  const { svg, width, save } = (value ?? {}) as Partial<Picture>;
  return (
    typeof svg === "string" &&
    svg.startsWith("<svg") &&
    typeof width === "number" &&
    typeof save === "function"
  );
}
