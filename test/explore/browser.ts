// A real Chromium for the tests of pages.
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import puppeteer, { type Browser, type Frame, type Page } from "puppeteer-core";
import { chromium } from "../support/peers.js";

/** Starts it. */
export function launch(): Promise<Browser> {
  return puppeteer.launch({
    executablePath: chromium,
    args: ["--no-sandbox", "--disable-gpu"],
    timeout: 120_000,
  });
}

/** A page from a file, and all that it complained about or asked the network for. */
export async function open(
  browser: Browser,
  path: string,
  width = 1200,
): Promise<{ page: Page; bad: string[] }> {
  const page = await browser.newPage();
  const bad: string[] = [];
  page.on("pageerror", (error) => bad.push(String(error)));
  page.on("console", (message) => {
    if (message.type() === "error") bad.push(message.text());
  });
  page.on("dialog", (dialog) => {
    bad.push(`dialog ${dialog.message()}`);
    void dialog.dismiss();
  });
  page.on("request", (request) => {
    if (!/^(file|data|about|blob):/.test(request.url())) bad.push(`request ${request.url()}`);
  });
  await page.setViewport({ width, height: 900 });
  await page.goto(`file://${path}`);
  return { page, bad };
}

const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

/** Rules of accessibility that the page breaks, with an element each. */
export async function violations(page: Page): Promise<string[]> {
  await page.evaluate(axe);
  return page.evaluate(async () => {
    type Violation = { id: string; nodes: { html: string }[] };
    const { axe } = globalThis as unknown as { axe: { run(): Promise<{ violations: Violation[] }> } };
    return (await axe.run()).violations.map(({ id, nodes }) => `${id}: ${nodes[0].html}`);
  });
}

/** Waits until the view has unpacked its data. */
export async function ready(view: Page | Frame): Promise<void> {
  await view.waitForSelector('body[data-state="ready"]', { timeout: 60_000 });
  await settled(view);
}

/** Waits until all panels have followed. */
export async function settled(view: Page | Frame): Promise<void> {
  await view.evaluate(() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))));
}

/** What the page's table of numbers says. */
export interface Numbers {
  readonly energies: number[];
  readonly mean: number[];
  readonly pixels: number;
  readonly concentrations: number[];
  readonly rFactor: number;
  readonly interval: [number, number] | null;
  readonly region: number[] | null;
  readonly text: string;
}

/** Opens the table of numbers and reads it. */
export async function numbersOf(view: Page | Frame): Promise<Numbers> {
  await view.$eval("#numbers", (details) => {
    (details as HTMLDetailsElement).open = true;
  });
  await settled(view);
  const text = await view.$eval("#table", (area) => (area as HTMLTextAreaElement).value);
  const lines = text.split("\n");
  const said = (word: string): string[][] =>
    lines.filter((line) => line.startsWith(`# ${word},`)).map((line) => line.split(",").slice(1));
  const rows = lines.slice(lines.indexOf("energy_eV,mean") + 1).map((line) => line.split(",").map(Number));
  const interval = said("interval")[0]?.map(Number);
  return {
    energies: rows.map(([energy]) => energy),
    mean: rows.map(([, value]) => value),
    pixels: Number(said("pixels")[0][0]),
    concentrations: said("concentration").map((cells) => Number(cells[cells.length - 1])),
    rFactor: Number(said("rFactor")[0]?.[0]),
    interval: interval ? [interval[0], interval[1]] : null,
    region: said("region")[0]?.map(Number) ?? null,
    text,
  };
}

/** Drags over an element, from one place to another, both as fractions of its width and height. */
export async function drag(
  page: Page,
  selector: string,
  [x0, y0]: readonly [number, number],
  [x1, y1]: readonly [number, number],
  view: Page | Frame = page,
): Promise<void> {
  const element = await view.$(selector);
  await element?.scrollIntoView();
  const box = await element?.boundingBox();
  if (!box) throw new Error(`expected ${selector} on the page, got none`);
  await page.mouse.move(box.x + x0 * box.width, box.y + y0 * box.height);
  await page.mouse.down();
  await page.mouse.move(box.x + x1 * box.width, box.y + y1 * box.height, { steps: 6 });
  await page.mouse.up();
  await settled(view);
}
