// Counts to absorbance in bins: the compiled kernel beside the plain loops, and both beside the meaning, one pixel at a time.
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  absorbFrame,
  absorbSlowly,
  type FrameRows,
  plainAbsorbFrame,
  plainSumLogs,
  sumLogs,
} from "../../lib/compute/frame-bins.js";
import { kernels } from "../../lib/compute/wasm.js";

const built = kernels() !== null;

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
    saturation: fc.constantFrom(Number.POSITIVE_INFINITY, 65535, 40000),
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
  it("is the mean of the pixels' logarithms, over those that have one, for any counts, bins, darks and saturation", () => {
    fc.assert(
      fc.property(frames, ({ shape, sample, flat }) => {
        const { width, rows, factor, saturation, scale, averaged } = shape;
        const counts = averaged ? Float32Array.from(sample, (v) => v + 0.25) : Uint16Array.from(sample);
        const dark =
          shape.dark === "none"
            ? null
            : Float32Array.from(sample, (_, i) => (shape.dark === "high" ? 500 : 89.5) + (i % 7));
        const frame: FrameRows = { counts, dark, saturation, width };
        const i0 = Float32Array.from(flat, (v, i) => (i % 97 === 13 ? Number.NaN : v));
        const n = rows * Math.floor(width / factor);
        const flatLogs = new Float64Array(n);
        sumLogs(
          { counts: i0, dark: null, saturation: Number.POSITIVE_INFINITY, width },
          factor,
          rows,
          flatLogs,
        );

        const [fast, plain] = [absorbFrame, plainAbsorbFrame].map((absorb) => {
          const out = new Float32Array(n);
          const slow = new Int32Array(n);
          const nSlow = absorb(frame, scale, flatLogs, factor, rows, out, slow);
          const list = Array.from(slow.subarray(0, nSlow));
          expect(list).toEqual(Array.from(out.keys()).filter((bin) => Number.isNaN(out[bin])));
          const leftOut = { saturated: 0, nonPositive: 0 };
          absorbSlowly(frame, scale, i0, factor, out, slow, nSlow, leftOut);
          return { out, list, leftOut };
        });
        expect(fast.list).toEqual(plain.list);
        expect(fast.leftOut).toEqual(plain.leftOut);
        const want = meaning(frame, scale, i0, factor, rows);
        for (const out of [fast.out, plain.out]) {
          want.forEach((v, bin) => {
            if (Number.isNaN(v)) expect(out[bin]).toBeNaN();
            else expect(Math.abs(out[bin] - v)).toBeLessThan(5e-7 * Math.max(1, Math.abs(v)));
          });
        }
      }),
      { numRuns: 400 },
    );
  });

  it("sums logarithms to 1e-6 of one pixel's in the compiled kernel", () => {
    const width = 64;
    const counts = Uint16Array.from({ length: width * 8 }, (_, i) => 1 + ((i * i * 7919) % 65535));
    const frame = { counts, dark: null, saturation: Number.POSITIVE_INFINITY, width };
    for (const factor of [1, 2, 3, 4, 8]) {
      const rows = Math.floor(8 / factor);
      const n = rows * Math.floor(width / factor);
      const [a, b] = [new Float64Array(n), new Float64Array(n)];
      sumLogs(frame, factor, rows, a);
      plainSumLogs(frame, factor, rows, b);
      for (let i = 0; i < n; i++) expect(Math.abs(a[i] - b[i])).toBeLessThan(1e-6);
    }
  });
});

/** One pixel at a time. */
function meaning(
  { counts, dark, saturation, width }: FrameRows,
  scale: number,
  i0: Float32Array,
  factor: number,
  rows: number,
): number[] {
  const columns = Math.floor(width / factor);
  return Array.from({ length: rows * columns }, (_, bin) => {
    const values: number[] = [];
    for (let y = 0; y < factor; y++) {
      for (let x = 0; x < factor; x++) {
        const i = (Math.floor(bin / columns) * factor + y) * width + (bin % columns) * factor + x;
        const v = scale * (counts[i] - (dark?.[i] ?? 0));
        if (counts[i] < saturation && v > 0 && i0[i] > 0) values.push(Math.log(i0[i] / v));
      }
    }
    return values.reduce((a, b) => a + b, 0) / values.length;
  });
}
