// The camera behind the scintillator: from light to counts, with photon noise, read noise, offset and saturation. Pixels
// can be binned in the camera and cubes averaged before they are written; the noise falls accordingly.
import { type Random, random } from "../../compute/random.js";
import { DOSE_RATE_INTEGRAL } from "../parameters.js";
import { FRAME_RATE } from "./monochromator.js";

/** The sCMOS camera with its 4x lens. */
export const CAMERA = {
  /** um at the sample per raw pixel */
  pixelSize: 1.625,
  /** counts without light */
  offset: 100,
  /** electrons per count */
  gain: 0.46,
  /** electrons rms, per raw pixel and frame */
  readNoise: 1.6,
  /** electrons per raw pixel */
  fullWell: 30_000,
  /** variance of the electrons beyond that of as many independent ones: several come from one X-ray photon */
  excessNoise: 0.4,
  /** electrons per X-ray photon in the open beam */
  yield: 0.4,
} as const;

/** Counts from which on a pixel may be saturated. */
export const SATURATION: number = Math.floor(CAMERA.offset + CAMERA.fullWell / CAMERA.gain);

/** Flux on the electrode in the density convention porous: ph/s/m2 for 1 kGy/s. */
const FLUX_PER_KGY = 8.22e11 / (DOSE_RATE_INTEGRAL * 1e-6);

/** Electrons per raw pixel and frame in the open beam, where the electrode's dose rate is given in kGy/s. */
export function flatElectrons(doseRate: number): number {
  const photons = (doseRate * FLUX_PER_KGY * (CAMERA.pixelSize * 1e-6) ** 2) / FRAME_RATE;
  return CAMERA.yield * photons;
}

/** Variance of the mean of `samples` raw pixels with this mean number of electrons. */
export function electronVariance(electrons: number, samples: number): number {
  return (electrons * (1 + CAMERA.excessNoise) + CAMERA.readNoise ** 2) / samples;
}

/** Quanta below which the Poisson distribution is drawn as such, not as a Gaussian. */
const FEW_QUANTA = 30;

/** One frame's noise: seeded by a key, so that no other frame has a say in it. */
export class Exposure {
  private readonly source: Random;
  private readonly few: Random;

  /**
   * @param samples raw pixels times cubes that are averaged into one number
   * @param key of the random stream: seed, configuration, part, file, frame
   */
  constructor(
    private readonly samples: number,
    seed: number,
    ...key: number[]
  ) {
    this.source = random(seed, ...key, 0);
    this.few = random(seed, ...key, 1);
  }

  /**
   * Counts of a frame.
   *
   * Many quanta are drawn as a Gaussian from a table of 65,536 equally likely values (out to 4.3 sigma); few as a Poisson
   * number of quanta of 1 + excessNoise electrons each, which has the same mean and variance.
   *
   * @param expected mean electrons per raw pixel
   * @param out counts, as written; one for each expected
   */
  record(expected: Float32Array, out: Uint16Array): void {
    const { samples, few } = this;
    const slope = (1 + CAMERA.excessNoise) / samples;
    const floor = CAMERA.readNoise ** 2 / samples;
    const fewElectrons = FEW_QUANTA * slope;
    const { fullWell } = CAMERA;
    const perElectron = 1 / CAMERA.gain;
    const rounding = CAMERA.offset + 0.5;
    const normals = NORMALS;
    // sfc32 with its state in locals: one 32-bit number gives two indices into the table of normals.
    let a = (this.source.uniform() * 2 ** 32) | 0;
    let b = (this.source.uniform() * 2 ** 32) | 0;
    let c = (this.source.uniform() * 2 ** 32) | 0;
    let counter = 1;
    let bits = 0;
    for (let p = 0; p < out.length; p++) {
      if ((p & 1) === 0) {
        bits = (((a + b) | 0) + counter) | 0;
        counter = (counter + 1) | 0;
        a = b ^ (b >>> 9);
        b = (c + (c << 3)) | 0;
        c = (((c << 21) | (c >>> 11)) + bits) | 0;
      } else bits >>= 16;
      const z = normals[bits & 0xffff];
      const mean = expected[p];
      let electrons =
        mean >= fewElectrons
          ? mean + Math.sqrt(mean * slope + floor) * z
          : slope * poisson(mean / slope, few) + Math.sqrt(floor) * z;
      if (electrons > fullWell) electrons = fullWell;
      const counts = electrons * perElectron + rounding;
      out[p] = counts < 0 ? 0 : Math.min(counts, 65535);
    }
  }
}

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

/** A Poisson number by multiplying uniform numbers; for small means. */
function poisson(mean: number, source: Random): number {
  const limit = Math.exp(-mean);
  let product = source.uniform();
  let n = 0;
  for (; product > limit; n++) product *= source.uniform();
  return n;
}
