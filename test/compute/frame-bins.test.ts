// Counts to absorbance in bins: the compiled kernels beside the plain loops, and both beside the meaning, one pixel at a time.
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { absorbSlowly, frameBuffer } from "../../lib/compute/frame-bins.js";
import { CORRECTED, type CountsOf, type FrameBuffer } from "../../lib/compute/frame-buffer.js";
import { ownKernels } from "../../lib/compute/wasm.js";

const built = ownKernels();

/** A buffer in the kernels' memory, where there are any, and a plain one. */
function buffers(pixels: number, bins: number): FrameBuffer[] {
  built?.release();
  const use = { pixels, bins, means: true, sums: true };
  const plain = frameBuffer(null, use);
  return built ? [frameBuffer(built, use), plain] : [plain];
}

const count = fc.oneof(
  { weight: 30, arbitrary: fc.integer({ min: 100, max: 65535 }) },
  fc.constantFrom(0, 1, 3, 90, 65534, 65535),
);

/** Darks by their kind: the unusual ones are below zero, beyond 16 bits, or none. */
const DARKS = {
  none: () => 0,
  flat: (i: number) => 89.5 + (i % 7),
  high: (i: number) => 500 + (i % 7),
  unusual: (i: number) => [89.5, -3, 70000, Number.NaN, 90][i % 31] ?? 89.5,
} as const;

/** Bins without a value. */
const without = (values: Float32Array): number[] =>
  Array.from(values.keys()).filter((bin) => Number.isNaN(values[bin]));

const frames = fc
  .record({
    columns: fc.integer({ min: 1, max: 9 }),
    rest: fc.integer({ min: 0, max: 3 }),
    rows: fc.integer({ min: 1, max: 3 }),
    factor: fc.oneof(fc.constant(4), fc.integer({ min: 1, max: 9 })),
    dark: fc.constantFrom("none", "flat", "high", "unusual"),
    saturation: fc.constantFrom(Number.POSITIVE_INFINITY, 65535, 40000, 39999.5),
    scale: fc.constantFrom(1, 0.25, 1.7),
    averaged: fc.boolean(),
  })
  .chain((shape) => {
    const width = shape.columns * shape.factor + Math.min(shape.rest, shape.factor - 1);
    const pixels = shape.rows * shape.factor * width;
    const image = fc.array(count, { minLength: pixels, maxLength: pixels });
    return fc.record({ shape: fc.constant({ ...shape, width }), sample: image, flat: image });
  });

describe(`absorbance of frames${built ? "" : " (plain loops only: no dist/compute/kernels.wasm)"}`, () => {
  test("is the mean of the pixels' logarithms, over those that have one, for any counts, bins, darks and saturation", () => {
    fc.assert(
      fc.property(frames, ({ shape, sample, flat }) => {
        const { width, rows, factor, saturation, scale, averaged } = shape;
        const dark = Float32Array.from(sample, (_, i) => DARKS[shape.dark](i));
        const hasDark = shape.dark !== "none" && !averaged;
        const counted: CountsOf = averaged
          ? { ...CORRECTED, scale }
          : { kind: 16, scale, dark: hasDark, saturation };
        const limit = counted.saturation;
        const grid = { width, factor, rows };
        const i0 = Float32Array.from(flat, (v, i) => (i % 97 === 13 ? Number.NaN : v));
        const n = rows * Math.floor(width / factor);
        const results = buffers(sample.length, n).map((buffer) => {
          buffer.counts32.set(i0);
          const known = new Float32Array(n);
          const missing = buffer.logs(CORRECTED, grid, known);
          expect(Array.from(buffer.slow.subarray(0, missing))).toEqual(without(known));
          buffer.flat.set(known);
          if (averaged) buffer.counts32.set(sample.map((v, i) => (i % 89 === 5 ? Number.NaN : v - 50.25)));
          else buffer.counts16.set(sample);
          buffer.setDark((own) => own.set(dark));
          const out = new Float32Array(n);
          const nSlow = buffer.absorb(counted, grid, out);
          const list = Array.from(buffer.slow.subarray(0, nSlow));
          expect(list).toEqual(without(out));
          const counts = averaged ? buffer.counts32 : buffer.counts16;
          const leftOut = { saturated: 0, nonPositive: 0 };
          for (const bin of list) {
            const own = Float32Array.from(pixelsOf(bin, width, factor), (i) => i0[i]);
            const below = hasDark ? buffer.dark : null;
            out[bin] = absorbSlowly(counts, below, limit, scale, own, width, factor, bin, leftOut);
          }
          const want = meaning(counts, hasDark ? dark : null, limit, scale, i0, width, factor, n);
          return { out, list, leftOut, want };
        });
        for (const { out, list, leftOut, want } of results) {
          expect(list).toEqual(results[0].list);
          expect(leftOut).toEqual(results[0].leftOut);
          want.forEach((v, bin) => {
            if (Number.isNaN(v)) expect(out[bin]).toBeNaN();
            // Means of logarithms, up to 5.5 away from ln 256, are kept in float32: 2.4e-7 each at most, and what they are made of.
            else expect(Math.abs(out[bin] - v)).toBeLessThan(1e-6);
          });
        }
      }),
      { numRuns: 400 },
    );
  });

  test("adds what images have of their own sum, without saturated counts in it and without a value for their pixels", () => {
    const image = fc.record({
      n: fc.integer({ min: 1, max: 32 }),
      // Past a whole vector, and past what a lane of 32 bits can hold.
      pixels: fc.oneof(
        { weight: 20, arbitrary: fc.integer({ min: 1, max: 45 }) },
        { weight: 1, arbitrary: fc.constantFrom(65_536, 65_549) },
      ),
      saturation: fc.constantFrom(Number.POSITIVE_INFINITY, 65_535, 49_000.5),
      dark: fc.boolean(),
      averaged: fc.boolean(),
      seed: fc.integer({ min: 1, max: 1e6 }),
    });
    fc.assert(
      fc.property(image, ({ n, pixels, saturation, dark, averaged, seed }) => {
        const counts: CountsOf = averaged ? CORRECTED : { kind: 16, scale: 0.5, dark, saturation };
        for (const buffer of buffers(pixels, 1)) {
          buffer.setDark((own) => own.set(own.map((_, i) => 99.5 + (i % 3))));
          const darkSum = buffer.dark.reduce((sum, d) => sum + d, 0);
          // Twice: nothing of one sum is left in the next.
          for (const round of [1, 2]) {
            const want = new Float64Array(pixels);
            const size = new Float64Array(pixels);
            for (let m = 0; m < n; m++) {
              let total = 0;
              const values = Float64Array.from({ length: pixels }, (_, i) => {
                const v = (seed * (m + round) * (i + 7)) % (i % 5 === 0 ? 65_536 : 48_000);
                if (averaged) buffer.counts32[i] = i % 41 === 40 ? Number.NaN : v;
                else buffer.counts16[i] = v;
                if (averaged ? i % 41 === 40 : v >= saturation) return Number.NaN;
                const value = v - (dark && !averaged ? buffer.dark[i] : 0);
                total += value;
                return value;
              });
              // Sums of float32 keep 4e-7 of their terms, those of integers all.
              const terms = averaged ? 65_536 * pixels * 4e-7 : 1e-9 * 65_536 * pixels;
              expect(Math.abs(buffer.total(counts, pixels, darkSum) - total)).toBeLessThan(terms + 1e-9);
              const weight = 1e20 * (1 + m);
              buffer.addWeighted(counts, pixels, weight);
              values.forEach((v, i) => {
                want[i] += weight * v;
                size[i] += weight * (Math.abs(v) + 200);
              });
            }
            const got = new Float64Array(pixels);
            buffer.takeWeighted(got, 2 ** 30);
            const isWrong = (v: number, i: number): boolean =>
              Number.isNaN(want[i]) ? !Number.isNaN(v) : !(Math.abs(v - want[i]) <= 2e-6 * size[i]);
            expect(got.findIndex(isWrong)).toBe(-1);
          }
        }
      }),
      { numRuns: 60 },
    );
  });

  test("averages images as their weighted mean over the unsaturated ones, whatever their number", () => {
    const image = fc.record({
      n: fc.integer({ min: 1, max: 40 }),
      pixels: fc.integer({ min: 1, max: 37 }),
      saturation: fc.constantFrom(Number.POSITIVE_INFINITY, 60000, 300),
      seed: fc.integer({ min: 1, max: 1e6 }),
      dark: fc.boolean(),
    });
    fc.assert(
      fc.property(image, ({ n, pixels, saturation, seed, dark }) => {
        for (const buffer of buffers(pixels, 1)) {
          // Twice: nothing of one mean is left in the next.
          for (const round of [0, 1]) {
            buffer.clear(pixels);
            const sums = Array.from({ length: pixels }, () => ({ sum: 0, weight: 0 }));
            buffer.setDark((own) => own.fill(99.5));
            for (let m = 0; m < n; m++) {
              const [scale, sweeps] = [1 + 0.01 * (m % 5), 1 + (m % 3)];
              let saturated = 0;
              for (let i = 0; i < pixels; i++) {
                const v = (seed * (m + 1) * (i + 7) + round) % (i === 0 ? 65536 : 50000);
                buffer.counts16[i] = v;
                if (v >= saturation) saturated++;
                else {
                  sums[i].sum += sweeps * scale * (v - (dark ? 99.5 : 0));
                  sums[i].weight += sweeps;
                }
              }
              expect(buffer.add(pixels, saturation, scale, sweeps)).toBe(saturated);
            }
            buffer.mean(pixels, dark);
            for (const [i, { sum, weight }] of sums.entries()) {
              if (weight === 0) expect(buffer.counts32[i]).toBeNaN();
              else expect(Math.abs(buffer.counts32[i] - sum / weight)).toBeLessThan(2e-7 * 65536);
            }
          }
        }
      }),
      { numRuns: 100 },
    );
  });
});

function pixelsOf(bin: number, width: number, factor: number): number[] {
  const columns = Math.floor(width / factor);
  const corner = Math.floor(bin / columns) * factor * width + (bin % columns) * factor;
  return Array.from(
    { length: factor ** 2 },
    (_, j) => corner + Math.floor(j / factor) * width + (j % factor),
  );
}

/** One pixel at a time. */
function meaning(
  counts: Uint16Array | Float32Array,
  dark: Float32Array | null,
  saturation: number,
  scale: number,
  i0: Float32Array,
  width: number,
  factor: number,
  n: number,
): number[] {
  return Array.from({ length: n }, (_, bin) => {
    const values = pixelsOf(bin, width, factor).flatMap((i) => {
      const v = scale * (counts[i] - (dark?.[i] ?? 0));
      return counts[i] < saturation && v > 0 && i0[i] > 0 ? [Math.log(i0[i] / v)] : [];
    });
    return values.reduce((a, b) => a + b, 0) / values.length;
  });
}
