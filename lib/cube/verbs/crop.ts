import { cropRows } from "../../compute/image-rows.js";
import { ArgumentError, quote } from "../../errors.js";
import { checkOptions } from "../../options.js";
import { inUnit } from "../../units.js";
import type { FrameVerb } from "./verb.js";

/**
 * What to keep: pixels [from, to) counted from 0 at the top left, energies from low to high with both ends.
 */
export interface CropOptions {
  readonly x?: readonly [number, number];
  readonly y?: readonly [number, number];
  /** eV */
  readonly energy?: readonly [number, number];
}

/** Pixels [from, to) of a rectangle, counted from 0 at the top left; all where an axis is left out. */
export type PixelRegion = Pick<CropOptions, "x" | "y">;

/** Pixels [from, to) along x and y, frames [from, to) along the energy axis. */
export interface CropStep {
  readonly verb: "crop";
  readonly x: readonly [number, number];
  readonly y: readonly [number, number];
  readonly frames: readonly [number, number];
}
declare module "../plan.js" {
  interface FrameSteps {
    crop: CropStep;
  }
}

/** Part of the image, of the energy axis, or of both. */
export const crop: FrameVerb<CropStep, [options: CropOptions]> = {
  name: "crop",
  kind: "frame",

  add(plan, options) {
    const { energies } = plan.schema;
    checkOptions("crop", options, { x: true, y: true, energy: true });
    if (typeof options !== "object" || options === null || !(options.x || options.y || options.energy)) {
      throw new ArgumentError(`crop: expected { x }, { y } or { energy }, got ${quote(options)}`, {
        value: options,
      });
    }
    const { x, y } = pixelsOf("crop", options, plan.schema);
    const frames = framesWithin(options.energy, energies);
    const kept = energies.slice(frames[0], frames[1]);
    return {
      step: { verb: "crop", x, y, frames },
      schema: { width: x[1] - x[0], height: y[1] - y[0], energies: kept },
    };
  },

  again({ x, y, frames: [from, to] }, { energies }) {
    const kept = energies.slice(from, to);
    return [{ x, y, energy: [Math.min(...kept), Math.max(...kept)] }];
  },

  sentence: ({ x, y, frames }) =>
    `crop: x [${x.join(", ")}), y [${y.join(", ")}), frames [${frames.join(", ")})`,

  firstFrame: ({ frames }) => frames[0],

  windowBefore: ({ x: [x], y: [y] }, { top, bottom, left, right }) => ({
    top: top + y,
    bottom: bottom + y,
    left: left + x,
    right: right + x,
  }),

  reshape({ x, y }, map) {
    const [height, width] = [y[1] - y[0], x[1] - x[0]];
    const values = new Float32Array(height * width);
    cropRows(map.values.subarray(y[0] * map.width, y[1] * map.width), map.width, x, height, values);
    return { values, height, width };
  },
};

/** Both ranges of pixels, checked. */
export function pixelsOf(
  call: string,
  { x, y }: PixelRegion,
  { width, height }: { readonly width: number; readonly height: number },
): { x: [number, number]; y: [number, number] } {
  return {
    x: pixelRange(call, "x", x ?? [0, width], width),
    y: pixelRange(call, "y", y ?? [0, height], height),
  };
}

function pixelRange(
  call: string,
  axis: string,
  range: readonly [number, number],
  size: number,
): [number, number] {
  const [from, to] = range;
  if (!Number.isInteger(from) || !Number.isInteger(to) || from < 0 || to > size || from >= to) {
    throw new ArgumentError(
      `${call}: expected ${axis}: [from, to) with 0 <= from < to <= ${size}, got ${quote(range)}`,
      {
        axis,
        value: range,
      },
    );
  }
  return [from, to];
}

function framesWithin(
  range: readonly [number, number] | undefined,
  energies: readonly number[],
): [number, number] {
  if (range === undefined) return [0, energies.length];
  for (const end of range) inUnit("crop", "energy", "energy", end);
  const inside = (e: number): boolean => e >= range[0] && e <= range[1];
  const from = energies.findIndex(inside);
  const count = energies.filter(inside).length;
  if (!(range[0] < range[1]) || count < 2) {
    throw new ArgumentError(
      `crop: expected energy: [low, high] in eV that keeps at least 2 of the energies ${Math.min(...energies).toFixed(1)} to ${Math.max(...energies).toFixed(1)}, got ${quote(range)}`,
      { value: range },
    );
  }
  return [from, from + count];
}
