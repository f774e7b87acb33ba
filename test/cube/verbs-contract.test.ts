// The contract of every verb: iterates the registry, so that a new verb is tested the day it is added.
import { rmSync } from "node:fs";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { Cube } from "../../lib/cube/cube.js";
import { mapOf } from "../../lib/cube/engine/maps.js";
import { run } from "../../lib/cube/engine/run.js";
import type { Window } from "../../lib/cube/engine/window.js";
import { explain } from "../../lib/cube/explain.js";
import type { Step } from "../../lib/cube/plan.js";
import { type AddableVerb, addStep, verbs } from "../../lib/cube/verbs/index.js";
import type { ImageMap, Images, Plan, Verb } from "../../lib/cube/verbs/verb.js";
import { ArgumentError, OperandoseError, quote } from "../../lib/errors.js";
import { naive } from "../support/naive/executor.js";
import { frameVerbs, otherVerbs } from "../support/naive/verbs.js";
import { type SmallExperiment, smallExperiment } from "../support/small-experiment.js";

let small: SmallExperiment;
let cube: Cube;
beforeAll(() => {
  small = smallExperiment({ nTimes: 3 });
  cube = Cube.load(small.folder);
});
afterAll(() => rmSync(small.folder, { recursive: true }));

interface Sample {
  /** A chain that ends with the verb. */
  chain(cube: Cube): Cube;
  /** The verb with arguments that make no sense. */
  readonly nonsense: readonly ((cube: Cube) => unknown)[];
}

const bad = { misspelt: 1 } as never;

// Where a verb takes options, the last nonsense is an option that it does not have. A new verb needs an entry here.
const samples: { readonly [V in Step["verb"]]: Sample } = {
  average: {
    chain: (c) => c.average(2),
    nonsense: [
      (c) => c.average(0),
      (c) => c.average(1.5),
      (c) => c.average("all" as never),
      (c) => c.average(bad),
    ],
  },
  absorb: { chain: (c) => c.absorb(), nonsense: [(c) => c.absorb().absorb()] },
  align: {
    chain: (c) =>
      c.absorb().align({
        shifts: [
          [0.3, -1.2],
          [0, 0],
          [2, 0.5],
        ],
      }),
    nonsense: [
      (c) => c.align(),
      (c) => c.absorb().align({ shifts: [[1, 1]] }),
      (c) => c.absorb().align({ shifts: new Array(3).fill([0, Number.NaN]) }),
      (c) => c.absorb().align({ shifts: new Array(3).fill([0, 40]) }),
      (c) => c.absorb().align({ shifts: new Array(3).fill([0, 0]), maximum: 3 }),
      (c) => c.absorb().align({ interpolation: "fourier" as never }),
      (c) => c.absorb().align(bad),
    ],
  },
  deglitch: {
    chain: (c) => c.absorb().deglitch({ replace: "interpolated", size: 3, longest: 2 }),
    nonsense: [
      (c) => c.deglitch({ replace: "missing" }),
      (c) => c.absorb().deglitch({} as never),
      (c) => c.absorb().deglitch({ replace: "count" as never }),
      (c) => c.absorb().deglitch({ replace: "missing", longest: 0 }),
      (c) => c.absorb().deglitch({ replace: "missing", longest: 1.5 }),
      (c) => c.absorb().deglitch({ replace: "missing", size: 1 }),
      (c) => c.absorb().deglitch({ replace: "missing", sigmas: 1 }),
      (c) =>
        c
          .absorb()
          .crop({ energy: [8266, 8280] })
          .deglitch({ replace: "missing" }),
      (c) => c.absorb().deglitch(bad),
    ],
  },
  bin: {
    chain: (c) => c.absorb().bin(3),
    nonsense: [(c) => c.bin(0), (c) => c.bin(Number.NaN), (c) => c.bin(1e3), (c) => c.bin(bad)],
  },
  crop: {
    chain: (c) => c.crop({ x: [2, 15], y: [1, 12], energy: [8280, 8800] }),
    nonsense: [
      (c) => c.crop({}),
      (c) => c.crop({ x: [5, 5] }),
      (c) => c.crop({ energy: [8800, 8280] }),
      (c) => c.crop({ x: [0, 4], ...(bad as object) }),
    ],
  },
  calibrate: {
    chain: (c) => c.absorb().bin(2).calibrate({ degree: 1 }),
    nonsense: [
      (c) => c.calibrate({ reference: 1 }),
      (c) => c.calibrate({ degree: -1 }),
      (c) => c.calibrate(bad),
    ],
  },
  normalize: {
    chain: (c) => c.absorb().bin(2).normalize(),
    nonsense: [
      (c) => c.normalize(),
      (c) => c.absorb().normalize({ e0: Number.NaN }),
      (c) => c.absorb().normalize({ flatten: 1 as never }),
      (c) => c.absorb().normalize(bad),
    ],
  },
  doseRate: {
    chain: (c) => c.absorb().bin(2).doseRate(),
    nonsense: [
      (c) => c.doseRate(undefined, { convention: "wet" as never }),
      (c) => c.doseRate(undefined, { flux: -1 }),
      (c) => c.doseRate(undefined, bad),
    ],
  },
  dose: {
    chain: (c) => c.absorb().bin(2).doseRate().dose({ seconds: 60 }),
    nonsense: [
      (c) => c.dose(),
      (c) => c.doseRate().dose({ seconds: Number.POSITIVE_INFINITY }),
      (c) => c.doseRate().dose(bad),
    ],
  },
  mask: {
    chain: (c) => c.absorb().bin(2).doseRate().mask([800, 2000]),
    nonsense: [
      (c) => c.mask([1, 2]),
      (c) => c.doseRate().mask([2, 1]),
      (c) => c.doseRate().mask(3 as never),
      (c) => c.doseRate().mask([1, 2], bad),
    ],
  },
};

test("every verb has a sample, a naive form, and a method of the cube", () => {
  const names = Object.keys(verbs).sort();
  expect(Object.keys(samples).sort()).toEqual(names);
  expect(Object.keys({ ...frameVerbs, ...otherVerbs }).sort()).toEqual(names);
  for (const name of names) expect(Cube.prototype).toHaveProperty(name);
});

// A verb that the library does not have: what its file would export. The images are 18 pixels wide.
const mirror = ({ top, bottom, left, right }: Window): Window => ({
  top,
  bottom,
  left: 18 - right,
  right: 18 - left,
});
const mirrored = <T>(values: ArrayLike<T>, columns: number): T[] =>
  Array.from(values, (_, p) => values[p - 2 * (p % columns) + columns - 1]);
const flip = {
  name: "flip",
  kind: "frame",
  add(_: Plan, axis = "x") {
    if (axis !== "x") throw new ArgumentError(`flip: expected "x", got ${quote(axis)}`);
    return { step: { verb: "flip" }, schema: {} };
  },
  sentence: () => "flip: left and right exchanged",
  windowBefore: (_: Step, window: Window) => mirror(window),
  reshape: (_: Step, { values, height, width }: ImageMap) => ({
    values: Float32Array.from(mirrored(values, width)),
    height,
    width,
  }),
  evaluate(_: Step, images: Images, t: number, k: number, window: Window, out: Float32Array) {
    out.set(mirrored(images.frame(t, k, mirror(window)).subarray(0, out.length), window.right - window.left));
  },
} as unknown as AddableVerb<[axis?: string]>;

test("a new verb is its file, its line in the registry and its method", async () => {
  const registry = verbs as unknown as Record<string, unknown>;
  registry.flip = flip; // the line in the registry
  const flipped = (plan: Plan, ...axis: string[]): Plan => addStep(flip, plan, ...axis); // the method of the cube
  try {
    const straight = cube.absorb();
    expect(straight.schema.width).toBe(18);
    const plan = flipped(straight.plan);
    expect(explain(plan)).toContain("2. flip: left and right exchanged");
    expect(() => flipped(straight.plan, "y")).toThrow('flip: expected "x", got "y"');
    expect(() => flipped(straight.normalize().plan)).toThrow(
      "flip: expected images, got spectra (normalize comes before it); call .flip() before .normalize()",
    );
    const [expected, got] = await Promise.all(
      [cube.average().absorb().plan, flipped(cube.average().absorb().plan)].map((one) =>
        run(one, { kind: "image", energy: 8400 }, "test"),
      ),
    );
    expect(got.data.length).toBe(expected.data.length);
    expect(Array.from(got.data)).toEqual(mirrored(expected.data, 18));
    // Maps follow the images without any more lines.
    const rates = await Promise.all(
      [straight.doseRate().plan, addStep(verbs.doseRate, plan)].map((one) => mapOf(one, "doseRate")),
    );
    expect(Array.from(rates[1])).toEqual(mirrored(rates[0], 18));
  } finally {
    delete registry.flip;
  }
});

describe.each(Object.values(verbs).map((verb) => ({ verb, name: verb.name })))("$name", ({ verb, name }) => {
  const { chain, nonsense } = samples[name];

  test("adds one frozen step that is JSON, and a sentence to explain()", () => {
    const { plan } = chain(cube);
    const step = plan.steps[plan.steps.length - 1];
    expect(step.verb).toBe(name);
    expect(Object.isFrozen(step) && Object.isFrozen(plan.schema)).toBe(true);
    // An axis without a pixel size or an edge leaves the key out.
    expect(JSON.parse(JSON.stringify(plan))).toEqual({ ...plan });
    const words = (verb as Verb).sentence(step as never, plan.steps[plan.steps.length - 2]);
    expect(words).toMatch(new RegExp(`^${name}\\b.*: \\S|^${name}: \\S`));
    expect(chain(cube).explain()).toContain(`  ${plan.steps.length}. ${words}`);
  });

  test("is added again by what it wrote into the plan", () => {
    const { plan } = chain(cube);
    const again = Cube.from(JSON.parse(JSON.stringify(plan)));
    expect(again.plan.steps).toEqual(plan.steps);
    expect(again.schema).toEqual(plan.schema);
  });

  test("makes what its schema says, and both executors agree", async () => {
    const { plan, schema } = chain(cube);
    const copy: Plan = JSON.parse(JSON.stringify(plan)); // what decides the numbers survives as text
    const [streamed, truth] = [await run(copy, { kind: "spectra" }, "test"), await naive(plan)];
    const size = schema.height * schema.width;
    expect(streamed.nTimes).toBe(schema.times.length);
    expect(streamed.pixels.length < size).toBe(schema.masked);
    expect(streamed.data.length).toBe(streamed.nTimes * streamed.pixels.length * schema.energies.length);
    expect(Array.from(streamed.pixels)).toEqual(truth.pixels);
    const expected = truth.spectra.flat(2);
    // float32: 6e-8 of the largest number on the way, which normalization extrapolates.
    const scale = Math.max(...expected.filter(Number.isFinite).map(Math.abs));
    let worst = 0;
    for (const [i, value] of expected.entries()) {
      if (Number.isNaN(value) !== Number.isNaN(streamed.data[i])) worst = Number.POSITIVE_INFINITY;
      else if (!Number.isNaN(value)) worst = Math.max(worst, Math.abs(value - streamed.data[i]));
    }
    expect(worst).toBeLessThan(3e-6 * Math.max(1, scale));
    expect(Object.keys(truth.maps).sort()).toEqual([...schema.maps].sort());
    for (const one of schema.maps) {
      const values = await mapOf(plan, one);
      expect(values.length).toBe(size);
      const top = Math.max(...truth.maps[one].filter(Number.isFinite).map(Math.abs));
      for (let p = 0; p < size; p++) {
        if (Number.isNaN(truth.maps[one][p])) expect(values[p]).toBeNaN();
        else expect(Math.abs(values[p] - truth.maps[one][p])).toBeLessThan(1e-5 * top);
      }
    }
  });

  test.each(nonsense.map((call) => ({ call })))("refuses nonsense %#", ({ call }) => {
    expect(() => call(cube)).toThrow(OperandoseError);
    expect(() => call(cube)).toThrow(new RegExp(`^${name}\\b.*: `));
  });

  if (verb.kind === "frame") {
    test.each(["normalize", "mask"] as const)("is refused after %s", (after) => {
      const turned = samples[after].chain(cube);
      // The sample's arguments fit an untouched cube: its own call is made on the spectra.
      const again = (c: Cube): Cube => (name === "bin" ? c.bin(2) : chain(c));
      expect(() => again(turned)).toThrow(`expected images, got spectra (${after} comes before it)`);
    });
  }

  if (verb.once) {
    test("is refused a second time", () => {
      const call = (c: Cube) => (c[name] as () => Cube)();
      expect(() => call(chain(cube))).toThrow(`${name}: expected at most one .${name}() in a chain`);
    });
  }
});
