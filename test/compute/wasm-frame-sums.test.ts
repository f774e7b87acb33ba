// Frames added by their shares, compiled beside plain: float64 to rounding, float32 to what is said of it.
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { random } from "../../lib/compute/random.js";
import { kernels } from "../../lib/compute/wasm.js";
import { addFrames } from "../../lib/compute/wasm-frame-sums.js";
import { plainAddFrames } from "../../lib/dose/dose-rate-kernels.js";

const built = kernels();
const fast = built as NonNullable<typeof built>;

describe.skipIf(!built)(`shares of frames${built ? "" : " (skipped: the kernels are not built)"}`, () => {
  test("are those of the plain loops, for any number of frames and pixels and any units", () => {
    fc.assert(
      fc.property(
        // Past where float32 is folded into float64 once and twice, and past what is copied at a time.
        fc.oneof(
          fc.tuple(fc.integer({ min: 1, max: 70 }), fc.integer({ min: 1, max: 70 })),
          fc.tuple(fc.integer({ min: 1, max: 2 }), fc.integer({ min: 131_060, max: 131_090 })),
        ),
        fc.boolean(),
        fc.integer({ min: -25, max: 25 }),
        fc.integer(),
        ([count, length], double, magnitude, seed) => {
          const draw = random(seed);
          const frames = Array.from({ length: count }, () => {
            const values = { length };
            const next = (): number => 1000 * draw.uniform() + (draw.uniform() < 0.01 ? -3 : 1);
            return double ? Float64Array.from(values, next) : Float32Array.from(values, next);
          });
          const whole = Array.from({ length: count }, () => 10 ** magnitude * (1 + draw.uniform()));
          const before = Float64Array.from({ length }, () => 10 ** magnitude / length);
          const [expected, got] = [before.slice(), before.slice()];
          const sums = [new Float64Array(count), new Float64Array(count)];
          plainAddFrames(expected, frames, whole, sums[0], () => {});
          addFrames(fast, got, frames, whole, sums[1], () => {});
          const worstSum = Math.max(...Array.from(sums[1], (sum, i) => Math.abs(sum / sums[0][i] - 1)));
          expect(worstSum).toBeLessThan(double ? 1e-13 : 4e-7);
          let worst = 0;
          for (let p = 0; p < length; p++) {
            const size = frames.reduce((s, f, i) => s + Math.abs(f[p] * (whole[i] / sums[0][i])), before[p]);
            worst = Math.max(worst, Math.abs(got[p] - expected[p]) / size);
          }
          expect(worst).toBeLessThan(double ? 1e-13 : 2e-6);
        },
      ),
      { numRuns: 60, seed: 1 },
    );
  });

  test("stay where one frame is refused, and keep what is not finite", () => {
    const frame = Float32Array.from({ length: 40 }, (_, p) => (p === 9 ? Number.NaN : 5));
    const total = new Float64Array(40);
    const sums = new Float64Array(1);
    const refuse = (): void => {
      throw new Error("dark");
    };
    expect(() => addFrames(fast, total, [frame], [1], sums, refuse)).toThrow("dark");
    expect(total.every((v) => v === 0)).toBe(true);
    addFrames(fast, total, [frame], [1], sums, () => {
      sums[0] = 195;
    });
    expect(Number.isNaN(total[9])).toBe(true);
    expect(total[8]).toBeCloseTo(5 / 195, 12);
  });
});
