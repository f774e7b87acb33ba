// Resampling of spectra whose energy scale has a constant offset, which differs between the pixels of a
// full-field image.
import { ascendingAxis } from "./axis.js";

/** One spectrum on the caller's axis. */
export type Spectrum = Float64Array | Float32Array;

/**
 * Interpolates spectra that were measured at `energy + shift` at `energy`: cubic Lagrange interpolation
 * through the four nearest energies of a non-uniform axis.
 *
 * It is exact for cubics between the first and the last measured energy. A shift of 0 returns the spectrum
 * unchanged. Outside the measured range the value at the end is used.
 */
export class ShiftInterpolator {
  private readonly n: number;
  private readonly descending: boolean;
  private readonly axis: Float64Array;
  /** 1 / product of the differences between the four nodes of each stencil, shape [n - 3, 4]. */
  private readonly denominators: Float64Array;

  /**
   * @param energy eV, ascending or descending, at least 4
   * @throws ShapeError when there are fewer than 4 energies
   * @throws ArgumentError when the axis is not strictly monotonic
   */
  constructor(energy: ArrayLike<number>) {
    const { axis, descending } = ascendingAxis(energy, "ShiftInterpolator", 4);
    this.axis = axis;
    this.descending = descending;
    this.n = axis.length;
    this.denominators = new Float64Array(4 * (this.n - 3));
    for (let s = 0; s < this.n - 3; s++) {
      for (let a = 0; a < 4; a++) {
        let product = 1;
        for (let b = 0; b < 4; b++) if (b !== a) product *= axis[s + a] - axis[s + b];
        this.denominators[4 * s + a] = 1 / product;
      }
    }
  }

  /**
   * Writes the resampled spectrum into `out`. It allocates nothing and checks nothing.
   *
   * A NaN of the spectrum gives NaN where the interpolation needs it: at most two steps away.
   *
   * @param spectrum values measured at energy + shift, shape [nEnergies], in the order of the axis
   * @param shift true energy minus nominal energy, eV; NaN gives NaN everywhere
   * @param out shape [nEnergies]; must not share memory with `spectrum`
   */
  apply(spectrum: Spectrum, shift: number, out: Spectrum): void {
    const { n, axis, denominators, descending } = this;
    if (shift === 0) {
      for (let i = 0; i < n; i++) out[i] = spectrum[i];
      return;
    }
    if (!(Math.abs(shift) < Infinity)) {
      for (let i = 0; i < n; i++) out[i] = Number.NaN;
      return;
    }
    // Positions are on the ascending axis. `base + step * position` is the index in the caller's arrays.
    const step = descending ? -1 : 1;
    const base = descending ? n - 1 : 0;
    const first = axis[0];
    const last = axis[n - 1];
    let stencil = 0;
    for (let i = 0; i < n; i++) {
      const q = axis[i] - shift;
      let value: number;
      if (q <= first) value = spectrum[base];
      else if (q >= last) value = spectrum[base + step * (n - 1)];
      else {
        // The middle interval of the stencil holds q, except at the ends of the axis.
        while (stencil < n - 4 && axis[stencil + 2] <= q) stencil++;
        const at = base + step * stencil;
        const d0 = q - axis[stencil];
        const d1 = q - axis[stencil + 1];
        const d2 = q - axis[stencil + 2];
        const d3 = q - axis[stencil + 3];
        const d01 = d0 * d1;
        const d23 = d2 * d3;
        const w = 4 * stencil;
        value =
          spectrum[at] * (denominators[w] * d1 * d23) +
          spectrum[at + step] * (denominators[w + 1] * d0 * d23) +
          spectrum[at + 2 * step] * (denominators[w + 2] * d01 * d3) +
          spectrum[at + 3 * step] * (denominators[w + 3] * d01 * d2);
      }
      out[base + step * i] = value;
    }
  }

  /**
   * Carries derivatives with respect to the resampled spectrum back to the measured one: the transpose of what
   * `apply` does.
   *
   * @param gradient shape [nEnergies], in the order of the axis
   * @param out shape [nEnergies]; must not share memory with `gradient`
   */
  transpose(gradient: Float64Array, shift: number, out: Float64Array): void {
    const { n, axis, denominators, descending } = this;
    if (shift === 0) {
      out.set(gradient);
      return;
    }
    out.fill(0);
    const step = descending ? -1 : 1;
    const base = descending ? n - 1 : 0;
    let stencil = 0;
    for (let i = 0; i < n; i++) {
      const own = gradient[base + step * i];
      const q = axis[i] - shift;
      if (q <= axis[0]) out[base] += own;
      else if (q >= axis[n - 1]) out[base + step * (n - 1)] += own;
      else {
        while (stencil < n - 4 && axis[stencil + 2] <= q) stencil++;
        if (own === 0) continue;
        for (let a = 0; a < 4; a++) {
          let weight = own * denominators[4 * stencil + a];
          for (let b = 0; b < 4; b++) if (b !== a) weight *= q - axis[stencil + b];
          out[base + step * (stencil + a)] += weight;
        }
      }
    }
  }
}
