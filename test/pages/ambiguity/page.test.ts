// The built page on rotational ambiguity: in Node on linkedom's DOM, and in Chromium where there is one.
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseHTML } from "linkedom";
import type { Browser } from "puppeteer-core";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { bundlePage } from "../../../kernel/site/build-pages.mjs";
import { page as document } from "../../../lib/pages/ambiguity/document.js";
import { placed, type Study, study } from "../../../lib/pages/ambiguity/study.js";
import { sentence } from "../../../lib/pages/ambiguity/view.js";
import { launch, open, violations } from "../../explore/browser.js";
import { absent, peer } from "../../support/peers.js";

let html: string;
let made: Study;
beforeAll(async () => {
  html = document(await bundlePage("ambiguity"));
  made = study({ species: 3, pure: false, noise: 0.002 });
});

const percent = (v: number): string => `${(100 * v).toFixed(1)} %`.replace("-", "−");

/** The rows that the page has to show for the points. */
function expectedRows(points: Parameters<typeof placed>[1]): string[][] {
  const { C } = placed(made, points);
  return made.names.map((name, k) => {
    const { minimum, maximum } = made.bands.quantities[name];
    const here = Math.max(...C.map((row) => row[k]));
    return [name, percent(here), `${percent(minimum.value)} to ${percent(maximum.value)}`];
  });
}

describe("without a browser", () => {
  const run = () => {
    const { document: page, window } = parseHTML(html);
    const frames: (() => void)[] = [];
    const script = page.querySelector("script")?.textContent ?? "";
    const program = new Function("document", "window", "requestAnimationFrame", "process", "require", "Buffer", script); // biome-ignore format: one line
    program(page, window, (work: () => void) => frames.push(work));
    if (page.body.dataset.state !== "ready") throw new Error(page.getElementById("state")?.textContent ?? "");
    const fire = (target: Element | null, type: string) => {
      if (!target) throw new Error("expected an element, got none");
      target.dispatchEvent(new window.Event(type, { bubbles: true, cancelable: true }));
      for (const work of frames.splice(0)) work();
    };
    const rows = () =>
      [...page.querySelectorAll("#numbers tbody tr")].map((row) =>
        [...row.children].map((cell) => cell.textContent),
      );
    return { page, fire, rows };
  };

  test("begins at the result of MCR-ALS, with the library's bands", () => {
    const { page, rows } = run();
    expect(rows()).toEqual(expectedRows(made.resolved));
    expect(page.getElementById("answer")?.textContent).toBe(sentence(made, placed(made, made.resolved)));
    expect(page.querySelectorAll("#plane [data-component]").length).toBe(3);
    expect(page.querySelectorAll("#spectra svg, #concentrations svg").length).toBeGreaterThan(1);
  });

  test("goes to the true species and to the ends of the bands", () => {
    const { page, fire, rows } = run();
    fire(page.querySelector('[data-go="truth"]'), "click");
    expect(rows()).toEqual(expectedRows(made.truth));
    fire(page.querySelector('[data-go="minimum"][data-of="1"]'), "click");
    expect(rows()).toEqual(expectedRows(made.extremes[1].minimum));
  });

  test("follows a slider to a place that needs negative concentrations", () => {
    const { page, fire } = run();
    const slider = page.getElementById("slider-0-0") as unknown as HTMLInputElement;
    const value = made.area.data[0] - 0.6 * (made.resolved[0][0] - made.resolved[2][0]);
    slider.value = String(value);
    fire(slider, "input");
    const points = made.resolved.map((point, k) => (k === 0 ? [value, point[1]] : point));
    const found = placed(made, points);
    expect(found.feasible).toBe(false);
    expect(page.getElementById("answer")?.textContent).toBe(sentence(made, found));
    expect(page.getElementById("answer")?.textContent).toContain("a concentration of −");
  });
});

describe("in Chromium", () => {
  beforeEach(peer("chromium"));

  const folder = mkdtempSync(join(tmpdir(), "operandose-ambiguity-"));
  const path = join(folder, "ambiguity.html");
  let browser: Browser;
  beforeAll(async () => {
    if (absent("chromium")) return;
    writeFileSync(path, html);
    browser = await launch();
  });
  afterAll(async () => {
    await browser?.close();
    rmSync(folder, { recursive: true });
  });

  test.each([
    [1440, "light", "3"],
    [820, "dark", "3"],
    [390, "light", "2"],
  ])(
    "%d px, %s, %s species: nothing fails, is cut off, or breaks a rule of accessibility",
    async (width, scheme, species) => {
      // biome-ignore format: one line
      const { page, bad } = await open(browser, path, width);
      await page.emulateMediaFeatures([{ name: "prefers-color-scheme", value: scheme }]);
      await page.waitForSelector('body[data-state="ready"]', { timeout: 60_000 });
      await page.select("#species", species);
      const [content, inner] = await page.evaluate(() => [
        globalThis.document.documentElement.scrollWidth,
        innerWidth,
      ]);
      expect(content).toBeLessThanOrEqual(inner);
      expect(await violations(page)).toEqual([]);
      expect(bad).toEqual([]);
      await page.close();
    },
  );

  test("a component is dragged, and the numbers are those of its place", async () => {
    const { page } = await open(browser, path);
    await page.waitForSelector('body[data-state="ready"]', { timeout: 60_000 });
    const handle = await page.$('[data-component="0"] circle:nth-child(2)');
    const box = await handle?.boundingBox();
    if (!box) throw new Error("expected a handle on the page, got none");
    const [x, y] = [box.x + box.width / 2, box.y + box.height / 2];
    await page.mouse.move(x, y);
    await page.mouse.down();
    await page.mouse.move(x - 120, y + 10, { steps: 5 });
    await page.mouse.up();
    await page.waitForSelector("#answer.impossible");
    const at = await page.$$eval("#sliders output", (all) =>
      all.map((one) => Number(one.textContent?.replace("−", "-"))),
    );
    // The output has two decimals.
    expect(at[0]).toBeLessThan(made.resolved[0][0] - 0.1);
    expect(Math.abs(at[2] - made.resolved[1][0])).toBeLessThan(0.006);
    expect(await page.$eval("#answer", (one) => one.textContent)).toContain("but this place needs");
    await page.close();
  });
});
