// A picture that shows itself: in a notebook, in a terminal as one line, in a file as SVG or HTML.
import { createHash } from "node:crypto";
import { writeFile } from "node:fs/promises";
import { inspect } from "node:util";
import { ArgumentError, FileError, quote, reason } from "../errors.js";
import { type Drawing, el, escapeText, px } from "./svg.js";
import { theme } from "./theme.js";

/** What a figure says to those who do not see it. */
export interface Caption {
  /** What the picture is, in a few words; the tooltip of the picture in a browser. */
  readonly title: string;
  /** What can be read off it: axes with units, ranges, names. */
  readonly description: string;
}

/**
 * A finished picture. The same data give the same bytes, so that figures can be compared and cached.
 *
 * In notebooks it is inline SVG in `text/html` (converters strip `image/svg+xml`), shown 1.4 times larger than in print.
 */
export class Figure {
  /** Width in print, px of 1/96 inch. */
  readonly width: number;
  /** Height in print, px of 1/96 inch. */
  readonly height: number;
  readonly title: string;
  readonly description: string;
  /** The picture as a whole SVG document, without XML declaration. */
  readonly svg: string;

  /**
   * @param drawing markup that is already escaped, and its size
   * @param caption plain text
   */
  constructor(
    readonly drawing: Drawing,
    caption: Caption,
  ) {
    this.width = Math.ceil(drawing.width);
    this.height = Math.ceil(drawing.height);
    this.title = caption.title;
    this.description = caption.description;
    this.svg = this.root({});
  }

  /** Inline SVG for a page or a notebook: `theme.screen` times its size in print, never wider than its place. */
  get html(): string {
    const width = Math.round(this.width * theme.screen);
    return this.root({ style: `width:${width}px;max-width:100%;height:auto;background:#fff` });
  }

  /** The SVG document. */
  toString(): string {
    return this.svg;
  }

  /** What a notebook shows. */
  [Symbol.for("Jupyter.display")](): Record<string, string> {
    return { "text/html": this.html, "text/plain": this.line() };
  }

  /** What a terminal shows. */
  [inspect.custom](): string {
    return this.line();
  }

  /**
   * Writes the picture to a file.
   *
   * @param path ending in `.svg`, or in `.html` for a page that holds nothing else
   * @throws ArgumentError for any other ending
   * @throws FileError when the file cannot be written
   */
  async save(path: string): Promise<void> {
    const ending = /\.(svg|html)$/i.exec(path)?.[1].toLowerCase();
    if (!ending) {
      throw new ArgumentError(
        `figure.save: expected a path that ends in .svg or .html, got ${quote(path)}; rename it`,
        {
          path,
        },
      );
    }
    const content = ending === "svg" ? `<?xml version="1.0" encoding="UTF-8"?>\n${this.svg}\n` : this.page();
    try {
      await writeFile(path, content);
    } catch (cause) {
      throw new FileError(
        `figure.save: expected a path that can be written, got ${reason(cause)}`,
        { path },
        { cause },
      );
    }
  }

  private line(): string {
    return `Figure: ${this.title} (${this.width} x ${this.height} px)`;
  }

  private page(): string {
    const title = escapeText(this.title);
    return `<!doctype html>\n<html lang="en">\n<meta charset="utf-8">\n<title>${title}</title>\n<body style="margin:1em;background:#fff">\n${this.html}\n</body>\n</html>\n`;
  }

  private root(extra: Readonly<Record<string, string>>): string {
    const { width, height, title, description } = this;
    // Names within the document come from its content: unique on a page, and reproducible.
    const id = `figure-${createHash("sha256").update(`${title}\n${description}\n${this.drawing.body}`).digest("hex").slice(0, 12)}`;
    return el(
      "svg",
      {
        xmlns: "http://www.w3.org/2000/svg",
        role: "img",
        "aria-labelledby": `${id}-title ${id}-desc`,
        width,
        height,
        viewBox: `0 0 ${px(width)} ${px(height)}`,
        "font-family": theme.font,
        "font-size": theme.text.tick,
        color: theme.ink,
        fill: theme.ink,
        ...extra,
      },
      el("title", { id: `${id}-title` }, escapeText(title)),
      el("desc", { id: `${id}-desc` }, escapeText(description)),
      el("rect", { width, height, fill: "#fff" }),
      this.drawing.body,
    );
  }
}
