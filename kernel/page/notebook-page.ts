// An executed notebook as a page to read: text, code, and what came of it.
import { escapeHtml } from "../display/escape.js";
import { type CodeCell, joined, type Multiline, type Notebook, type Output } from "../notebook/format.js";
import { highlight } from "./highlight.js";
import { htmlPage } from "./layout.js";
import { renderMarkdown } from "./markdown.js";
import { sanitizeHtml } from "./sanitize.js";

/** Pictures that are shown from their base64, the best first. */
const pictures = ["image/png", "image/jpeg", "image/gif", "image/webp"];

export interface NotebookPageOptions {
  /** Used where the notebook has no heading of its own. */
  name: string;
  footer: string;
  /** Said above the first cell, when the notebook did not run to its end. */
  problem?: string;
}

/** The first heading of a notebook, or its name. */
export function notebookTitle({ cells }: Notebook, name: string): string {
  const texts = cells.filter((cell) => cell.cell_type === "markdown").map((cell) => joined(cell.source));
  const heading = texts.map((text) => /^#\s+(.+)$/m.exec(text)?.[1]).find((found) => found !== undefined);
  return heading?.trim().replace(/[`*_]/g, "") ?? name;
}

/** A notebook as an HTML page. */
export function notebookPage(notebook: Notebook, { name, footer, problem }: NotebookPageOptions): string {
  const title = notebookTitle(notebook, name);
  let titled = false;
  const cells = notebook.cells.map((cell) => {
    if (cell.cell_type === "code") return codeCell(cell as CodeCell);
    if (cell.cell_type !== "markdown") return "";
    let text = joined(cell.source);
    // The page's own heading is the notebook's.
    if (!titled && /^#\s+.+$/m.test(text)) {
      text = text.replace(/^#\s+.+$/m, "");
      titled = true;
    }
    return text.trim() === "" ? "" : `<div>${renderMarkdown(text)}</div>`;
  });
  const warning = problem ? `<p class="warning" role="alert">${escapeHtml(problem)}</p>` : "";
  return htmlPage({
    title,
    navigation: `<a href="../index.html">All results</a>`,
    main: warning + cells.filter((html) => html !== "").join("\n"),
    footer,
  });
}

function codeCell({ source, outputs }: CodeCell): string {
  const code = joined(source);
  const parts = [];
  if (code.trim() !== "") parts.push(`<div class="code"><pre><code>${highlight(code)}</code></pre></div>`);
  for (const output of outputs ?? []) {
    const html = outputHtml(output);
    if (html !== "") parts.push(`<div class="output scroll">${html}</div>`);
  }
  return parts.join("\n");
}

function outputHtml(output: Output): string {
  if (output.output_type === "stream") {
    return `<pre class="${output.name === "stderr" ? "stderr" : "stdout"}">${plain(output.text)}</pre>`;
  }
  if (output.output_type === "error") {
    return `<pre class="error" role="alert">${plain(output.traceback.join("\n"))}</pre>`;
  }
  return bundleHtml(output.data);
}

/** The richest form that a page can show. */
function bundleHtml(data: Record<string, unknown>): string {
  const text = (type: string) => joined(data[type] as Multiline | undefined);
  if (data["text/html"] !== undefined) return sanitizeHtml(text("text/html"));
  if (data["image/svg+xml"] !== undefined) return sanitizeHtml(text("image/svg+xml"));
  const picture = pictures.find((type) => data[type] !== undefined);
  if (picture !== undefined) {
    const base64 = text(picture).replace(/[^A-Za-z0-9+/=]/g, "");
    return `<img src="data:${picture};base64,${base64}" alt="${escapeHtml(text("text/plain") || "picture")}">`;
  }
  if (data["text/markdown"] !== undefined) return renderMarkdown(text("text/markdown"));
  if (data["text/plain"] !== undefined) return `<pre>${plain(data["text/plain"] as Multiline)}</pre>`;
  return "";
}

/** Text without the codes by which terminals are colored. */
function plain(text: Multiline): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: the escape character begins every such code
  return escapeHtml(joined(text).replace(/\u001b\[[0-9;]*[A-Za-z]/g, ""));
}
