// A figure as a file, one line per format. Large packages are loaded by the formats that need them.
import { extname } from "node:path";
import { escapeText } from "../../compute/escape.js";
import { ArgumentError, quote } from "../../errors.js";
import { writeWhole } from "../../io/atomic.js";
import { checkOptions } from "../../options.js";
import { csvOf } from "./csv.js";
import type { FigureTable } from "./data.js";

/** Options of `figure.save`. */
export interface SaveOptions {
  /** Also writes the numbers of the picture as CSV. */
  readonly data?: boolean;
}

/** Input of the formats. */
export interface Saved {
  /** px of 1/96 inch. */
  readonly width: number;
  readonly height: number;
  readonly title: string;
  readonly description: string;
  readonly svg: string;
  readonly html: string;
  readonly data: readonly FigureTable[];
}

/** Writes a figure in the format of the path's extension, see `Figure.save`. */
export async function saveFigure(figure: Saved, path: string, options: SaveOptions): Promise<void> {
  checkOptions("figure.save", options, { data: true });
  const ending = typeof path === "string" ? extname(path).toLowerCase() : "";
  const format = Object.hasOwn(formats, ending) ? formats[ending] : undefined;
  if (!format) {
    throw new ArgumentError(
      `figure.save: expected a path that ends in ${Object.keys(formats).join(", ")}, got ${quote(path)}; rename it`,
      { path },
    );
  }
  write(path, await format(figure));
  if (options.data && ending !== ".csv") {
    write(`${path.slice(0, path.length - ending.length)}.csv`, csv(figure));
  }
}

type Format = (figure: Saved) => string | Uint8Array | Promise<Uint8Array>;

const formats: Readonly<Record<string, Format>> = {
  ".svg": ({ svg }) => `<?xml version="1.0" encoding="UTF-8"?>\n${svg}\n`,
  ".png": async ({ svg }) => (await import("./png.js")).pngOf(svg),
  ".pdf": async (figure) => (await import("./pdf.js")).pdfOf(figure),
  ".html": page,
  ".csv": csv,
};

function csv({ title, description, data }: Saved): string {
  return csvOf([title, description], data);
}

function page({ title, html }: Saved): string {
  return `<!doctype html>\n<html lang="en">\n<meta charset="utf-8">\n<meta name="viewport" content="width=device-width">\n<title>${escapeText(title)}</title>\n<body style="margin:1em;background:#fff">\n${html}\n</body>\n</html>\n`;
}

function write(path: string, content: string | Uint8Array): void {
  writeWhole("figure.save", path, content);
}
