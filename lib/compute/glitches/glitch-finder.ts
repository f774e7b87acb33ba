// Glitches in a stack of images: samples that lie above or below what both sides of the energy axis and the
// pixels around them predict, for a few energies only.
//
// A value is predicted three times: from both sides by the straight line between them, and from each side alone
// by the line through nearer and farther values, all of them beyond the longest glitch. Beside a glitch one side
// is spoilt, but not the other: only what deviates from all predictions is one. The spectrum's own curvature is
// common to the pixels of a block of the image and is subtracted; the scatter of the block is the scale.
import { blocksOf, flatten, meanOf3x3, medianOf, type Part, scale } from "./blocks.js";

/** How glitches are told from spectra. */
export interface GlitchRules {
  /** Energies in a row that a glitch lasts at most. */
  readonly longest: number;
  /** Largest extent of a glitch in the image, pixels. */
  readonly size: number;
  /** Deviation from which a sample is a glitch, in robust standard deviations of its surroundings. */
  readonly sigmas: number;
}

/** Deviation from the prediction of one side, which has more noise, in standard deviations. */
const ONE_SIDE = 2.5;
/** The same as a fraction of the deviation from both sides: beside a glitch, that is half of the glitch. */
const ALIKE = 0.5;
/** Neighbors of a glitch that deviate by this much belong to it. */
const NEIGHBOR = 2.5;
/** Light that a whole block has lost where its absorbance is too large by this, natural logarithm. */
const LOST = 1;
/** Fraction of a block without a value that makes the rest of it noise. */
const MISSING = 0.25;
/** Noise of data that have none, above zero in float32. */
const LEAST_NOISE = 1e-30;
/** Frames from one estimate of the noise to the next, and to either side of it. */
const NOISE_EVERY = 8;
/** Energies that are taken together on each side. */
const TOGETHER = 3;

/** Energies that a stack needs, so that each has one side with nearer and farther values. */
export function leastEnergies(longest: number): number {
  return 2 * (longest + TOGETHER + 1);
}

/** Finds glitches of one part of the images, frame by frame. Frames and flags are kept for their neighbors. */
export class GlitchFinder {
  readonly #frames = new Map<number, Float32Array>();
  readonly #noises = new Map<number, Float32Array>();
  readonly #differences = new Map<number, Float32Array>();
  readonly #suspects = new Map<number, Uint8Array>();
  readonly #blocks: readonly Part[];
  readonly #n: number;
  readonly #columns: number;

  /**
   * @param part pixels of the frames, from `blocksAround`
   * @param image its size
   * @param energies of all frames, in their order
   * @param read frame k of the part; valid until the next call
   */
  constructor(
    part: Part,
    image: { readonly height: number; readonly width: number },
    private readonly energies: ArrayLike<number>,
    private readonly rules: GlitchRules,
    private readonly read: (k: number) => Float32Array,
  ) {
    this.#columns = part.right - part.left;
    this.#n = (part.bottom - part.top) * this.#columns;
    this.#blocks = blocksOf(part, image, rules.size);
  }

  /** Values of a frame, as they were read. */
  frame(k: number): Float32Array {
    return recent(this.#frames, k, this.#reach, () => this.read(k).slice(0, this.#n));
  }

  /** 1 for each glitch of a frame, 0 otherwise. */
  glitches(k: number): Uint8Array {
    const { longest } = this.rules;
    return this.#suspected(k).map((own, p) => {
      if (own === 0) return 0;
      let run = 1;
      for (const step of [-1, 1]) {
        for (let at = k + step; run <= longest && this.#has(at) && this.#suspected(at)[p]; at += step) run++;
      }
      // What lasts longer is the spectrum of this place.
      return Number(run <= longest);
    });
  }

  /** Value on the straight line between the nearest frames in which a pixel has a sound one; NaN without both. */
  between(k: number, p: number): number {
    const { energies } = this;
    const [a, b] = [-1, 1].map((step) => {
      for (let at = k + step; Math.abs(at - k) <= this.rules.longest && this.#has(at); at += step) {
        if (!this.#suspected(at)[p] && !Number.isNaN(this.frame(at)[p])) return at;
      }
      return undefined;
    });
    if (a === undefined || b === undefined) return Number.NaN;
    const [from, to] = [this.frame(a)[p], this.frame(b)[p]];
    return from + ((to - from) * (energies[k] - energies[a])) / (energies[b] - energies[a]);
  }

  /** Frames to either side that are used again. */
  get #reach(): number {
    return 3 * this.rules.longest + TOGETHER + NOISE_EVERY;
  }

  #has(k: number): boolean {
    return k >= 0 && k < this.energies.length;
  }

  /** 1 for each sample of a frame that deviates, however long it lasts. */
  #suspected(k: number): Uint8Array {
    return recent(this.#suspects, k, this.#reach, () => this.#find(k));
  }

  #find(k: number): Uint8Array {
    const flags = new Uint8Array(this.#n);
    const own = this.frame(k);
    const [before, after] = [this.#side(k, -1), this.#side(k, 1)];
    const lines = [
      [before?.near, after?.near],
      [before?.near, before?.far],
      [after?.near, after?.far],
    ];
    const deviations = lines.flatMap(([a, b]) =>
      a && b ? [deviationFrom(a, b, this.energies[k], own)] : [],
    );
    if (deviations.length === 0) return flags;
    this.#flagDeviations(deviations, this.#noise(k), flags);
    this.#flagLost(own, deviations, [before?.near, after?.near], flags);
    return flags;
  }

  #flagDeviations([first, ...others]: readonly Float32Array[], noise: Float32Array, flags: Uint8Array): void {
    const { sigmas } = this.rules;
    const columns = this.#columns;
    const [residual, z, means, wide, rest] = [0, 1, 2, 3, 4].map(() => new Float32Array(this.#n));
    const seeds = new Int8Array(this.#n);
    for (const block of this.#blocks) {
      flatten(block, columns, first, noise, residual, z);
      // In units of the scatter, in which a dim pixel weighs no more than a bright one.
      meanOf3x3(block, columns, z, means);
      scale(block, columns, means, wide);
      let found = false;
      eachPixel(block, columns, (p) => {
        const sign = Math.sign(z[p]);
        const [one, mean] = [sign * z[p], sign * wide[p]];
        if (!(one > sigmas || (one > NEIGHBOR && mean > sigmas))) return;
        seeds[p] = sign;
        found = true;
      });
      if (!found) continue;
      for (const other of others) {
        flatten(block, columns, other, noise, rest, means);
        // Beside a glitch, and at the foot of an edge, one side agrees.
        eachPixel(block, columns, (p) => {
          const isLarge = seeds[p] * rest[p] > ALIKE * Math.abs(residual[p]);
          if (!isLarge || !(seeds[p] * means[p] > ONE_SIDE)) seeds[p] = 0;
        });
      }
    }
    for (let p = 0; p < this.#n; p++) {
      if (Math.abs(z[p]) > NEIGHBOR) flags[p] = Number(isBeside(seeds, Math.sign(z[p]), p, columns));
    }
  }

  /**
   * Noise of each pixel around a frame, in units that a block has in common: the median absolute second difference
   * along the energy. It is smoothed, because a few differences know it to 20 % only, but not below a pixel's own.
   */
  #noise(k: number): Float32Array {
    // It changes slowly: one for several frames is enough.
    const middle = Math.round(k / NOISE_EVERY) * NOISE_EVERY;
    return recent(this.#noises, middle, this.#reach, () => {
      const near = Array.from({ length: 2 * NOISE_EVERY + 1 }, (_, i) => middle - NOISE_EVERY + i)
        .filter((at) => at >= 1 && at < this.energies.length - 1)
        .map((at) => this.#difference(at));
      const own = new Float32Array(this.#n);
      const values = new Float64Array(near.length);
      for (let p = 0; p < this.#n; p++) own[p] = medianOfPixel(near, p, values);
      const smoothed = new Float32Array(this.#n);
      for (const block of this.#blocks) meanOf3x3(block, this.#columns, own, smoothed);
      return smoothed.map((v, p) => Math.max(v, own[p], LEAST_NOISE));
    });
  }

  /** Absolute second difference along the energy, without what a block has in common. */
  #difference(k: number): Float32Array {
    return recent(this.#differences, k, this.#reach, () => {
      const [a, b, c] = [k - 1, k, k + 1].map((at) => this.frame(at));
      const out = b.map((v, p) => a[p] - 2 * v + c[p]);
      for (const block of this.#blocks) {
        const common = medianOf(out, block, this.#columns);
        eachPixel(block, this.#columns, (p) => {
          out[p] = Math.abs(out[p] - common);
        });
      }
      return out;
    });
  }

  /** Blocks that are dark, or of which too many pixels have lost their value: what is left of them is noise. */
  #flagLost(
    own: Float32Array,
    deviations: readonly Float32Array[],
    sides: readonly (Place | undefined)[],
    flags: Uint8Array,
  ): void {
    const columns = this.#columns;
    for (const block of this.#blocks) {
      let missing = 0;
      eachPixel(block, columns, (p) => {
        if (Number.isNaN(own[p]) && sides.some((side) => side && !Number.isNaN(side.values[p]))) missing++;
      });
      const area = (block.bottom - block.top) * (block.right - block.left);
      const isDark = deviations.every((one) => medianOf(one, block, columns) > LOST);
      if (!isDark && !(missing > MISSING * area)) continue;
      eachPixel(block, columns, (p) => {
        if (!Number.isNaN(own[p])) flags[p] = 1;
      });
    }
  }

  /** Values beyond the longest glitch on one side, and farther ones; undefined where the axis ends. */
  #side(k: number, direction: -1 | 1): { readonly near: Place; readonly far?: Place } | undefined {
    const { longest } = this.rules;
    const at = (first: number): Place | undefined => {
      const frames = Array.from({ length: TOGETHER }, (_, i) => k + direction * (first + i));
      if (!frames.every((one) => this.#has(one))) return undefined;
      return { energy: this.energies[frames[1]], values: medianOf3(frames.map((one) => this.frame(one))) };
    };
    const near = at(longest);
    return near && { near, far: at(longest + TOGETHER) };
  }
}

/** What `make` returned for a frame, kept while the frames asked for are near. */
function recent<T>(known: Map<number, T>, k: number, reach: number, make: () => T): T {
  const own = known.get(k) ?? make();
  known.set(k, own);
  for (const old of known.keys()) if (Math.abs(old - k) > 2 * reach) known.delete(old);
  return own;
}

/** Values at one energy. */
interface Place {
  readonly energy: number;
  readonly values: Float32Array;
}

/** Values minus the straight line through two places. */
function deviationFrom(a: Place, b: Place, energy: number, values: Float32Array): Float32Array {
  const f = (energy - a.energy) / (b.energy - a.energy);
  const out = new Float32Array(values.length);
  for (let p = 0; p < out.length; p++) out[p] = values[p] - (a.values[p] + f * (b.values[p] - a.values[p]));
  return out;
}

function eachPixel({ top, bottom, left, right }: Part, columns: number, visit: (p: number) => void): void {
  for (let y = top; y < bottom; y++) for (let x = left; x < right; x++) visit(y * columns + x);
}

/** Whether a pixel or one beside it is a seed of this sign. */
function isBeside(seeds: Int8Array, sign: number, p: number, columns: number): boolean {
  const x = p % columns;
  for (let row = p - columns; row <= p + columns; row += columns) {
    if (row < 0 || row >= seeds.length) continue;
    for (let i = x === 0 ? 0 : -1; i <= (x === columns - 1 ? 0 : 1); i++)
      if (seeds[row + i] === sign) return true;
  }
  return false;
}

/** The median of three values that are numbers, the mean of two, or the one. */
function medianOf3([a, b, c]: readonly Float32Array[]): Float32Array {
  const out = new Float32Array(a.length);
  for (let p = 0; p < out.length; p++) {
    const [u, v, w] = [a[p], b[p], c[p]];
    out[p] = Math.max(Math.min(u, v), Math.min(Math.max(u, v), w));
    if (Number.isNaN(out[p])) out[p] = meanOfKnown([u, v, w]);
  }
  return out;
}

/** Median over images of one pixel, of the values that are numbers. @param sorted as long as the list */
function medianOfPixel(images: readonly Float32Array[], p: number, sorted: Float64Array): number {
  let n = 0;
  for (const image of images) {
    const v = image[p];
    if (Number.isNaN(v)) continue;
    let at = n++;
    for (; at > 0 && sorted[at - 1] > v; at--) sorted[at] = sorted[at - 1];
    sorted[at] = v;
  }
  return n === 0 ? Number.NaN : sorted[n >> 1];
}

function meanOfKnown(values: readonly number[]): number {
  const known = values.filter((v) => !Number.isNaN(v));
  return known.reduce((sum, v) => sum + v, 0) / known.length;
}
