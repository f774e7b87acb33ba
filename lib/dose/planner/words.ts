// A plan in words.
import type { Plan, PlanPoint } from "./types.js";

/** What the protocol does to the sample, whether that is allowed, and what would make it so. */
export function planVerdict(plan: Omit<Plan, "verdict">): string {
  const { asked, limit, convention, alternatives, needed, longest, leastDose, threshold } = plan;
  const sentences = [
    `as asked: ${mega(asked.dose)} MGy (convention ${convention}) against ${mega(limit)} MGy allowed (threshold ${threshold.name}); ${signalWords(asked)}`,
  ];
  if (asked.feasible) sentences.push(`feasible; one spot stands ${seconds(longest)} of this beam`);
  if (alternatives.length > 0) {
    sentences.push(
      `not feasible: one spot stands ${seconds(longest)}; the dose is kept with ${alternatives.map(change).join("; or ")}`,
    );
  } else if (asked.remedy) {
    sentences.push(`the dose is kept, the signal is not: ${remedyWords(asked)}`);
  } else if (!asked.feasible) {
    sentences.push("too little light for an absorbance: count longer, bin more pixels, or use more flux");
  }
  if (needed !== null && leastDose !== null && leastDose > limit && alternatives.length > 0) {
    sentences.push(
      `the signal that is needed costs at least ${mega(leastDose)} MGy on one spot with this protocol: a weaker beam alone does not do it`,
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
    ? ` (${remedyWords(point)})`
    : point.signal
      ? ""
      : point.cubes < 1
        ? " (but that is less than one cube)"
        : " (but too little light is left)";
  return `${what}, ${signalWords(point)}${rest}`;
}

function remedyWords({ remedy }: PlanPoint): string {
  if (!remedy) return "";
  const ways = [
    ...(remedy.average === null ? [] : [`average ${remedy.average} times as many cubes and flats`]),
    ...(remedy.bin === null ? [] : [`bin ${remedy.bin} x ${remedy.bin} pixels`]),
  ];
  if (ways.length === 0) return "too little light, whatever is averaged or binned";
  return `then ${ways.join(", or ")}${remedy.average === null ? "; there are too few cubes to average" : ""}`;
}

function signalWords({ signal }: PlanPoint): string {
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
