// The entrance window is polycrystalline diamond. A grain that satisfies the Bragg condition removes light
// from the beam, in one spot of the image and during a few frames.
import { random } from "../../compute/random.js";
import { type Grid, position } from "../recording/grid.js";
import { type Clock, Device, numbers, type Quantities, quantity } from "./device.js";

/** A grain that diffracts: its position, size, frames and strength. */
export interface Grain {
  /** mm from the center */
  readonly x: number;
  readonly y: number;
  /** sigma of its spot, mm */
  readonly size: number;
  /** movement of the spot between frames, mm */
  readonly driftX: number;
  readonly driftY: number;
  readonly first: number;
  readonly frames: number;
  /** fraction of the light that it removes at its center */
  readonly depth: number;
}

const PARAMETERS = {
  grains: quantity(60, "1", "assumed", "grains that diffract somewhere in the field of view in one scan"),
  smallest: quantity(2, "pixels of 6.5 um", "assumed", "full width at half maximum of the smallest spot"),
  largest: quantity(6, "pixels of 6.5 um", "assumed", "and of the largest"),
  weakest: quantity(0.05, "1", "assumed", "fraction of the light that the weakest removes at its center"),
  strongest: quantity(0.4, "1", "assumed", "and the strongest"),
  longest: quantity(3, "frames", "assumed", "for which a grain diffracts, at most"),
  drift: quantity(1, "pixels of 6.5 um", "assumed", "by which a spot moves from one energy to the next"),
} as const satisfies Quantities;

const P = numbers(PARAMETERS);

/** The entrance window of the cell, at one spot of the electrode. */
export class DiamondWindow extends Device {
  readonly parameters = PARAMETERS;

  /** @param list of the grains in the beam */
  constructor(
    clock: Clock,
    readonly list: readonly Grain[],
  ) {
    super("window", clock);
  }

  /** The grains that diffract in a frame. */
  active(frame: number): readonly Grain[] {
    return this.list.filter((grain) => frame >= grain.first && frame < grain.first + grain.frames);
  }

  protected signals(): Quantities {
    return { inBeam: quantity(this.list.length, "1", "result", "grains in the field of view at this spot") };
  }
}

/**
 * The grains in the beam at one spot: 2 to 6 pixels of 6.5 um wide, each removing 5 to 40 % in 1 to 3 frames.
 *
 * @param width and height of the field, mm
 * @param key key of the random stream: seed, configuration, spot
 */
export function grains(
  width: number,
  height: number,
  frames: number,
  seed: number,
  ...key: number[]
): Grain[] {
  const source = random(seed, ...key);
  const between = (low: number, high: number) => low + (high - low) * source.uniform();
  return Array.from({ length: P.grains }, () => {
    const direction = between(0, 2 * Math.PI);
    return {
      x: between(-width / 2, width / 2),
      y: between(-height / 2, height / 2),
      size: (between(P.smallest, P.largest) * PIXEL) / FWHM_PER_SIGMA,
      driftX: P.drift * PIXEL * Math.cos(direction),
      driftY: P.drift * PIXEL * Math.sin(direction),
      first: Math.floor(between(0, frames)),
      frames: 1 + Math.floor(between(0, P.longest)),
      depth: between(P.weakest, P.strongest),
    };
  });
}

/**
 * Subtracts the diffracted light of a grain from one frame, in place.
 *
 * @param light any unit, shape [rows, columns]
 */
export function diffract(grain: Grain, frame: number, grid: Grid, light: Float32Array): void {
  const since = frame - grain.first;
  if (since < 0 || since >= grain.frames) return;
  const pixel = grid.pixelSize * 1e-3;
  // A Gaussian spot averaged over square pixels: wider by their size, with the same integral.
  const spread = grain.size ** 2 + pixel ** 2 / 12;
  const depth = (grain.depth * grain.size ** 2) / spread;
  const reach = 4 * Math.sqrt(spread);
  const x = grain.x + since * grain.driftX;
  const y = grain.y + since * grain.driftY;
  const [top, bottom] = range(y, reach, grid.rows, grid.pixelSize);
  const [left, right] = range(x, reach, grid.columns, grid.pixelSize);
  for (let i = top; i < bottom; i++) {
    for (let j = left; j < right; j++) {
      const dy = position(i, grid.rows, grid.pixelSize) - y;
      const dx = position(j, grid.columns, grid.pixelSize) - x;
      light[i * grid.columns + j] *= 1 - depth * Math.exp((-0.5 * (dx * dx + dy * dy)) / spread);
    }
  }
}

const PIXEL = 6.5e-3;
const FWHM_PER_SIGMA = 2.355;

/** Indices of the pixels within reach of a position. */
function range(at: number, reach: number, count: number, pixelSize: number): [number, number] {
  const middle = at / (pixelSize * 1e-3) + (count - 1) / 2;
  const extent = reach / (pixelSize * 1e-3);
  return [Math.max(0, Math.floor(middle - extent)), Math.min(count, Math.ceil(middle + extent) + 1)];
}
