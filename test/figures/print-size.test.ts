// Figures fit into the columns of a journal, and their text is legible there.
import { describe, expect, test } from "vitest";
import { theme } from "../../lib/figures/index.js";
import { parse } from "./picture.js";
import { plainNames, samples } from "./samples.js";
import { silently } from "./silently.js";

/** px of 1/96 inch in a mm and in a point. */
const [MM, PT] = [96 / 25.4, 96 / 72];

/** Width of a picture in mm, and the smallest text that it has, in points; scaling elements are accounted for. */
function printed(svg: string): { width: number; smallest: number } {
  const picture = parse(svg).querySelector("svg")!;
  let smallest = Number.POSITIVE_INFINITY;
  const walk = (node: Element, size: number, scale: number): void => {
    const fontSize = Number.parseFloat(node.getAttribute("font-size") ?? String(size));
    const stretch = /scale\(([\d.]+)/.exec(node.getAttribute("transform") ?? "")?.[1];
    const inner = scale * Number(stretch ?? 1) * (node === picture ? 1 : viewScale(node));
    if (node.localName === "text" && node.textContent !== "")
      smallest = Math.min(smallest, (fontSize * inner) / PT);
    for (const child of Array.from(node.children)) walk(child, fontSize, inner);
  };
  walk(picture, 16, viewScale(picture));
  return { width: Number(picture.getAttribute("width")) / MM, smallest };
}

/** Magnification of an element by its view box. */
function viewScale(node: Element): number {
  const box = node.getAttribute("viewBox")?.split(" ").map(Number);
  return box ? Number(node.getAttribute("width")) / box[2] : 1;
}

function check(svg: string): void {
  const { width, smallest } = printed(svg);
  // One column is 90 mm wide, two are 180 mm; a px is added for rounding up.
  expect(width).toBeLessThanOrEqual(180 + 1 / MM);
  if (width > 90 + 1 / MM) expect(width).toBeGreaterThan(150);
  expect(smallest).toBeGreaterThanOrEqual(7);
}

test("the columns of the theme are 90 and 180 mm wide", () => {
  expect(theme.width.column / MM).toBeCloseTo(90, 0);
  expect(theme.width.page / MM).toBeCloseTo(180, 0);
});

test("a text that is scaled down counts with its printed size", () => {
  const svg = (inner: string): string => `<svg width="340" height="10" viewBox="0 0 340 10">${inner}</svg>`;
  expect(printed(svg('<g font-size="10"><text>a</text></g>')).smallest).toBeCloseTo(7.5, 9);
  expect(printed(svg('<g transform="scale(0.5)"><text font-size="10">a</text></g>')).smallest).toBeCloseTo(
    3.75,
    9,
  );
  const nested = '<svg width="20" height="5" viewBox="0 0 40 10"><text font-size="10">a</text></svg>';
  expect(printed(svg(nested)).smallest).toBeCloseTo(3.75, 9);
});

describe("figures fit one column (90 mm) or two (180 mm), with text of at least 7 pt", () => {
  silently();

  test.each(Object.keys(samples))("%s", (kind) => {
    check(samples[kind]({ ...plainNames, title: "Some title" }).svg);
  });
});
