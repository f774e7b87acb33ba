import { DoseRateAccumulator } from "../../dose/dose-rate-map.js";
import { Mask } from "../../dose/mask.js";
import { Stack } from "../../dose/stack.js";
import { ArgumentError, quote, SchemaError, ShapeError } from "../../errors.js";
import { checkOptions, oneOf } from "../../options.js";
import { KGY, MGY } from "../../units.js";
import { findStep, type LayerName } from "../plan.js";
import { incidentFlux } from "./dose-rate.js";
import type { Addition, OtherVerb, Plan } from "./verb.js";

/** Which layer the interval is of. */
export interface MaskOptions {
  /** doseRate in kGy/s (default), dose in MGy, shift in eV. */
  readonly of?: LayerName;
  /** The unit of the interval, spelled out: "kGy/s", "MGy" or "eV". Values that look like another unit are then taken as they are. */
  readonly unit?: string;
}

type Interval = readonly [number, number];

/** People's units for each layer, and how many of the library's units are in one of them. */
const layerUnits: Readonly<Record<LayerName, { readonly unit: string; readonly scale: number }>> = {
  doseRate: { unit: "kGy/s", scale: KGY },
  dose: { unit: "MGy", scale: MGY },
  shift: { unit: "eV", scale: 1 },
};

const source: Record<LayerName, string> = {
  doseRate: "no dose-rate map on this cube; call .doseRate(stack) first",
  dose: "no dose map on this cube; call .doseRate(stack).dose() first",
  shift: "no shift map on this cube; call .calibrate() first",
};

/** Keeps pixels whose layer lies in one of the half-open intervals [low, high) (Gy/s, Gy, eV). */
export interface LayerMaskStep {
  readonly verb: "mask";
  readonly layer: LayerName;
  readonly intervals: readonly Interval[];
}
/** Keeps the pixels of a Mask: numbers of pixels that are left out and kept, in turn. */
export interface PixelMaskStep {
  readonly verb: "mask";
  readonly runs: readonly number[];
  /** What the mask selects, in words. */
  readonly label: string;
}
export type MaskStep = LayerMaskStep | PixelMaskStep;
declare module "../plan.js" {
  interface OtherSteps {
    mask: MaskStep;
  }
}

/** Keeps the pixels whose layer lies in [low, high), or in one of several such intervals, or those that a Mask selects. */
export const mask: OtherVerb<
  MaskStep,
  [pixels: Interval | readonly Interval[] | Mask, options?: MaskOptions]
> = {
  name: "mask",
  kind: "mask",
  turns: true,

  add(plan, pixels, given) {
    const options = checkOptions("mask", given, { of: true, unit: true });
    return pixels instanceof Mask ? pixelMask(plan, pixels, options) : layerMask(plan, pixels, options);
  },

  sentence: (step) => `mask: ${maskWords(step)}`,

  selects: (step) => ({
    words: maskWords(step),
    ...("layer" in step ? { layer: step.layer } : {}),
    pixels(height, width, values) {
      if ("runs" in step) return Mask.fromRuns(step.runs, { width, height }).values;
      const inside = new Uint8Array(height * width);
      for (const [low, high] of step.intervals) {
        for (let p = 0; p < inside.length; p++) if (values[p] >= low && values[p] < high) inside[p] = 1;
      }
      return inside;
    },
  }),
};

/** What a mask keeps, in people's units. */
function maskWords(step: MaskStep): string {
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

function pixelMask(plan: Plan, pixels: Mask, { of, unit }: MaskOptions): Addition<MaskStep> {
  const { width, height } = plan.schema;
  if (unit !== undefined) {
    throw new ArgumentError(`mask: expected no { unit } with a Mask, got ${quote(unit)}; drop it`, { unit });
  }
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
  return { step: { verb: "mask", runs: pixels.runs(), label: pixels.label }, schema: { masked: true } };
}

/** Above so many times the mean over the image no pixel of a beam is expected: a spot of a hundredth of the field. */
const ABOVE_MEAN = 100;
/** kGy/s, and MGy: taken where the mean is not known, as in a saved cube. */
const UNEXPECTED = { doseRate: 200, dose: 1e4 } as const;

/** Refuses intervals that no pixel can lie in, and that make sense in Gy/s or Gy. */
function questionUnit(plan: Plan, layer: LayerName, list: readonly Interval[]): void {
  if (layer === "shift") return;
  const { unit, scale } = layerUnits[layer];
  const own = unit.slice(1);
  const mean = meanOf(plan, layer);
  const most = mean === undefined ? UNEXPECTED[layer] : (ABOVE_MEAN * mean) / scale;
  const far = list.every(([low]) => low > most);
  const meant = list.every(([low]) => low / scale <= most);
  if (!far || !meant) return;
  const known =
    mean === undefined ? "" : `; the mean over the image is ${Number((mean / scale).toPrecision(2))} ${unit}`;
  const right = list.map((ends) => `[${ends.map((v) => short(v / scale)).join(", ")}]`).join(", ");
  throw new ArgumentError(
    `mask: expected intervals in ${unit}, got ${quote(list.length === 1 ? list[0] : list)}, which look like ${own}${known}; did you mean ${right}? Give { unit: ${quote(unit)} } to insist`,
    { value: list, unit },
  );
}

/** Mean over the recorded image, Gy/s or Gy: all photons of the flux fall on it. Undefined where it cannot be known yet. */
function meanOf({ steps, source }: Plan, layer: "doseRate" | "dose"): number | undefined {
  const step = findStep(steps, "doseRate");
  const dose = findStep(steps, "dose");
  if (!step || source.pixelSize === undefined || (layer === "dose" && !dose)) return undefined;
  const energies = [source.energies[source.energies.length >> 1]];
  const whole = new DoseRateAccumulator({
    shape: [1, 1],
    energies,
    stack: Stack.from(step.stack),
    flux: incidentFlux(step, energies),
    pixelSize: source.pixelSize * Math.sqrt(source.height * source.width),
    convention: step.convention,
  });
  whole.add(0, [1]);
  const rate = whole.finish()[0];
  return layer === "dose" ? rate * (dose?.seconds ?? 0) : rate;
}

function layerMask(
  plan: Plan,
  interval: Interval | readonly Interval[],
  options: MaskOptions,
): Addition<MaskStep> {
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
  if (options.unit === undefined) questionUnit(plan, layer, list);
  else oneOf("mask", "unit", options.unit, [unit]);
  // Finite, so that the plan survives as JSON; no layer reaches these ends.
  const end = (value: number): number =>
    Math.max(-Number.MAX_VALUE, Math.min(Number.MAX_VALUE, value * scale));
  const intervals = list.map(([low, high]) => [end(low), end(high)] as const);
  return { step: { verb: "mask", layer, intervals }, schema: { masked: true } };
}
