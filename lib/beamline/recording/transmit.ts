// What reaches the camera in one frame: the light of each pixel times the transmission of what is in the beam there, at the
// energy that the pixel sees. The compiled kernels compute the same for whole frames (frame-buffer.ts).
import { falling, nearest } from "./float32.js";

/** What is in the beam in one frame. Between two shifts of the energy all is linear. */
export interface FrameDepths {
  /** position of each pixel among the shifts */
  readonly shift: Float32Array;
  /**
   * For each shift: the transmission, and by how much the next one differs. Where each pixel has its own mixture: the depth of
   * component 3, those of 1 and 2 minus it, and a zero; then by how much the next ones differ.
   */
  readonly table: Float32Array;
  /** concentrations of components 1 and 2 in each pixel; null where they are the same everywhere */
  readonly mixture: { readonly c1: Float32Array; readonly c2: Float32Array } | null;
}

/**
 * Electrons that pixels are expected to collect, in float32: light times transmission.
 *
 * @param light electrons per raw pixel without anything in the beam
 * @param brightness factor on all of it: the ring current
 * @param depths what is in the beam; null: nothing
 * @param out as many pixels as it has, electrons per raw pixel
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
  for (let p = 0; p < n; p++) {
    const g = nearest(f(shift[p] - 0.5));
    const fraction = f(shift[p] - g);
    const at = 8 * g;
    const third = f(table[at] + f(fraction * table[at + 4]));
    const first = f(table[at + 1] + f(fraction * table[at + 5]));
    const second = f(table[at + 2] + f(fraction * table[at + 6]));
    out[p] = f(out[p] * falling(f(f(third + f(c1[p] * first)) + f(c2[p] * second))));
  }
}

/**
 * Puts optical depths into the form in which frames look them up.
 *
 * @param depths of component 3, of 1 minus 3 and of 2 minus 3 for each shift, shape [shifts, 3]
 * @param mixture concentrations of components 1 and 2 where they are the same everywhere; null where each pixel has its own
 * @param out shape [shifts, 2] or [shifts, 8], as {@link FrameDepths.table} says; the last shift has no next one
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
