import { describe, expect, test } from "vitest";
import { cellGeometry } from "../../lib/beamline/geometry/cell.js";
import { frameGeometry, holderGeometry } from "../../lib/beamline/geometry/holder.js";
import { setupGeometry } from "../../lib/beamline/geometry/setup.js";
import { rock } from "../../lib/beamline/rock.js";
import type { DrawingPart, DrawingPlan } from "../../lib/drawing-plan.js";
import { ArgumentError } from "../../lib/errors.js";

const letters = ({ parts }: DrawingPlan) => parts.flatMap(({ letter }) => letter ?? []);
const named = ({ parts }: DrawingPlan, letter: string) => parts.find((part) => part.letter === letter);
const box = (part?: DrawingPart) => {
  if (part?.shape !== "rectangle") throw new Error("expected a rectangle");
  const [w, h] = [part.width / 2, part.height / 2];
  return { left: part.x - w, right: part.x + w, bottom: part.y - h, top: part.y + h };
};

describe("the cell of Fig. 1", () => {
  const plan = cellGeometry();

  test("has the letters of the paper's caption, and is plain data", () => {
    expect([...new Set(letters(plan))].sort()).toEqual([..."abcdefghij"]);
    expect(JSON.parse(JSON.stringify(plan))).toEqual(plan);
  });

  test("has the paper's sizes", () => {
    const height = (letter: string) => {
      const { bottom, top } = box(named(plan, letter));
      return top - bottom;
    };
    expect([height("a"), height("b"), height("c"), height("d")]).toEqual([6, 14, 18, 14]);
    expect(named(plan, "a")?.name).toContain("145 µm");
    expect(named(plan, "b")?.name).toContain("10 µm");
  });

  test("has its layers in the order in which the beam meets them, none within another", () => {
    const [d, c, b, f] = ["d", "c", "b", "f"].map((letter) => box(named(plan, letter)));
    expect(d.right).toBeLessThan(c.left);
    expect(c.right).toBeLessThan(b.left);
    expect(b.right).toBeLessThan(f.left);
    const beam = plan.parts.find(({ shape }) => shape === "arrow");
    expect(beam?.shape === "arrow" && beam.to[0]).toBeLessThan(box(named(plan, "e")).left);
  });

  test("has no part above or below another one, so that vertical leader lines cross none", () => {
    const columns = new Map<string, [number, number]>();
    for (const part of plan.parts) {
      if (part.shape !== "rectangle" && part.shape !== "circle" && part.shape !== "wave") continue;
      const half = part.shape === "circle" ? part.radius : part.width / 2;
      columns.set(`${part.name} at ${part.x}`, [part.x - half, part.x + half]);
    }
    const sorted = [...columns.values()].sort((a, b) => a[0] - b[0]);
    expect(sorted.length).toBeGreaterThan(10);
    for (let i = 1; i < sorted.length; i++) expect(sorted[i][0]).toBeGreaterThanOrEqual(sorted[i - 1][1]);
  });

  test("says of each size whether it is the paper's or assumed", () => {
    const described = rock().cell.describe();
    for (const name of ["windowDiameter", "electrodeDiameter", "separatorDiameter", "counterDiameter"])
      expect(described[name].source).toBe("paper");
    for (const name of ["frameDiameter", "bodyDiameter", "flangeDiameter", "oRingDiameter", "springLength"])
      expect(described[name].source).toBe("assumed");
  });
});

describe("the set-up of Fig. 3a", () => {
  const { parts } = setupGeometry();
  const at = (letter: string) => box(named({ unit: "mm", parts }, letter));

  test("has its parts in the order of the beam, which ends at the scintillator", () => {
    const order = ["S", "i0", "H", "cell", "Y", "L", "CMOS", "i1", "Ni", "i2"].map(at);
    for (let i = 1; i < order.length; i++) expect(order[i].left).toBeGreaterThanOrEqual(order[i - 1].right);
    const beam = box(parts.find(({ name }) => name === "beam"));
    expect(beam.right).toBeLessThanOrEqual(at("Y").right);
    expect(beam.left).toBeLessThan(at("S").left);
  });

  test("has the empty space where the sample stage goes for it", () => {
    const { bottom, top } = at("I0");
    const { sampleStage } = rock();
    sampleStage.set("I0");
    const [, y] = sampleStage.read().position.value as unknown as [number, number];
    expect((bottom + top) / 2).toBe(y);
    expect(at("cell").bottom).toBeGreaterThan(top);
  });
});

describe("the holder of Fig. 3", () => {
  test.each(["farther", "closer"] as const)(
    "has every spot's field of view in the window, apart: %s",
    (config) => {
      for (const plan of [holderGeometry(config), frameGeometry(config)]) {
        const spots = ["#A", "#C", "#B"].map((letter) => box(named(plan, letter)));
        for (const { left, right, bottom, top } of spots) {
          for (const x of [left, right])
            for (const y of [bottom, top]) expect(Math.hypot(x, y)).toBeLessThan(3);
        }
        expect(spots[0].bottom).toBeGreaterThan(spots[1].top);
        expect(spots[1].bottom).toBeGreaterThan(spots[2].top);
      }
      const { left, right } = box(named(frameGeometry(config), "#C"));
      expect(right - left).toBeCloseTo(config === "farther" ? 3.328 : 2.6, 9);
    },
  );

  test("has the targets where the sample stage goes for them, clear of the cell", () => {
    const plan = holderGeometry();
    const { sampleStage } = rock();
    for (const [target, letter] of [
      ["I0", "I0"],
      ["foil", "Ni"],
      ["A", "#A"],
      ["B", "#B"],
      ["C", "#C"],
    ] as const) {
      sampleStage.set(target);
      const { left, right, bottom, top } = box(named(plan, letter));
      const [x, y] = sampleStage.read().position.value as readonly number[];
      expect([(left + right) / 2, (bottom + top) / 2].map((v, i) => v - [x, y][i])).toEqual([0, 0]);
    }
    for (const letter of ["I0", "Ni"]) expect(box(named(plan, letter)).top).toBeLessThan(-20);
    expect(box(named(plan, "I0")).right).toBeLessThan(box(named(plan, "Ni")).left);
    // The whole beam passes through the empty space.
    const hole = box(named(plan, "I0"));
    expect(hole.right - hole.left).toBeGreaterThan(3.328);
  });

  test("refuses an unknown configuration", () => {
    expect(() => holderGeometry("middle" as never)).toThrow(/holderGeometry: expected config/);
    expect(() => frameGeometry("middle" as never)).toThrow(ArgumentError);
  });
});
