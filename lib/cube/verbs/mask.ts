import { Mask } from "../../dose/mask.js";
import { ArgumentError, quote, SchemaError, ShapeError } from "../../errors.js";
import { KGY, MGY } from "../../units.js";
import type { LayerName, MaskStep } from "../plan.js";
import { extend, type Plan } from "./verb.js";

/** Which layer the interval is of. */
export interface MaskOptions {
  /** doseRate in kGy/s (default), dose in MGy, shift in eV. */
  readonly of?: LayerName;
}

type Interval = readonly [number, number];

/** People's units for each layer, and how many of the library's units are in one of them. */
export const layerUnits: Readonly<Record<LayerName, { readonly unit: string; readonly scale: number }>> = {
  doseRate: { unit: "kGy/s", scale: KGY },
  dose: { unit: "MGy", scale: MGY },
  shift: { unit: "eV", scale: 1 },
};

const source: Record<LayerName, string> = {
  doseRate: "no dose-rate map on this cube; call .doseRate(stack) first",
  dose: "no dose map on this cube; call .doseRate(stack).dose() first",
  shift: "no shift map on this cube; call .calibrate() first",
};

/** Keeps the pixels whose layer lies in [low, high), or in one of several such intervals, or those that a Mask selects. */
export function mask(
  plan: Plan,
  pixels: Interval | readonly Interval[] | Mask,
  options: MaskOptions = {},
): Plan {
  return pixels instanceof Mask ? pixelMask(plan, pixels, options) : layerMask(plan, pixels, options);
}

/** What a mask keeps, in people's units. */
export function maskWords(step: MaskStep): string {
  if ("runs" in step) {
    const kept = step.runs.reduce((n, run, i) => n + (i % 2) * run, 0);
    return `${kept} pixels, ${step.label}`;
  }
  const { unit, scale } = layerUnits[step.layer];
  const intervals = step.intervals.map((ends) => `[${ends.map((v) => short(v / scale)).join(", ")})`);
  return `${step.layer} in ${intervals.join(" or ")} ${unit}`;
}

function short(value: number): string {
  // Infinity became the largest number when the plan was made; layers of a unit below one shrink it.
  if (Math.abs(value) > 1e300) return value > 0 ? "Infinity" : "-Infinity";
  return String(Number(value.toPrecision(6)));
}

function pixelMask(plan: Plan, pixels: Mask, { of }: MaskOptions): Plan {
  const { width, height } = plan.schema;
  if (of !== undefined) {
    throw new ArgumentError(`mask: expected no { of } with a Mask, got ${quote(of)}; a Mask is of pixels`, {
      of,
    });
  }
  if (pixels.width !== width || pixels.height !== height) {
    throw new ShapeError(
      `mask: expected a Mask of ${width} x ${height} pixels, as this cube has them, got ${pixels.width} x ${pixels.height}; make it from a map of the same binning and crop`,
      { expected: [width, height], got: [pixels.width, pixels.height] },
    );
  }
  return extend(plan, { verb: "mask", runs: pixels.runs(), label: pixels.label }, { masked: true });
}

function layerMask(plan: Plan, interval: Interval | readonly Interval[], options: MaskOptions): Plan {
  const layer = options.of ?? "doseRate";
  if (!Object.hasOwn(layerUnits, layer)) {
    throw new ArgumentError(
      `mask: expected of: ${Object.keys(layerUnits).join(" | ")}, got ${quote(layer)}`,
      { value: layer },
    );
  }
  const { unit, scale } = layerUnits[layer];
  if (!plan.schema.layers.includes(layer)) {
    throw new SchemaError(`mask(${JSON.stringify(interval)}): ${source[layer]}`, { layer });
  }
  const list = (Array.isArray(interval?.[0]) ? interval : [interval]) as readonly Interval[];
  for (const one of list) {
    const valid =
      Array.isArray(one) && one.length === 2 && one.every((v) => typeof v === "number") && one[0] < one[1];
    if (!valid) {
      throw new ArgumentError(
        `mask: expected [low, high) with low < high in ${unit}, or a list of such intervals, got ${quote(interval)}`,
        { value: interval },
      );
    }
  }
  // Finite, so that the plan survives as JSON; no layer reaches these ends.
  const end = (value: number): number =>
    Math.max(-Number.MAX_VALUE, Math.min(Number.MAX_VALUE, value * scale));
  const intervals = list.map(([low, high]) => [end(low), end(high)] as const);
  return extend(plan, { verb: "mask", layer, intervals }, { masked: true });
}
