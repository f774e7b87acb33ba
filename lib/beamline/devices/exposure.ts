// Noise of one camera frame: photons, read noise, offset, full well and integer counts.
import { random } from "../../compute/random.js";
import { angle, cosine, falling, nearest, radius, sine } from "../recording/float32.js";
import { CAMERA, SATURATION } from "./sensor.js";

/** Smaller numbers of quanta are counted one by one. */
const FEW_QUANTA = 12;

const f = Math.fround;

/** What one number of a frame is the mean of. */
interface Averaged {
  readonly samples: number;
  readonly perCount?: number;
}

/** The noise of one frame. Its seed depends on the frame only, so that it is independent of other frames. */
export class Exposure {
  /**
   * Block of 32-bit words for the noise of a frame. It begins with numbers in float32: electrons per quantum,
   * variance of the read noise, the electrons of {@link FEW_QUANTA}, a sixth of the square of the first, full
   * well, numbers per electron, offset, rms of the read noise. The states of five sfc32 generators follow: a,
   * b, c and counter of four that draw normal numbers in parallel, and of one for counted quanta. The rest is
   * unused.
   */
  readonly block: Int32Array = new Int32Array(BLOCK_WORDS);

  /**
   * @param averaged samples: raw pixels times cubes whose mean is one number; perCount: numbers of the file
   *   per count, 1 by default. The mean of many samples is written in fractions of a count.
   * @param key key of the random stream: seed, configuration, part, file, frame
   */
  constructor({ samples, perCount = 1 }: Averaged, seed: number, ...key: number[]) {
    const quantum = (1 + CAMERA.excessNoise) / samples;
    const floor = CAMERA.readNoise ** 2 / samples;
    const { fullWell, gain, offset } = CAMERA;
    const numbers = new Float32Array(this.block.buffer, 0, 8);
    numbers.set([quantum, floor, FEW_QUANTA * quantum, quantum ** 2 / 6]);
    // Numbers above the saturation would overflow 16 bits where a count is more than one.
    const full = Math.min(fullWell, (SATURATION / perCount - offset) * gain);
    numbers.set([full, perCount / gain, perCount * offset, Math.sqrt(floor)], 4);
    const source = random(seed, ...key);
    for (let i = LANES; i < ROOM; i++) this.block[i] = (source.uniform() * 2 ** 32) | 0;
    this.block.fill(1, LANES + 12, LANES + 16);
    this.block[ROOM - 1] = 1;
  }

  /**
   * Counts of a frame; repeated calls return the same.
   *
   * Many quanta, together with the read noise, are approximated by a quadratic function of a normal number
   * with the same mean, variance and skewness: e - w + sqrt(v - 2 w w) z + w z z, where v is the variance and
   * w a sixth of the third cumulant over v. Few quanta are a Poisson number, of 1 + excessNoise electrons
   * each, plus a normal number for the read noise.
   *
   * @param expected mean electrons per raw pixel
   * @param out counts, one for each expected value
   */
  record(expected: Float32Array, out: Uint16Array): void {
    const [quantum, floor, few, sixth, fullWell, perElectron, offset, read] = this.numbers();
    const state = this.block.slice();
    const normals = new Float32Array(8);
    for (let p = 0; p < out.length; p++) {
      if (p % 8 === 0) drawNormals(state, normals);
      const e = expected[p];
      const z = normals[p % 8];
      let x: number;
      if (e >= few) {
        const variance = f(f(e * quantum) + floor);
        const w = f(f(e * sixth) / variance);
        const sigma = f(Math.sqrt(f(variance - f(f(w + w) * w))));
        x = f(f(f(e - w) + f(sigma * z)) + f(f(w * z) * z));
      } else x = f(f(quantum * poisson(e / quantum, state)) + f(read * z));
      out[p] = Math.max(nearest(f(f(Math.min(x, fullWell) * perElectron) + offset)), 0);
    }
  }

  private numbers(): Float32Array {
    return new Float32Array(this.block.buffer, 0, 8);
  }
}

/** Offsets in the block, 32-bit words: the four generators, the fifth, the unused memory. */
const LANES = 8;
const COUNTER = 24;
const ROOM = 28;
const BLOCK_WORDS = 40;

/**
 * Two numbers of each of four generators give eight normal ones by radius and angle; the upper bits of the
 * angle give its sign and quadrant.
 */
function drawNormals(state: Int32Array, out: Float32Array): void {
  for (let lane = 0; lane < 4; lane++) {
    const r = radius(step(state, LANES + lane, 4));
    const bits = step(state, LANES + lane, 4);
    const t = angle(bits);
    const square = f(t * t);
    const sin = sine(t, square);
    const cos = bits < 0 ? -cosine(square) : cosine(square);
    const turned = (bits << 1) >> 31 !== 0;
    out[lane] = r * (turned ? sin : cos);
    out[lane + 4] = r * (turned ? cos : sin);
  }
}

/** Next 32 bits of a generator whose a, b, c and counter lie `pitch` words apart. */
function step(state: Int32Array, at: number, pitch: number): number {
  const [b, c, counter] = [state[at + pitch], state[at + 2 * pitch], state[at + 3 * pitch]];
  const bits = (((state[at] + b) | 0) + counter) | 0;
  state[at + 3 * pitch] = counter + 1;
  state[at] = b ^ (b >>> 9);
  state[at + pitch] = c + (c << 3);
  state[at + 2 * pitch] = ((c << 21) | (c >>> 11)) + bits;
  return bits;
}

/**
 * A Poisson number with a small mean: the first one whose cumulative probability reaches a uniform number.
 */
function poisson(mean: number, state: Int32Array): number {
  if (!(mean > 0)) return 0;
  const uniform = (step(state, COUNTER, 1) >>> 0) / 2 ** 32;
  let probability = falling(f(mean));
  let cumulative = probability;
  let n = 0;
  while (uniform > cumulative && n < MOST_QUANTA) {
    n++;
    probability *= mean / n;
    cumulative += probability;
  }
  return n;
}

/** Poisson numbers with a mean below FEW_QUANTA exceed this with a probability below 1e-60. */
const MOST_QUANTA = 120;
