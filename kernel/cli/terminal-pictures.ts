// Pictures at the prompt: a terminal shows text, so a picture becomes a file.
import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { printed } from "../jupyter/display/printed.js";

/**
 * Writes each picture as an SVG file into a new temporary folder of this session, so that no file of the user is
 * replaced.
 *
 * @returns the function that gives the lines for a picture; null for other values
 */
export function terminalPictures(): (value: unknown) => string | null {
  let folder: string | undefined;
  let count = 0;
  return (value) => {
    if (!isPicture(value)) return null;
    const line = printed(value);
    try {
      folder ??= mkdtempSync(join(tmpdir(), "operandose-figures-"));
      const path = join(folder, `figure-${++count}.svg`);
      writeFileSync(path, `<?xml version="1.0" encoding="UTF-8"?>\n${value.svg}\n`);
      return `${line}\nwritten to ${path}; await _.save("figure.pdf") writes it here, also as .svg, .png, .html or .csv`;
    } catch (error) {
      return `${line}\nnot written: ${(error as Error).message}`;
    }
  };
}

function isPicture(value: unknown): value is { svg: string } {
  const { svg, save } = (value ?? {}) as { svg?: unknown; save?: unknown };
  return typeof svg === "string" && svg.startsWith("<svg") && typeof save === "function";
}
