// A picture that displays itself in a notebook, as one line in a terminal, and in files of several formats.
import { createHash } from "node:crypto";
import { inspect } from "node:util";
import { escapeText } from "../../compute/escape.js";
import { captionOf } from "./caption.js";
import type { FigureData, FigureTable } from "./data.js";
import { type SaveOptions, saveFigure } from "./save.js";
import { type Drawing, el, px } from "./svg.js";
import { theme } from "./theme.js";

/** Text alternative of a figure. */
export interface Caption {
  /** Short title; the tooltip of the picture in a browser. */
  readonly title: string;
  /** Description: axes with units, ranges, names. */
  readonly description: string;
}

/**
 * A finished picture. The same data give the same bytes, for comparison and caching.
 *
 * In notebooks it is inline SVG in `text/html` (converters strip `image/svg+xml`), shown 1.4 times larger
 * than in print.
 *
 * @example
 * const figure = figures.curves({
 *   x: [0, 1],
 *   y: [[3.6, 4.3]],
 *   xLabel: "Time (h)",
 *   yLabel: "Voltage (V)",
 * });
 * await figure.save("voltage.svg"); // or .png, .pdf; .csv for the numbers
 */
export class Figure {
  /** Width in print, px of 1/96 inch. */
  readonly width: number;
  /** Height in print, px of 1/96 inch. */
  readonly height: number;
  readonly title: string;
  readonly description: string;
  /** The picture as an SVG document, without XML declaration. */
  readonly svg: string;
  /** Folder and formats of published files. */
  readonly publishAs = { folder: "figures", endings: ["svg", "png", "pdf", "csv"] } as const;
  readonly #makeData: FigureData;
  #data?: readonly FigureTable[];

  /**
   * @param drawing escaped markup, and its size
   * @param caption plain text
   * @param data function that makes the tables of the figure, in the drawn units
   */
  constructor(
    readonly drawing: Drawing,
    caption: Caption,
    data: FigureData,
  ) {
    this.#makeData = data;
    this.width = Math.ceil(drawing.width);
    this.height = Math.ceil(drawing.height);
    this.title = caption.title;
    this.description = caption.description;
    this.svg = this.root({});
  }

  /** Numbers of the figure as tables; names of columns contain the units. */
  get data(): readonly FigureTable[] {
    this.#data ??= this.#makeData();
    return this.#data;
  }

  /** Inline SVG for a page or a notebook: `theme.screen` times its size in print, at most its container. */
  get html(): string {
    const width = Math.round(this.width * theme.screen);
    return this.root({ style: `width:${width}px;max-width:100%;height:auto;background:#fff` });
  }

  /**
   * The same figure with a caption as of a journal. The first sentence becomes the title; the other sentences
   * precede the description of axes and ranges, on a line of their own.
   *
   * @throws ArgumentError for a caption without a sentence
   */
  captioned(caption: string): Figure {
    return new Figure(this.drawing, captionOf(caption, this.description), () => this.data);
  }

  /** The SVG document. */
  toString(): string {
    return this.svg;
  }

  /** Display in a notebook. */
  [Symbol.for("Jupyter.display")](): Record<string, string> {
    return { "text/html": this.html, "text/plain": this.line() };
  }

  /** Display in a terminal. */
  [inspect.custom](): string {
    return this.line();
  }

  /**
   * Writes the picture in the format of the path's extension: `.svg`; `.png` with 300 pixels per inch of its
   * size in print; `.pdf` with vectors and fonts; `.html` as a page with this figure only; `.csv` with the
   * numbers. The same figure gives the same bytes. Files are written completely or not at all.
   *
   * @param options `data: true` also writes the numbers into a file of the same name with `.csv`
   * @throws ArgumentError for any other ending
   * @throws FileError when the file cannot be written
   */
  async save(path: string, options: SaveOptions = {}): Promise<void> {
    await saveFigure(this, path, options);
  }

  private line(): string {
    return `Figure: ${this.title} (${this.width} x ${this.height} px)`;
  }

  private root(extra: Readonly<Record<string, string>>): string {
    const { width, height, title, description } = this;
    // Identifiers in the document are derived from its content: unique on a page, and reproducible.
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
