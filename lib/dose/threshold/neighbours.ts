// Neighbouring pixels share their fate: how far, how many independent pixels there are, and blocks to draw in.

/** How much neighbours share, and what follows. */
export interface Neighbours {
  /** Pixels over which deviations are alike along a row and along a column: 1 for independent pixels. */
  readonly correlation: readonly [number, number];
  /** Pixels that would tell as much if they were independent. */
  readonly effective: number;
  /** Sum of k rho(k) along a row and along a column, pixels: what blocks lose at their edges. */
  readonly reach: readonly [number, number];
}

/** Blocks that leave fewer than this to draw from say little about how much draws differ. */
const LEAST_BLOCKS = 25;

/** A block as wide as this many correlation lengths has little in common with the next. */
const LENGTHS = 2;

/**
 * Correlation lengths of deviations on an image: 1 + 2 sum rho(k), up to the first lag without correlation.
 *
 * @param deviation shape [height, width]; NaN where there is none
 */
export function neighbours(deviation: Float64Array, width: number, height: number): Neighbours {
  let n = 0;
  let power = 0;
  for (const v of deviation) {
    if (Number.isNaN(v)) continue;
    n++;
    power += v * v;
  }
  const lag = (dx: number, dy: number): number => {
    let sum = 0;
    let pairs = 0;
    for (let y = 0; y + dy < height; y++) {
      for (let x = 0, i = y * width; x + dx < width; x++, i++) {
        const product = deviation[i] * deviation[i + dy * width + dx];
        if (Number.isNaN(product)) continue;
        sum += product;
        pairs++;
      }
    }
    return pairs === 0 || power === 0 ? 0 : sum / pairs / (power / n);
  };
  // What noise alone gives at a lag, twice; below it the sum would only gather noise.
  const least = Math.max(0.05, 2 / Math.sqrt(n));
  const along = (of: (k: number) => number, most: number) => {
    const sums = { length: 1, reach: 0 };
    for (let k = 1; k < most; k++) {
      const rho = of(k);
      if (rho < least) break;
      sums.length += 2 * rho;
      sums.reach += k * rho;
    }
    return sums;
  };
  const row = along((k) => lag(k, 0), width / 2);
  const column = along((k) => lag(0, k), height / 2);
  return {
    correlation: [row.length, column.length],
    reach: [row.reach, column.reach],
    effective: Math.max(1, n / (row.length * column.length)),
  };
}

/**
 * Share of the variance of a mean that blocks of a side still show: neighbours across their edges are drawn apart.
 *
 * @see H. R. Kuensch, Annals of Statistics 17 (1989) 1217, for the bias of the blockwise variance
 */
export function keptByBlocks({ correlation, reach }: Neighbours, side: number): number {
  const kept = correlation.map((length, axis) => 1 - (2 * reach[axis]) / (side * length));
  return Math.max(LEAST_KEPT, kept[0]) * Math.max(LEAST_KEPT, kept[1]);
}

/** Blocks narrower than the correlation would need a correction that is itself a guess. */
const LEAST_KEPT = 0.5;

/** Side of square blocks, pixels: some correlation lengths, but so small that enough of them cover the chosen pixels. */
export function blockSide({ correlation }: Neighbours, nPixels: number): number {
  const wanted = Math.ceil(LENGTHS * Math.max(...correlation));
  return Math.max(1, Math.min(wanted, Math.floor(Math.sqrt(nPixels / LEAST_BLOCKS))));
}

/**
 * Number of the block in which each pixel lies.
 *
 * @param index row-major pixel of each point
 */
export function blockOf(index: Int32Array, width: number, side: number): Int32Array {
  const perRow = Math.ceil(width / side);
  return index.map((p) => Math.floor(Math.floor(p / width) / side) * perRow + Math.floor((p % width) / side));
}
