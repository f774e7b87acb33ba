// Blocks of an image, in which the scatter of a deviation is known. Their borders are the same for all parts of an
// image, so that an image that is looked at in bands has the same glitches as one that is looked at as a whole.

/** A part of an image: its rows and columns. */
export interface Part {
  readonly top: number;
  readonly bottom: number;
  readonly left: number;
  readonly right: number;
}

/** Rows and columns of an image. */
interface Shape {
  readonly height: number;
  readonly width: number;
}

/** Ends of the blocks along an axis: at least twice as long as the largest glitch, so that it is the exception. */
function ends(length: number, size: number): number[] {
  const n = Math.max(1, Math.floor(length / (2 * size)));
  return Array.from({ length: n + 1 }, (_, i) => Math.round((i * length) / n));
}

/** The whole blocks around a part of the image and the pixels beside it. */
export function blocksAround(part: Part, { height, width }: Shape, size: number): Part {
  const along = (from: number, to: number, length: number): [number, number] => {
    const all = ends(length, size);
    return [
      all.findLast((end) => end <= Math.max(0, from - 1)) ?? 0,
      all.find((end) => end >= Math.min(length, to + 1)) ?? length,
    ];
  };
  const [top, bottom] = along(part.top, part.bottom, height);
  const [left, right] = along(part.left, part.right, width);
  return { top, bottom, left, right };
}

/** The blocks of a part that `blocksAround` returned, as parts of it. */
export function blocksOf(part: Part, { height, width }: Shape, size: number): Part[] {
  const along = (from: number, to: number, length: number): [number, number][] => {
    const own = ends(length, size).filter((end) => end >= from && end <= to);
    return own.slice(1).map((end, i) => [own[i] - from, end - from]);
  };
  return along(part.top, part.bottom, height).flatMap(([top, bottom]) =>
    along(part.left, part.right, width).map(([left, right]) => ({ top, bottom, left, right })),
  );
}

/** Blocks with fewer values have no scatter. */
const LEAST = 16;
/** Standard deviation over median absolute deviation, for normal numbers. */
const PER_MAD = 1.4826;

/**
 * Writes the values of a block without their median and slopes, and the same over their scatter.
 *
 * @param noise of each pixel, relative to the others
 */
export function flatten(
  block: Part,
  columns: number,
  values: Float32Array,
  noise: Float32Array,
  residual: Float32Array,
  z: Float32Array,
): void {
  const { top, bottom, left, right } = block;
  const [rows, half] = [(bottom - top) >> 1, (right - left) >> 1];
  const slope = (low: Part, high: Part, distance: number): number =>
    (medianOf(values, high, columns) - medianOf(values, low, columns)) / distance || 0;
  const slopeY = slope(
    { ...block, bottom: top + rows },
    { ...block, top: bottom - rows },
    bottom - top - rows,
  );
  const slopeX = slope(
    { ...block, right: left + half },
    { ...block, left: right - half },
    right - left - half,
  );
  for (let y = top; y < bottom; y++) {
    for (let x = left, p = y * columns + x; x < right; x++, p++) {
      residual[p] = values[p] - slopeY * (y - top) - slopeX * (x - left);
    }
  }
  const middle = medianOf(residual, block, columns);
  for (let y = top; y < bottom; y++) {
    for (let x = left, p = y * columns + x; x < right; x++, p++) {
      residual[p] -= middle;
      z[p] = residual[p] / noise[p];
    }
  }
  scale(block, columns, z, z);
}

/** Writes the values of a block over their robust standard deviation from zero; NaN where there are too few. */
export function scale(block: Part, columns: number, values: Float32Array, out: Float32Array): void {
  const { top, bottom, left, right } = block;
  const sigma = PER_MAD * medianOf(values, block, columns, true) || Number.MIN_VALUE;
  for (let y = top; y < bottom; y++) {
    for (let x = left, p = y * columns + x; x < right; x++, p++) out[p] = values[p] / sigma;
  }
}

/** Writes the mean of each pixel of a block and of those beside it in the block. */
export function meanOf3x3(block: Part, columns: number, values: Float32Array, out: Float32Array): void {
  const { top, bottom, left, right } = block;
  for (let y = top; y < bottom; y++) {
    for (let x = left; x < right; x++) {
      let [sum, n] = [0, 0];
      for (let r = Math.max(top, y - 1); r < Math.min(bottom, y + 2); r++) {
        for (let c = Math.max(left, x - 1); c < Math.min(right, x + 2); c++) {
          const v = values[r * columns + c];
          if (Number.isNaN(v)) continue;
          sum += v;
          n++;
        }
      }
      const p = y * columns + x;
      out[p] = Number.isNaN(values[p]) ? Number.NaN : sum / n;
    }
  }
}

let scratch = new Float64Array(1024);

/** Median of the values of a part, or of their absolute values; the upper of two, NaN where there are too few. */
export function medianOf(values: Float32Array, part: Part, columns: number, absolute = false): number {
  const { top, bottom, left, right } = part;
  const area = (bottom - top) * (right - left);
  if (scratch.length < area) scratch = new Float64Array(area);
  let n = 0;
  for (let y = top; y < bottom; y++) {
    for (let x = left, p = y * columns + x; x < right; x++, p++) {
      if (!Number.isNaN(values[p])) scratch[n++] = absolute ? Math.abs(values[p]) : values[p];
    }
  }
  return n < LEAST ? Number.NaN : selected(n >> 1, n);
}

/** The number that is at a place after sorting the first n numbers of the scratch (quickselect). */
function selected(wanted: number, n: number): number {
  let [low, high] = [0, n - 1];
  while (low < high) {
    const pivot = scratch[(low + high) >> 1];
    let [i, j] = [low, high];
    while (i <= j) {
      while (scratch[i] < pivot) i++;
      while (scratch[j] > pivot) j--;
      if (i > j) break;
      const swapped = scratch[i];
      scratch[i++] = scratch[j];
      scratch[j--] = swapped;
    }
    if (wanted <= j) high = j;
    else if (wanted >= i) low = i;
    else break;
  }
  return scratch[wanted];
}
