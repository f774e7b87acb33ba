import { exposureTime } from "../../dose/exposure.js";
import { ArgumentError, quote, SchemaError } from "../../errors.js";
import { checkOptions, refuseNull } from "../../options.js";
import { inUnit } from "../../units.js";
import { missingMap } from "../maps.js";
import type { Step } from "../plan.js";
import { beamOnSample, type Followed } from "./beam-on-sample.js";
import { findStep, type OtherVerb, type Plan } from "./verb.js";

/** Which exposure counts. */
export interface DoseOptions {
  /** Seconds of beam; default from the exposure history of the manifest, recorded or not. */
  readonly seconds?: number;
}

/** Map `dose`, Gy: dose rate times `seconds` of beam. */
export interface DoseStep {
  readonly verb: "dose";
  readonly seconds: number;
  /** Beam behind slits, on the middle of the spot only, which `seconds` do not count. */
  readonly partial?: { readonly seconds: number; readonly width: number; readonly height: number };
  /** How the beam time is divided among the places of a sample that is followed by align(). */
  readonly followed?: Followed;
}
declare module "../plan.js" {
  interface OtherSteps {
    dose: DoseStep;
  }
}

/**
 * Adds the map dose (Gy): dose rate times the seconds that the beam was on this spot until the recording
 * ended. After align() the dose follows the sample: it is the sum over time of the dose rate where the sample was.
 *
 * Beam behind slits (`partialExposure` of the manifest, as for ion chambers) fell on the middle of the spot
 * only. It is not counted; the step, its sentence and the summary of a dose map say how long it lasted and
 * where it fell.
 */
export const dose: OtherVerb<DoseStep, [options?: DoseOptions]> = {
  name: "dose",
  kind: "map",
  once: true,

  add(plan, given) {
    const options = refuseNull("dose", checkOptions("dose", given, { seconds: true }));
    const { maps } = plan.schema;
    if (!maps.includes("doseRate")) throw missingMap("dose", "doseRate");
    const seconds = options.seconds ?? historySeconds(plan);
    if (!(seconds >= 0) || !Number.isFinite(seconds)) {
      throw new ArgumentError(`dose: expected seconds >= 0, got ${quote(seconds)}`, { value: seconds });
    }
    inUnit("dose", "seconds", "time", seconds);
    const partial = options.seconds === undefined ? partialOf(plan) : undefined;
    const followed = beamOnSample(plan, seconds)?.followed;
    return {
      step: { verb: "dose", seconds, ...(partial && { partial }), ...(followed && { followed }) },
      schema: { maps: [...maps, "dose"] },
    };
  },

  // Seconds that are given say nothing of beam behind slits.
  again: ({ seconds, partial }) => (partial ? [] : [{ seconds }]),

  sentence: (step) =>
    `dose: dose rate times ${Number(step.seconds.toPrecision(6))} s of beam${uncounted([step])}${followedText([step])}`,

  map: {
    name: "dose",
    async compute({ seconds }, plan, { map }) {
      // The beam stands still, and the sample moves through it: the weighted mean of the rates where it was.
      const rates = await map("doseRate", beamOnSample(plan, seconds)?.weights);
      return Float64Array.from(rates, (rate) => rate * seconds);
    },
  },
};

/** What a dose of these steps says of a sample that is followed, for the end of a sentence; empty for others. */
export function followedText(steps: readonly Step[]): string {
  const followed = findStep(steps, dose)?.followed;
  if (!followed) return "";
  if (followed.by === "sweeps") {
    return "; it follows the sample, with the beam time divided evenly among the sweeps: no exposure history tells when the beam was on";
  }
  const outside = Number(followed.outside.toPrecision(3));
  const before = outside > 0 ? `, ${outside} s of beam before the first cube at its place in that` : "";
  return `; it follows the sample: the sum over time of the dose rate where the sample was${before}`;
}

/** What the dose of these steps does not count, for the end of a sentence; empty where it counts all beam. */
export function uncounted(steps: readonly Step[]): string {
  const step = findStep(steps, dose);
  if (!step?.partial) return "";
  const { partial, seconds } = step;
  const percent = Number(((100 * partial.seconds) / seconds).toPrecision(2));
  return `; ${partial.seconds} s of beam behind slits on the middle ${partial.width} x ${partial.height} mm are not counted (there up to ${percent} % more)`;
}

function partialOf({ source, schema: { times } }: Plan): DoseStep["partial"] {
  const { partialExposure = [], spot } = source;
  const end = times[times.length - 1].end ?? Number.POSITIVE_INFINITY;
  const own = partialExposure.filter((one) => one.spot === spot && one.start < end);
  if (own.length === 0) return undefined;
  const seconds = exposureTime(own, own[0].spot, end);
  return {
    seconds,
    width: Math.max(...own.map((one) => one.width)),
    height: Math.max(...own.map((one) => one.height)),
  };
}

function historySeconds({ source, schema: { times } }: Plan): number {
  const { exposure, spot } = source;
  if (!exposure || spot === undefined) {
    throw new SchemaError(
      `dose: expected an exposure history and a spot in the manifest of ${source.name}, got ${exposure ? "no spot" : "no history"}; give { seconds }`,
    );
  }
  const { end } = times[times.length - 1];
  if (end === undefined) {
    throw new SchemaError(
      `dose: expected the times of the series of ${source.name}, got none; give { seconds }, or { period } in Cube.load`,
    );
  }
  return exposureTime(exposure, spot, end);
}
