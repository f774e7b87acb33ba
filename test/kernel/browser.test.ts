// The pages in a real browser, from the file system: accessible, no errors, the filter works, nothing is wider than a phone.
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import type { Browser, Page } from "puppeteer-core";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { writeSite } from "../../kernel/site/site.js";
import type { Claim } from "../../lib/notebook/claims.js";
import { launch, violations } from "../explore/browser.js";
import { absent, peer } from "../support/peers.js";
import { root, temporaryFolder } from "./notebooks.js";

describe("in Chromium", () => {
  beforeEach(peer("chromium"));

  const folder = temporaryFolder();
  const site = join(folder, "site");
  let browser: Browser;
  let page: Page;
  let complaints: string[];

  beforeAll(async () => {
    if (absent("chromium")) return;
    buildSite(site);
    browser = await launch();
    page = await browser.newPage();
    page.on("console", (message) => complaints.push(message.text()));
    page.on("pageerror", (error) => complaints.push(String(error)));
    page.on("requestfailed", (request) => complaints.push(`failed: ${request.url()}`));
  });
  afterAll(async () => {
    await browser?.close();
    rmSync(folder, { recursive: true, force: true });
  });

  const open = async (path: string, width = 1300) => {
    complaints = [];
    await page.setViewport({ width, height: 900 });
    await page.goto(pathToFileURL(join(site, path)).href, { waitUntil: "load" });
  };
  /** Rules that the page breaks, with an element each. */
  const breaches = async (): Promise<string[]> => {
    // From outside of the page: its policy lets no script in.
    await page.setBypassCSP(true);
    await page.reload({ waitUntil: "load" });
    const found = await violations(page);
    await page.setBypassCSP(false);
    return found;
  };

  const all = [
    "index.html",
    "claims.html",
    "notebooks.html",
    "glossary.html",
    "contact-sheet.html",
    "figures/fig-07.html",
    "notebooks/fig-06.html",
    "notebooks/course-1-what.html",
  ];

  test.each(all)(
    "%s breaks no rule of accessibility, on a screen or a phone, light or dark, and nothing on it fails",
    async (path) => {
      for (const [width, scheme] of [
        [1300, "light"],
        [390, "dark"],
      ] as const) {
        await page.emulateMediaFeatures([{ name: "prefers-color-scheme", value: scheme }]);
        await open(path, width);
        expect(complaints).toEqual([]);
        const [content, window] = await page.evaluate(() => [
          document.documentElement.scrollWidth,
          innerWidth,
        ]);
        expect(content).toBeLessThanOrEqual(window);
        expect(await breaches()).toEqual([]);
      }
      await page.emulateMediaFeatures([]);
    },
  );

  test("the first screen holds the findings, both figures and the doors", async () => {
    await open("index.html", 1440);
    const bottom = (selector: string) =>
      page.$eval(selector, (element) => element.getBoundingClientRect().bottom);
    for (const part of [".findings", ".pair", ".doors"]) {
      expect(await bottom(part), part).toBeLessThanOrEqual(900);
    }
    expect(await page.$$eval(".doors a", (links) => links.map((a) => a.getAttribute("href")))).toEqual([
      "explore/farther.html",
      "notebooks.html#course",
    ]);
    await page.click(".pair a");
    await page.waitForSelector(".single img");
    expect(await page.$eval("figcaption", (caption) => caption.textContent)).toBe(
      "Fig. 7. Maps of species. a) Before the charge.",
    );
  });

  test("pictures are there, and every link within the site leads somewhere", async () => {
    for (const path of all) {
      await open(path);
      // Thumbnails below the screen are loaded when they come into view.
      await page.$$eval("img", (images) =>
        Promise.all(
          images.map((image) => {
            image.loading = "eager";
            return image.decode();
          }),
        ),
      );
      const blank = await page.$$eval("img", (images) => images.filter((i) => i.naturalWidth === 0).length);
      expect(blank).toBe(0);
      const links = await page.$$eval("a[href]", (all) => all.map((a) => (a as HTMLAnchorElement).href));
      for (const link of links) {
        const url = new URL(link);
        expect(url.protocol).toBe("file:");
        const file = decodeURIComponent(url.pathname);
        expect(existsSync(file), link).toBe(true);
        const mark = decodeURIComponent(url.hash.slice(1));
        if (mark) expect(readFileSync(file, "utf8"), link).toContain(`id="${mark}"`);
      }
    }
  });

  test("claims are filtered by words and by verdict, and a screen reader is told how many are left", async () => {
    await open("claims.html");
    const shown = () =>
      page.$$eval("#claims tbody tr", (rows) =>
        rows
          .filter((row) => (row as HTMLElement).offsetParent !== null)
          .map((row) => row.getAttribute("data-verdict")),
      );
    expect(await shown()).toEqual(["holds", "differs", "missing"]);
    await page.type("#claims [type=search]", "FIG. 6 cp2");
    expect(await shown()).toEqual(["differs"]);
    expect(await page.$eval("#claims [role=status]", (p) => p.textContent)).toBe("1 of 3 shown");
    await page.click("#claims [type=search]", { count: 3 });
    await page.keyboard.press("Backspace");
    expect(await shown()).toHaveLength(3);
    await page.click("#claims [value=missing]");
    expect(await shown()).toEqual(["missing"]);
    expect(complaints).toEqual([]);
  });

  test("without scripts all claims are shown, and no filter that does nothing", async () => {
    await page.setJavaScriptEnabled(false);
    await open("claims.html");
    await page.setJavaScriptEnabled(true);
    const text = await page.$eval("#claims", (section) => (section as HTMLElement).innerText);
    for (const word of ["holds", "differs", "missing"]) expect(text).toContain(word);
    expect(text).not.toContain("Show only");
  });

  test("a claim leads to the cell that measured it", async () => {
    await open("claims.html");
    const href = await page.$eval("#claims td a", (a) => (a as HTMLAnchorElement).href);
    expect(href).toMatch(/notebooks\/fig-06\.html#cell-2$/);
    await page.goto(href);
    expect(await page.$eval(":target", (cell) => cell.textContent)).toContain('claim("frames"');
  });

  test("on paper the pages lose what only a screen can use", async () => {
    await open("claims.html");
    await page.emulateMediaType("print");
    const visible = (selector: string) =>
      page.$eval(selector, (element) => (element as HTMLElement).offsetParent !== null);
    expect(await visible("nav")).toBe(false);
    expect(await visible("#claims .filter")).toBe(false);
    await open("index.html");
    expect(await visible("nav")).toBe(false);
    expect(await visible("figure img")).toBe(true);
    await page.emulateMediaType("screen");
  });
});

/** A site as npm start builds it, from two notebooks that "ran". */
function buildSite(site: string): void {
  const put = (path: string, content: string) => {
    mkdirSync(join(site, path, ".."), { recursive: true });
    writeFileSync(join(site, path), content);
  };
  const svg =
    '<svg xmlns="http://www.w3.org/2000/svg" width="690" height="200" viewBox="0 0 690 200"><title>Maps of species</title><desc>a) Before the charge.\nBlue.</desc>' +
    '<rect width="690" height="200" fill="#0072b2"/></svg>';
  const code = (source: string, ...html: string[]) => ({
    cell_type: "code",
    metadata: {},
    source,
    execution_count: 1,
    outputs: html.map((text) => ({ output_type: "display_data", metadata: {}, data: { "text/html": text } })),
  });
  const markdown = (source: string) => ({ cell_type: "markdown", metadata: {}, source });
  const notebook = (path: string, ...cells: object[]) =>
    put(path, JSON.stringify({ nbformat: 4, nbformat_minor: 5, metadata: {}, cells }));
  const wide = `console.log("${"a line that goes on and on ".repeat(12)}"); // and a remark`;
  notebook(
    "notebooks/fig-06.ipynb",
    code('import { claim } from "operandose";'),
    markdown(
      "# Figure 6: species\n\n**How does nickel oxidize?**\n\n## Little dose\n\nA [link](course-1-what.ipynb).",
    ),
    code(
      'claim("frames", 580)',
      "<table><thead><tr><th>Claim</th></tr></thead><tbody><tr><td>Frames</td></tr></tbody></table>",
    ),
    markdown("## Much dose\n\n| a | b |\n|---|---|\n| 1 | 2 |"),
    code(`${wide}\nawait publish(figure, "fig-06")`, svg),
  );
  notebook(
    "notebooks/course-1-what.ipynb",
    markdown("# What a spectrum says\n\n- one\n- two"),
    code("1 + 1"),
  );
  for (const name of ["fig-06", "fig-07"]) {
    for (const ending of ["png", "pdf", "csv"]) put(`figures/${name}.${ending}`, "");
    put(`figures/${name}.svg`, svg);
  }
  put("findings/onset.txt", "The onset is at 28 MGy (95 % interval 24 to 34 MGy).\n");
  put("explore/farther.html", "<!doctype html><head><title>farther</title></head><body></body>");
  put("api/index.html", "<!doctype html><title>API</title>");
  const claim = (id: string, text: string, where: string): Claim => ({
    id,
    text,
    where,
    paper: { value: 580, unit: "" },
    tolerance: { abs: 1 },
    kind: "result",
    configuration: "farther",
  });
  const claims = [
    claim("frames", "Frames in a cube", "section 2"),
    claim("cp2", "Maximum of Cp2", "Fig. 6b"),
    claim("cp3", "Maximum of Cp3", "Fig. 7"),
  ];
  const measurements = [
    { id: "frames", value: 580, uncertainty: [579, 581], verdict: "holds", cell: 2 },
    { id: "cp2", value: 9, note: "a note", verdict: "differs", cell: 3 },
  ];
  put("claims/fig-06.json", JSON.stringify({ measurements }));
  for (const file of ["package.json", "docs/glossary.md"]) put(file, readFileSync(join(root, file), "utf8"));
  const files = Object.fromEntries(
    ["fig-06", "fig-07"].flatMap((name) =>
      ["svg", "png", "pdf", "csv"].map((ending) => [`figures/${name}.${ending}`, 3]),
    ),
  );
  const run = (name: string, more: object) => ({
    name,
    ok: true,
    seconds: 1,
    out: join(site, "notebooks", `${name}.ipynb`),
    files: {},
    ...more,
  });
  writeSite({
    site,
    root: site,
    claims,
    recordings: { folders: ["a", "b"], bytes: 1e9, seed: 1 },
    left: 0,
    runs: [
      run("fig-06", { files: { ...files, "explore/farther.html": 3, "findings/onset.txt": 2 } }),
      run("course-1-what", { ok: false, problem: "Cell 1 failed: Error: no" }),
    ],
    seconds: 2,
  });
}
