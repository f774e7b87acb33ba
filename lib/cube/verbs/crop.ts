import { ArgumentError, quote, SchemaError } from "../../errors.js";
import { checkOptions } from "../../options.js";
import { inUnit } from "../../units.js";
import { findStep } from "../plan.js";
import { extend, type Plan, requireFrames } from "./verb.js";

/** What to keep: pixels [from, to) counted from 0 at the top left, energies from low to high with both ends. */
export interface CropOptions {
  readonly x?: readonly [number, number];
  readonly y?: readonly [number, number];
  /** eV */
  readonly energy?: readonly [number, number];
}

/** Part of the image, of the energy axis, or of both. */
export function crop(plan: Plan, options: CropOptions): Plan {
  checkOptions("crop", options, { x: true, y: true, energy: true });
  requireFrames(plan, "crop");
  if (typeof options !== "object" || options === null || !(options.x || options.y || options.energy)) {
    throw new ArgumentError(`crop: expected { x }, { y } or { energy }, got ${quote(options)}`, {
      value: options,
    });
  }
  const { height, width, energies } = plan.schema;
  const x = pixels("x", options.x ?? [0, width], width);
  const y = pixels("y", options.y ?? [0, height], height);
  const frames = framesWithin(options.energy, energies);
  const calibrated = findStep(plan.steps, "calibrate");
  const kept = energies.slice(frames[0], frames[1]);
  if (calibrated && !(calibrated.reference > Math.min(...kept) && calibrated.reference < Math.max(...kept))) {
    throw new SchemaError(
      `crop: expected energies that keep the foil's edge at ${calibrated.reference} eV, which .calibrate() needs, got ${quote(options.energy)}`,
    );
  }
  return extend(
    plan,
    { verb: "crop", x, y, frames },
    { width: x[1] - x[0], height: y[1] - y[0], energies: kept },
  );
}

function pixels(axis: string, range: readonly [number, number], size: number): [number, number] {
  const [from, to] = range;
  if (!Number.isInteger(from) || !Number.isInteger(to) || from < 0 || to > size || from >= to) {
    throw new ArgumentError(
      `crop: expected ${axis}: [from, to) with 0 <= from < to <= ${size}, got ${quote(range)}`,
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
