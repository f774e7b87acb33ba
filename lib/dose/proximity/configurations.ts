// The maps of all configurations on one coarse grid, and the dose that each pixel receives from its
// neighborhood.
import { polynomialFit } from "../../compute/polynomial.js";
import { MAD_TO_SIGMA, medianAbsoluteDeviation } from "../../compute/stats.js";
import { DataError, quote, SchemaError } from "../../errors.js";
import { positive } from "../check.js";
import { checkMap, doseValues, type MapLike } from "../threshold/maps.js";
import { neighborWeights } from "./kernels.js";

/** Dose and response of one configuration, maps of the same size. */
export interface ProximitySet {
  /** Dose map with its pixel size. */
  readonly dose: MapLike;
  readonly response: MapLike;
  /** Displayed name: "farther". */
  readonly name?: string;
}

/** One configuration on the grid of the analysis. */
export interface Configuration {
  readonly name: string;
  readonly width: number;
  readonly height: number;
  /** MGy where the dose map was in Gy. */
  readonly dose: Float64Array;
  readonly response: Float64Array;
  /** Row-major indices of the pixels with dose and response. */
  readonly pixels: Int32Array;
  /** Block of each of these pixels, numbered over all configurations. */
  readonly block: Int32Array;
}

/** All configurations. */
export interface AnalysisGrid {
  readonly configurations: readonly Configuration[];
  readonly unit: string;
  /** um */
  readonly pixelSize: number;
  readonly nBlocks: number;
  /** um */
  readonly blockSize: number;
}

/** Largest number of pixels of an image; larger images are averaged over squares. */
const MOST_PIXELS = 2000;

/** Number of blocks per image, unless their size is given. */
const BLOCKS = 36;

/** Smallest number of blocks for a comparison. */
const LEAST_BLOCKS = 12;

/**
 * @throws SchemaError without a pixel size, or where units or pixel sizes differ; ShapeError where the maps
 *   differ in size; DataError for too few pixels or blocks with dose and response
 */
export function readConfigurations(
  call: string,
  sets: readonly ProximitySet[],
  blockSize: number | undefined,
): AnalysisGrid {
  if (blockSize !== undefined) positive(call, "blockSize", blockSize, "um");
  const maps = sets.map((set, i) => {
    const dose = checkMap(call, "dose", set.dose);
    const response = checkMap(call, "response", set.response, dose);
    if (!(dose.pixelSize !== undefined && dose.pixelSize > 0)) {
      throw new SchemaError(
        `${call}: expected dose maps with a pixelSize in um, got ${quote(dose.pixelSize)}; lengths are measured with it`,
      );
    }
    return { ...doseValues(call, dose), dose, response, name: set.name ?? `configuration ${i + 1}` };
  });
  const { pixelSize: raw, unit } = { pixelSize: maps[0].dose.pixelSize as number, unit: maps[0].unit };
  for (const map of maps) {
    if (map.unit === unit && Math.abs((map.dose.pixelSize as number) / raw - 1) < 1e-6) continue;
    throw new SchemaError(
      `${call}: expected all dose maps in ${quote(unit)} with pixels of ${raw} um, got ${quote(map.unit)} and ${quote(map.dose.pixelSize)} um; bin them alike`,
    );
  }
  const largest = Math.max(...maps.map((m) => m.dose.width * m.dose.height));
  const factor = Math.max(1, Math.ceil(Math.sqrt(largest / MOST_PIXELS)));
  const pixelSize = raw * factor;
  const [height, width] = [Math.floor(maps[0].dose.height / factor), Math.floor(maps[0].dose.width / factor)];
  const side = Math.max(
    2,
    Math.round((blockSize ?? Math.sqrt((width * height) / BLOCKS) * pixelSize) / pixelSize),
  );
  let nBlocks = 0;
  const configurations = maps.map(({ values, response, dose, name }) => {
    const own = { width: Math.floor(dose.width / factor), height: Math.floor(dose.height / factor) };
    const doses = squares(values, dose.width, own, factor);
    const responses = squares(response.values, dose.width, own, factor);
    const pixels = Int32Array.from(doses.keys()).filter(
      (p) => Number.isFinite(doses[p]) && Number.isFinite(responses[p]),
    );
    const numbers = new Map<number, number>();
    const block = pixels.map((p) => {
      const key =
        Math.floor(Math.floor(p / own.width) / side) * own.width + Math.floor((p % own.width) / side);
      if (!numbers.has(key)) numbers.set(key, nBlocks++);
      return numbers.get(key) as number;
    });
    return { name, ...own, dose: doses, response: responses, pixels, block };
  });
  if (nBlocks < LEAST_BLOCKS) {
    throw new DataError(
      `${call}: expected at least ${LEAST_BLOCKS} blocks of pixels with dose and response, got ${nBlocks} of ${side * pixelSize} um; give larger maps, or a smaller blockSize`,
      { nBlocks },
    );
  }
  for (const name of ["dose", "response"] as const) varied(call, name, configurations);
  return { configurations, unit, pixelSize, nBlocks, blockSize: side * pixelSize };
}

/** Refuses constant maps and doses that are all zero. */
function varied(call: string, name: "dose" | "response", configurations: readonly Configuration[]): void {
  let [low, high] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (const one of configurations) {
    for (const p of one.pixels) {
      low = Math.min(low, one[name][p]);
      high = Math.max(high, one[name][p]);
    }
  }
  if (name === "dose" && !(high > 0)) {
    throw new DataError(`${call}: expected doses above 0, got ${quote(low)} to ${quote(high)}`, {
      low,
      high,
    });
  }
  const range = high - low;
  if (range > 1e-9 * Math.max(Math.abs(low), Math.abs(high)) && range > 1e-60 && range < 1e60) return;
  throw new DataError(
    `${call}: expected ${name} maps that vary, in a unit of ordinary size, got ${quote(low)} to ${quote(high)}; constant maps contain no information`,
    { low, high },
  );
}

/** Means over squares of pixels; NaN where a square has no finite value. */
function squares(
  values: ArrayLike<number>,
  stride: number,
  { width, height }: { width: number; height: number },
  factor: number,
): Float64Array {
  const out = new Float64Array(width * height);
  for (let p = 0; p < out.length; p++) {
    const corner = Math.floor(p / width) * factor * stride + (p % width) * factor;
    let [sum, n] = [0, 0];
    for (let i = 0; i < factor * factor; i++) {
      const v = values[corner + Math.floor(i / factor) * stride + (i % factor)];
      if (!Number.isFinite(v)) continue;
      sum += v;
      n++;
    }
    out[p] = n === 0 ? Number.NaN : sum / n;
  }
  return out;
}

/** Steepness of the beam beyond the images, relative to that of the logarithm of its mean profiles at their borders. */
export type Beyond = number;

/** Fraction of the highest dose; doses at the border below it do not show what is beyond. */
const NEGLIGIBLE = 0.02;

/** Assumptions about the beam beyond the images: one where the dose vanishes at all borders, three otherwise. */
export function beyondOf({ configurations }: AnalysisGrid): readonly Beyond[] {
  const vanishes = configurations.every(({ dose, width, height }) => {
    const highest = dose.reduce((most, d) => (d > most ? d : most), 0);
    return dose.every((d, p) => {
      const [x, y] = [p % width, Math.floor(p / width)];
      const border = x === 0 || y === 0 || x === width - 1 || y === height - 1;
      return !border || !(d > NEGLIGIBLE * highest);
    });
  });
  return vanishes ? [1] : [1, 3 / 4, 4 / 3];
}

/**
 * Mean dose beyond one side of an image, relative to that at the side: a parabola in its logarithm that follows the last
 * quarter of the profile and never rises.
 *
 * @param profile mean dose from the middle to the side
 * @returns of the first place beyond the side, the second, ...
 */
function falling(profile: Float64Array, count: number, steepness: Beyond): Float64Array {
  const n = Math.max(3, Math.ceil(profile.length / 4));
  const last = Array.from(profile.subarray(Math.max(0, profile.length - n)), (d) =>
    Math.log(Math.max(d, 1e-30)),
  );
  const at = last.map((_, i) => i - (last.length - 1));
  const [, slope, bend] = polynomialFit(at, last, Math.min(2, last.length - 1));
  const out = new Float64Array(count);
  let level = 0;
  for (let k = 1; k <= count; k++) {
    level += Math.min(0, slope + Math.min(0, bend ?? 0) * (2 * k - 1));
    out[k - 1] = Math.exp(steepness * level);
  }
  return out;
}

/**
 * Dose that reaches each pixel: the dose above an onset, convolved with a kernel. Places without a dose inside the
 * image count as zero.
 *
 * @param length L in pixels; 0 is the local dose
 * @returns function of the onset that returns an image of the shape of the configuration
 */
export function spreaderOf(
  { dose, width, height }: Configuration,
  length: number,
  density: (q: number) => number,
  beyond: Beyond,
): (onset: number) => Float64Array {
  const above = (onset: number): Float64Array => dose.map((d) => (d > onset ? d - onset : 0));
  if (length === 0) return above;
  const n = width * height;
  const reach = reachOf({ dose, width, height }, length, density, beyond);
  return (onset) => {
    const source = above(onset);
    const out = new Float64Array(n);
    for (let q = 0, at = 0; q < n; q++, at += n) {
      const strength = source[q];
      if (strength > 0) for (let p = 0; p < n; p++) out[p] += strength * reach[at + p];
    }
    return out;
  };
}

/**
 * Contribution of a unit dose in each pixel, and in the weaker places outside that continue it, to every other
 * pixel. One table serves all onsets.
 *
 * @returns shape [source, target]
 */
function reachOf(
  { dose, width, height }: Pick<Configuration, "dose" | "width" | "height">,
  length: number,
  density: (q: number) => number,
  beyond: Beyond,
): Float64Array {
  const n = width * height;
  const margin = [height, width].map((m) => Math.min(m, Math.ceil(3 * length)));
  const [rows, columns] = [height + margin[0], width + margin[1]];
  const share = neighborWeights(density, length, rows, columns);
  const out = new Float64Array(n * n);
  const down = outside(profileOf(dose, width, height, "rows"), margin[0], beyond);
  const across = outside(profileOf(dose, width, height, "columns"), margin[1], beyond);
  for (let sy = -margin[0]; sy < height + margin[0]; sy++) {
    for (let sx = -margin[1]; sx < width + margin[1]; sx++) {
      const from = (clamp(sy, height) * width + clamp(sx, width)) * n;
      const strength = down[sy + margin[0]] * across[sx + margin[1]];
      if (strength < WEAKEST) continue;
      for (let y = 0; y < height; y++) {
        const row = Math.abs(y - sy) * columns;
        for (let x = 0, p = from + y * width; x < width; x++, p++)
          out[p] += strength * share[row + Math.abs(x - sx)];
      }
    }
  }
  return out;
}

/** Places beyond the edge that are weaker than this bring nothing. */
const WEAKEST = 1e-4;

/** Mean dose of each row, or of each column. */
function profileOf(dose: Float64Array, width: number, height: number, of: "rows" | "columns"): Float64Array {
  const [sums, counts] = [0, 1].map(() => new Float64Array(of === "rows" ? height : width));
  dose.forEach((d, p) => {
    if (!(d >= 0)) return;
    const i = of === "rows" ? Math.floor(p / width) : p % width;
    sums[i] += d;
    counts[i]++;
  });
  return sums.map((sum, i) => sum / Math.max(1, counts[i]));
}

/** Strength along one axis, from the farthest place before the image to the farthest behind it: 1 within. */
function outside(profile: Float64Array, margin: number, beyond: Beyond): Float64Array {
  const half = profile.length >> 1;
  const before = falling(profile.slice(0, half + 1).reverse(), margin, beyond);
  const behind = falling(profile.slice(half), margin, beyond);
  return Float64Array.from([...before.reverse(), ...profile.map(() => 1), ...behind]);
}

function clamp(i: number, n: number): number {
  return i < 0 ? 0 : i >= n ? n - 1 : i;
}

/**
 * Variance of the noise of pixels, from second differences along rows, which have 1 + 4 + 1 times this
 * variance.
 */
export function pixelNoise({ configurations }: AnalysisGrid): number {
  const steps = configurations.flatMap(({ response, width, pixels }) =>
    Array.from(pixels).flatMap((p) => {
      if (p % width === 0 || p % width === width - 1) return [];
      const bend = response[p - 1] - 2 * response[p] + response[p + 1];
      return Number.isFinite(bend) ? [bend] : [];
    }),
  );
  return (MAD_TO_SIGMA * medianAbsoluteDeviation(steps)) ** 2 / 6;
}
