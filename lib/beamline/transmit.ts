// What reaches the camera in one frame: the light of each pixel times the transmission of what is in the beam there, at the
// energy that the pixel sees. The inner loops of a recording.

/**
 * Optical depths of one frame: for each shift of the energy that of the third component and the differences of the first
 * two to it; and which shift and mixture each pixel has.
 */
export interface FrameDepths {
  /** depth3, depth1 - depth3, depth2 - depth3 at shift 0, then at shift 1, ... */
  readonly table: Float64Array;
  /** position of each pixel among the shifts; between two of them the depth is linear */
  readonly shift: Float32Array;
  /** concentrations of components 1 and 2 in each pixel, or one number each when they are the same everywhere */
  readonly c1: Float32Array | number;
  readonly c2: Float32Array | number;
}

/**
 * Electrons that a block of pixels is expected to collect: light times exp(-optical depth).
 *
 * @param light electrons per raw pixel without anything in the beam, of the whole frame
 * @param brightness factor on all of it: the ring current
 * @param from first pixel of the block
 * @param out electrons per raw pixel, one for each pixel of the block
 */
export function transmit(
  light: Float32Array,
  brightness: number,
  depths: FrameDepths,
  from: number,
  out: Float32Array,
): void {
  const { table, shift, c1, c2 } = depths;
  if (typeof c1 === "number" || typeof c2 === "number") {
    transmitUniform(light, brightness, transmissions(depths), shift, from, out);
  } else transmitMixture(light, brightness, table, shift, c1, c2, from, out);
}

/** The plain version of {@link transmit}, for one pixel. */
export function transmitReference(
  light: number,
  brightness: number,
  depths: FrameDepths,
  pixel: number,
): number {
  const { table, shift } = depths;
  const g = Math.floor(shift[pixel]);
  const f = shift[pixel] - g;
  const at = (j: number) => table[3 * g + j] * (1 - f) + table[3 * g + 3 + j] * f;
  const of = (c: Float32Array | number) => (typeof c === "number" ? c : c[pixel]);
  return light * brightness * Math.exp(-(at(0) + of(depths.c1) * at(1) + of(depths.c2) * at(2)));
}

/** Every pixel has the same mixture: one transmission for each shift, linear between them, is right to 1e-6. */
function transmitUniform(
  light: Float32Array,
  brightness: number,
  transmission: Float64Array,
  shift: Float32Array,
  from: number,
  out: Float32Array,
): void {
  for (let i = 0, p = from; i < out.length; i++, p++) {
    const s = shift[p];
    const g = s | 0;
    const t = transmission[g];
    out[i] = light[p] * brightness * (t + (s - g) * (transmission[g + 1] - t));
  }
}

function transmissions({ table, c1, c2 }: FrameDepths): Float64Array {
  const out = new Float64Array(table.length / 3);
  for (let g = 0; g < out.length; g++) {
    out[g] = Math.exp(
      -(table[3 * g] + (c1 as number) * table[3 * g + 1] + (c2 as number) * table[3 * g + 2]),
    );
  }
  return out;
}

function transmitMixture(
  light: Float32Array,
  brightness: number,
  table: Float64Array,
  shift: Float32Array,
  c1: Float32Array,
  c2: Float32Array,
  from: number,
  out: Float32Array,
): void {
  const exponentials = EXPONENTIALS;
  const n = out.length;
  for (let i = 0; i < n; i++) {
    const p = from + i;
    const s = shift[p];
    const g = s | 0;
    const f = s - g;
    const at = 3 * g;
    const t3 = table[at];
    const t1 = table[at + 1];
    const t2 = table[at + 2];
    const d3 = t3 + f * (table[at + 3] - t3);
    const d1 = t1 + f * (table[at + 4] - t1);
    const d2 = t2 + f * (table[at + 5] - t2);
    const depth = d3 + c1[p] * d1 + c2[p] * d2;
    let transmission: number;
    if (depth < DEEPEST) {
      const e = depth * DEPTH_STEPS;
      const j = e | 0;
      const value = exponentials[j];
      transmission = value + (e - j) * (exponentials[j + 1] - value);
    } else transmission = Math.exp(-depth);
    out[i] = light[p] * brightness * transmission;
  }
}

/** exp(-x) for 0 <= x <= DEEPEST; linear interpolation is right to 5e-7. */
const DEEPEST = 4;
const DEPTH_STEPS = 512;
const EXPONENTIALS: Float64Array = Float64Array.from({ length: DEEPEST * DEPTH_STEPS + 2 }, (_, i) =>
  Math.exp(-i / DEPTH_STEPS),
);
