// Light on the camera in one frame: the light of each pixel times the transmission of the object in the beam,
// at the energy of the pixel. The compiled kernels compute the same for whole frames (frame-buffer.ts).
import { falling, nearest } from "./float32.js";

/** The object in the beam in one frame, interpolated linearly between shifts of the energy. */
export interface FrameDepths {
  /** position of each pixel among the shifts */
  readonly shift: Float32Array;
  /**
   * For each shift: the transmission, and its difference to the next one. If each pixel has its own mixture:
   * the depth of component 3, those of 1 and 2 minus it, and a zero; then their differences to the next
   * shift.
   */
  readonly table: Float32Array;
  /** concentrations of components 1 and 2 in each pixel; null where they are uniform */
  readonly mixture: { readonly c1: Float32Array; readonly c2: Float32Array } | null;
  /**
   * Where the thickness of the electrode varies, which needs a mixture in each pixel: its relative deviation, and
   * the depth of everything else at this energy. The compiled kernels do not have it.
   */
  readonly texture?: { readonly deviation: Float32Array; readonly rest: number };
}

/**
 * Expected electrons of pixels, in float32: light times transmission.
 *
 * @param light electrons per raw pixel of the open beam
 * @param brightness factor for all pixels: the ring current
 * @param depths object in the beam; null: none
 * @param out electrons per raw pixel, shape of light
 */
export function transmit(
  light: Float32Array,
  brightness: number,
  depths: FrameDepths | null,
  out: Float32Array,
): void {
  const f = Math.fround;
  const bright = f(brightness);
  const n = out.length;
  for (let p = 0; p < n; p++) out[p] = f(light[p] * bright);
  if (!depths) return;
  const { shift, table, mixture } = depths;
  if (!mixture) {
    for (let p = 0; p < n; p++) {
      const g = nearest(f(shift[p] - 0.5));
      const fraction = f(shift[p] - g);
      out[p] = f(out[p] * f(table[2 * g] + f(fraction * table[2 * g + 1])));
    }
    return;
  }
  const { c1, c2 } = mixture;
  const { deviation, rest } = depths.texture ?? { deviation: null, rest: 0 };
  for (let p = 0; p < n; p++) {
    const g = nearest(f(shift[p] - 0.5));
    const fraction = f(shift[p] - g);
    const at = 8 * g;
    const third = f(table[at] + f(fraction * table[at + 4]));
    const first = f(table[at + 1] + f(fraction * table[at + 5]));
    const second = f(table[at + 2] + f(fraction * table[at + 6]));
    const depth = f(f(third + f(c1[p] * first)) + f(c2[p] * second));
    const varied = deviation ? Math.max(0, f(depth + deviation[p] * (depth - rest))) : depth;
    out[p] = f(out[p] * falling(varied));
  }
}

/**
 * Converts optical depths to the table of a frame.
 *
 * @param depths of component 3, of 1 minus 3 and of 2 minus 3 for each shift, shape [shifts, 3]
 * @param mixture concentrations of components 1 and 2 where they are uniform; null where each pixel has its
 *   own
 * @param out shape [shifts, 2] or [shifts, 8], see {@link FrameDepths.table}; the last shift has no next one
 */
export function tabulate(
  depths: Float64Array,
  mixture: { readonly c1: number; readonly c2: number } | null,
  out: Float32Array,
): void {
  const shifts = depths.length / 3;
  if (mixture) {
    const { c1, c2 } = mixture;
    let next = Number.NaN;
    for (let g = shifts - 1; g >= 0; g--) {
      const value = Math.exp(-(depths[3 * g] + c1 * depths[3 * g + 1] + c2 * depths[3 * g + 2]));
      out[2 * g] = value;
      out[2 * g + 1] = g === shifts - 1 ? 0 : next - value;
      next = value;
    }
    return;
  }
  for (let g = 0; g < shifts; g++) {
    for (let j = 0; j < 3; j++) {
      out[8 * g + j] = depths[3 * g + j];
      out[8 * g + 4 + j] = g === shifts - 1 ? 0 : depths[3 * g + 3 + j] - depths[3 * g + j];
    }
  }
}
