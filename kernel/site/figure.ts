// A published figure: its name, its files, its texts.
import { escapeHtml } from "../escape.js";

/** A figure in site/figures/. */
export interface PublishedFigure {
  /** Name such as `fig-05b`; its files are `figures/fig-05b.svg` and so on. */
  name: string;
  /** Available formats, such as `svg`. */
  endings: readonly string[];
  /** Notebook and cell of the figure. */
  notebook: string;
  cell: number;
  /** Short title. */
  title: string;
  /** The caption of the notebook; empty without one. */
  caption: string;
  /** Axes with units and ranges, for readers who do not see the figure. */
  description: string;
  /** Heading above the figure in the notebook. */
  heading?: string;
  /** Size in print, px. */
  width: number;
  height: number;
}

/** The figures of one notebook. */
export interface FigureGroup {
  notebook: string;
  title: string;
  /** Question of the notebook. */
  question?: string;
  figures: readonly PublishedFigure[];
}

/** Formats in the order of the links. */
const formats = ["svg", "png", "pdf", "csv"];

/** Page of a figure, below the site. */
export function figurePath(name: string): string {
  return `figures/${encodeURIComponent(name)}.html`;
}

/** The paper's name of a figure; empty if there is none. */
export function figureLabel(name: string): string {
  const [, supporting, number, panel] = /^fig-(s?)(\d+)([a-z]?)(?:-|$)/.exec(name) ?? [];
  return number ? `Fig. ${supporting.toUpperCase()}${Number(number)}${panel}` : "";
}

/** A short title: that of the caption, the heading in the notebook, or what the figure says of itself. */
export function shortTitle({ caption, title, heading }: PublishedFigure): string {
  return caption !== "" ? title : (heading ?? title);
}

/** Text alternative. */
export function altText({ caption, title, description }: PublishedFigure): string {
  return [caption || `${title}.`, description].filter(Boolean).join(" ");
}

/**
 * Links to the files of a figure.
 *
 * @param path path without extension, relative to the page
 * @param of name of the figure, for screen readers
 */
export function fileLinks(path: string, endings: readonly string[], of: string): string {
  const known = formats.filter((ending) => endings.includes(ending));
  return known
    .map((ending) => {
      const format = ending.toUpperCase();
      return `<a href="${path}.${ending}" aria-label="${escapeHtml(`${of} as ${format}`)}">${format}</a>`;
    })
    .join(" ");
}
