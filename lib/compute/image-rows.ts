// What happens to the rows of one image, in flat arrays that the caller owns: crop, bin, absorbance. A pixel without a value
// is NaN, and does not spread through a bin.

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
      // One NaN makes the sum NaN: only then is it worth looking at each pixel.
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

/** Products of counts outside of this range are close to what a number can hold: such bins go the long way. */
const [SMALLEST, LARGEST] = [1e-300, 1e300];

/** Sum of ln I0 over each bin, as the logarithm of a product; NaN where the bin must go the long way. */
export function sumOfLogs(i0: Float32Array, width: number, factor: number, rows: number): Float64Array {
  const columns = Math.floor(width / factor);
  const out = new Float64Array(rows * columns);
  for (let r = 0; r < rows; r++) {
    for (let c = 0; c < columns; c++) {
      let product = 1;
      let valid = true;
      for (let dy = 0, from = r * factor * width + c * factor; dy < factor; dy++, from += width) {
        for (let i = from; i < from + factor; i++) {
          const v = i0[i];
          if (!(v > 0)) valid = false;
          product *= v;
        }
      }
      out[r * columns + c] =
        valid && product > SMALLEST && product < LARGEST ? Math.log(product) : Number.NaN;
    }
  }
  return out;
}

/** How recorded counts are corrected, where they have not been yet. */
export interface Correction {
  /** [height, width] of the recorded image; empty: nothing is subtracted. */
  readonly dark: Float32Array;
  /** Counts at and above which a pixel has no value. */
  readonly saturation: number;
  /** Corrects counts [from, to) in place; `offset` is the place of the first of all counts in the image. */
  correct(counts: Float32Array, from: number, to: number, offset: number, scale: number): void;
}

/** For counts that are corrected already. */
export const corrected: Correction = {
  dark: new Float32Array(0),
  saturation: Number.POSITIVE_INFINITY,
  correct() {},
};

/**
 * Mean over factor x factor pixels of ln(I0 / I), of the valid ones.
 *
 * @param counts rows of the image, [rows * factor, width], as recorded or, with `corrected`, corrected already
 * @param offset place of the first count in the recorded image
 * @param i0 corrected counts of the flat, as long as `counts`
 * @param logs sumOfLogs(i0, ...)
 * @param out [rows, floor(width / factor)]
 * @returns how many samples were not positive
 */
export function absorbBins(
  counts: Float32Array,
  correction: Correction,
  scale: number,
  offset: number,
  i0: Float32Array,
  logs: Float64Array,
  width: number,
  factor: number,
  rows: number,
  out: Float32Array,
): number {
  const columns = Math.floor(width / factor);
  const inverse = 1 / (factor * factor);
  const logScale = Math.log(scale);
  const { saturation } = correction;
  const dark = correction.dark.length > 0 ? correction.dark : zerosFor(offset + counts.length);
  let nonPositive = 0;
  for (let r = 0; r < rows; r++) {
    for (let c = 0; c < columns; c++) {
      const corner = r * factor * width + c * factor;
      const bin = r * columns + c;
      let product = 1;
      let valid = !Number.isNaN(logs[bin]);
      for (let dy = 0, from = corner; dy < factor && valid; dy++, from += width) {
        let row = 1;
        for (let i = from; i < from + factor; i++) {
          const raw = counts[i];
          const v = raw - dark[offset + i];
          // Also false for NaN. Two values below the dark would make a positive product: each is looked at.
          if (!(v > 0 && raw < saturation)) valid = false;
          row *= v;
        }
        product *= row;
      }
      if (valid && product > SMALLEST && product < LARGEST)
        out[bin] = (logs[bin] - Math.log(product)) * inverse - logScale;
      else {
        for (let i = corner; i < corner + factor * width; i += width)
          correction.correct(counts, i, i + factor, offset, scale);
        nonPositive += meanOfLogs(counts, i0, corner, width, factor, out, bin);
      }
    }
  }
  return nonPositive;
}

let zeros: Float32Array = new Float32Array(0);

/** At least so many zeros; kept, because this is asked for once a frame. */
function zerosFor(length: number): Float32Array {
  if (zeros.length < length) zeros = new Float32Array(length);
  return zeros;
}

/** One bin the long way: a logarithm a pixel, over the pixels that have one. Returns how many samples were not positive. */
function meanOfLogs(
  counts: Float32Array,
  i0: Float32Array,
  corner: number,
  width: number,
  factor: number,
  out: Float32Array,
  bin: number,
): number {
  let sum = 0;
  let n = 0;
  let nonPositive = 0;
  for (let dy = 0; dy < factor; dy++) {
    for (let i = corner + dy * width; i < corner + dy * width + factor; i++) {
      if (counts[i] > 0 && i0[i] > 0) {
        sum += Math.log(i0[i] / counts[i]);
        n++;
      } else if (counts[i] <= 0 || i0[i] <= 0) nonPositive++;
    }
  }
  out[bin] = n === 0 ? Number.NaN : sum / n;
  return nonPositive;
}
