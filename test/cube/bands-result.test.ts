import { describe, expect, test, vi } from "vitest";
import { mcrAls } from "../../lib/chemometrics/mcr/mcr-als.js";
import type { Cube } from "../../lib/cube/cube.js";
import { BandsResult } from "../../lib/cube/results/bands-result.js";
import { FitResult } from "../../lib/cube/results/fit-result.js";
import { McrResult } from "../../lib/cube/results/mcr-result.js";
import "../../lib/figures/of-results/views.js";
import { ambiguous } from "../chemometrics/feasible-bands/problems.js";

const { D } = ambiguous(4, 2, true, 0.002);
const fit = mcrAls(D, { components: 2 });
const energies = Float64Array.from(D[0], (_, k) => 8300 + 5 * k);
const times = D.map((_, i) => ({ start: 100 * i, end: 100 * i + 10 }));
const rows = { of: "time", times } as never;
const provenance = { library: "", steps: [], settings: {}, terminal: "mcrAls", inputs: [] } as never;
const init = { C: fit.C, S: fit.S, energies, rows, nPixels: 1, invalid: {} as never };
const resolved = new McrResult(provenance, init, fit, {} as never);

describe("McrResult.bands", () => {
  const result = resolved.bands({ quantities: { top: (C) => Math.max(...C.getColumn(0)) } });

  test("says what is open, in words, numbers and a picture", () => {
    expect(result).toBeInstanceOf(BandsResult);
    expect(result.summary()).toMatch(
      /^Feasible bands: Cp1 (narrow|wide), Cp2 (narrow|wide); \d+ solutions that fit to/,
    );
    const columns = result.columns();
    columns["Cp1 low"].forEach((low, i) => {
      expect(low as number).toBeLessThanOrEqual(columns.Cp1[i] as number);
      expect(columns["Cp1 high"][i] as number).toBeGreaterThanOrEqual(columns.Cp1[i] as number);
    });
    expect(result.show().svg).toMatch(/Cp2/);
    expect(result.quantities.top.maximum.value).toBeGreaterThanOrEqual(result.quantities.top.value);
    expect(() => result.component("Cp3")).toThrow('component: expected a component (Cp1, Cp2), got "Cp3"');
    expect(() => result.extreme("Cp1", "most" as never)).toThrow(
      'extreme: expected "minimum" or "maximum", got "most"',
    );
  });

  test("gives extremes that know their energies, and carries them to another cube", async () => {
    const most = result.extreme("Cp2", "maximum");
    expect(most.energies).toBe(resolved.energies);
    expect(most.profile("Cp2")).toEqual(Float64Array.from(result.component("Cp2").maximum.C.getColumn(1)));
    // A cube that is the same data: each solution fits to its own concentrations.
    const cube = {
      fit: vi.fn(
        async (of: { C: typeof fit.C; S: typeof fit.S }) =>
          new FitResult(
            provenance,
            { ...init, C: of.C, S: of.S },
            new Float64Array(D.length),
            new Uint8Array(D.length),
          ),
      ),
      compute: async (chains: Record<string, (cube: unknown) => Promise<FitResult>>) =>
        Object.fromEntries(
          await Promise.all(Object.entries(chains).map(async ([name, chain]) => [name, await chain(cube)])),
        ),
    };
    const carried = await result.fit(cube as unknown as Cube);
    expect(cube.fit).toHaveBeenCalledTimes(5);
    expect(carried.extremes).toHaveLength(4);
    const { low, high } = carried.bands.Cp1;
    for (const { C } of [result.component("Cp1").minimum, result.component("Cp2").maximum, fit]) {
      C.getColumn(0).forEach((v, i) => {
        expect(v).toBeGreaterThanOrEqual(low[i]);
        expect(v).toBeLessThanOrEqual(high[i]);
      });
    }
  });
});
