// The compiled tile of spectra beside what ShiftInterpolator and Normalizer do to one spectrum after another.
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { polynomialMap } from "../../lib/compute/polynomial.js";
import { random } from "../../lib/compute/random.js";
import { type Kernels, ownKernels } from "../../lib/compute/wasm.js";
import { SpectrumTiles, type WindowFit } from "../../lib/compute/wasm-spectra.js";
import { Normalizer } from "../../lib/xas/normalizer.js";
import { ShiftInterpolator } from "../../lib/xas/shift.js";
import { edgeWindow, TINY_STEP } from "../../lib/xas/windows.js";

const built = ownKernels();
const why = built ? "" : " (skipped: no dist/compute/kernels.wasm, npm run build makes it)";

const E0 = 8343;
const cases = fc.record({
  n: fc.integer({ min: 40, max: 121 }),
  falling: fc.boolean(),
  nPixels: fc.integer({ min: 1, max: 20 }),
  degree: fc.integer({ min: 0, max: 3 }),
  flatten: fc.boolean(),
  shift: fc.constantFrom("none", "small", "large", "odd"),
  uneven: fc.boolean(),
  seed: fc.integer({ min: 0, max: 1e6 }),
});

describe.skipIf(!built)(`compiled tiles of spectra${why}`, () => {
  test("are those of the plain classes to rounding, on any axis, with dead pixels and any shifts", () => {
    fc.assert(
      fc.property(cases, ({ n, falling, nPixels, degree, flatten, shift, uneven, seed }) => {
        const draw = random(seed);
        const energies = Float64Array.from(
          { length: n },
          (_, k) => 8250 + (500 * k) / (n - 1) + (uneven ? 0.4 * draw.uniform() : 0),
        );
        if (falling) energies.reverse();
        const frames = Float32Array.from({ length: n * nPixels }, (_, i) => {
          const e = energies[Math.floor(i / nPixels)];
          return 0.3 + 1 / (1 + Math.exp((E0 - e) / 3)) - 2e-4 * (e - E0) + 0.02 * draw.normal();
        });
        if (nPixels > 2) {
          frames[(n >> 1) * nPixels + 1] = Number.NaN;
          for (let k = 0; k < n; k++) frames[k * nPixels + 2] = 1;
        }
        const shifts = Float64Array.from({ length: nPixels }, (_, j) => {
          if (shift === "odd") return [0, Number.NaN, Number.POSITIVE_INFINITY, -1000, 1000][j % 5];
          return (shift === "large" ? 40 : 0.8) * draw.normal();
        });
        const preDegree = n % 2;
        const windows = { pre: [-90, -20], post: [60, 390] } as const;
        const normalizer = new Normalizer(energies, { e0: E0, ...windows, preDegree, degree });
        const interpolator = new ShiftInterpolator(energies);
        const windowFit = (name: "pre" | "post", d: number): WindowFit => {
          const [from, to] = edgeWindow(energies, E0, windows[name], d + 1, name, "test");
          const x = energies.subarray(from, to).map((e) => e - E0);
          return { from, count: to - from, rows: polynomialMap(x, d) };
        };
        const [first, count] = [nPixels > 4 ? 1 : 0, nPixels > 4 ? nPixels - 2 : nPixels];
        for (const normalize of [false, true]) {
          (built as Kernels).release();
          const plan = {
            energies,
            shift: shift !== "none",
            normalize: normalize
              ? {
                  e0: E0,
                  pre: windowFit("pre", preDegree),
                  post: windowFit("post", degree),
                  flatten,
                  tiny: TINY_STEP,
                }
              : null,
          };
          const tiles = new SpectrumTiles(built as Kernels, plan, nPixels, count);
          for (let k = 0; k < n; k++) {
            tiles.frames.set(frames.subarray(k * nPixels, (k + 1) * nPixels), k * tiles.pitch);
          }
          tiles.run(first, count, shifts, first);
          const { spectra: out, edgeSteps: steps } = tiles;
          for (let j = 0; j < count; j++) {
            const measured = Float64Array.from({ length: n }, (_, k) => frames[k * nPixels + first + j]);
            const want = measured.slice();
            if (shift !== "none") interpolator.apply(measured, shifts[first + j], want);
            const got = out.subarray(j * n, (j + 1) * n);
            if (!normalize) {
              if (shift === "none") expect(Array.from(got)).toEqual(Array.from(want));
              // Shifts in float32: a shift of 100 eV is good to 6e-6 eV, and the edge rises by a tenth in an eV.
              else expectClose(got, want, shift === "large" ? 3e-6 : 6e-7);
              expect(steps[j]).toBeNaN();
              continue;
            }
            const step = normalizer.apply(want.slice(), want, flatten);
            if (Number.isNaN(step)) expect(steps[j]).toBeNaN();
            else expect(Math.abs(steps[j] - step)).toBeLessThan(2e-6 * (1 + step));
            expectClose(got, want, shift === "large" ? 3e-5 : 3e-6);
          }
        }
      }),
      { numRuns: 80 },
    );
  });
});

function expectClose(got: Float32Array, want: Float64Array, tolerance: number): void {
  const off = want.findIndex((v, k) =>
    Number.isNaN(v) ? !Number.isNaN(got[k]) : !(Math.abs(got[k] - v) <= tolerance * (1 + Math.abs(v))),
  );
  expect(off).toBe(-1);
}
