// Frames to normalised spectra through the compiled kernels, a tile of pixels at a time. The plain reference is what ShiftInterpolator
// and Normalizer (lib/xas/) do to one spectrum after another; their numbers are handed over here as plain arrays.
import type { Kernels } from "./wasm.js";

/** A polynomial fitted to a window of the spectrum, as the rows whose products with it are the coefficients. */
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
    /** Edge steps below this share of what they are the difference of count as none. */
    readonly tiny: number;
  } | null;
}

/** Turns tiles of frames; one instance for each plan and thread. */
export class SpectrumTiles {
  readonly #kernels: Kernels;
  readonly #plan: TilePlan;
  /** Everything below runs along the ascending axis. */
  readonly #backwards: boolean;
  readonly #axis: Float64Array;
  readonly #denominators: Float64Array;
  readonly #x: Float64Array;
  readonly #pre: WindowFit;
  readonly #post: WindowFit;
  readonly #flat: readonly [number, number];

  constructor(kernels: Kernels, plan: TilePlan) {
    const { energies, normalize } = plan;
    const n = energies.length;
    this.#kernels = kernels;
    this.#plan = plan;
    this.#backwards = energies[n - 1] < energies[0];
    this.#axis = this.#backwards ? energies.slice().reverse() : energies;
    this.#denominators = denominatorsOf(this.#axis);
    this.#x = this.#axis.map((e) => e - (normalize?.e0 ?? 0));
    const none = { from: 0, count: 1, rows: new Float64Array(0) };
    this.#pre = normalize ? this.#alongAxis(normalize.pre) : none;
    this.#post = normalize ? this.#alongAxis(normalize.post) : none;
    const above = this.#x.findIndex((x) => x >= 0);
    this.#flat = normalize?.flatten && above >= 0 ? [above, n] : [0, 0];
  }

  /**
   * Spectra of pixels [from, from + count) of a band.
   *
   * @param frames [nEnergies, nPixels]
   * @param shifts eV for each of the pixels; used where the plan shifts
   * @param out receives [count, nEnergies], in the order of the axis
   * @param edgeSteps receives count numbers; NaN where nothing is normalised
   */
  run(
    frames: Float32Array,
    nPixels: number,
    from: number,
    count: number,
    shifts: ArrayLike<number>,
    out: Float64Array,
    edgeSteps: Float64Array,
  ): void {
    const kernels = this.#kernels;
    const { run } = kernels;
    const { normalize, shift } = this.#plan;
    const axis = this.#axis;
    const n = axis.length;
    const [f, tile, work, e, w, x, pre, post] = kernels.place(
      4 * n * count,
      8 * n * count,
      8 * n,
      ...[8 * n, 8 * this.#denominators.length, 8 * n],
      ...[8 * this.#pre.rows.length, 8 * this.#post.rows.length],
    );
    kernels.put(e, axis);
    kernels.put(w, this.#denominators);
    kernels.put(x, this.#x);
    kernels.put(pre, this.#pre.rows);
    kernels.put(post, this.#post.rows);
    for (let k = 0; k < n; k++) {
      kernels.put(f + 4 * k * count, frames, k * nPixels + from, k * nPixels + from + count);
    }
    run.turnFrames(f, count, count, n, Number(this.#backwards), tile);
    const degree = this.#post.rows.length / this.#post.count - 1;
    for (let j = 0; j < count; j++) {
      const row = tile + 8 * n * j;
      // A shift of zero changes nothing, to the bit; one that is no number leaves nothing.
      if (shift && !(Math.abs(shifts[j]) < Number.POSITIVE_INFINITY)) kernels.f64(row, n).fill(Number.NaN);
      else if (shift && shifts[j] !== 0) {
        run.shiftSpectrum(row, e, w, n, shifts[j], work);
        kernels.f64(row, n).set(kernels.f64(work, n));
      }
      edgeSteps[j] = Number.NaN;
      if (!normalize) continue;
      edgeSteps[j] = run.normalizeSpectrum(
        row,
        x,
        n,
        pre,
        this.#pre.from,
        this.#pre.count,
        post,
        this.#post.from,
        this.#post.count,
        degree,
        ...this.#flat,
        normalize.tiny,
      );
    }
    out.set(kernels.f64(tile, n * count));
    if (this.#backwards) for (let j = 0; j < count; j++) out.subarray(j * n, (j + 1) * n).reverse();
  }

  /** The same window along the ascending axis. */
  #alongAxis({ from, count, rows }: WindowFit): WindowFit {
    if (!this.#backwards) return { from, count, rows };
    const turned = rows.slice();
    for (let at = 0; at < rows.length; at += count) turned.subarray(at, at + count).reverse();
    return { from: this.#axis.length - from - count, count, rows: turned };
  }
}

/** 1 / product of the differences from the other places of each stencil of four, [4, n - 3]. */
function denominatorsOf(axis: Float64Array): Float64Array {
  const stencils = axis.length - 3;
  const out = new Float64Array(4 * stencils);
  for (let s = 0; s < stencils; s++) {
    for (let a = 0; a < 4; a++) {
      let product = 1;
      for (let b = 0; b < 4; b++) if (b !== a) product *= axis[s + a] - axis[s + b];
      out[a * stencils + s] = 1 / product;
    }
  }
  return out;
}
