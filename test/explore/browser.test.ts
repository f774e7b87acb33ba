// The page in a real browser: what is dragged, clicked and typed, and whether the numbers that follow are the right ones. They
// are computed a second time by the library's own chains, from the recorded files.
import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Browser } from "puppeteer-core";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { Cube, type Explorer, fitComponents, type McrResult } from "../../lib/index.js";
import { absent, peer, python3 } from "../support/peers.js";
import { smallExperiment } from "../support/small-experiment.js";
import { drag, launch, numbersOf, open, ready, settled } from "./browser.js";

const hostile = '</script><img src=x onerror="alert(1)">';

describe("the page in Chromium", () => {
  beforeEach(peer("chromium"));

  const folder = mkdtempSync(join(tmpdir(), "operandose-browser-"));
  const small = smallExperiment({ height: 20, width: 30 });
  const series = Cube.load(small.folder).calibrate().absorb().doseRate().dose();
  const single = series.average();
  let resolved: McrResult;
  let explorer: Explorer;
  let browser: Browser;

  beforeAll(async () => {
    if (absent("chromium")) return;
    resolved = await series.mcrAls(2);
    explorer = await single.explore({ components: resolved, title: hostile, names: [hostile, "Cp2"] });
    await explorer.save(join(folder, "single.html"));
    await (await series.explore({ components: resolved })).save(join(folder, "series.html"));
    browser = await launch();
  });
  afterAll(() => browser?.close());

  /** A library spectrum in the page's order of energies. */
  const ascending = (values: ArrayLike<number>): number[] => Array.from(values).reverse();

  function expectClose(got: readonly number[], expected: readonly number[]): void {
    expect(got.length).toBe(expected.length);
    // What the page states, and the float32 of the cube in memory.
    const tolerance = explorer.largestError + 1e-6;
    for (const [k, value] of expected.entries()) {
      if (Number.isNaN(value)) expect(got[k]).toBeNaN();
      else expect(Math.abs(got[k] - value)).toBeLessThanOrEqual(tolerance);
    }
  }

  test("follows an interval that is dragged on the histogram, with the right numbers", async () => {
    const { page, bad } = await open(browser, join(folder, "single.html"));
    await ready(page);
    const before = await numbersOf(page);
    await drag(page, "#histogram", [0.3, 0.5], [0.6, 0.4]);
    const { interval, pixels, mean, energies, concentrations, rFactor, text } = await numbersOf(page);
    expect(interval).not.toBeNull();
    const [low, high] = interval as [number, number];
    expect(pixels).toBeLessThan(before.pixels);

    const chain = single.normalize().mask([low, high]);
    const spectrum = await chain.spectrum();
    expect(pixels).toBe(spectrum.nPixels);
    expectClose(mean, ascending(spectrum.values));
    expect(text).toContain(`cube.mask([${low}, ${high}]).normalize().spectrum()`);
    for (const [k, e] of ascending(spectrum.energies).entries()) expect(energies[k]).toBeCloseTo(e, 6);

    // The same fit of the same numbers by the library; and that of the numbers before they were rounded.
    const S = resolved.S.to2DArray().map((row) => [...row].reverse());
    const same = fitComponents([mean], S);
    for (const [i, concentration] of concentrations.entries())
      expect(Math.abs(concentration - same.C.get(0, i))).toBeLessThan(1e-6);
    expect(Math.abs(rFactor - same.rFactor[0])).toBeLessThan(1e-9);
    const unrounded = fitComponents([ascending(spectrum.values)], S);
    for (const [i, concentration] of concentrations.entries())
      expect(Math.abs(concentration - unrounded.C.get(0, i))).toBeLessThan(2e-3);
    expect(await page.$eval("#concentration-1", (cell) => cell.textContent)).toBe(
      `${(100 * concentrations[1]).toFixed(1)} %`,
    );

    // The image pales what is not chosen: as many pixels keep their color as are counted.
    const values = (await single.map("doseRate")).values;
    const expected = Array.from(values, (v) => v >= low * 1e3 && v < high * 1e3);
    const sums = await page.$eval("#pixels", (element) => {
      const canvas = element as HTMLCanvasElement;
      const { data } = (canvas.getContext("2d") as CanvasRenderingContext2D).getImageData(
        0,
        0,
        canvas.width,
        canvas.height,
      );
      return Array.from({ length: data.length / 4 }, (_, p) =>
        Math.min(data[4 * p], data[4 * p + 1], data[4 * p + 2]),
      );
    });
    // A paled color has a quarter of its depth at most: no channel is below 191.
    expect(sums.map((least) => least < 191)).toEqual(expected);
    expect(bad).toEqual([]);
    await page.close();
  });

  test("follows a click and a region, and text of files stays text", async () => {
    const { page, bad } = await open(browser, join(folder, "single.html"));
    await ready(page);
    expect(await page.title()).toBe(hostile);
    expect(await page.$eval("h1", (h1) => h1.textContent)).toBe(hostile);
    expect(await page.$eval("th", (th) => th.firstChild?.textContent)).toBe(hostile);
    expect(await page.$$eval("img, script", (all) => all.map((one) => one.id))).toEqual(["data", ""]);

    const place = await page.$eval("#pixels", (canvas) => {
      const outer = (canvas.parentElement as HTMLElement).getBoundingClientRect();
      const inner = canvas.getBoundingClientRect();
      return [
        inner.left - outer.left,
        inner.top - outer.top,
        inner.width,
        inner.height,
        outer.width,
        outer.height,
      ];
    });
    const at = (x: number, y: number): [number, number] => [
      (place[0] + (x / 30) * place[2]) / place[4],
      (place[1] + (y / 20) * place[3]) / place[5],
    ];
    await drag(page, "#image", at(11.5, 7.5), at(11.5, 7.5));
    const one = await numbersOf(page);
    expect(one.region).toEqual([11, 7, 12, 8]);
    expectClose(one.mean, ascending((await single.normalize().spectrum({ pixel: [11, 7] })).values));

    await drag(page, "#image", at(4.5, 3.5), at(9.5, 8.5));
    const region = await numbersOf(page);
    expect(region.region).toEqual([4, 3, 10, 9]);
    const code = "await cube.mask({ x: [4, 10], y: [3, 9] }).normalize().spectrum();";
    expect(await page.$eval("#code", (field) => (field as HTMLInputElement).value)).toBe(code);
    const chain = single.mask({ x: [4, 10], y: [3, 9] }).normalize();
    expectClose(region.mean, ascending((await chain.spectrum()).values));
    await page.click("#no-region");
    expect((await numbersOf(page)).region).toBeNull();
    expect(bad).toEqual([]);
    await page.close();
  });

  test("opens as a link says, and writes what is chosen into its address", async () => {
    const file = join(folder, "single.html");
    const { page, bad } = await open(browser, `${file}#image=edge&interval=1,2&region=4,3,10,9&energy=8350`);
    await ready(page);
    const { region, interval } = await numbersOf(page);
    expect(region).toEqual([4, 3, 10, 9]);
    expect(interval).toEqual([1, 2]);
    expect(await page.$eval("#kind", (kind) => (kind as HTMLSelectElement).value)).toBe("edge");
    await page.click("#no-region");
    await page.waitForFunction(() => !location.hash.includes("region"));
    expect(await page.evaluate(() => location.hash)).toMatch(/^#image=edge&energy=83\d\d\.\d&interval=1,2$/);
    // What does not fit the page is left out.
    await page.evaluate(() => {
      location.hash = "#image=map7&region=4,3,10,900&time=9&energy=nothing";
    });
    await settled(page);
    const second = await numbersOf(page);
    expect(second.region).toBeNull();
    expect(second.interval).toBeNull();
    expect(await page.$eval("#kind", (kind) => (kind as HTMLSelectElement).value)).toBe("map0");
    expect(bad).toEqual([]);
    await page.close();
  });

  test("shows the edge energy of the chosen pixels", async () => {
    const { page } = await open(browser, join(folder, "single.html"));
    await ready(page);
    await drag(page, "#histogram", [0.3, 0.5], [0.6, 0.4]);
    const { energies, mean } = await numbersOf(page);
    const k = mean.findIndex((v) => v >= 0.5);
    const part = (0.5 - mean[k - 1]) / (mean[k] - mean[k - 1]);
    const expected = energies[k - 1] + part * (energies[k] - energies[k - 1]);
    expect(await page.$eval("#edge-energy", (cell) => cell.textContent)).toBe(`${expected.toFixed(2)} eV`);
    await page.close();
  });

  test("has all panels on a screen of 900 px", async () => {
    const { page } = await open(browser, join(folder, "single.html"), 1440);
    await ready(page);
    const bottoms = await page.$$eval("section", (all) =>
      all.map((one) => one.getBoundingClientRect().bottom),
    );
    expect(bottoms.length).toBe(4);
    expect(Math.max(...bottoms)).toBeLessThan(845);
    await page.close();
  });

  test("is reachable with the keyboard alone, and reads its numbers out", async () => {
    const { page, bad } = await open(browser, join(folder, "single.html"));
    await ready(page);
    const seen: string[] = [];
    for (let i = 0; i < 18; i++) {
      await page.keyboard.press("Tab");
      seen.push(await page.evaluate(() => document.activeElement?.id ?? ""));
    }
    for (const id of [
      "kind",
      "image",
      "energy",
      "whole",
      "map",
      "low-field",
      "high-field",
      "low-end",
      "high-end",
    ]) {
      expect(seen).toContain(id);
    }
    await page.focus("#low-end");
    for (let i = 0; i < 3; i++) await page.keyboard.press("PageUp");
    await page.keyboard.press("ArrowRight");
    await page.focus("#high-end");
    await page.keyboard.press("PageDown");
    const moved = await numbersOf(page);
    const [low, high] = moved.interval as [number, number];
    const ends = await page.$$eval("[role=slider].handle", (all) =>
      all.map((one) => Number(one.getAttribute("aria-valuenow"))),
    );
    expect(ends).toEqual([low, high]);
    // Of the chosen pixels those that have a value: one of this detector is dead.
    const { data, nRows } = await single.normalize().mask([low, high]).spectra();
    const n = small.energies.length;
    const alive = Array.from({ length: nRows }, (_, i) =>
      data.subarray(i * n, (i + 1) * n).some((v) => !Number.isNaN(v)),
    );
    expect(moved.pixels).toBe(alive.filter(Boolean).length);

    await page.$eval("#low-field", (field) => {
      (field as HTMLInputElement).value = "0";
      field.dispatchEvent(new Event("change"));
    });
    expect((await numbersOf(page)).interval?.[0]).toBe(0);
    await page.focus("#high-end");
    await page.keyboard.press("Escape");
    await page.focus("#image");
    await page.keyboard.press("ArrowRight");
    await page.keyboard.press("ArrowRight");
    await page.keyboard.down("Shift");
    await page.keyboard.press("ArrowDown");
    await page.keyboard.up("Shift");
    const { region, interval } = await numbersOf(page);
    expect(interval).toBeNull();
    expect(region).toEqual([14, 9, 17, 12]);
    await page.waitForFunction(() =>
      document.getElementById("spoken")?.textContent?.includes("9 of 600 pixels"),
    );
    expect(bad).toEqual([]);
    await page.close();
  });

  test("goes through time, chosen pixels or not", async () => {
    const { page, bad } = await open(browser, join(folder, "series.html"));
    await ready(page);
    await drag(page, "#histogram", [0.3, 0.5], [0.7, 0.5]);
    await page.focus("#time");
    for (let i = 0; i < 3; i++) await page.keyboard.press("ArrowRight");
    await settled(page);
    const { interval, mean, concentrations } = await numbersOf(page);
    const [low, high] = interval as [number, number];
    const fit = await resolved.fit(series.mask([low, high]));
    const rows = await series.normalize().mask([low, high]).spectra();
    expectClose(mean, ascending(rows.row(3)));
    for (const [i, concentration] of concentrations.entries())
      expect(Math.abs(concentration - fit.C.get(3, i))).toBeLessThan(2e-3);
    expect(await page.$eval("#time-value", (e) => e.textContent)).toMatch(/step 4 of 5$/);
    expect(await page.$$eval("#profile path", (paths) => paths.length)).toBe(2);
    expect(bad).toEqual([]);
    await page.close();
  });

  test("passes an accessibility check and fits a phone", async () => {
    const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core"), "utf8");
    for (const [name, width, scheme] of [
      ["single.html", 390, "light"],
      ["single.html", 1200, "dark"],
      ["series.html", 1200, "light"],
    ] as const) {
      const { page } = await open(browser, join(folder, name), width);
      await page.emulateMediaFeatures([{ name: "prefers-color-scheme", value: scheme }]);
      await ready(page);
      expect(
        await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth),
      ).toBeLessThanOrEqual(0);
      // Through the debugger's door: the page's own policy lets no other script in.
      const session = await page.createCDPSession();
      await session.send("Runtime.evaluate", { expression: axe });
      const { result } = await session.send("Runtime.evaluate", {
        expression:
          "axe.run().then((r) => JSON.stringify(r.violations.map((v) => v.id + ': ' + v.nodes[0].html)))",
        awaitPromise: true,
        returnByValue: true,
      });
      expect(JSON.parse(result.value)).toEqual([]);
      await page.close();
    }
  });

  test("works in a notebook that nbconvert has made a page of", async (context) => {
    peer("nbconvert")(context);
    const bundle = (explorer as unknown as Record<symbol, () => Record<string, string>>)[
      Symbol.for("Jupyter.display")
    ]();
    const output = { output_type: "execute_result", execution_count: 1, metadata: {}, data: bundle };
    const cell = { cell_type: "code", id: "a", metadata: {}, source: "cube.explore()", execution_count: 1 };
    const notebook = {
      nbformat: 4,
      nbformat_minor: 5,
      metadata: { kernelspec: { name: "tslab", display_name: "TypeScript" } },
      cells: [{ ...cell, outputs: [output] }],
    };
    writeFileSync(join(folder, "nb.ipynb"), JSON.stringify(notebook));
    execFileSync(python3, ["-m", "nbconvert", "--to", "html", join(folder, "nb.ipynb")], { stdio: "pipe" });
    const { page } = await open(browser, join(folder, "nb.html"));
    const frame = await (await page.waitForSelector("iframe"))?.contentFrame();
    if (!frame) throw new Error("expected a frame in nbconvert's page, got none");
    await ready(frame);
    const before = await numbersOf(frame);
    await drag(page, "#histogram", [0.3, 0.5], [0.6, 0.5], frame);
    const after = await numbersOf(frame);
    expect(after.pixels).toBeLessThan(before.pixels);
    const [low, high] = after.interval as [number, number];
    expectClose(after.mean, ascending((await single.normalize().mask([low, high]).spectrum()).values));
    await page.close();
  });
});
