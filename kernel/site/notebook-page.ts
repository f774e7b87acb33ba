// An executed notebook as a page: text, code, and outputs.
import { escapeHtml } from "../escape.js";
import { type CodeCell, joined, type Notebook } from "../runner/format.js";
import { cellId } from "./cell-link.js";
import { cellOutputs } from "./cell-outputs.js";
import { fileLinks } from "./figure.js";
import { headingMarks, headingsOf } from "./headings.js";
import { highlight } from "./highlight.js";
import { htmlPage, type Place } from "./layout.js";
import { renderMarkdown } from "./markdown.js";
import { type Neighbor, neighborLinks } from "./neighbors.js";

/** A result in the site: `figures/fig-05b` as svg and png. */
export interface PublishedFiles {
  cell: number;
  /** Path below the site, without extension. */
  path: string;
  endings: readonly string[];
}

export interface NotebookPageOptions {
  /** Title if the notebook has no heading. */
  name: string;
  place: Place;
  footer: string;
  /** Names of all notebooks: in prose, they are links to their pages. */
  notebooks?: ReadonlySet<string>;
  /** Message above the first cell if the notebook did not run to its end. */
  problem?: string;
  published?: readonly PublishedFiles[];
  /** Notebooks before and after this one in reading order. */
  before?: NotebookLink;
  after?: NotebookLink;
}

/** Another notebook. */
export interface NotebookLink {
  name: string;
  title: string;
}

/** The first heading of a notebook, or its name. */
export function notebookTitle({ cells }: Notebook, name: string): string {
  const texts = cells.filter((cell) => cell.cell_type === "markdown").map((cell) => joined(cell.source));
  const heading = texts.map((text) => /^#\s+(.+)$/m.exec(text)?.[1]).find((found) => found !== undefined);
  return heading?.trim().replace(/[`*_]/g, "") ?? name;
}

/** A notebook as an HTML page. */
export function notebookPage(notebook: Notebook, options: NotebookPageOptions): string {
  const { name, place, footer, notebooks, problem, published = [], before, after } = options;
  const title = notebookTitle(notebook, name);
  const mark = headingMarks();
  // The same identifiers for the table of contents, which precedes the headings.
  const tocMark = headingMarks();
  const contents: string[] = [];
  let titled = false;
  let count = 0;
  const cells = notebook.cells.map((cell) => {
    let text = joined(cell.source);
    if (cell.cell_type === "code") {
      if (text.trim() !== "") count++;
      return codeCell(
        cell as CodeCell,
        count,
        published.filter((files) => files.cell === count),
      );
    }
    if (cell.cell_type !== "markdown") return "";
    // The title of the page is that of the notebook.
    if (!titled && /^#\s+.+$/m.test(text)) {
      text = text.replace(/^#\s+.+$/m, "");
      titled = true;
    }
    for (const heading of headingsOf(text)) {
      const link = `<a href="#${escapeHtml(tocMark(heading.text))}">${escapeHtml(heading.text)}</a>`;
      if (heading.level <= 3) contents.push(`<li${heading.level === 3 ? ' class="sub"' : ""}>${link}</li>`);
    }
    return text.trim() === "" ? "" : `<div class="prose">${renderMarkdown(text, { mark, notebooks })}</div>`;
  });
  const warning = problem ? `<p class="warning" role="alert">${escapeHtml(problem)}</p>` : "";
  const toc = contents.length > 1 ? `<ul class="toc">${contents.join("")}</ul>` : "";
  return htmlPage({
    title,
    place,
    navigation: toc,
    main: `${warning}${cells.filter((html) => html !== "").join("\n")}
${neighborLinks(link(before), link(after), "Notebooks")}`,
    footer,
    kind: "notebook",
  });
}

function codeCell(
  { source, outputs }: CodeCell,
  number: number,
  published: readonly PublishedFiles[],
): string {
  const code = joined(source);
  if (code.trim() === "") return "";
  const link = `<a class="cell-number" href="#${cellId(number)}" aria-label="Cell ${number}">${number}</a>`;
  const files = published.map(({ path, endings }) => {
    const name = path.slice(path.lastIndexOf("/") + 1);
    return endings.includes("html")
      ? `<p class="links"><a href="../${escapeHtml(path)}.html">Open ${escapeHtml(name)} as a page of its own</a></p>`
      : `<p class="links">${escapeHtml(name)}: ${fileLinks(`../${escapeHtml(path)}`, endings, name)}</p>`;
  });
  return `<div class="cell" id="${cellId(number)}">
<div class="code">${link}<pre tabindex="0"><code>${highlight(code)}</code></pre></div>
${cellOutputs(outputs ?? [])}${files.join("\n")}
</div>`;
}

function link(notebook: NotebookLink | undefined): Neighbor | undefined {
  return notebook && { href: `${encodeURIComponent(notebook.name)}.html`, title: notebook.title };
}
