// Noise of an absorbance spectrum from its counts: how the variance follows from the number of photons, and its
// size from the scatter between neighboring energies.
import { ascendingAxis } from "./axis.js";

/** Within this range around the nominal edge, eV, the scatter is not taken: an edge is no noise. */
const EDGE = [-20, 60] as const;
/** Fewest differences for an estimate. */
const LEAST = 8;
/** Differences whose square is larger than so many times the mean are glitches. */
const GLITCH = 16;
const ROUNDS = 4;

/**
 * Variance of ln(I0 / I) at each energy. With N detected photons the variance of ln N is 1 / N, so that the
 * variance of an absorbance A is a + b exp(A): a from the flat field, b from the sample, whose photons are
 * fewer by exp(-A). The gain of the camera, the exposures and what was averaged are all in a and b, which follow
 * from the scatter of the spectrum itself: from differences over four energies, in which any parabola
 * vanishes, below and above the edge.
 */
export class CountingNoise {
  /** The variance is a + b exp(A). */
  a = Number.NaN;
  b = Number.NaN;
  readonly #n: number;
  /** First of four points, in the caller's order, below and above the edge. */
  readonly #starts: readonly (readonly number[])[];
  /** Weights of these points, squares that sum to one, [nEnergies, 4]. */
  readonly #weights: Float64Array;
  readonly #squares: Float64Array;
  readonly #levels: Float64Array;

  constructor(energies: ArrayLike<number>, e0: number) {
    ascendingAxis(energies, "CountingNoise", 4);
    this.#n = energies.length;
    this.#weights = new Float64Array(4 * this.#n);
    this.#squares = new Float64Array(this.#n);
    this.#levels = new Float64Array(this.#n);
    const all = Array.from({ length: this.#n - 3 }, (_, k) => k);
    for (const k of all) {
      const w = [0, 1, 2, 3].map((a) =>
        [0, 1, 2, 3].reduce(
          (product, b) => (a === b ? product : product * (energies[k + a] - energies[k + b])),
          1,
        ),
      );
      const norm = Math.hypot(...w.map((v) => 1 / v));
      for (let a = 0; a < 4; a++) this.#weights[4 * k + a] = 1 / w[a] / norm;
    }
    const [low, high] = EDGE.map((x) => e0 + x);
    const isBelow = (k: number): boolean => Math.max(energies[k], energies[k + 3]) < low;
    const isAbove = (k: number): boolean => Math.min(energies[k], energies[k + 3]) > high;
    this.#starts = [all.filter(isBelow), all.filter(isAbove)];
  }

  /**
   * Estimates a and b of a spectrum; NaN where there are too few energies with a value.
   *
   * @param absorbance before any interpolation along the energy, which would smooth its noise
   * @param at index of the first energy
   * @param pitch from one energy to the next
   */
  estimate(absorbance: ArrayLike<number>, at = 0, pitch = 1): void {
    const [below, above] = this.#starts.map((starts) => this.#scatter(starts, absorbance, at, pitch));
    if (below.count < LEAST || above.count < LEAST) {
      // There is only one level, and all noise is attributed to the sample.
      const known = below.count >= above.count ? below : above;
      this.a = 0;
      this.b = known.count < LEAST ? Number.NaN : known.square / known.level;
      return;
    }
    const b = (above.square - below.square) / (above.level - below.level);
    const a = below.square - b * below.level;
    const mean = (below.count * below.square + above.count * above.square) / (below.count + above.count);
    if (b >= 0 && a >= 0) [this.a, this.b] = [a, b];
    else if (a > 0) [this.a, this.b] = [mean, 0];
    else {
      const level = (below.count * below.level + above.count * above.level) / (below.count + above.count);
      [this.a, this.b] = [0, mean / level];
    }
  }

  /** Variance at an absorbance. */
  variance(absorbance: number): number {
    return this.a + this.b * Math.exp(absorbance);
  }

  /** Mean square of the differences, without glitches, and mean of exp(A). */
  #scatter(starts: readonly number[], absorbance: ArrayLike<number>, at: number, pitch: number) {
    const [weights, squares, levels] = [this.#weights, this.#squares, this.#levels];
    let n = 0;
    for (const k of starts) {
      let [difference, level] = [0, 0];
      for (let i = 0; i < 4; i++) {
        const value = absorbance[at + (k + i) * pitch];
        difference += weights[4 * k + i] * value;
        level += Math.exp(value) / 4;
      }
      if (!Number.isFinite(difference + level)) continue;
      squares[n] = difference * difference;
      levels[n++] = level;
    }
    let limit = Number.POSITIVE_INFINITY;
    let [square, level, count] = [0, 0, 0];
    for (let round = 0; round < ROUNDS; round++) {
      const before = count;
      [square, level, count] = [0, 0, 0];
      for (let i = 0; i < n; i++) {
        if (squares[i] > limit) continue;
        square += squares[i];
        level += levels[i];
        count++;
      }
      square /= count;
      level /= count;
      if (count === before) break;
      limit = GLITCH * square;
    }
    return { square, level, count };
  }
}
