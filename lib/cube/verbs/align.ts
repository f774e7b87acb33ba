import { INTERPOLATIONS, SUPPORT, translate } from "../../compute/registration/translate.js";
import { SchemaError } from "../../errors.js";
import { checkOptions, oneOf, refuseNull } from "../../options.js";
import type { Window } from "../engine/window.js";
import { floatsOf, known, measured } from "./align-options.js";
import type { AlignOptions, AlignStep, Shift } from "./align-step.js";
import type { FrameVerb, ImageMap } from "./verb.js";

const NAMES = { to: true, pieces: true, maximum: true, interpolation: true, shifts: true } as const;
/**
 * Drift of the sample between cubes and within a scan: absorbance images are moved so that each pixel shows the
 * same place of the sample. What comes from outside of the image becomes NaN.
 */
export const align: FrameVerb<AlignStep, [options?: AlignOptions]> = {
  name: "align",
  kind: "frame",
  once: true,
  ofSample: true,
  overlaps: true,

  add(plan, given) {
    const options = refuseNull("align", checkOptions("align", given, NAMES));
    const { quantity, height, width, energies } = plan.schema;
    if (quantity !== "absorbance") {
      throw new SchemaError(
        `align: expected absorbance, got ${quantity}; call .absorb() first: the sample moves, the beam and the flat field do not`,
        { quantity },
      );
    }
    if (plan.steps.some(({ verb }) => verb === "dose")) {
      throw new SchemaError(
        "align: expected a cube without dose, got one with .dose() before it; call .align() first, so that the dose follows the sample",
      );
    }
    const first = plan.steps.reduce((sum, step) => sum + (step.verb === "crop" ? step.frames[0] : 0), 0);
    const frames = [first, first + energies.length] as const;
    const interpolation = oneOf("align", "interpolation", options.interpolation ?? "spline", INTERPOLATIONS);
    const image = { interpolation, height, width, frames };
    const own = options.shifts === undefined ? measured(plan, options) : known(plan, options, options.shifts);
    return { step: { verb: "align", ...own, ...image }, schema: {} };
  },

  again({ to, pieces, maximum, interpolation, shifts, height, width }) {
    if (shifts) return [{ shifts, interpolation }];
    const image = typeof to === "object" ? { values: floatsOf(to.image), height, width } : to;
    return [{ to: image, pieces, maximum, interpolation }];
  },

  sentence({ to, pieces, maximum, interpolation, shifts }) {
    const how = interpolation === "integer" ? "by whole pixels" : "with a cubic spline";
    const each = pieces === 1 ? "each cube" : `each of ${pieces} pieces of every scan`;
    if (shifts) return `align: given shifts of ${each} are undone ${how}`;
    const target = typeof to === "object" ? "an image" : to === "mean" ? "their mean place" : `cube ${to}`;
    return `align: the shift of ${each} against ${target}, at most ${maximum} pixels, is measured when the plan runs and undone ${how}`;
  },

  windowBefore: surroundings,

  slice: (step, from, to) => ({
    ...step,
    ...(step.shifts && { shifts: step.shifts.slice(from, to) }),
    ...(step.weights && { weights: step.weights.slice(from, to) }),
  }),

  reshape: followed,

  evaluate(step, images, t, k, window, out) {
    const before = surroundings(step, window);
    const shift = shiftOf(step, t, k);
    translate(images.frame(t, k, before), before, window, shift, step.interpolation, out);
  },
};

const reaches = new WeakMap<AlignStep, Shift>();

/** Pixels along x and y that a place of the sample may be away; the same for all images of a series. */
function reachOf(step: AlignStep): Shift {
  const known = reaches.get(step);
  if (known) return known;
  const { shifts, maximum = 0 } = step;
  const most = (axis: 0 | 1): number =>
    shifts ? shifts.flat().reduce((max, one) => Math.max(max, Math.abs(one[axis])), 0) : maximum;
  const reach = [Math.ceil(most(0)) + SUPPORT, Math.ceil(most(1)) + SUPPORT] as const;
  reaches.set(step, reach);
  return reach;
}

/** The image before that a window may need. It does not depend on the time: what is kept of the flat serves all. */
function surroundings(step: AlignStep, window: Window): Window {
  const { height, width } = step;
  const [x, y] = reachOf(step);
  return {
    top: Math.max(0, window.top - y),
    bottom: Math.min(height, window.bottom + y),
    left: Math.max(0, window.left - x),
    right: Math.min(width, window.right + x),
  };
}

/** Shift of a recorded frame: on the straight line between the middles of pieces. */
function shiftOf({ shifts, frames: [from, to] }: AlignStep, t: number, k: number): Shift {
  if (!shifts) throw new TypeError("align: shifts were not measured before the plan ran");
  const own = shifts[t];
  const place = ((k - from + 0.5) / (to - from)) * own.length - 0.5;
  const lower = Math.max(0, Math.min(own.length - 1, Math.floor(place)));
  const upper = Math.min(own.length - 1, lower + 1);
  const f = Math.max(0, Math.min(1, place - lower));
  const [[ax, ay], [bx, by]] = [own[lower], own[upper]];
  return [ax + f * (bx - ax), ay + f * (by - ay)];
}

/** Shifts are rounded to this for maps, pixels: places of a long series then coincide. */
const GRID = 1 / 32;

/** A map of the camera, such as the dose rate, where the sample was: the weighted mean over the time steps. */
function followed(step: AlignStep, { values, height, width }: ImageMap): ImageMap {
  const { shifts = [], weights = [], interpolation } = step;
  const places = new Map<string, { readonly at: Shift; weight: number }>();
  for (const [t, own] of shifts.entries()) {
    if (weights[t] === 0) continue;
    const at = meanShift(own).map((v) => Math.round(v / GRID) * GRID) as unknown as Shift;
    const place = places.get(`${at}`) ?? { at, weight: 0 };
    place.weight += weights[t];
    places.set(`${at}`, place);
  }
  const all = { top: 0, bottom: height, left: 0, right: width };
  const moved = new Float64Array(values.length);
  const sum = new Float64Array(values.length);
  let total = 0;
  for (const { at, weight } of places.values()) {
    translate(values, all, all, at, interpolation, moved);
    total += weight;
    for (let p = 0; p < sum.length; p++) sum[p] += weight * moved[p];
  }
  return { values: Float32Array.from(sum, (v) => v / total), height, width };
}

/** Mean over the pieces of a scan. */
export function meanShift(pieces: readonly Shift[]): Shift {
  const mean = (axis: 0 | 1): number => pieces.reduce((sum, one) => sum + one[axis], 0) / pieces.length;
  return [mean(0), mean(1)];
}
