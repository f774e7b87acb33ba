// The kernels beside their meaning, written out: one number per pixel, no short cut.
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { absorbRows, binRows, cropRows } from "../../lib/compute/image-rows.js";

const counts = fc.oneof(
  { weight: 6, arbitrary: fc.integer({ min: 0, max: 65535 }) },
  fc.constantFrom(0, 1, 65535, -3, Number.NaN, 1e20),
);
const images = fc
  .record({
    width: fc.integer({ min: 1, max: 11 }),
    height: fc.integer({ min: 1, max: 9 }),
    factor: fc.integer({ min: 1, max: 8 }),
  })
  .filter(({ width, height, factor }) => factor <= width && factor <= height)
  .chain((shape) => {
    const image = fc.array(counts, {
      minLength: shape.width * shape.height,
      maxLength: shape.width * shape.height,
    });
    return fc.record({ shape: fc.constant(shape), sample: image, flat: image });
  });

/** Mean of f over the pixels of each bin that have a value. */
function bins(width: number, factor: number, rows: number, f: (i: number) => number): number[] {
  const columns = Math.floor(width / factor);
  return Array.from({ length: rows * columns }, (_, bin) => {
    const values: number[] = [];
    for (let dy = 0; dy < factor; dy++) {
      for (let dx = 0; dx < factor; dx++) {
        values.push(f((Math.floor(bin / columns) * factor + dy) * width + (bin % columns) * factor + dx));
      }
    }
    const valid = values.filter((v) => !Number.isNaN(v));
    return valid.reduce((s, v) => s + v, 0) / valid.length;
  });
}

function expectSame(got: ArrayLike<number>, want: readonly number[], tolerance: (v: number) => number): void {
  expect(got.length).toBe(want.length);
  for (const [i, v] of want.entries()) {
    if (Number.isNaN(v)) expect(got[i]).toBeNaN();
    else expect(Math.abs(got[i] - v)).toBeLessThanOrEqual(tolerance(v));
  }
}

describe("image rows", () => {
  test("absorbance and bins are those of the pixels that have a value, for any counts", () => {
    fc.assert(
      fc.property(images, ({ shape: { width, height, factor }, sample, flat }) => {
        const rows = Math.floor(height / factor);
        const [I, I0] = [Float32Array.from(sample), Float32Array.from(flat)];
        const ln = (i: number): number => (I[i] > 0 && I0[i] > 0 ? Math.log(I0[i] / I[i]) : Number.NaN);
        const whole = new Float32Array(I.length);
        absorbRows(I, I0, whole);
        expectSame(
          whole,
          Array.from(I, (_, i) => ln(i)),
          (v) => 1e-6 * Math.max(1, Math.abs(v)),
        );
        const out = new Float32Array(rows * Math.floor(width / factor));
        binRows(whole, width, factor, rows, out);
        expectSame(out, bins(width, factor, rows, ln), (v) => 2e-6 * Math.max(1, Math.abs(v)));
      }),
      { numRuns: 300, seed: 3 },
    );
  });

  test("bins and crops keep each value at its place", () => {
    const image = Float32Array.from([1, 2, 3, 4, Number.NaN, 6, 7, 8]);
    const [cropped, binned] = [new Float32Array(4), new Float32Array(2)];
    cropRows(image, 4, [1, 3], 2, cropped);
    expect(Array.from(cropped)).toEqual([2, 3, 6, 7]);
    binRows(image, 4, 2, 1, binned);
    expect(Array.from(binned)).toEqual([3, 5.5]);
  });
});
