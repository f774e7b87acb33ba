import { short } from "../../compute/format.js";
import { DoseRateAccumulator } from "../../dose/dose-rate-map.js";
import { Mask } from "../../dose/mask.js";
import { Stack } from "../../dose/stack.js";
import { ArgumentError, quote, ShapeError } from "../../errors.js";
import { checkOptions, oneOf, refuseNull } from "../../options.js";
import { displayUnit } from "../../units.js";
import { MAP_NAMES, MAPS, type MapName, missingMap } from "../maps.js";
import { type PixelRegion, pixelsOf } from "./crop.js";
import { dose } from "./dose.js";
import { doseRate, incidentFlux } from "./dose-rate.js";
import { type Addition, findStep, type OtherVerb, type Plan } from "./verb.js";

/** Which map the interval is of. */
export interface MaskOptions {
  /** doseRate in kGy/s (default), dose in MGy, shift in eV. */
  readonly of?: MapName;
  /**
   * The unit of the interval: "kGy/s", "MGy" or "eV". With it, values that look like another unit are
   * accepted.
   */
  readonly unit?: string;
}

type Interval = readonly [number, number];

/** Keeps pixels whose map lies in one of the half-open intervals [low, high) (Gy/s, Gy, eV). */
export interface MapMaskStep {
  readonly verb: "mask";
  readonly map: MapName;
  readonly intervals: readonly Interval[];
}
/** Keeps the pixels of a Mask: numbers of pixels that are left out and kept, in turn. */
export interface PixelMaskStep {
  readonly verb: "mask";
  readonly runs: readonly number[];
  /** What the mask selects, as text. */
  readonly label: string;
}
export type MaskStep = MapMaskStep | PixelMaskStep;
declare module "../plan.js" {
  interface OtherSteps {
    mask: MaskStep;
  }
}

/**
 * Keeps the pixels whose map lies in [low, high), or in one of several such intervals, those of a rectangle,
 * or those that a Mask selects.
 */
export const mask: OtherVerb<
  MaskStep,
  [pixels: Interval | readonly Interval[] | PixelRegion | Mask, options?: MaskOptions]
> = {
  name: "mask",
  kind: "mask",
  turns: true,

  add(plan, pixels, given) {
    const options = refuseNull("mask", checkOptions("mask", given, { of: true, unit: true }));
    if (isRegion(pixels)) return pixelMask(plan, rectangle(pixels, plan.schema), options);
    return pixels instanceof Mask ? pixelMask(plan, pixels, options) : mapMask(plan, pixels, options);
  },

  again(step, { width, height }) {
    if ("runs" in step) return [Mask.fromRuns(step.runs, { width, height, label: step.label })];
    const { unit, scale } = displayUnit(MAPS[step.map].unit);
    return [step.intervals.map(([low, high]) => [low / scale, high / scale]), { of: step.map, unit }];
  },

  sentence: (step) => `mask: ${maskWords(step)}`,

  selects: (step) => ({
    words: maskWords(step),
    ...("map" in step ? { map: step.map } : {}),
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

function isRegion(pixels: unknown): pixels is PixelRegion {
  const plain = typeof pixels === "object" && pixels !== null;
  return plain && !Array.isArray(pixels) && !(pixels instanceof Mask);
}

/** The mask of a rectangle of pixels. */
function rectangle(region: PixelRegion, { width, height }: Plan["schema"]): Mask {
  checkOptions("mask", region, { x: true, y: true });
  if (!region.x && !region.y) {
    throw new ArgumentError(`mask: expected { x } or { y } as [from, to), got ${quote(region)}`, {
      value: region,
    });
  }
  const { x, y } = pixelsOf("mask", region, { width, height });
  const values = new Uint8Array(width * height);
  for (let row = y[0]; row < y[1]; row++) values.fill(1, row * width + x[0], row * width + x[1]);
  return new Mask({ values, width, height, label: `x [${x.join(", ")}), y [${y.join(", ")})` });
}

/** What a mask keeps, as text in display units. */
function maskWords(step: MaskStep): string {
  if ("runs" in step) {
    const kept = step.runs.reduce((n, run, i) => n + (i % 2) * run, 0);
    return `${kept} pixels, ${step.label}`;
  }
  const { unit, scale } = displayUnit(MAPS[step.map].unit);
  const intervals = step.intervals.map((ends) => `[${ends.map((v) => endText(v / scale)).join(", ")})`);
  return `${step.map} in ${intervals.join(" or ")} ${unit}`;
}

function endText(value: number): string {
  // Infinity became the largest number when the plan was made; a display unit above one makes it smaller.
  if (Math.abs(value) > 1e300) return value > 0 ? "Infinity" : "-Infinity";
  return short(value, 6);
}

function pixelMask(plan: Plan, pixels: Mask, { of, unit }: MaskOptions): Addition<MaskStep> {
  const { width, height } = plan.schema;
  if (unit !== undefined) {
    throw new ArgumentError(`mask: expected no { unit } with pixels, got ${quote(unit)}; drop it`, { unit });
  }
  if (of !== undefined) {
    throw new ArgumentError(
      `mask: expected no { of } with pixels, got ${quote(of)}; intervals are of a map`,
      {
        of,
      },
    );
  }
  if (pixels.width !== width || pixels.height !== height) {
    throw new ShapeError(
      `mask: expected a Mask of ${width} x ${height} pixels, as this cube has them, got ${pixels.width} x ${pixels.height}; make it from a map of the same binning and crop`,
      { expected: [width, height], got: [pixels.width, pixels.height] },
    );
  }
  return { step: { verb: "mask", runs: pixels.runs(), label: pixels.label }, schema: { masked: true } };
}

/**
 * No pixel is expected above this multiple of the mean over the image: all photons on a hundredth of the
 * field.
 */
const ABOVE_MEAN = 100;
/** kGy/s, and MGy: taken where the mean is not known, as in a saved cube. */
const UNEXPECTED = { doseRate: 200, dose: 1e4 } as const;

/** Refuses intervals that no pixel can lie in, and that make sense in Gy/s or Gy. */
function checkUnit(plan: Plan, map: MapName, list: readonly Interval[]): void {
  if (map === "shift") return;
  const { unit, scale } = displayUnit(MAPS[map].unit);
  const own = unit.slice(1);
  const mean = meanOf(plan, map);
  const most = mean === undefined ? UNEXPECTED[map] : (ABOVE_MEAN * mean) / scale;
  const far = list.every(([low]) => low > most);
  const meant = list.every(([low]) => low / scale <= most);
  if (!far || !meant) return;
  const known = mean === undefined ? "" : `; the mean over the image is ${short(mean / scale, 2)} ${unit}`;
  const right = list.map((ends) => `[${ends.map((v) => endText(v / scale)).join(", ")}]`).join(", ");
  throw new ArgumentError(
    `mask: expected intervals in ${unit}, got ${quote(list.length === 1 ? list[0] : list)}, which look like ${own}${known}; did you mean ${right}? Give { unit: ${quote(unit)} } to insist`,
    { value: list, unit },
  );
}

/**
 * Mean over the recorded image, Gy/s or Gy: all photons of the flux fall on it. Undefined where it cannot be
 * known yet.
 */
function meanOf({ steps, source }: Plan, map: "doseRate" | "dose"): number | undefined {
  const step = findStep(steps, doseRate);
  const ofDose = findStep(steps, dose);
  if (!step || source.pixelSize === undefined || (map === "dose" && !ofDose)) return undefined;
  const energies = [source.energies[source.energies.length >> 1]];
  const whole = new DoseRateAccumulator({
    shape: [1, 1],
    energies,
    stack: Stack.from(step.stack),
    flux: incidentFlux(step, energies),
    pixelSize: source.pixelSize,
    convention: step.convention,
  });
  whole.add(0, [1]);
  const rate = whole.finish()[0] / (source.height * source.width);
  return map === "dose" ? rate * (ofDose?.seconds ?? 0) : rate;
}

function mapMask(
  plan: Plan,
  interval: Interval | readonly Interval[],
  options: MaskOptions,
): Addition<MaskStep> {
  const map = options.of ?? "doseRate";
  if (!MAP_NAMES.includes(map)) {
    throw new ArgumentError(`mask: expected of: ${MAP_NAMES.join(" | ")}, got ${quote(map)}`, { value: map });
  }
  const { unit, scale } = displayUnit(MAPS[map].unit);
  if (!plan.schema.maps.includes(map)) {
    throw missingMap(`mask(${JSON.stringify(interval)})`, map);
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
  if (options.unit === undefined) checkUnit(plan, map, list);
  else oneOf("mask", "unit", options.unit, [unit]);
  // Finite, so that the plan survives as JSON; no map reaches these ends.
  const end = (value: number): number =>
    Math.max(-Number.MAX_VALUE, Math.min(Number.MAX_VALUE, value * scale));
  const intervals = list.map(([low, high]) => [end(low), end(high)] as const);
  return { step: { verb: "mask", map, intervals }, schema: { masked: true } };
}
