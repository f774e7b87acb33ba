// Summary of a plan.
import type { Plan, PlanPoint } from "./types.js";

/** The dose of the protocol, its limit, and changes that keep it. */
export function planVerdict(plan: Omit<Plan, "verdict">): string {
  const { asked, limit, convention, alternatives, needed, longest, leastDose, threshold } = plan;
  const sentences = [
    `as asked: ${mega(asked.dose)} MGy (convention ${convention}) against ${mega(limit)} MGy allowed (threshold ${threshold.name}); ${signalText(asked)}`,
  ];
  if (asked.feasible)
    sentences.push(`feasible; one spot reaches the limit after ${seconds(longest)} of this beam`);
  if (alternatives.length > 0) {
    sentences.push(
      `not feasible: one spot reaches the limit after ${seconds(longest)}; the dose is within the limit with ${alternatives.map(change).join("; or ")}`,
    );
  } else if (asked.remedy) {
    sentences.push(`the dose is within its limit, the signal is too low: ${remedyText(asked)}`);
  } else if (!asked.feasible) {
    sentences.push("too little light for an absorbance: count longer, bin more pixels, or use more flux");
  }
  if (needed !== null && leastDose !== null && leastDose > limit && alternatives.length > 0) {
    sentences.push(
      `the required signal needs at least ${mega(leastDose)} MGy on one spot with this protocol: a weaker beam alone is not sufficient`,
    );
  }
  return `${sentences.join(". ")}.`;
}

function change(point: PlanPoint): string {
  const what = {
    shorter: `${seconds(point.duration)} of beam (${point.cubes} cubes)`,
    attenuate: `${share(point.attenuation)} of the flux (${um(point.aluminium)} of aluminium)`,
    widen: `a beam of ${um(point.width)} x ${um(point.height)}`,
    "fresh spots": `${point.spots} fresh spots of ${seconds(point.duration)}`,
  }[point.name];
  const rest = point.remedy
    ? ` (${remedyText(point)})`
    : point.signal
      ? ""
      : point.cubes < 1
        ? " (but that is less than one cube)"
        : " (but too little light is left)";
  return `${what}, ${signalText(point)}${rest}`;
}

function remedyText({ remedy }: PlanPoint): string {
  if (!remedy) return "";
  const ways = [
    ...(remedy.average === null ? [] : [`average ${remedy.average} times as many cubes and flats`]),
    ...(remedy.bin === null ? [] : [`bin ${remedy.bin} x ${remedy.bin} pixels`]),
  ];
  if (ways.length === 0) return "too little light, whatever is averaged or binned";
  return `then ${ways.join(", or ")}${remedy.average === null ? "; there are too few cubes to average" : ""}`;
}

function signalText({ signal }: PlanPoint): string {
  return signal ? `edge step to noise ${digits(signal.edgeToNoise)}` : "no signal";
}

function mega(gray: number): string {
  return digits(gray / 1e6);
}

function seconds(value: number): string {
  return value < 600
    ? `${digits(value)} s`
    : value < 7200
      ? `${digits(value / 60)} min`
      : `${digits(value / 3600)} h`;
}

function share(value: number): string {
  return `${digits(100 * value)} %`;
}

function um(value: number): string {
  return value < 1000 ? `${digits(value)} um` : `${digits(value / 1000)} mm`;
}

function digits(value: number): string {
  return String(Number(value.toPrecision(3)));
}
