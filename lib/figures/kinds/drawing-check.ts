// Checks of a plan for a drawing.

import type { DrawingPart, DrawingPlan } from "../../drawing-plan.js";
import { ArgumentError, quote } from "../../errors.js";
import { checkOptions, type OptionNames } from "../../options.js";
import { bounds, TONES } from "./drawing-shapes.js";

/** The plan, or an ArgumentError with the invalid part. */
export function checkPlan(call: string, plan: DrawingPlan): DrawingPlan {
  if (plan?.unit !== "mm" || !Array.isArray(plan.parts) || plan.parts.length === 0) {
    throw new ArgumentError(
      `${call}: expected plan as { unit: "mm", parts: [...] } with at least one part, got ${quote(plan)}`,
      { option: "plan" },
    );
  }
  checkOptions(`${call}, plan`, plan, { unit: true, parts: true, exploded: true });
  plan.parts.forEach((part, i) => {
    checkPart(call, part, i);
  });
  const boxes = plan.parts.map(bounds);
  for (const axis of ["x", "y"] as const) {
    const [low, high] = [
      Math.min(...boxes.map((b) => b[axis][0])),
      Math.max(...boxes.map((b) => b[axis][1])),
    ];
    if (high > low) continue;
    throw new ArgumentError(`${call}: expected parts that extend along ${axis}, got all at ${low} mm`, {
      axis,
    });
  }
  return plan;
}

const FIELDS: Readonly<Record<string, readonly string[]>> = {
  rectangle: ["x", "y", "width", "height"],
  circle: ["x", "y", "radius"],
  ring: ["x", "y", "inner", "outer"],
  wave: ["x", "y", "width", "height", "turns"],
  polygon: [],
  arrow: [],
  dimension: [],
};
/** Fields that are not numbers, or are optional. */
const MORE: typeof FIELDS = {
  rectangle: ["corner"],
  circle: [],
  ring: [],
  wave: [],
  polygon: ["points"],
  arrow: ["from", "to"],
  dimension: ["from", "to"],
};
const LENGTHS = new Set(["width", "height", "radius", "inner", "outer", "turns"]);

function checkPart(call: string, part: DrawingPart, i: number): void {
  const refuse = (expected: string, got: unknown): never => {
    throw new ArgumentError(`${call}: expected ${expected} in parts[${i}], got ${quote(got)}`, {
      option: "plan",
      part: i,
    });
  };
  if (typeof part?.name !== "string" || part.name === "") refuse("a name", part?.name);
  if (!Object.hasOwn(FIELDS, part.shape)) refuse(`a shape of ${Object.keys(FIELDS).join(", ")}`, part.shape);
  const common = ["shape", "name", "letter", "tone", "label", ...MORE[part.shape], ...FIELDS[part.shape]];
  checkOptions(
    `${call}, parts[${i}]`,
    part,
    Object.fromEntries(common.map((field) => [field, true])) as OptionNames<DrawingPart>,
  );
  if (part.tone !== undefined && !Object.hasOwn(TONES, part.tone))
    refuse(`a tone of ${Object.keys(TONES).join(", ")}`, part.tone);
  if (part.letter !== undefined && (typeof part.letter !== "string" || part.letter.length > 8))
    refuse("a letter of at most 8 characters", part.letter);
  const values = part as unknown as Record<string, unknown>;
  for (const field of FIELDS[part.shape]) {
    const value = values[field];
    const ok = Number.isFinite(value) && (!LENGTHS.has(field) || (value as number) > 0);
    if (!ok) refuse(`${field} in mm${LENGTHS.has(field) ? " above 0" : ""}`, value);
  }
  if (part.shape === "ring" && part.inner >= part.outer) refuse("inner below outer", part.inner);
  if (part.shape === "wave" && !Number.isInteger(part.turns)) refuse("a whole number of turns", part.turns);
  const points =
    part.shape === "polygon"
      ? part.points
      : part.shape === "arrow" || part.shape === "dimension"
        ? [part.from, part.to]
        : null;
  if (!points) return;
  if (!Array.isArray(points) || points.length < (part.shape === "polygon" ? 3 : 2))
    refuse("three points or more", points);
  for (const point of points) {
    if (Array.isArray(point) && point.length === 2 && point.every(Number.isFinite)) continue;
    refuse("points [x, y] in mm", point);
  }
}
