// Headings of a notebook: its table of contents, and the heading above each cell.
import { joined, type Notebook } from "../runner/format.js";

/** Identifiers of the headings of a page: their words, numbered if repeated. */
export function headingMarks(): (text: string) => string {
  const seen = new Map<string, number>();
  return (text) => {
    const mark = slug(text);
    const before = seen.get(mark) ?? 0;
    seen.set(mark, before + 1);
    return before === 0 ? mark : `${mark}-${before}`;
  };
}

/** Identifier in the style of GitHub and Jupyter: lower case, hyphens for spaces, no punctuation. */
export function slug(text: string): string {
  return text
    .toLowerCase()
    .replace(/[^\p{L}\p{N}\p{M}\s_-]/gu, "")
    .trim()
    .replace(/\s/g, "-");
}

/** Headings of a Markdown text, except in code. */
export function headingsOf(markdown: string): { level: number; text: string }[] {
  const prose = markdown.replace(/^(```|~~~)[\s\S]*?^\1/gm, "");
  return [...prose.matchAll(/^(#{1,6})[ \t]+(.+?)[ \t]*#*$/gm)].map(([, marks, text]) => ({
    level: marks.length,
    text: text.replace(/[`*]|\[([^\]]*)\]\([^)]*\)/g, "$1"),
  }));
}

/** Question of a notebook: the first question in bold. */
export function questionOf({ cells }: Notebook): string | undefined {
  const prose = cells.filter(({ cell_type }) => cell_type === "markdown").map(({ source }) => joined(source));
  const question = /\*\*([^*]+\?)\*\*/.exec(prose.join("\n\n"))?.[1];
  return question?.replace(/\s+/g, " ").replace(/[`_]/g, "");
}

/** Last heading below the title before a code cell, by the number of the cell from 1. */
export function headingOfCell({ cells }: Notebook, cell: number): string | undefined {
  let heading: string | undefined;
  let count = 0;
  for (const { cell_type, source } of cells) {
    const text = joined(source);
    if (cell_type === "markdown") {
      heading =
        headingsOf(text)
          .filter(({ level }) => level > 1)
          .at(-1)?.text ?? heading;
    } else if (cell_type === "code" && text.trim() !== "" && ++count === cell) return heading;
  }
  return undefined;
}
