// The bias of absorb().bin(n) at few counts: the estimate against the truth of synthetic counts.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { random } from "../../lib/compute/random.js";
import { Cube } from "../../lib/cube/cube.js";
import { writeEdf } from "../../lib/io/edf.js";

const folder = mkdtempSync(join(tmpdir(), "operandose-few-"));
afterAll(() => rmSync(folder, { recursive: true }));

const energies = Array.from({ length: 41 }, (_, k) => 7020 + 5 * k);
/** Absorbance; the flat has a hundred times the light, so that its own noise does not matter. */
const LIGHT = 100;
const sampleOf = (e: number): number => 0.4 + 0.8 / (1 + Math.exp(-(e - 7112) / 2));
const truth = (e: number): number => sampleOf(e) + Math.log(LIGHT);
const SIZE = 48;

/** Photons of Poisson statistics, three counts each: the gain is unknown to the library. */
async function recorded(photons: number, structure = 0, cubes = 1): Promise<Cube> {
  const rng = random(5);
  const write = async (name: string, mean: (e: number, p: number) => number): Promise<string> => {
    const path = join(folder, `${name}-${photons}-${structure}.edf`);
    await writeEdf(
      path,
      energies.map((energy) => ({
        header: { energy },
        shape: [SIZE, SIZE] as const,
        data: Uint16Array.from({ length: SIZE * SIZE }, (_, p) => {
          const m = mean(energy, p);
          return 3 * Math.max(0, Math.round(m + Math.sqrt(m) * rng.normal()));
        }),
      })),
    );
    return path;
  };
  const sample: string[] = [];
  for (let cube = 0; cube < cubes; cube++) {
    const of = (e: number, p: number): number =>
      photons * Math.exp(-sampleOf(e) - structure * (((p % SIZE) + Math.floor(p / SIZE)) % 2 ? 1 : -1));
    sample.push(await write(cubes === 1 ? "s" : `s${cube}`, of));
  }
  const flat = await write("f", () => LIGHT * photons);
  return Cube.load({ sample, flat, ...(cubes > 1 && { period: 1 }) });
}

test("agrees with the true bias, names the remedy, and the remedy helps", async () => {
  const cube = (await recorded(30)).absorb();
  const { values, invalid, ...result } = await cube.bin(4).spectrum();
  const at = (e: number): number => energies.indexOf(e);
  // Three energies each, as the estimate has it.
  const bias = (e: number): number =>
    [-1, 0, 1].reduce((sum, d) => sum + values[at(e) + d] - truth(energies[at(e) + d]), 0) / 3;
  const [below, above] = [bias(7080), bias(7170)];
  const found = invalid.fewCounts;
  if (!found) throw new Error("expected the bias to be told");
  // 144 bins of 16 pixels: the means are known to 0.003.
  expect(above).toBeGreaterThan(0.03);
  expect(Math.abs(found.absorbance[0] - below)).toBeLessThan(0.01);
  expect(Math.abs(found.absorbance[1] - above)).toBeLessThan(0.015);
  expect(Math.abs(found.edgeStep - (above - below) / 0.8)).toBeLessThan(0.02);
  expect(result.kind).toBe("spectrum");
  const text = (await cube.bin(4).spectrum()).summary();
  expect(text).toContain(".bin(4).absorb()");
  expect(cube.bin(4).explain()).toContain("few counts");
  const other = Cube.load({
    sample: join(folder, "s-30-0.edf"),
    flat: join(folder, "f-30-0.edf"),
  });
  const remedied = await other.bin(4).absorb().spectrum();
  expect(remedied.invalid.fewCounts).toBeUndefined();
  expect(Math.abs(remedied.values[at(7170)] - truth(7170))).toBeLessThan(above / 4);
});

test("is silent where counts are plenty, and where structure explains the difference", async () => {
  expect((await (await recorded(10_000)).absorb().bin(4).spectrum()).invalid.fewCounts).toBeUndefined();
  expect((await (await recorded(10_000, 0.3)).absorb().bin(4).spectrum()).invalid.fewCounts).toBeUndefined();
});

test("scales with averages: counts that are averaged first lose the bias, averages of absorbance keep it", async () => {
  const at = energies.indexOf(7170);
  // Six cubes, of which the estimate reads three.
  const raw = await recorded(30, 0, 6);
  const first = raw.average(6).absorb().bin(4);
  const [before, after, between] = [
    await first.spectrum(),
    await raw.absorb().bin(4).average(6).spectrum(),
    await raw.absorb().average(6).bin(4).spectrum(),
  ];
  const bias = ({ values }: typeof after): number =>
    [-1, 0, 1].reduce((sum, d) => sum + values[at + d] - truth(energies[at + d]), 0) / 3;
  const told = ({ invalid }: typeof after): number => invalid.fewCounts?.absorbance[1] ?? 0;
  expect(bias(after)).toBeGreaterThan(0.03);
  expect(bias(between)).toBeCloseTo(bias(after), 4);
  for (const result of [before, after, between]) {
    expect(Math.abs(told(result) - bias(result))).toBeLessThan(0.01);
  }
  expect(bias(before)).toBeLessThan(bias(after) / 4);
});
