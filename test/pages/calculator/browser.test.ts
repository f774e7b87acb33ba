// The calculator in Chromium, from the file system: on wide and narrow screens, dark, printed, by keyboard.
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Browser, Page } from "puppeteer-core";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { rockCell } from "../../../lib/dose/rock-cell.js";
import { examples } from "../../../lib/pages/calculator/examples.js";
import { fragmentOf } from "../../../lib/pages/calculator/link.js";
import { launch, open, violations } from "../../explore/browser.js";
import { absent, peer } from "../../support/peers.js";
import { builtPage, columnsOf } from "./built.js";

describe("the calculator in Chromium", () => {
  beforeEach(peer("chromium"));

  const folder = mkdtempSync(join(tmpdir(), "operandose-calculator-"));
  const path = join(folder, "dose-calculator.html");
  let browser: Browser;
  beforeAll(async () => {
    if (absent("chromium")) return;
    writeFileSync(path, await builtPage());
    browser = await launch();
  });
  afterAll(async () => {
    await browser?.close();
    rmSync(folder, { recursive: true });
  });

  const show = async (fragment = "", width = 1440) => {
    const shown = await open(browser, `${path}${fragment}`, width);
    await shown.page.waitForSelector('body[data-state="ready"]', { timeout: 60_000 });
    return shown;
  };
  const text = (page: Page, id: string) => page.$eval(`#${id}`, (element) => element.textContent ?? "");
  const changes = (page: Page, from: string) =>
    page.waitForFunction((was) => document.getElementById("headline")?.textContent !== was, {}, from);
  const table = async (page: Page) =>
    columnsOf(await page.$eval("#table-text", (area) => (area as HTMLTextAreaElement).value));

  test.each([
    ["rock", 1440, "light"],
    ["nmc", 820, "light"],
    ["pouch", 390, "light"],
    ["lfp", 390, "dark"],
    ["graphite", 1440, "dark"],
    ["blank", 820, "dark"],
  ])(
    "example %s at %d px, %s: nothing fails, is cut off, or breaks a rule of accessibility",
    async (id, width, scheme) => {
      // biome-ignore format: one line
      const { page, bad } = await show("", width);
      await page.emulateMediaFeatures([{ name: "prefers-color-scheme", value: scheme }]);
      await page.select("#example", id);
      const [content, inner] = await page.evaluate(() => [document.documentElement.scrollWidth, innerWidth]);
      expect(content).toBeLessThanOrEqual(inner);
      expect(await page.$$eval("svg text", (all) => all.filter((one) => one.getBoundingClientRect().left < 0).length)).toBe(0); // biome-ignore format: one line
      // All fields are visible, for the rules of contrast.
      await page.$$eval("details", (all) => {
        for (const details of all) details.open = true;
      });
      expect(await violations(page)).toEqual([]);
      expect(bad).toEqual([]);
      await page.close();
    },
  );

  test("computes what the library computes, and the address holds the inputs", async () => {
    const { page, bad } = await show();
    const before = await text(page, "headline");
    await page.$eval("#beam-energy", (field) => {
      (field as HTMLInputElement).value = "";
    });
    await page.type("#beam-energy", "9000");
    await changes(page, before);
    await page.waitForFunction(() =>
      document.getElementById("command")?.textContent?.includes("--energy 9000"),
    );
    const beam = { energy: 9000, flux: 1.041e12, width: 3315, height: 1202.5, exposure: 17_320 };
    const expected = rockCell().dose(beam)[3].dose;
    const shown = await table(page);
    expect(Math.abs(Number(shown.get("dose porous (Gy)")?.[3]) / expected.porous - 1)).toBeLessThan(1e-9);

    const fragment = new URL(page.url()).hash;
    const again = await show(fragment);
    expect(await text(again.page, "headline")).toBe(await text(page, "headline"));
    expect([...bad, ...again.bad]).toEqual([]);
    await again.page.close();
    await page.close();
  });

  test("a link that is opened in the same tab replaces the inputs", async () => {
    const { page } = await show();
    const before = await text(page, "headline");
    await page.evaluate((hash) => {
      location.hash = hash;
    }, fragmentOf(examples[3].form));
    await changes(page, before);
    expect(await text(page, "headline")).toMatch(/^Anode/);
    expect(await page.$eval("#example", (list) => (list as HTMLSelectElement).value)).toBe("graphite");
    await page.close();
  });

  test("is used by keyboard: open a layer, change it, go to an open field from the list", async () => {
    const { page } = await show();
    const before = await text(page, "headline");
    await page.focus('details[data-layer="0"] summary');
    await page.keyboard.press("Enter");
    await page.keyboard.press("Tab");
    expect(await page.evaluate(() => document.activeElement?.id)).toBe("layers-0-name");
    await page.focus("#layers-0-thickness");
    await page.keyboard.down("Control");
    await page.keyboard.press("a");
    await page.keyboard.up("Control");
    await page.keyboard.press("Backspace");
    await changes(page, before);
    expect(await text(page, "layers-0-thickness-note")).toBe("Needs the thickness in µm.");
    await page.focus('[data-goto="layers-0-thickness"]');
    await page.keyboard.press("Enter");
    expect(await page.evaluate(() => document.activeElement?.id)).toBe("layers-0-thickness");
    // The field remains in focus while the form is drawn again.
    await page.focus("#beam-kind");
    await page.keyboard.press("ArrowDown");
    await page.waitForSelector("#beam-from");
    expect(await page.evaluate(() => document.activeElement?.id)).toBe("beam-kind");
    await page.close();
  });

  test("moves a layer and keeps the focus on the button", async () => {
    const { page } = await show();
    await page.$eval('details[data-layer="2"]', (details) => {
      (details as HTMLDetailsElement).open = true;
    });
    await page.focus("#up-2");
    await page.keyboard.press("Enter");
    expect(await page.evaluate(() => document.activeElement?.id)).toBe("up-1");
    expect((await table(page)).get("layer")).toEqual([
      "Diamond window",
      "Separator",
      "Counter electrode",
      "Cathode",
    ]);
    await page.close();
  });

  test("on paper: no buttons, white ground, all of it on pages of A4", async () => {
    const { page } = await show();
    await page.emulateMediaFeatures([{ name: "prefers-color-scheme", value: "dark" }]);
    await page.emulateMediaType("print");
    const visible = await page.$$eval(
      "button",
      (all) => all.filter((one) => one.offsetParent !== null).length,
    );
    expect(visible).toBe(0);
    expect(await page.$eval("body", (body) => getComputedStyle(body).backgroundColor)).toBe(
      "rgb(255, 255, 255)",
    );
    await page.setViewport({ width: 718, height: 1000 });
    const [content, inner] = await page.evaluate(() => [document.documentElement.scrollWidth, innerWidth]);
    expect(content).toBeLessThanOrEqual(inner);
    const pdf = await page.pdf({ format: "A4" });
    expect(Buffer.from(pdf).subarray(0, 5).toString()).toBe("%PDF-");
    await page.close();
  });
});
