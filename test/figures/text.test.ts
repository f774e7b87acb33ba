import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { escapeText } from "../../lib/compute/escape.js";
import { freeCorner } from "../../lib/figures/parts/place.js";
import { fitLabel, fitText, textWidth } from "../../lib/figures/parts/text-width.js";
import { formatNumber, formatRange, logTicks, ticksThatFit, widest } from "../../lib/figures/parts/ticks.js";
import { parse } from "./picture.js";

test("limits of an interval have the same number of decimals", () => {
  expect(formatRange([23.71, 34.02])).toBe("23.7–34.0");
  expect(formatRange([31, 39])).toBe("31–39");
  expect(formatRange([9.5, 120])).toBe("9.5–120.0");
  expect(formatRange([-0.25, 1e-4])).toBe("−0.25–1·10⁻⁴");
});

describe("ticks", () => {
  test("stand within the domain, ascending, and never touch", () => {
    const span = fc.tuple(
      fc.double({ min: -1e4, max: 1e4, noNaN: true }),
      fc.double({ min: 1e-2, max: 1e4, noNaN: true }),
    );
    fc.assert(
      fc.property(span, fc.integer({ min: 120, max: 700 }), ([low, width], length) => {
        const domain: [number, number] = [low, low + width];
        const { values, labels } = ticksThatFit(domain, length, true);
        expect(new Set(labels).size).toBe(values.length);
        for (const v of values) expect(v >= domain[0] && v <= domain[1]).toBe(true);
        for (let i = 1; i < values.length; i++) {
          expect(((values[i] - values[i - 1]) / width) * length).toBeGreaterThan(widest(labels));
        }
      }),
      { numRuns: 1000, examples: [[[-1000, 0.01063829787233075], 120]] },
    );
  });

  test("have the decimals of their step, a true minus sign, and thin spaces from 10 000 on", () => {
    expect(ticksThatFit([0, 1.5], 120, false).labels).toEqual(["0.0", "0.5", "1.0", "1.5"]);
    expect(ticksThatFit([-2, 2], 100, false).labels).toEqual(["−2", "−1", "0", "1", "2"]);
    expect(ticksThatFit([8320, 8400], 280, true).labels).toEqual(["8320", "8340", "8360", "8380", "8400"]);
    expect(ticksThatFit([0, 20000], 100, false).labels).toContain("10\u2009000");
    expect(ticksThatFit([0, 2e-5], 100, false).labels).toContain("1·10⁻⁵");
  });

  test("of logarithmic axes are 1, 2, 5 for few decades and powers for many", () => {
    expect(logTicks([2.7, 132]).labels).toEqual(["5", "10", "20", "50", "100"]);
    expect(logTicks([0.00005, 200]).labels).toEqual(["10⁻⁴", "10⁻³", "10⁻²", "10⁻¹", "10⁰", "10¹", "10²"]);
  });

  test("formats single numbers", () => {
    expect([0, 37.613, 8333, 104158, -0.25, 1.041e12, Number.NaN].map((v) => formatNumber(v))).toEqual([
      "0",
      "37.61",
      "8333",
      "104\u2009158",
      "−0.25",
      "1.041·10¹²",
      "no data",
    ]);
  });
});

describe("texts", () => {
  test("fit: never wider than allowed, unchanged where there is room", () => {
    fc.assert(
      fc.property(
        fc.string({ unit: "grapheme", maxLength: 60 }),
        fc.integer({ min: 20, max: 300 }),
        (text, width) => {
          const fitted = fitText(text, width, 10);
          expect(textWidth(fitted, 10)).toBeLessThanOrEqual(width);
          if (textWidth(text.replace(/\s+/g, " "), 10) <= width)
            expect(fitted).toBe(text.replace(/\s+/g, " "));
        },
      ),
    );
  });

  test("keep their unit when they are cut", () => {
    expect(fitLabel("Relative concentration (%)", 90, 10)).toMatch(/^Rel.*… \(%\)$/);
    expect(textWidth(fitLabel("Relative concentration (%)", 90, 10), 10)).toBeLessThanOrEqual(90);
    expect(fitLabel("Dose (MGy)", 200, 10)).toBe("Dose (MGy)");
  });

  test("come back from markup as they went in, whatever they hold", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary", maxLength: 40 }), (text) => {
        const node = parse(`<p title="${escapeText(text)}">${escapeText(text)}</p>`).firstElementChild!;
        expect(node.localName).toBe("p");
        expect(node.children).toHaveLength(0);
        // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what XML forbids
        const kept = text.replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]|\p{Cs}/gu, "\ufffd");
        const same = (a: string | null): string => (a ?? "").replace(/\r\n?/g, "\n");
        expect(same(node.getAttribute("title"))).toBe(same(kept));
        expect(same(node.textContent)).toBe(same(kept));
      }),
    );
  });
});

describe("freeCorner", () => {
  const frame = { x: 0, y: 0, width: 100, height: 100 };
  const size = { width: 30, height: 20 };

  test("prefers the lower right, avoids points and what is taken", () => {
    expect(freeCorner(frame, size, [])).toMatchObject({ x: 62, y: 72 });
    expect(freeCorner(frame, size, [70, 80])).toMatchObject({ x: 8, y: 8 });
    expect(freeCorner(frame, size, [70, 80], [{ x: 0, y: 0, width: 20, height: 20 }])).toMatchObject({
      x: 62,
      y: 8,
    });
  });

  test("is null where every corner is in use, or the box is too large", () => {
    expect(freeCorner(frame, size, [70, 80, 20, 20, 70, 20, 20, 80])).toBeNull();
    expect(freeCorner(frame, { width: 90, height: 5 }, [])).toBeNull();
  });
});
