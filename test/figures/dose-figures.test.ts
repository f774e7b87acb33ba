// Tornado, feasible region, masks: what is drawn where.
import { describe, expect, test } from "vitest";
import { doseBudget } from "../../lib/dose/budget/index.js";
import { Mask } from "../../lib/dose/mask.js";
import { planExperiment } from "../../lib/dose/planner/index.js";
import { rockCell } from "../../lib/dose/rock-cell.js";
import { ArgumentError, ShapeError } from "../../lib/errors.js";
import { feasibleRegion, mask, tornado } from "../../lib/figures/index.js";
import { parse, texts } from "./picture.js";
import { budget, plan } from "./samples.js";

const rects = (svg: string) =>
  Array.from(parse(svg).querySelectorAll('[aria-label="rect"] rect'), (r) =>
    Object.fromEntries(["x", "y", "width", "height"].map((a) => [a, Number(r.getAttribute(a))])),
  );

describe("figures.tornado", () => {
  test("draws one bar to each side of the value for each input, as long as its range, the strongest on top", () => {
    const shown = budget("c", "apart");
    const figure = tornado({ budget: shown });
    const [band, ...bars] = rects(figure.svg);
    const n = shown.contributions.length;
    expect(bars).toHaveLength(2 * n);
    const scale = band.width / (shown.interval[1] - shown.interval[0]); // px per Gy
    shown.contributions.forEach(({ range }, i) => {
      expect(bars[i].width / scale / Math.abs(shown.value - range[0])).toBeCloseTo(1, 1);
      expect(bars[n + i].width / scale / Math.abs(range[1] - shown.value)).toBeCloseTo(1, 1);
      if (i > 0) expect(bars[i].y).toBeGreaterThan(bars[i - 1].y);
    });
    expect(texts(figure.svg)).toContain("flux (5 %)");
    expect(texts(figure.svg)).toContain("dense");
  });

  test("shows choices apart, or as bars where they are folded in", () => {
    expect(texts(tornado({ budget: budget("c", "apart") }).svg)).toContain("choice, not in the band");
    const folded = texts(tornado({ budget: budget("c", "folded"), size: "page" }).svg);
    expect(folded).not.toContain("choice, not in the band");
    expect(folded).toContain("escape (0 to 30 %)");
  });

  test("speaks kGy/s for rates, shows as many inputs as asked for, and refuses what is no budget", () => {
    const beam = { energy: 8390, flux: 1e12, width: 1000, height: 1000 };
    const rate = doseBudget(rockCell(), beam, {
      uncertainties: { flux: 0.05, thickness: 0.1, porosity: 0.02 },
      quantity: "doseRate",
    });
    const figure = tornado({ budget: rate, show: 2 });
    expect(rects(figure.svg)).toHaveLength(1 + 4);
    expect(texts(figure.svg)).toContain("Dose rate, porous (kGy/s)");
    expect(() => tornado({ budget: {} as never })).toThrow(ArgumentError);
    expect(() => tornado({ budget: rate, show: 0 })).toThrow("expected show as a whole number above 0");
  });
});

describe("figures.feasibleRegion", () => {
  test("shades what keeps the limit and shows enough: alternatives stand on its edge, the ask outside", () => {
    const figure = feasibleRegion({ plan: plan("c") });
    const [corner] = rects(figure.svg);
    const dots = Array.from(parse(figure.svg).querySelectorAll('[aria-label="dot"] path'), (dot) => {
      const [, x, y] = /translate\(([\d.]+),([\d.]+)\)/.exec(dot.getAttribute("transform") ?? "") ?? [];
      return [Number(x), Number(y)];
    });
    const circle = parse(figure.svg).querySelector('[aria-label="dot"] circle')!;
    const asked = [Number(circle.getAttribute("cx")), Number(circle.getAttribute("cy"))];
    const alternatives = dots;
    expect(alternatives.length).toBe(3); // shorter; attenuate or widen; fresh spots
    const right = corner.x + corner.width;
    expect(asked[0]).toBeGreaterThan(right + 10);
    for (const [x, y] of alternatives) {
      expect(x).toBeLessThan(right + 2);
      expect(y).toBeGreaterThan(corner.y);
      expect(y).toBeLessThan(corner.y + corner.height);
    }
    expect(texts(figure.svg)).toContain("attenuate or widen");
    expect(figure.description).toContain("limit 35, needed 20: as asked");
  });

  test("draws a plan without alternatives, and refuses one without light", () => {
    const ask = {
      stack: rockCell(),
      beam: { energy: 8390, flux: 1e12, width: 3000, height: 1000 },
      threshold: 1e12,
      protocol: { cubes: 1, duration: 10, exposure: 0.01, edge: 8333 },
      detector: { pixelSize: 6.5 },
    };
    expect(texts(feasibleRegion({ plan: planExperiment(ask) }).svg)).not.toContain("attenuate or widen");
    const dark = planExperiment({ ...ask, beam: { ...ask.beam, flux: 1e3 } });
    expect(() => feasibleRegion({ plan: dark })).toThrow("with light on the detector");
    expect(() => feasibleRegion({ plan: undefined as never })).toThrow(ArgumentError);
  });
});

describe("figures.mask", () => {
  const values = Float64Array.from({ length: 12 }, (_, i) => i);
  const image = { values, width: 4, height: 3, pixelSize: 500 };

  /** The outline in units of a pixel's side in the picture. */
  const outline = ({ svg }: { svg: string }): string => {
    const picture = parse(svg);
    const side = Number(picture.querySelector("image")!.getAttribute("width")) / image.width;
    const path = picture.querySelector('path[stroke="#ffd92f"]')!.getAttribute("d")!;
    return path.replace(/[\d.]+/g, (v) => String(Math.round((100 * Number(v)) / side) / 100));
  };

  test("outlines what is selected, side by side, and names pixels and area", () => {
    const chosen = Mask.where({ ...image, label: "middle" }, [5, 7]); // two neighbors in the middle row
    const figure = mask({ ...image, masks: [chosen] });
    const [top, bottom, left, right] = ["M1,1h2", "M1,2h2", "M1,1v1", "M3,1v1"];
    expect(outline(figure)).toBe(top + bottom + left + right);
    expect(texts(figure.svg)).toContain("middle: 2 pixels, 0.5 mm²");
  });

  test("stands on the border of the image, and for nothing and everything", () => {
    const all = new Mask({ values: values.map(() => 1), width: 4, height: 3 });
    expect(outline(mask({ ...image, masks: [all] }))).toBe("M0,0h4M0,3h4M0,0v3M4,0v3");
    expect(outline(mask({ ...image, masks: [all.not()] }))).toBe("");
  });

  test("takes several, in colors of their own, and refuses masks of another size", () => {
    const low = Mask.where(image, [0, 3]);
    const figure = mask({ ...image, masks: [low, low.not()], scaleBar: false });
    expect(
      new Set(Array.from(parse(figure.svg).querySelectorAll("path[stroke]"), (p) => p.getAttribute("stroke")))
        .size,
    ).toBeGreaterThan(1);
    expect(() => mask({ ...image, masks: [{ values: [1, 2] }] })).toThrow(ShapeError);
  });
});
