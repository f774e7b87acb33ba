// Crop, bin and absorbance of the rows of one image, in flat arrays of the caller. Pixels without a value are
// NaN, and a bin is the mean over its other pixels.

/** Columns [x0, x1) of each row. */
export function cropRows(
  input: Float32Array,
  width: number,
  [x0, x1]: readonly [number, number],
  rows: number,
  out: Float32Array,
): void {
  const columns = x1 - x0;
  for (let r = 0; r < rows; r++) {
    const from = r * width + x0;
    for (let c = 0; c < columns; c++) out[r * columns + c] = input[from + c];
  }
}

/** Mean over factor x factor pixels; where some have no value, over those that have. */
export function binRows(
  input: Float32Array,
  width: number,
  factor: number,
  rows: number,
  out: Float32Array,
): void {
  const columns = Math.floor(width / factor);
  const inverse = 1 / (factor * factor);
  for (let r = 0; r < rows; r++) {
    for (let c = 0; c < columns; c++) {
      let sum = 0;
      const corner = r * factor * width + c * factor;
      for (let dy = 0, from = corner; dy < factor; dy++, from += width) {
        for (let dx = 0; dx < factor; dx++) sum += input[from + dx];
      }
      // A NaN in the bin makes the sum NaN; only then each pixel is checked.
      out[r * columns + c] = Number.isNaN(sum) ? meanOfValid(input, corner, width, factor) : sum * inverse;
    }
  }
}

function meanOfValid(input: Float32Array, corner: number, width: number, factor: number): number {
  let sum = 0;
  let n = 0;
  for (let dy = 0; dy < factor; dy++) {
    for (let dx = 0; dx < factor; dx++) {
      const v = input[corner + dy * width + dx];
      if (!Number.isNaN(v)) {
        sum += v;
        n++;
      }
    }
  }
  return n === 0 ? Number.NaN : sum / n;
}

/**
 * ln(I0 / I); NaN where either is not positive. Returns how many samples were not.
 *
 * The logarithm of the ratio, not the difference of two logarithms kept in float32: that would lose a digit.
 */
export function absorbRows(counts: Float32Array, i0: Float32Array, out: Float32Array): number {
  let nonPositive = 0;
  for (let i = 0; i < counts.length; i++) {
    const v = counts[i];
    if (v > 0 && i0[i] > 0) out[i] = Math.log(i0[i] / v);
    else {
      if (v <= 0 || i0[i] <= 0) nonPositive++;
      out[i] = Number.NaN;
    }
  }
  return nonPositive;
}

/** Adds the valid values of a frame to a weighted sum. */
export function accumulate(frame: Float32Array, w: number, sum: Float64Array, weight: Float64Array): void {
  for (let i = 0; i < sum.length; i++) {
    const v = frame[i];
    if (!Number.isNaN(v)) {
      sum[i] += w * v;
      weight[i] += w;
    }
  }
}
