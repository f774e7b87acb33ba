// Frames to normalized spectra through the compiled kernels, a tile of pixels at a time. The plain reference
// is what ShiftInterpolator and Normalizer (lib/xas/) do to one spectrum after another; their numbers are
// handed over here as plain arrays.
import type { Kernels } from "./wasm.js";

/**
 * A polynomial fitted to a window of the spectrum, as the rows whose products with it are the coefficients.
 */
export interface WindowFit {
  /** First index of the window, in the order of the axis. */
  readonly from: number;
  /** Energies in the window. */
  readonly count: number;
  /** [degree + 1, count], from power zero; see `polynomialMap`. */
  readonly rows: Float64Array;
}

/** What is done to every spectrum. */
export interface TilePlan {
  /** eV, at least 4, strictly ascending or descending. */
  readonly energies: Float64Array;
  /** Whether the energy axis is shifted. */
  readonly shift: boolean;
  readonly normalize: {
    /** eV; powers count from there. */
    readonly e0: number;
    /** A line. */
    readonly pre: WindowFit;
    /** A polynomial of degree 5 at most. */
    readonly post: WindowFit;
    /** Whether the post-edge curve is made flat at and above e0. */
    readonly flatten: boolean;
    /** Edge steps below this fraction of what they are the difference of count as none. */
    readonly tiny: number;
  } | null;
}

/** Pixels are worked on four at a time. */
const GROUP = 4;

/**
 * Turns tiles of frames; one instance for each plan and each Kernels, in whose memory it holds its places.
 * Take `frames`, `spectra` and `edgeSteps` when everything that holds places there has been made.
 */
export class SpectrumTiles {
  /**
   * Numbers from frame to frame: `framePixels` rounded up, and off a power of two, which would crowd few
   * places of the cache.
   */
  readonly pitch: number;
  readonly #kernels: Kernels;
  readonly #plan: TilePlan;
  readonly #n: number;
  readonly #backwards: boolean;
  readonly #tile: number;
  readonly #at: Readonly<
    Record<
      "frames" | "shifts" | "groups" | "work" | "out" | "edgeSteps" | "chosen" | "sums" | "axis" | "steps",
      number
    >
  >;
  readonly #normalization: Parameters<Kernels["run"]["useNormalization"]>;

  /**
   * @param framePixels capacity in pixels of each frame
   * @param tile pixels of a tile at most
   */
  constructor(kernels: Kernels, plan: TilePlan, framePixels: number, tile: number) {
    const { energies } = plan;
    const n = energies.length;
    this.#kernels = kernels;
    this.#plan = plan;
    this.#n = n;
    this.#tile = Math.ceil(tile / GROUP) * GROUP;
    this.pitch = Math.ceil((framePixels + GROUP) / 16) * 16 + 16;
    this.#backwards = energies[n - 1] < energies[0];
    const axis = this.#backwards ? energies.slice().reverse() : energies;
    this.#at = {
      frames: kernels.hold(4 * n * this.pitch),
      shifts: kernels.hold(8 * this.#tile),
      groups: kernels.hold(4 * n * this.#tile),
      work: kernels.hold(2 * 4 * GROUP * n),
      out: kernels.hold(4 * n * this.#tile),
      edgeSteps: kernels.hold(8 * this.#tile),
      chosen: kernels.hold(this.#tile),
      sums: kernels.hold(8 * n),
      axis: this.#hold(axis),
      steps: this.#hold(reciprocals(axis)),
    };
    this.#normalization = this.#normalizationOf(axis);
  }

  /** The frames to turn, to be filled in, [nEnergies, pitch]. */
  get frames(): Float32Array {
    return this.#kernels.f32(this.#at.frames, this.#n * this.pitch);
  }

  /** Spectra of the last tile, [tile, nEnergies], in the order of the axis. */
  get spectra(): Float32Array {
    return this.#kernels.f32(this.#at.out, this.#n * this.#tile);
  }

  /** Edge steps of the last tile; NaN where there is none. */
  get edgeSteps(): Float64Array {
    return this.#kernels.f64(this.#at.edgeSteps, this.#tile);
  }

  /**
   * Spectra of pixels [from, from + count) of the frames.
   *
   * @param shifts eV for each of the pixels, from `firstShift`; used where the plan shifts
   */
  run(from: number, count: number, shifts?: Float64Array, firstShift = 0): void {
    const { run } = this.#kernels;
    const { frames, shifts: s, groups, work, out, edgeSteps, axis, steps } = this.#at;
    const shift = this.#plan.shift && shifts;
    if (shift) {
      const own = this.#kernels.f64(s, this.#tile);
      own.set(shift.subarray(firstShift, firstShift + count));
      own.fill(own[count - 1], count);
    }
    run.useAxis(this.#n, axis, steps);
    run.useNormalization(...this.#normalization);
    if (!this.#plan.normalize) this.edgeSteps.fill(Number.NaN);
    run.spectraOf(
      frames + 4 * from,
      4 * this.pitch,
      Number(this.#backwards),
      count,
      shift ? s : 0,
      groups,
      work,
      out,
      edgeSteps,
    );
  }

  /** Takes other rows for the same windows. */
  useFits({ pre, post }: Pick<NonNullable<TilePlan["normalize"]>, "pre" | "post">): void {
    this.#kernels.put(this.#normalization[1], byThrees(this.#alongAxis(pre)));
    this.#kernels.put(this.#normalization[4], byThrees(this.#alongAxis(post)));
  }

  /**
   * Adds spectra of the last tile to `sums`, those that are chosen (1) and have a number everywhere.
   *
   * @param chosen one entry per spectrum; 2 where a chosen one was left out because it has gaps
   * @returns how many were left out
   */
  addRows(chosen: Uint8Array, sums: Float64Array): number {
    const at = this.#at;
    const own = this.#kernels.bytes(at.chosen, chosen.length);
    own.set(chosen);
    const part = this.#kernels.f64(at.sums, this.#n);
    part.fill(0);
    const leftOut = this.#kernels.run.addRows(at.out, at.chosen, chosen.length, this.#n, at.sums);
    for (let k = 0; k < part.length; k++) sums[k] += part[k];
    if (leftOut > 0) chosen.set(own);
    return leftOut;
  }

  #normalizationOf(axis: Float64Array): Parameters<Kernels["run"]["useNormalization"]> {
    const { normalize } = this.#plan;
    if (!normalize) return [0, 0, 0, 0, 0, 0, 0, -1, this.#n, 0];
    const x = axis.map((e) => e - normalize.e0);
    const [pre, post] = [normalize.pre, normalize.post].map((fit) => this.#alongAxis(fit));
    const above = x.findIndex((v) => v >= 0);
    return [
      this.#holdTwice(x),
      this.#hold(byThrees(pre)),
      pre.from,
      pre.count,
      this.#hold(byThrees(post)),
      post.from,
      post.count,
      post.rows.length / post.count - 1,
      normalize.flatten && above >= 0 ? above : this.#n,
      normalize.tiny,
    ];
  }

  #hold(values: Float64Array | Float32Array): number {
    const at = this.#kernels.hold(values.byteLength);
    this.#kernels.put(at, values);
    return at;
  }

  /** In float64, and after that in float32. */
  #holdTwice(values: Float64Array): number {
    const at = this.#kernels.hold(12 * values.length);
    this.#kernels.put(at, values);
    this.#kernels.put(at + values.byteLength, Float32Array.from(values));
    return at;
  }

  /** The same window along the ascending axis. */
  #alongAxis({ from, count, rows }: WindowFit): WindowFit {
    if (!this.#backwards) return { from, count, rows };
    const reversed = rows.slice();
    for (let at = 0; at < rows.length; at += count) reversed.subarray(at, at + count).reverse();
    return { from: this.#n - from - count, count, rows: reversed };
  }
}

/** 1 / (axis[k + j] - axis[k]) for j = 1, 2, 3, [3, n]; zero beyond the end. */
function reciprocals(axis: Float64Array): Float32Array {
  const n = axis.length;
  const out = new Float32Array(3 * n);
  for (let j = 1; j <= 3; j++) {
    for (let k = 0; k + j < n; k++) out[(j - 1) * n + k] = 1 / (axis[k + j] - axis[k]);
  }
  return out;
}

/** Rows three beside each other, [ceil(rows / 3), count, 3], filled up with zeros. */
function byThrees({ count, rows }: WindowFit): Float64Array {
  const nRows = rows.length / count;
  const out = new Float64Array(Math.ceil(nRows / 3) * count * 3);
  for (let d = 0; d < nRows; d++) {
    const block = Math.floor(d / 3) * count * 3 + (d % 3);
    for (let i = 0; i < count; i++) out[block + 3 * i] = rows[d * count + i];
  }
  return out;
}
