// Damage that spreads: dQ/dt = S - kq Q + D ∇²Q, with a source where the dose rate is above its onset. It is
// linear, so each Fourier mode is solved exactly at any time, and only the points of the image are
// transformed back.
import type { Pulse } from "../damage/model.js";
import { KINETICS } from "../parameters.js";

/** Points of margin between the image and its periodic copy. */
const MARGIN = 40;

/**
 * Modes whose sum cannot exceed this are left out, source-seconds. Concentrations are within 5e-5 of those
 * with all modes.
 */
const NEGLIGIBLE = 10;

/** The spreading damage of one image. */
export class SpreadingDamage {
  private readonly height: number;
  private readonly width: number;
  /** Per mode (ky >= 0, kx >= 0): the even and odd part of the source in ky, and the decay rate, 1/s. */
  private readonly even: Complex;
  private readonly odd: Complex;
  private readonly decay: Float64Array;
  /** Upper limit of the amplitude of a mode. */
  private readonly size: Float64Array;
  private readonly trigY: Trig;
  private readonly trigX: Trig;
  private readonly column: Complex;
  private readonly silent: boolean;

  /**
   * @param doseRate kGy/s, shape [rows, columns]
   * @param pitch mm between points
   */
  constructor(
    doseRate: Float64Array,
    private readonly rows: number,
    private readonly columns: number,
    pitch: number,
  ) {
    this.height = rows + 2 * MARGIN;
    this.width = columns + 2 * MARGIN;
    const nky = (this.height >> 1) + 1;
    const nkx = (this.width >> 1) + 1;
    this.trigY = trig(rows, nky, this.height);
    this.trigX = trig(columns, nkx, this.width);
    const source = doseRate.map((rate) => Math.max(0, rate / KINETICS.DRon - 1));
    this.silent = source.every((s) => s === 0);
    this.even = complex(nky * nkx);
    this.odd = complex(nky * nkx);
    this.decay = new Float64Array(nky * nkx);
    this.column = complex(nkx);
    for (let ky = 0; ky < nky; ky++) {
      for (let kx = 0; kx < nkx; kx++) {
        const qy = (2 * Math.PI * ky) / (this.height * pitch);
        const qx = (2 * Math.PI * kx) / (this.width * pitch);
        this.decay[ky * nkx + kx] = KINETICS.D * (qx * qx + qy * qy) + KINETICS.kq / 3600 + 1e-12;
      }
    }
    if (!this.silent) this.transform(source, nky, nkx);
    this.size = this.decay.map(
      (_, m) => Math.hypot(this.even.re[m], this.even.im[m]) + Math.hypot(this.odd.re[m], this.odd.im[m]),
    );
  }

  /**
   * Damage at a time.
   *
   * @param pulses intervals of the source
   * @param out source-hours, shape [rows, columns]
   */
  at(pulses: readonly Pulse[], out: Float64Array): void {
    if (this.silent) {
      out.fill(0);
      return;
    }
    const { trigX, trigY, rows, columns } = this;
    const [re, im] = [this.column.re, this.column.im];
    const nkx = re.length;
    const nky = this.decay.length / nkx;
    const { even, odd, lastKy, lastKx } = this.grown(pulses);
    for (let y = 0; y < rows; y++) {
      re.fill(0);
      im.fill(0);
      for (let ky = 0; ky <= lastKy; ky++) {
        const c = trigY.cos[y * nky + ky];
        const s = trigY.sin[y * nky + ky];
        for (let kx = 0, m = ky * nkx; kx <= lastKx; kx++, m++) {
          re[kx] += even.re[m] * c + odd.re[m] * s;
          im[kx] += even.im[m] * c + odd.im[m] * s;
        }
      }
      for (let x = 0; x < columns; x++) {
        let sum = 0;
        for (let kx = 0, m = x * nkx; kx <= lastKx; kx++, m++)
          sum += re[kx] * trigX.cos[m] - im[kx] * trigX.sin[m];
        out[y * columns + x] = Math.max(sum, 0) / 3600;
      }
    }
  }

  /**
   * Amplitude of each mode after growth during the intervals of the source and decay since, for all times
   * together; and the last ky and kx that matter: diffusion damps the high ones, more with time.
   */
  private grown(pulses: readonly Pulse[]) {
    const { decay } = this;
    const nkx = this.column.re.length;
    const even = complex(decay.length);
    const odd = complex(decay.length);
    let lastKy = 0;
    let lastKx = 0;
    for (let m = 0; m < decay.length; m++) {
      let gain = 0;
      for (const { length, since } of pulses)
        gain += (-Math.expm1(-decay[m] * length) / decay[m]) * Math.exp(-decay[m] * since);
      if (gain * this.size[m] < NEGLIGIBLE / decay.length) continue;
      even.re[m] = gain * this.even.re[m];
      even.im[m] = gain * this.even.im[m];
      odd.re[m] = gain * this.odd.re[m];
      odd.im[m] = gain * this.odd.im[m];
      const ky = Math.floor(m / nkx);
      lastKy = ky;
      lastKx = Math.max(lastKx, m - ky * nkx);
    }
    return { even, odd, lastKy, lastKx };
  }

  /**
   * Forward transform. With A(ky) the coefficient of the source, A(ky) e^{i a} + A(-ky) e^{-i a} = even cos a
   * + odd sin a, where even = A(ky) + A(-ky) and odd = i (A(ky) - A(-ky)). The decay rate is the same for
   * both, so half of the modes are sufficient. Weights of the inverse transform (normalization, and 2 for the
   * omitted mirror images in kx) are included here.
   */
  private transform(source: Float64Array, nky: number, nkx: number): void {
    const { rows, columns, trigX, trigY } = this;
    const line = complex(rows * nkx);
    for (let y = 0; y < rows; y++) {
      for (let kx = 0; kx < nkx; kx++) {
        for (let x = 0; x < columns; x++) {
          line.re[y * nkx + kx] += source[y * columns + x] * trigX.cos[x * nkx + kx];
          line.im[y * nkx + kx] -= source[y * columns + x] * trigX.sin[x * nkx + kx];
        }
      }
    }
    for (let ky = 0; ky < nky; ky++) {
      const once = ky === 0 || 2 * ky === this.height;
      for (let kx = 0; kx < nkx; kx++) {
        const mirrored = kx === 0 || 2 * kx === this.width ? 1 : 2;
        const weight = (mirrored * (once ? 1 : 2)) / (this.height * this.width);
        const m = ky * nkx + kx;
        for (let y = 0; y < rows; y++) {
          const l = y * nkx + kx;
          const c = trigY.cos[y * nky + ky] * weight;
          const s = trigY.sin[y * nky + ky] * weight;
          this.even.re[m] += line.re[l] * c;
          this.even.im[m] += line.im[l] * c;
          this.odd.re[m] += line.re[l] * s;
          this.odd.im[m] += line.im[l] * s;
        }
      }
    }
  }
}

interface Complex {
  readonly re: Float64Array;
  readonly im: Float64Array;
}

interface Trig {
  readonly cos: Float64Array;
  readonly sin: Float64Array;
}

function complex(n: number): Complex {
  return { re: new Float64Array(n), im: new Float64Array(n) };
}

/** cos and sin of 2 pi i k / period, shape [n, modes]. */
function trig(n: number, modes: number, period: number): Trig {
  const cos = new Float64Array(n * modes);
  const sin = new Float64Array(n * modes);
  for (let i = 0; i < n; i++) {
    for (let k = 0; k < modes; k++) {
      const angle = (2 * Math.PI * ((i * k) % period)) / period;
      cos[i * modes + k] = Math.cos(angle);
      sin[i * modes + k] = Math.sin(angle);
    }
  }
  return { cos, sin };
}
