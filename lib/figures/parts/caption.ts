// The caption of a figure within its title and description, and back from them.
import { ArgumentError, quote } from "../../errors.js";

/** Texts of a published figure. */
export interface FigureTexts {
  title: string;
  /** The whole caption; empty without one. */
  caption: string;
  /** Axes with units and ranges. */
  description: string;
}

/**
 * Title and description of a figure with a caption: the first sentence, and the other sentences in a line
 * before the description of the axes.
 *
 * @throws ArgumentError for a caption without a sentence
 */
export function captionOf(caption: string, axes: string): { title: string; description: string } {
  const text = typeof caption === "string" ? caption.replace(/\s+/g, " ").trim() : "";
  // A sentence ends before a capital letter or a letter of a panel: "4.3 V" and "Fig. 6" do not end one.
  const [, title, rest] = /^(.+?)\.(?:\s+(?=[A-Z(]|[a-z]\))(.*))?$/.exec(text) ?? [];
  if (title === undefined) {
    throw new ArgumentError(`caption: expected sentences that end with a full stop, got ${quote(caption)}`, {
      caption,
    });
  }
  const line = axes.includes("\n") ? axes.slice(axes.indexOf("\n") + 1) : axes;
  return { title, description: `${rest ?? ""}\n${line}` };
}

/** Texts of a figure from title and description of its SVG. */
export function textsOf(title: string, description: string): FigureTexts {
  const end = description.indexOf("\n");
  if (end < 0) return { title, caption: "", description };
  const caption = `${title}. ${description.slice(0, end)}`.trim();
  return { title, caption, description: description.slice(end + 1) };
}
