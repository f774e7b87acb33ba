// Markdown of notebooks as HTML. HTML inside the Markdown is shown as text, links are checked, headings have
// identifiers, and names of notebooks are links.
import { Marked } from "marked";
import { escapeHtml } from "../escape.js";
import { headingMarks } from "./headings.js";
import { safeLink } from "./safe-link.js";

export interface MarkdownOptions {
  /** Returns identifiers of headings; the same function for all texts of a page, so that they are unique. */
  mark?: (text: string) => string;
  /** Notebooks whose pages are beside the page. */
  notebooks?: ReadonlySet<string>;
}

/** A Markdown text as safe HTML. */
export function renderMarkdown(
  text: string,
  { mark = headingMarks(), notebooks }: MarkdownOptions = {},
): string {
  const marked = new Marked({
    gfm: true,
    renderer: {
      html: ({ text }) => escapeHtml(text),
      heading({ tokens, depth }) {
        const id = mark(this.parser.parseInline(tokens, this.parser.textRenderer));
        return `<h${depth} id="${escapeHtml(id)}">${this.parser.parseInline(tokens)}</h${depth}>\n`;
      },
      codespan({ text }) {
        const code = `<code>${escapeHtml(text)}</code>`;
        return notebooks?.has(text)
          ? `<a href="${escapeHtml(encodeURIComponent(text))}.html">${code}</a>`
          : code;
      },
      link({ href, title, tokens }) {
        const label = this.parser.parseInline(tokens);
        const target = safeLink(href);
        if (target === null) return label;
        return `<a href="${escapeHtml(target)}"${title ? ` title="${escapeHtml(title)}"` : ""}>${label}</a>`;
      },
      image({ href, text }) {
        // Only embedded pictures are shown, because requests for others would disclose the reader to their
        // server.
        const inline = /^data:image\/(png|jpeg|gif|webp);base64,/.test(href);
        return inline ? `<img src="${escapeHtml(href)}" alt="${escapeHtml(text)}">` : escapeHtml(text);
      },
    },
  });
  return marked.parse(text, { async: false });
}
