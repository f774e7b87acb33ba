// The noise of one camera frame: photons, read noise, offset, full well and whole counts.
import { type Random, random } from "../../compute/random.js";
import { CAMERA } from "./sensor.js";

/** Quanta below which the Poisson distribution is drawn as such, not as a Gaussian. */
const FEW_QUANTA = 30;

/** One frame's noise: seeded by a key, so that no other frame has a say in it. */
export class Exposure {
  private readonly few: Random;
  /** sfc32: one 32-bit number gives two indices into the table of normals. */
  private a: number;
  private b: number;
  private c: number;
  private counter = 1;
  private bits = 0;
  /** whether half of the bits is still to be used */
  private half = false;

  /**
   * @param samples raw pixels times cubes that are averaged into one number
   * @param key of the random stream: seed, configuration, part, file, frame
   */
  constructor(
    private readonly samples: number,
    seed: number,
    ...key: number[]
  ) {
    const source = random(seed, ...key, 0);
    this.few = random(seed, ...key, 1);
    this.a = (source.uniform() * 2 ** 32) | 0;
    this.b = (source.uniform() * 2 ** 32) | 0;
    this.c = (source.uniform() * 2 ** 32) | 0;
  }

  /**
   * Counts of the next pixels of the frame: all of them, or a block at a time, which gives the same numbers.
   *
   * Many quanta are drawn as a Gaussian from a table of 65,536 equally likely values (out to 4.3 sigma); few as a Poisson
   * number of quanta of 1 + excessNoise electrons each, which has the same mean and variance.
   *
   * @param expected mean electrons per raw pixel
   * @param out counts, as written; one for each expected
   */
  record(expected: Float32Array, out: Uint16Array): void {
    const { samples } = this;
    const slope = (1 + CAMERA.excessNoise) / samples;
    const floor = CAMERA.readNoise ** 2 / samples;
    const fewElectrons = FEW_QUANTA * slope;
    const normals = NORMALS;
    const n = out.length;
    let p = 0;
    if (this.half && n > 0) {
      out[p] = this.pixel(expected[p], normals[this.bits >>> 16]);
      this.half = false;
      p++;
    }
    // Two pixels a round, with the generator's state in locals: a third of the time of one.
    let { a, b, c, counter, bits } = this;
    for (; p < n; p += 2) {
      bits = (((a + b) | 0) + counter) | 0;
      counter = (counter + 1) | 0;
      a = b ^ (b >>> 9);
      b = (c + (c << 3)) | 0;
      c = (((c << 21) | (c >>> 11)) + bits) | 0;
      const first = expected[p];
      const z = normals[bits & 0xffff];
      out[p] =
        first >= fewElectrons ? digitize(first + Math.sqrt(first * slope + floor) * z) : this.pixel(first, z);
      if (p + 1 === n) {
        this.half = true;
        break;
      }
      const second = expected[p + 1];
      const y = normals[bits >>> 16];
      out[p + 1] =
        second >= fewElectrons
          ? digitize(second + Math.sqrt(second * slope + floor) * y)
          : this.pixel(second, y);
    }
    this.a = a;
    this.b = b;
    this.c = c;
    this.counter = counter;
    this.bits = bits;
  }

  /** Counts of a pixel with any light. @param z standard normal */
  private pixel(mean: number, z: number): number {
    const slope = (1 + CAMERA.excessNoise) / this.samples;
    const floor = CAMERA.readNoise ** 2 / this.samples;
    return digitize(
      mean >= FEW_QUANTA * slope
        ? mean + Math.sqrt(mean * slope + floor) * z
        : slope * poisson(mean / slope, this.few) + Math.sqrt(floor) * z,
    );
  }
}

/** Counts of a number of electrons: no more than the full well, rounded, and never below zero. */
function digitize(electrons: number): number {
  const most = electrons > FULL_WELL ? FULL_WELL : electrons;
  // The full well is below 65,535 counts: nothing overflows.
  const counts = (most * PER_ELECTRON + ROUNDING) | 0;
  return counts < 0 ? 0 : counts;
}

const FULL_WELL = CAMERA.fullWell;
const PER_ELECTRON = 1 / CAMERA.gain;
const ROUNDING = CAMERA.offset + 0.5;

/** Standard normal quantiles of 65,536 equal steps of probability, scaled to variance one. */
const NORMALS: Float32Array = quantiles(65536);

function quantiles(n: number): Float32Array {
  const values = Float64Array.from({ length: n }, (_, i) => normalQuantile((i + 0.5) / n));
  let square = 0;
  for (const value of values) square += value * value;
  return Float32Array.from(values, (value) => value / Math.sqrt(square / n));
}

/**
 * Quantile of the standard normal distribution, to 5e-4, which the noise of a camera does not tell from exact.
 *
 * @see Abramowitz and Stegun, 26.2.23
 */
function normalQuantile(probability: number): number {
  const tail = Math.min(probability, 1 - probability);
  const t = Math.sqrt(-2 * Math.log(tail));
  const z =
    t - (2.515517 + t * (0.802853 + t * 0.010328)) / (1 + t * (1.432788 + t * (0.189269 + t * 0.001308)));
  return probability < 0.5 ? -z : z;
}

/** A Poisson number for a small mean: the first whose cumulative probability reaches a uniform number. */
function poisson(mean: number, source: Random): number {
  if (mean <= 0) return 0;
  const uniform = source.uniform();
  let probability = Math.exp(-mean);
  let cumulative = probability;
  let n = 0;
  while (uniform > cumulative && n < MOST_QUANTA) {
    n++;
    probability *= mean * RECIPROCALS[n];
    cumulative += probability;
  }
  return n;
}

/** No Poisson number of a mean below FEW_QUANTA is larger, to 1e-30. */
const MOST_QUANTA = 160;
const RECIPROCALS: Float64Array = Float64Array.from({ length: MOST_QUANTA + 1 }, (_, n) => 1 / n);
