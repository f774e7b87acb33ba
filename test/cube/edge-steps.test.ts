// Edge steps that cannot be used are counted and told by every result of a normalized cube: a recording with known bad pixels.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { random } from "../../lib/compute/random.js";
import { Cube } from "../../lib/cube/cube.js";
import { countEdgeSteps, edgeStepRange, noteEdgeSteps } from "../../lib/cube/engine/edge-steps.js";
import { writeEdf } from "../../lib/io/edf.js";

const folder = mkdtempSync(join(tmpdir(), "operandose-steps-"));
afterAll(() => rmSync(folder, { recursive: true }));

const energies = Array.from({ length: 61 }, (_, k) => 7012 + 5 * k);
const SIZE = 20;
/** Edge steps of the bad pixels; all others lie between 0.6 and 1. Pixel 7 is dead: it has no counts, and no edge step. */
const bad: Readonly<Record<number, number>> = {
  3: -0.5,
  58: -0.2,
  59: -1,
  111: 0.1,
  222: 0.12,
  398: 3.2,
  399: 4,
};
const DEAD = 7;
const expected = { nonPositive: 3, scattered: 4, total: SIZE * SIZE - 1 };

function stepOf(p: number, cube: number): number {
  // In a series the pixels are bad in one cube only.
  return (cube === 0 ? bad[p] : undefined) ?? 0.6 + (0.4 * p) / SIZE ** 2;
}

async function write(name: string, cube: number | null): Promise<string> {
  const rng = random(2);
  const path = join(folder, `${name}.edf`);
  await writeEdf(
    path,
    energies.map((energy) => {
      // Two species, so that there is something to resolve.
      const edge = 1 / (1 + Math.exp(-(energy - 7112) / 2));
      const line = Math.exp(-(((energy - 7117) / 6) ** 2));
      return {
        header: { energy },
        shape: [SIZE, SIZE] as const,
        data: Uint32Array.from({ length: SIZE * SIZE }, (_, p) => {
          const mu = stepOf(p, cube ?? 0) * (edge + 0.4 * Math.sin(p) ** 2 * line);
          const counts = 4e7 * (cube === null ? 1 : Math.exp(-0.5 - mu));
          return p === DEAD && cube !== null ? 0 : Math.round(counts + Math.sqrt(counts) * rng.normal());
        }),
      };
    }),
  );
  return path;
}

describe("results of a normalized cube", () => {
  let cube: Cube;
  let paths: { sample: string; flat: string };

  beforeAll(async () => {
    paths = { sample: await write("sample", 0), flat: await write("flat", null) };
    await write("more", 1);
    cube = Cube.load({ ...paths, edge: 7112 })
      .absorb()
      .normalize();
  });

  test("count the pixels without an edge step and those far from the median", async () => {
    const { invalid } = await cube.spectra();
    expect(invalid.edgeSteps).toMatchObject(expected);
    expect(invalid.edgeSteps?.median).toBeGreaterThan(0.7);
    expect(invalid.edgeSteps?.median).toBeLessThan(0.9);
  });

  test("tell them with the remedy, in every kind of result, and the remedy ends it", async () => {
    const told = async (result: Promise<{ summary(): string }>): Promise<void> => {
      const text = (await result).summary();
      expect(text).toContain("3 of 399 pixels (0.75 %) have no edge step above zero");
      expect(text).toContain("4 of 399 pixels (1 %)");
      expect(text).toContain('.map("edgeStep")');
    };
    const mcr = await cube.mcrAls(2);
    await told(cube.spectrum());
    await told(cube.spectra());
    await told(cube.image({ energy: 7120 }));
    await told(cube.map("edgeStep"));
    await told(cube.pca());
    await told(Promise.resolve(mcr));
    const fit = await cube.fit(mcr);
    await told(Promise.resolve(fit));
    await told(Promise.resolve(fit.map("Cp1")));
    const keep = (await cube.map("edgeStep")).mask([0.8 / 3, 2.4]);
    const rest = await cube.mask(keep).spectrum();
    expect(rest.invalid.edgeSteps).toBeUndefined();
    expect(rest.summary()).not.toContain("edge step");
  });

  test("of a series count a pixel that is bad in one cube", async () => {
    const sample = [paths.sample, join(folder, "more.edf")];
    const series = Cube.load({ ...paths, sample, edge: 7112 })
      .absorb()
      .normalize();
    expect((await series.spectra()).invalid.edgeSteps).toMatchObject(expected);
  });

  test("are silent where all pixels are good, and where nothing is normalized", async () => {
    const { flat } = paths;
    const good = Cube.load({ sample: join(folder, "more.edf"), flat, edge: 7112 }).absorb();
    expect((await good.normalize().spectra()).invalid.edgeSteps).toBeUndefined();
    expect(
      (
        await Cube.load({ ...paths, edge: 7112 })
          .absorb()
          .spectra()
      ).invalid.edgeSteps,
    ).toBeUndefined();
  });

  test("keep it through a saved cube", async () => {
    const path = await cube.save(join(folder, "saved.zarr"));
    const again = Cube.load(path);
    expect((await again.spectra()).invalid.edgeSteps).toMatchObject(expected);
    expect((await again.spectrum()).provenance.saved?.invalid?.edgeSteps).toMatchObject(expected);
  });
});

test("judges by the median, which half of the pixels cannot move", () => {
  const range = edgeStepRange(10);
  const place = Int32Array.from({ length: 10 }, (_, p) => p);
  noteEdgeSteps(range, Float64Array.of(1, 1, 1, 1, 1, 1, 30, 0.2, 25, Number.NaN), 10, 0, () => true);
  expect(countEdgeSteps(range, place)).toEqual({ nonPositive: 1, scattered: 3, total: 10, median: 1 });
  // Without counts a pixel has no edge step that could be wrong.
  const dead = edgeStepRange(3);
  noteEdgeSteps(dead, Float64Array.of(1, Number.NaN, 1), 3, 0, (j) => j !== 1);
  expect(countEdgeSteps(dead, place.subarray(0, 3))).toBeUndefined();
});
