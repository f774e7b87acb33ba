// Pages: whatever text a file or a cell holds, it stays text, and a page neither runs nor loads anything.
import { parseHTML } from "linkedom";
import { describe, expect, test } from "vitest";
import { escapeHtml } from "../../kernel/escape.js";
import { bundleOf } from "../../kernel/jupyter/display/bundle.js";
import type { Cell, Notebook } from "../../kernel/runner/format.js";
import { claimsFilter } from "../../kernel/site/claims-filter.js";
import { claimsPage } from "../../kernel/site/claims-page.js";
import { figureLabel, type PublishedFigure } from "../../kernel/site/figure.js";
import { figurePage } from "../../kernel/site/figure-page.js";
import { headingOfCell, headingsOf, questionOf, slug } from "../../kernel/site/headings.js";
import { highlight } from "../../kernel/site/highlight.js";
import { indexPage } from "../../kernel/site/index-page.js";
import { renderMarkdown } from "../../kernel/site/markdown.js";
import { menu } from "../../kernel/site/menu.mjs";
import { notebookPage } from "../../kernel/site/notebook-page.js";
import { notebooksPage } from "../../kernel/site/notebooks-page.js";
import { paperOrder } from "../../kernel/site/paper-order.js";
import { safeLink } from "../../kernel/site/safe-link.js";
import { sanitizeHtml } from "../../kernel/site/sanitize.js";
import { thumbnails } from "../../kernel/site/thumbnails.js";
import { claimRows } from "../../lib/notebook/claim-rows.js";
import type { Claim, Measurement } from "../../lib/notebook/claims.js";

/** Strings that become markup or end an attribute where somebody forgot to escape them. */
const hostile = [
  `<script>alert(1)</script>`,
  `"><img src=x onerror=alert(1)>`,
  `' onmouseover='alert(1)`,
  `</title></style></pre><script>alert(1)</script>`,
  `<svg/onload=alert(1)>`,
  `&lt;script&gt;`,
];

/** Nothing on the page acts: no scripts but our own, no handlers, no frames, no requests to anywhere. */
function expectInert(html: string): void {
  const { document } = parseHTML(html);
  for (const script of document.querySelectorAll("body > script")) {
    if (script.textContent === claimsFilter) script.remove();
  }
  for (const element of document.querySelectorAll("*")) {
    const tag = element.tagName.toLowerCase();
    expect(["script", "iframe", "object", "embed", "form", "link", "base"]).not.toContain(tag);
    for (const { name, value } of [...element.attributes]) {
      expect(name).not.toMatch(/^on/i);
      if (/^(src|srcset|xlink:href|href|action|data)$/i.test(name)) {
        // biome-ignore lint/suspicious/noControlCharactersInRegex: browsers ignore them in front of a scheme
        expect(value.replace(/[\u0000-\u0020]/g, "")).not.toMatch(/^(javascript|vbscript|data:text|\/\/)/i);
      }
      if (/^(src|xlink:href)$/i.test(name)) expect(value).toMatch(/^(data:image\/|#|figures\/|[^/:]+\.svg$)/);
    }
  }
}

const pages = new Set(menu.map(({ href }) => href.replace(/#.*/, "")));
const place = { path: "notebooks/n.html", pages };

const markdown = (source: string): Cell => ({ cell_type: "markdown", metadata: {}, source });
const notebook = (...cells: Cell[]): Notebook => ({ nbformat: 4, nbformat_minor: 5, metadata: {}, cells });

const picture = (change: Partial<PublishedFigure> = {}): PublishedFigure => ({
  name: "fig-06a",
  notebook: "fig-06",
  cell: 3,
  endings: ["csv", "pdf", "png", "svg"],
  title: "Maps",
  caption: "",
  description: "What can be read off.",
  width: 690,
  height: 200,
  ...change,
});

describe("text stays text", () => {
  test.each(hostile)("on a notebook's page: %s", (text) => {
    const outputs = [
      { output_type: "stream", name: "stderr", text: [text] },
      { output_type: "error", ename: text, evalue: text, traceback: [text] },
      { output_type: "display_data", data: { "text/plain": text }, metadata: {} },
      { output_type: "display_data", data: { "text/html": text }, metadata: {} },
      { output_type: "display_data", data: { "text/markdown": text }, metadata: {} },
      { output_type: "display_data", data: { "image/svg+xml": text }, metadata: {} },
      { output_type: "display_data", data: { "image/png": text, "text/plain": text }, metadata: {} },
    ] as const;
    const code = {
      cell_type: "code",
      metadata: {},
      source: text,
      execution_count: 1,
      outputs,
    } as unknown as Cell;
    const html = notebookPage(notebook(markdown(`# ${text}\n\n${text}\n\n![${text}](${text})`), code), {
      name: text,
      place,
      footer: "",
      problem: text,
    });
    expectInert(html);
    const { document } = parseHTML(html);
    // What is text is still there to be read, character by character.
    expect(document.querySelector(".stderr")?.textContent).toBe(text);
    expect(document.querySelector("pre.error")?.textContent).toBe(text);
    expect(document.querySelector(".warning")?.textContent).toBe(text);
    expect(document.querySelector(".code code")?.textContent).toBe(text);
  });

  test.each(hostile)("on the first page, and those of figures, claims and notebooks: %s", (text) => {
    const claim: Claim = {
      id: "id",
      text,
      where: text,
      paper: { value: 1, unit: text, text },
      tolerance: null,
      kind: "result",
    };
    // A measurement is a file: any text may stand in it.
    const measured = {
      id: "id",
      value: text,
      unit: text,
      note: text,
      verdict: "holds",
    } as unknown as Measurement;
    const figures = [picture({ name: "fig-08" }), picture({ name: text, title: text, notebook: text })];
    const group = { notebook: text, title: text, question: text, figures };
    const notebooks = [{ name: text, title: text, question: text, ok: false }];
    const entries = [{ href: "explore/a.html", title: text, summary: text }];
    const rows = claimRows([claim], new Map([[text, [measured]]]));
    const read = (html: string) => {
      expectInert(html);
      const { document } = parseHTML(html);
      return (selector: string) => document.querySelector(selector)?.textContent;
    };
    const first = read(
      indexPage({
        place: { path: "index.html", pages },
        findings: [{ sentence: text, notebook: text, cell: 1 }],
        figures: [group],
        notebooks,
        explorers: entries,
        left: 3,
        provenance: [[text, text]],
      }),
    );
    expect(first(".findings li")).toContain(text);
    expect(first("main [role=status]")).toMatch(/^3 notebooks have not run yet/);
    expect(first(".thumbnails li:nth-child(2) a")).toContain(text);
    expect(first("footer dd")).toBe(text);
    const claims = read(
      claimsPage({ place: { path: "claims.html", pages }, rows, notebooks: new Set([text]), footer: "" }),
    );
    expect(claims("tbody td")).toBe(text);
    const list = read(notebooksPage({ place, notebooks, explorers: entries, more: entries, footer: "" }));
    expect(list(".question")).toBe(text);
    expect(list("#explore li a")).toBe(text);
    const caption = `${text} it is.`;
    const page = read(
      figurePage({ ...figures[1], caption, description: text }, { place, group, footer: "" }),
    );
    expect(page("figcaption")).toBe(caption);
    expect(page(".about dd")).toBe(text);
    expect(page("q")).toBe(text);
  });

  test.each(hostile)("in tables of danfojs: %s", async (text) => {
    const frame = { $dataIncolumnFormat: [], columns: [text], index: [text], values: [[text]] };
    const bundle = await bundleOf(frame);
    expect(bundle?.["text/html"]).toContain(`<td>${escapeHtml(text)}</td>`);
    expectInert(String(bundle?.["text/html"]));
  });
});

describe("HTML of cells", () => {
  test("pictures and tables come through unharmed", () => {
    const svg =
      '<svg viewBox="0 0 9 9"><defs><clipPath id="c"><rect width="9"></rect></clipPath></defs>' +
      '<g clip-path="url(#c)"><image xlink:href="data:image/png;base64,AAAA"></image><use href="#c"></use></g></svg>';
    const { document } = parseHTML(`<body>${sanitizeHtml(svg)}</body>`);
    expect(document.querySelector("svg")?.getAttribute("viewBox")).toBe("0 0 9 9");
    expect(document.querySelector("image")?.getAttribute("xlink:href")).toBe("data:image/png;base64,AAAA");
    expect(document.querySelector("use")?.getAttribute("href")).toBe("#c");
    expect(document.querySelector("g")?.getAttribute("clip-path")).toBe("url(#c)");
    expect(sanitizeHtml("<table><tr><td>1 &lt; 2</td></tr></table>")).toContain("<td>1 &lt; 2</td>");
  });

  test("what acts is taken out", () => {
    const html = `<p onclick="x()">a<script>b()</script><iframe src="https://x.example"></iframe>
      <a href="java\nscript:x()">c</a><img src="https://x.example/y.png"><svg onload="x()"><foreignObject>d</foreignObject>
      <animate attributeName="href" values="javascript:x()"></animate></svg><form action="//x"><input></form></p>`;
    const clean = sanitizeHtml(html);
    expectInert(clean);
    expect(clean).not.toMatch(/b\(\)|x\(\)|x\.example/);
    expect(clean).toContain("<a>c</a>");
  });

  test("a page's policy forbids scripts and requests, should anything slip through", () => {
    const { document } = parseHTML(notebookPage(notebook(), { name: "n", place, footer: "" }));
    const policy = document
      .querySelector("meta[http-equiv=Content-Security-Policy]")
      ?.getAttribute("content");
    expect(policy).toMatch(/^default-src 'none';/);
    expect(policy).not.toMatch(/script-src|https?:|unsafe-eval/);
  });
});

describe("Markdown", () => {
  test("is rendered, its HTML shown as text", () => {
    const html = renderMarkdown("## Dose\n\n*a* `b` <u>c</u>\n\n| x |\n|---|\n| 1 |");
    expect(html).toContain('<h2 id="dose">Dose</h2>');
    expect(html).toContain("<em>a</em> <code>b</code> &lt;u&gt;c&lt;/u&gt;");
    expect(html).toContain("<td>1</td>");
  });

  test("links lead where a reader expects them to", () => {
    expect(safeLink("https://a.example/b?c#d")).toBe("https://a.example/b?c#d");
    expect(safeLink("fig-05.ipynb#top")).toBe("fig-05.html#top");
    expect(safeLink("#top")).toBe("#top");
    for (const bad of [
      "javascript:x",
      "JaVaScript:x",
      " java\tscript:x",
      "\u0001javascript:x",
      "data:text/html,x",
    ]) {
      expect(safeLink(bad)).toBeNull();
    }
    expect(safeLink("//a.example")).toBeNull();
    expect(renderMarkdown("[text](javascript:x)")).toBe("<p>text</p>\n");
  });
});

test("highlighted code says the same as the code", () => {
  const code = 'const a = `x $y <b>`; // "no string" < 1e-3\n/* open\n return';
  const { document } = parseHTML(`<body><pre>${highlight(code)}</pre></body>`);
  expect(document.querySelector("pre")?.textContent).toBe(code);
  expect(document.querySelector(".keyword")?.textContent).toBe("const");
  expect([...document.querySelectorAll(".comment")].map((e) => e.textContent)).toEqual([
    '// "no string" < 1e-3',
    "/* open\n return",
  ]);
});

describe("figures", () => {
  const group = { notebook: "fig-06", title: "Figure 6: species", question: "How?", figures: [] };
  const caption = "Species and dose. a, b) Spectra at 4.3 V. c) Maps.";
  const captioned = picture({ title: "Species and dose", caption });
  const groups = [
    { ...group, figures: [captioned, picture({ name: "fig-06b", heading: "Little dose" })] },
    { ...group, notebook: "course-1", figures: [picture({ name: "course-1-stack", title: "Stack" })] },
    { ...group, notebook: "fig-s07" },
  ];

  test("are small on the first page, each with a link to its page, in the order of the paper", () => {
    const { document } = parseHTML(`<body>${thumbnails(groups)}</body>`);
    expect([...document.querySelectorAll("h3")].map((h) => h.textContent)).toEqual([
      "Figures of the paper",
      "Course",
    ]);
    const links = [...document.querySelectorAll("li a")];
    expect(links.map((a) => [a.getAttribute("href"), a.textContent.trim()])).toEqual([
      ["figures/fig-06a.html", "Fig. 6a Species and dose"],
      ["figures/fig-06b.html", "Fig. 6b Little dose"],
      ["figures/course-1-stack.html", "Stack"],
    ]);
    expect(thumbnails([groups[2]])).toBe("");
  });

  test("have a page with caption, text alternative, files, notebook and neighbors", () => {
    const options = { place: { path: "figures/fig-06a.html", pages }, group, footer: "" };
    const html = figurePage(captioned, { ...options, after: picture({ name: "fig-06b" }) });
    const { document } = parseHTML(html);
    expect(document.querySelector("h1")?.textContent).toBe("Fig. 6a: Species and dose");
    expect(document.querySelector("figcaption")?.textContent).toBe(`Fig. 6a. ${caption}`);
    const bold = [...document.querySelectorAll("figcaption b")].map((b) => b.textContent);
    expect(bold).toEqual(["Fig. 6a.", "a, b)", "c)"]);
    expect(document.querySelector("figure img")?.getAttribute("alt")).toBe(
      `${caption} What can be read off.`,
    );
    const links = [...document.querySelectorAll("dd a")].map((a) => a.getAttribute("href"));
    expect(links).toEqual([
      "fig-06a.svg",
      "fig-06a.png",
      "fig-06a.pdf",
      "fig-06a.csv",
      "../notebooks/fig-06.html#cell-3",
    ]);
    expect(document.querySelector("[rel=next]")?.getAttribute("href")).toBe("fig-06b.html");
    expect(document.querySelector("[rel=prev]")).toBeNull();
    expect(document.querySelector(".menu a")?.getAttribute("href")).toBe("../index.html");
  });

  test("are called as in the paper", () => {
    expect(["fig-05b", "fig-14", "fig-s03", "fig-s10a-detail", "dose-map"].map(figureLabel)).toEqual([
      "Fig. 5b",
      "Fig. 14",
      "Fig. S3",
      "Fig. S10a",
      "",
    ]);
  });
});

test("notebooks are listed as the paper goes, then the course, then by name", () => {
  const names = [
    "b",
    "course-2-x",
    "fig-s02",
    "fig-10",
    "course-1-y",
    "dose-of-the-cell",
    "fig-02",
    "a",
    "start-here",
  ];
  expect(paperOrder(names)).toEqual([
    "start-here",
    "fig-02",
    "fig-10",
    "fig-s02",
    "dose-of-the-cell",
    "course-1-y",
    "course-2-x",
    "a",
    "b",
  ]);
});

describe("a notebook's page", () => {
  const code = (source: string): Cell => ({
    cell_type: "code",
    metadata: {},
    source,
    execution_count: null,
    outputs: [],
  });
  const whole = notebook(
    markdown("# Title\n\n**Is it\nso?** **No?**"),
    code("1"),
    markdown("## Same & *other*\n\n```sh\n# no heading\n```\n\n## Same & *other*\n\n### Deeper"),
    code(""),
    code("2"),
  );
  const { document } = parseHTML(
    notebookPage(whole, {
      name: "n",
      place,
      footer: "",
      notebooks: new Set(["fig-04"]),
      published: [
        { cell: 2, path: "figures/fig-05", endings: ["svg", "csv"] },
        { cell: 2, path: "explore/farther", endings: ["html"] },
      ],
      before: { name: "fig-04", title: "Four" },
    }),
  );

  test("lists its headings, each with a mark of its own that is there", () => {
    const links = [...document.querySelectorAll(".toc a")];
    expect(links.map((a) => a.textContent)).toEqual(["Same & other", "Same & other", "Deeper"]);
    const marks = links.map((a) => a.getAttribute("href")!.slice(1));
    expect(new Set(marks).size).toBe(3);
    for (const mark of marks) expect(document.getElementById(mark)).not.toBeNull();
  });

  test("numbers its cells as Jupyter does, and leads to what they have published", () => {
    expect([...document.querySelectorAll(".cell")].map((cell) => cell.id)).toEqual(["cell-1", "cell-2"]);
    const links = [...document.querySelectorAll("#cell-2 .links a")].map((a) => a.getAttribute("href"));
    expect(links).toEqual(["../figures/fig-05.svg", "../figures/fig-05.csv", "../explore/farther.html"]);
    expect(document.querySelector("[rel=prev]")?.getAttribute("href")).toBe("fig-04.html");
  });

  test("its question and the heading of each cell are found", () => {
    expect(questionOf(whole)).toBe("Is it so?");
    expect([1, 2, 3].map((cell) => headingOfCell(whole, cell))).toEqual([undefined, "Deeper", undefined]);
    expect(headingsOf("# A\n```\n# b\n```\n## C `d` [e](f) #")).toEqual([
      { level: 1, text: "A" },
      { level: 2, text: "C d e" },
    ]);
    expect(slug('d) How much of "58 %" is data?')).toBe("d-how-much-of-58--is-data");
  });

  test("of what only acts, its words are left", () => {
    const acting = {
      ...code("x"),
      outputs: [
        {
          output_type: "display_data",
          metadata: {},
          data: { "text/html": "<script>x()</script>", "text/plain": "an explorer" },
        },
      ],
    } as Cell;
    const page = parseHTML(notebookPage(notebook(acting), { name: "n", place, footer: "" })).document;
    expect(page.querySelector(".output")?.textContent).toBe("an explorer");
  });
});

test("names of notebooks in prose are links to their pages, other code is not", () => {
  const html = renderMarkdown("See `fig-04` and `other`.", { notebooks: new Set(["fig-04"]) });
  expect(html).toBe('<p>See <a href="fig-04.html"><code>fig-04</code></a> and <code>other</code>.</p>\n');
});

test("pages have the landmarks and names that assistive programs look for, and one menu", () => {
  const rows = claimRows(
    [{ id: "a", text: "A", where: "1", paper: { value: 1 }, tolerance: null, kind: "input" }],
    new Map(),
  );
  const notebooks = [{ name: "fig-05", title: "Figure 5", ok: true }];
  const at = (path: string) => ({ path, pages });
  const all = [
    indexPage({
      place: at("index.html"),
      findings: [],
      figures: [{ notebook: "fig-07", title: "Seven", figures: [picture({ name: "fig-07" })] }],
      explorers: [],
      notebooks,
      left: 0,
      provenance: [],
    }),
    claimsPage({ place: at("claims.html"), rows, notebooks: new Set(), footer: "" }),
    notebooksPage({ place: at("notebooks.html"), notebooks, explorers: [], more: [], footer: "" }),
  ];
  for (const html of all) {
    const { document } = parseHTML(html);
    expect(document.documentElement.getAttribute("lang")).toBe("en");
    for (const landmark of ["header", "nav.menu", "main", "footer", "h1", "[aria-current=page]"]) {
      expect(document.querySelectorAll(landmark)).toHaveLength(1);
    }
    const links = [...document.querySelectorAll(".menu a")].map((a) => a.getAttribute("href"));
    expect(links).toEqual(menu.map(({ href }) => href));
    for (const section of document.querySelectorAll("main > section:not([aria-label])")) {
      const title = section.getAttribute("aria-labelledby") ?? "";
      expect(document.getElementById(title)).not.toBeNull();
    }
  }
  expect(parseHTML(all[1]).document.querySelector("td .missing")?.textContent).toBe("? missing");
});
