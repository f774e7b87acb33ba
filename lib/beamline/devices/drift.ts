// The sample is not at rest on its stage, and its electrode is not of the same thickness everywhere. By default
// both are left out, as in the paper.
import { random } from "../../compute/random.js";
import { ArgumentError, quote } from "../../errors.js";
import { checkOptions } from "../../options.js";
import { FRAMES } from "./monochromator.js";

/** Drift of the sample against the beam and the camera; x to the right and y down. */
export interface Drift {
  /** um/h, from the start of the charge; default [0, 0]. */
  readonly velocity?: readonly [number, number];
  /** um from the first to the last frame of each scan, about its middle; default [0, 0]. */
  readonly scan?: readonly [number, number];
}

/** Variations of the electrode's thickness. */
export interface Texture {
  /** Standard deviation, relative. */
  readonly rms: number;
  /** Correlation length, um: at this distance the correlation is exp(-1/2). */
  readonly length: number;
}

/** Place of the sample in one frame, relative to that at the start of the charge, um. */
export function displacement(
  { velocity = [0, 0], scan = [0, 0] }: Drift,
  time: number,
  frame: number,
): readonly [number, number] {
  const place = frame / (FRAMES - 1) - 0.5;
  const along = (axis: 0 | 1): number => (velocity[axis] * time) / 3600 + scan[axis] * place;
  return [along(0), along(1)];
}

/** Waves in the sum that makes a texture. */
const WAVES = 96;
const SEED = 1812;

/**
 * Relative deviation of the electrode's thickness in each pixel: a sum of plane waves with a Gaussian spectrum,
 * averaged over the pixel.
 *
 * @param grid its center is where the sample's own center is not
 * @returns shape [rows, columns]
 */
export function thicknessOnGrid(
  { rms, length }: Texture,
  { rows, columns, pixelSize, center: [cx, cy] = [0, 0] }: Placed,
): Float32Array {
  const rng = random(SEED);
  const out = new Float64Array(rows * columns);
  const scale = rms * Math.sqrt(2 / WAVES);
  for (let wave = 0; wave < WAVES; wave++) {
    const [kx, ky] = [rng.normal() / length, rng.normal() / length];
    const phase = 2 * Math.PI * rng.uniform();
    const amplitude = scale * sinc((kx * pixelSize) / 2) * sinc((ky * pixelSize) / 2);
    const x = (j: number): number => kx * ((j - (columns - 1) / 2) * pixelSize - 1e3 * cx);
    const [cosines, sines] = [Math.cos, Math.sin].map((f) =>
      Float64Array.from({ length: columns }, (_, j) => f(x(j))),
    );
    for (let i = 0; i < rows; i++) {
      const y = ky * ((i - (rows - 1) / 2) * pixelSize - 1e3 * cy) + phase;
      const [c, s] = [amplitude * Math.cos(y), amplitude * Math.sin(y)];
      for (let j = 0; j < columns; j++) out[i * columns + j] += c * cosines[j] - s * sines[j];
    }
  }
  return Float32Array.from(out);
}

interface Placed {
  readonly rows: number;
  readonly columns: number;
  readonly pixelSize: number;
  readonly center?: readonly [number, number];
}

function sinc(x: number): number {
  return x === 0 ? 1 : Math.sin(x) / x;
}

/** Largest drift, um: half of the field of view. */
const FAR = 600;

/** @throws ArgumentError for a drift that is none, or leaves the field of view */
export function checkDrift(drift: Drift, call: string): void {
  const { velocity, scan } = checkOptions(`${call}, drift`, drift, { velocity: true, scan: true });
  for (const [name, value, most] of [
    ["velocity", velocity, FAR],
    ["scan", scan, FAR],
  ] as const) {
    if (value === undefined) continue;
    const isPair = Array.isArray(value) && value.length === 2 && value.every((v) => Math.abs(v) <= most);
    if (!isPair) {
      const unit = name === "scan" ? "um" : "um/h";
      throw new ArgumentError(
        `${call}: expected drift.${name} as [x, y] in ${unit}, each -${most} to ${most}, got ${quote(value)}`,
        { [name]: value },
      );
    }
  }
}

/** @throws ArgumentError for a texture without its numbers, or one that leaves no electrode in places */
export function checkTexture(texture: Texture, call: string): void {
  const { rms, length } = checkOptions(`${call}, texture`, texture, { rms: true, length: true });
  const isNumber = (value: unknown, low: number, high: number): boolean =>
    typeof value === "number" && value > low && value <= high;
  if (isNumber(rms, 0, 0.2) && isNumber(length, 0, 1000)) return;
  throw new ArgumentError(
    `${call}: expected texture as { rms, length }, above 0, at most 0.2 and 1000 um, got ${quote(texture)}`,
    { texture },
  );
}
