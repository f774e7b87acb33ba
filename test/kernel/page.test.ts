// Pages: whatever text a file or a cell holds, it stays text, and a page neither runs nor loads anything.
import { parseHTML } from "linkedom";
import { describe, expect, test } from "vitest";
import { type Claim, claimRows } from "../../kernel/claims/claims.js";
import { bundleOf } from "../../kernel/display/bundle.js";
import { escapeHtml } from "../../kernel/display/escape.js";
import type { Cell, Notebook } from "../../kernel/notebook/format.js";
import { gallery, picturesOf } from "../../kernel/page/gallery.js";
import { highlight } from "../../kernel/page/highlight.js";
import { indexPage } from "../../kernel/page/index-page.js";
import { renderMarkdown } from "../../kernel/page/markdown.js";
import { notebookPage } from "../../kernel/page/notebook-page.js";
import { safeLink } from "../../kernel/page/safe-link.js";
import { sanitizeHtml } from "../../kernel/page/sanitize.js";

/** Strings that become markup or end an attribute where somebody forgot to escape them. */
const hostile = [
  `<script>alert(1)</script>`,
  `"><img src=x onerror=alert(1)>`,
  `' onmouseover='alert(1)`,
  `</title></style></pre><script>alert(1)</script>`,
  `<svg/onload=alert(1)>`,
  `&lt;script&gt;`,
];

/** Nothing on the page acts: no scripts, no handlers, no frames, no requests. */
function expectInert(html: string): void {
  const { document } = parseHTML(html);
  for (const element of document.querySelectorAll("*")) {
    const tag = element.tagName.toLowerCase();
    expect(["script", "iframe", "object", "embed", "form", "link", "base"]).not.toContain(tag);
    for (const { name, value } of [...element.attributes]) {
      expect(name).not.toMatch(/^on/i);
      if (/^(src|srcset|xlink:href|href|action|data)$/i.test(name)) {
        // biome-ignore lint/suspicious/noControlCharactersInRegex: browsers ignore them in front of a scheme
        expect(value.replace(/[\u0000-\u0020]/g, "")).not.toMatch(/^(javascript|vbscript|data:text|\/\/)/i);
      }
      if (/^(src|xlink:href)$/i.test(name)) expect(value).toMatch(/^(data:image\/|#)/);
    }
  }
}

const markdown = (source: string): Cell => ({ cell_type: "markdown", metadata: {}, source });
const notebook = (...cells: Cell[]): Notebook => ({ nbformat: 4, nbformat_minor: 5, metadata: {}, cells });

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
    const measured = { id: "id", value: text, unit: text, note: text, verdict: "holds" } as const;
    const html = indexPage({
      pictures: [{ name: text, title: "Map: dose rate", description: text, width: 1, svg: text }],
      rows: claimRows([claim], new Map([[text, [measured]]])),
      notebooks: [{ name: text, title: text, ok: false }],
      provenance: [[text, text]],
    });
    expectInert(html);
    const { document } = parseHTML(html);
    expect(document.querySelector("tbody td")?.textContent).toBe(text);
    expect(document.querySelector("figcaption a")?.textContent).toBe(text);
    expect(document.querySelector("img")?.getAttribute("alt")).toBe(`Map: dose rate. ${text}`);
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
    expect(policy).not.toMatch(/script-src|https?:/);
  });
});

describe("Markdown", () => {
  test("is rendered, its HTML shown as text", () => {
    const html = renderMarkdown("## Dose\n\n*a* `b` <u>c</u>\n\n| x |\n|---|\n| 1 |");
    expect(html).toContain("<h2>Dose</h2>");
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

describe("pictures", () => {
  const svg = (title: string, width = 300) =>
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}"><title>${title}</title><desc>What it &lt;shows&gt;.</desc></svg>`;
  const shown = (...html: string[]) =>
    notebook({
      cell_type: "code",
      metadata: {},
      source: "",
      execution_count: 1,
      outputs: html.map((text) => ({
        output_type: "display_data",
        data: { "text/html": [text] },
        metadata: {},
      })),
    });

  test("are the figures that notebooks show, found by what they say of themselves", () => {
    const sketch = picturesOf(
      "start-here",
      shown(svg("Relative concentrations against dose"), "<b>text</b>"),
    );
    const map = svg("Map: Dose rate (kGy/s)", 600);
    const last = picturesOf("fig-08", shown(svg("Relative concentrations against dose"), "<svg></svg>", map));
    expect([...sketch, ...last].map(({ name }) => name)).toEqual(["start-here", "fig-08", "fig-08"]);

    const { document } = parseHTML(`<body>${gallery([...sketch, ...last])}</body>`);
    const images = [...document.querySelectorAll("img")];
    expect(images.map((image) => image.getAttribute("alt"))).toEqual([
      "Map: Dose rate (kGy/s). What it <shows>.",
      "Relative concentrations against dose. What it <shows>.",
    ]);
    const links = [...document.querySelectorAll("figcaption a")].map((link) => link.getAttribute("href"));
    expect(links).toEqual(["notebooks/fig-08.html", "notebooks/fig-08.html"]);
    expect(document.querySelectorAll("figure.broad")).toHaveLength(1);
    const [, data] = (images[0].getAttribute("src") ?? "").split("base64,");
    expect(Buffer.from(data, "base64").toString()).toBe(map);
  });

  test("no pictures, no section", () => {
    expect(gallery([])).toBe("");
  });
});

test("a page has the landmarks and names that assistive programs look for", () => {
  const { document } = parseHTML(
    indexPage({
      pictures: [],
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
  for (const section of document.querySelectorAll("section")) {
    const title = section.getAttribute("aria-labelledby") ?? "";
    expect(document.getElementById(title)).not.toBeNull();
  }
  for (const link of document.querySelectorAll("nav a")) {
    expect(document.getElementById(link.getAttribute("href")!.slice(1))).not.toBeNull();
  }
  expect(document.querySelector("td.verdict")?.textContent).toBe("not measured yet");
});
