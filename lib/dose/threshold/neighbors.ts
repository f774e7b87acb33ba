// Correlated noise of neighboring pixels, and the covariance of means over pixels of similar dose.
/**
 * Correlation of the noise of two pixels: `common` times along^|dx| across^|dy|; the rest of the variance is
 * independent.
 */
export interface Neighbors {
  readonly common: number;
  readonly along: number;
  readonly across: number;
}

/** Correlation of noise that is constant over squares of `size` pixels. */
export function squares(size: number): Neighbors {
  const rho = (size - 1) / (size + 1);
  return { common: 1, along: rho, across: rho };
}

/** Effective number of independent pixels, and correlation length along each axis in pixels. */
export function summary({ common, along, across }: Neighbors, n: number) {
  const length = (rho: number): number => (1 + rho) / (1 - rho);
  const own = (rho: number): number => 1 - common + common * length(rho);
  return {
    correlation: [own(along), own(across)] as const,
    effective: Math.max(1, n / (1 - common + common * length(along) * length(across))),
  };
}

/**
 * Correlation of deviations on an image, from their products at distances along rows and columns, up to the
 * first insignificant one.
 *
 * @param deviation shape [height, width]; NaN where there is none
 */
export function neighbors(deviation: Float64Array, width: number, height: number): Neighbors {
  let n = 0;
  let power = 0;
  for (const v of deviation) {
    if (Number.isNaN(v)) continue;
    n++;
    power += v * v;
  }
  const lag = (dx: number, dy: number): number => {
    let [sum, pairs] = [0, 0];
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
  // Two standard errors of the correlation for independent noise; the sum ends below it.
  const least = Math.max(0.02, 2 / Math.sqrt(n));
  const axis = (of: (k: number) => number, most: number) => {
    let [sum, moment] = [0, 0];
    for (let k = 1; k < most; k++) {
      const rho = of(k);
      if (rho < least) break;
      sum += rho;
      moment += k * rho;
    }
    if (sum === 0) return { common: 0, rho: 0, sum };
    // For common rho^k the sum is common rho / (1 - rho), and the first moment is this sum over 1 - rho.
    const rho = Math.min(1 - sum / moment, LONGEST);
    return { common: rho > 0 ? (sum * (1 - rho)) / rho : 1, rho, sum };
  };
  const row = axis((k) => lag(k, 0), width / 2);
  const column = axis((k) => lag(0, k), height / 2);
  const common = Math.max(row.common, column.common);
  // Noise that is smooth between pixels has no independent part. The sum then determines the decay alone.
  const decay = (of: typeof row): number =>
    common < 1 && of.rho > 0 ? of.rho : Math.min(of.sum / (1 + of.sum), LONGEST);
  return { common: Math.min(common, 1), along: decay(row), across: decay(column) };
}

const LONGEST = 0.995;

/** Groups of pixels of similar dose. */
export interface GroupNoise {
  readonly group: Int32Array;
  readonly size: Int32Array;
  /** Standard deviation of a pixel in each group. */
  readonly sigma: Float64Array;
}

/**
 * Covariance of group means, row-major.
 *
 * The sum of rho^|k| times the pixels of a group is computed along rows and then along columns by recursion.
 * The cost per group is one pass over the image for any correlation length.
 *
 * @param group number of each pixel's group, shape [height, width]; -1 for none
 */
export function covarianceOfMeans(
  { group, size, sigma }: GroupNoise,
  { common, along, across }: Neighbors,
  width: number,
): Float64Array {
  const n = size.length;
  const covariance = new Float64Array(n * n);
  const field = new Float64Array(group.length);
  const scratch = new Float64Array(group.length);
  for (let g = 0; g < n; g++) {
    if (common > 0) {
      for (let p = 0; p < group.length; p++) field[p] = group[p] === g ? 1 : 0;
      spread(field, scratch, 1, width, along);
      spread(field, scratch, width, group.length, across);
      for (let p = 0; p < group.length; p++) {
        if (group[p] >= 0) covariance[g * n + group[p]] += common * field[p];
      }
    }
    covariance[g * n + g] += (1 - common) * size[g];
  }
  for (let g = 0; g < n; g++) {
    for (let h = 0; h < n; h++) covariance[g * n + h] *= (sigma[g] * sigma[h]) / (size[g] * size[h]);
    // Rounding must not make the matrix indefinite.
    covariance[g * n + g] *= 1 + 1e-9;
  }
  return covariance;
}

/** Sum of rho^|k| times the values at distance k, in place, within runs of `period` values. */
function spread(
  values: Float64Array,
  scratch: Float64Array,
  stride: number,
  period: number,
  rho: number,
): void {
  if (rho === 0) return;
  const n = values.length;
  scratch.set(values);
  const runs = stride === 1 ? n / period : stride;
  const length = period / stride;
  for (let run = 0; run < runs; run++) {
    const first = stride === 1 ? run * period : run;
    let sum = 0;
    for (let k = 0, i = first; k < length; k++, i += stride) {
      sum = sum * rho + scratch[i];
      values[i] = sum;
    }
    sum = 0;
    for (let k = length - 1, i = first + (length - 1) * stride; k >= 0; k--, i -= stride) {
      values[i] += sum;
      sum = (sum + scratch[i]) * rho;
    }
  }
}
