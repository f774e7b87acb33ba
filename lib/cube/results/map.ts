// A value for each pixel: an image at one energy, a dose-rate map, a concentration map.
import { type Histogram, histogram } from "../../dose/masks.js";
import { KGY, MGY } from "../../units.js";
import type { Provenance } from "./provenance.js";
import { type Columns, cell, Result } from "./result.js";

/** Geometry of a map. */
export interface MapShape {
  readonly height: number;
  readonly width: number;
  /** um at the sample. */
  readonly pixelSize: number;
}

/** Values on the pixels of an image. */
export class MapResult extends Result implements MapShape {
  readonly kind = "map";
  readonly height: number;
  readonly width: number;
  readonly pixelSize: number;
  constructor(
    provenance: Provenance,
    /** Row-major, [height, width], first row on top; NaN where a pixel has no value or is not selected. */
    readonly values: Float64Array,
    shape: MapShape,
    /** What is shown, for people: "Dose rate". */
    readonly label: string,
    /** Unit of `values`; "" for pure numbers. */
    readonly unit: string,
  ) {
    super(provenance);
    this.height = shape.height;
    this.width = shape.width;
    this.pixelSize = shape.pixelSize;
  }

  /** Finite values only. */
  statistics(): { readonly n: number; readonly min: number; readonly max: number; readonly mean: number } {
    let [n, min, max, sum] = [0, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, 0];
    for (const v of this.values) {
      if (!Number.isFinite(v)) continue;
      n++;
      sum += v;
      min = Math.min(min, v);
      max = Math.max(max, v);
    }
    return { n, min, max, mean: sum / n };
  }

  /**
   * Pixels in each step of the value.
   *
   * @param options.step width of a bin, in kGy/s for dose rates (default 0.3, as in the paper), MGy for doses, otherwise in the map's unit
   */
  histogram(options: { step?: number } = {}): Histogram {
    const unit = { "Gy/s": KGY, Gy: MGY }[this.unit] ?? 1;
    return histogram(this.values, { ...options, unit });
  }

  summary(): string {
    const { n, min, max, mean } = this.statistics();
    const f = (v: number): string => `${Number(v.toPrecision(4))}`;
    return `${this.label}: ${this.width} x ${this.height} pixels of ${f(this.pixelSize)} um, ${n} with a value, ${f(min)} to ${f(max)}${this.unit ? ` ${this.unit}` : ""}, mean ${f(mean)}`;
  }

  columns(): Columns {
    const index = Array.from(this.values, (_, i) => i);
    return {
      x: index.map((i) => ((i % this.width) + 0.5) * this.pixelSize),
      y: index.map((i) => (Math.floor(i / this.width) + 0.5) * this.pixelSize),
      value: Array.from(this.values, cell),
    };
  }
}

/** Values of selected pixels spread over the whole image. */
export function spread(
  values: ArrayLike<number>,
  pixels: Int32Array,
  { height, width }: MapShape,
  stride = 1,
  offset = 0,
): Float64Array {
  const out = new Float64Array(height * width).fill(Number.NaN);
  for (let i = 0; i < pixels.length; i++) out[pixels[i]] = values[i * stride + offset];
  return out;
}
