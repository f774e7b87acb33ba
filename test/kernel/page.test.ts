// Pages: whatever text a file or a cell holds, it stays text, and a page neither runs nor loads anything.
import { parseHTML } from "linkedom";
import { describe, expect, test } from "vitest";
import { escapeHtml } from "../../kernel/escape.js";
import { bundleOf } from "../../kernel/jupyter/display/bundle.js";
import type { Cell, Notebook } from "../../kernel/runner/format.js";
import { claimsFilter } from "../../kernel/site/claims-filter.js";
import { figureLabel, gallery, type PublishedFigure } from "../../kernel/site/gallery.js";
import { headingOfCell, headingsOf, questionOf, slug } from "../../kernel/site/headings.js";
import { highlight } from "../../kernel/site/highlight.js";
import { indexPage } from "../../kernel/site/index-page.js";
import { renderMarkdown } from "../../kernel/site/markdown.js";
import { notebookPage } from "../../kernel/site/notebook-page.js";
import { paperOrder } from "../../kernel/site/paper-order.js";
import { safeLink } from "../../kernel/site/safe-link.js";
import { sanitizeHtml } from "../../kernel/site/sanitize.js";
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
      if (/^(src|xlink:href)$/i.test(name)) expect(value).toMatch(/^(data:image\/|#|figures\/)/);
    }
  }
}

const markdown = (source: string): Cell => ({ cell_type: "markdown", metadata: {}, source });
const notebook = (...cells: Cell[]): Notebook => ({ nbformat: 4, nbformat_minor: 5, metadata: {}, cells });

const picture = (change: Partial<PublishedFigure> = {}): PublishedFigure => ({
  name: "fig-06a",
  notebook: "fig-06",
  cell: 3,
  endings: ["csv", "pdf", "png", "svg"],
  title: "Maps",
  description: "What can be read off.",
  width: 690,
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

  test.each(hostile)("on the first page: %s", (text) => {
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
    const html = indexPage({
      figures: [
        { notebook: text, title: text, question: text, figures: [picture({ name: text, notebook: text })] },
      ],
      rows: claimRows([claim], new Map([[text, [measured]]])),
      notebooks: [{ name: text, title: text, ok: false }],
      explorers: [{ href: "explore/a.html", title: text, summary: text }],
      more: [{ href: "api/index.html", title: text, summary: text }],
      provenance: [[text, text]],
    });
    expectInert(html);
    const { document } = parseHTML(html);
    expect(document.querySelector("tbody td")?.textContent).toBe(text);
    expect(document.querySelector("figcaption b")?.textContent).toBe(text);
    expect(document.querySelector(".question")?.textContent).toBe(text);
    expect(document.querySelector("#explore li a")?.textContent).toBe(text);
    expect(document.querySelector("footer dd")?.textContent).toBe(text);
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
    const { document } = parseHTML(notebookPage(notebook(), { name: "n", footer: "" }));
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
  const groups = [
    {
      notebook: "fig-06",
      title: "Figure 6: species",
      question: "How?",
      figures: [
        picture(),
        picture({ name: "fig-06b", heading: "Little dose", width: 200, cell: 7, endings: ["csv", "svg"] }),
        picture({ name: "fig-06c", title: "4 spectra; histogram" }),
      ],
    },
    { notebook: "fig-07", title: "no figures", figures: [] },
  ];
  const { document } = parseHTML(`<body>${gallery(groups)}</body>`);

  test("stand with their notebook, their files, and the cell that made them", () => {
    expect(
      [...document.querySelectorAll("h3 a")].map((a) => [a.getAttribute("href"), a.textContent]),
    ).toEqual([["notebooks/fig-06.html", "Figure 6: species"]]);
    const [first, second] = [...document.querySelectorAll("figure")];
    const links = (figure: Element) =>
      [...figure.querySelectorAll("figcaption a")].map((a) => a.getAttribute("href"));
    expect(links(first)).toEqual([
      "figures/fig-06a.svg",
      "figures/fig-06a.png",
      "figures/fig-06a.pdf",
      "figures/fig-06a.csv",
      "notebooks/fig-06.html#cell-3",
    ]);
    expect(links(second)).toEqual([
      "figures/fig-06b.svg",
      "figures/fig-06b.csv",
      "notebooks/fig-06.html#cell-7",
    ]);
    expect([first, second].map((figure) => figure.className)).toEqual(["broad", ""]);
    expect(first.querySelector("img")?.getAttribute("alt")).toBe("Maps. What can be read off.");
    const names = [...first.querySelectorAll("figcaption a[aria-label]")].map((a) =>
      a.getAttribute("aria-label"),
    );
    expect(names[0]).toBe("Fig. 6a as SVG");
  });

  test("have a caption: the heading that they stand under, else what they say of themselves", () => {
    const captions = [...document.querySelectorAll("figcaption")].map((caption) =>
      caption.textContent.split("\n")[0].trim(),
    );
    expect(captions).toEqual(["Fig. 6a Maps", "Fig. 6b Little dose", "Fig. 6c"]);
  });

  test("no figures, no section", () => {
    expect(gallery([])).toBe("");
    expect(gallery([groups[1]])).toBe("");
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
      footer: "",
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
    const page = parseHTML(notebookPage(notebook(acting), { name: "n", footer: "" })).document;
    expect(page.querySelector(".output")?.textContent).toBe("an explorer");
  });
});

test("a page has the landmarks and names that assistive programs look for", () => {
  const { document } = parseHTML(
    indexPage({
      figures: [],
      explorers: [],
      more: [],
      rows: claimRows(
        [{ id: "a", text: "A", where: "1", paper: { value: 1 }, tolerance: null, kind: "input" }],
        new Map(),
      ),
      notebooks: [{ name: "fig-05", title: "Figure 5", ok: true }],
      provenance: [],
    }),
  );
  expect(document.documentElement.getAttribute("lang")).toBe("en");
  for (const landmark of ["header", "nav", "main", "footer"]) {
    expect(document.querySelectorAll(landmark)).toHaveLength(1);
  }
  expect(document.querySelectorAll("h1")).toHaveLength(1);
  for (const section of document.querySelectorAll("main > section")) {
    const title = section.getAttribute("aria-labelledby") ?? "";
    expect(document.getElementById(title)).not.toBeNull();
  }
  for (const link of document.querySelectorAll("nav a")) {
    expect(document.getElementById(link.getAttribute("href")!.slice(1))).not.toBeNull();
  }
  expect(document.querySelector("td .missing")?.textContent).toBe("? missing");
});
