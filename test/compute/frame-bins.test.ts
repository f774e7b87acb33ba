// Counts to absorbance in bins: the compiled kernels beside the plain loops, and both beside the meaning, one pixel at a time.
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { absorbSlowly, frameBuffer } from "../../lib/compute/frame-bins.js";
import type { FrameBuffer } from "../../lib/compute/frame-buffer.js";
import { ownKernels } from "../../lib/compute/wasm.js";

const built = ownKernels();

/** A buffer in the kernels' memory, where there are any, and a plain one. */
function buffers(pixels: number, bins: number): FrameBuffer[] {
  built?.release();
  const plain = frameBuffer(null, pixels, bins, true);
  return built ? [frameBuffer(built, pixels, bins, true), plain] : [plain];
}

const count = fc.oneof(
  { weight: 30, arbitrary: fc.integer({ min: 100, max: 65535 }) },
  fc.constantFrom(0, 1, 3, 90, 65534, 65535),
);

const frames = fc
  .record({
    columns: fc.integer({ min: 1, max: 9 }),
    rest: fc.integer({ min: 0, max: 3 }),
    rows: fc.integer({ min: 1, max: 3 }),
    factor: fc.oneof(fc.constant(4), fc.integer({ min: 1, max: 9 })),
    dark: fc.constantFrom("none", "flat", "high"),
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
        const kind = averaged ? 32 : 16;
        const dark = Float32Array.from(sample, (_, i) => (shape.dark === "high" ? 500 : 89.5) + (i % 7));
        const hasDark = shape.dark !== "none";
        const i0 = Float32Array.from(flat, (v, i) => (i % 97 === 13 ? Number.NaN : v));
        const n = rows * Math.floor(width / factor);
        const results = buffers(sample.length, n).map((buffer) => {
          buffer.counts32.set(i0);
          buffer.meanLogs(32, false, Number.POSITIVE_INFINITY, width, factor, rows);
          buffer.flat.set(buffer.logs.subarray(0, n));
          if (averaged) buffer.counts32.set(sample.map((v, i) => (i % 89 === 5 ? Number.NaN : v + 0.25)));
          else buffer.counts16.set(sample);
          buffer.dark.set(dark);
          buffer.meanLogs(kind, hasDark, saturation, width, factor, rows);
          const out = new Float32Array(n);
          const nSlow = buffer.absorb(n, scale, out);
          const list = Array.from(buffer.slow.subarray(0, nSlow));
          expect(list).toEqual(Array.from(out.keys()).filter((bin) => Number.isNaN(out[bin])));
          const counts = averaged ? buffer.counts32 : buffer.counts16;
          const leftOut = { saturated: 0, nonPositive: 0 };
          for (const bin of list) {
            const own = Float32Array.from(pixelsOf(bin, width, factor), (i) => i0[i]);
            const below = hasDark ? buffer.dark : null;
            out[bin] = absorbSlowly(counts, below, saturation, scale, own, width, factor, bin, leftOut);
          }
          const want = meaning(counts, hasDark ? dark : null, saturation, scale, i0, width, factor, n);
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
            buffer.dark.fill(99.5);
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
