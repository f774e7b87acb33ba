import { exposureTime } from "../../dose/exposure.js";
import { ArgumentError, quote, SchemaError } from "../../errors.js";
import { checkOptions } from "../../options.js";
import { inUnit } from "../../units.js";
import type { OtherVerb, Plan } from "./verb.js";

/** Which exposure counts. */
export interface DoseOptions {
  /** Seconds of beam; default from the exposure history of the manifest, recorded or not. */
  readonly seconds?: number;
}

/** Layer `dose`, Gy: dose rate times `seconds` of beam. */
export interface DoseStep {
  readonly verb: "dose";
  readonly seconds: number;
}
declare module "../plan.js" {
  interface OtherSteps {
    dose: DoseStep;
  }
}

/** Adds the layer dose (Gy): dose rate times the seconds that the beam was on this spot until the recording ended. */
export const dose: OtherVerb<DoseStep, [options?: DoseOptions]> = {
  name: "dose",
  kind: "map",
  once: true,
  layer: "dose",

  add(plan, given) {
    const options = checkOptions("dose", given, { seconds: true });
    const { layers } = plan.schema;
    if (!layers.includes("doseRate")) {
      throw new SchemaError("dose: no dose-rate map on this cube; call .doseRate(stack) first");
    }
    const seconds = options.seconds ?? historySeconds(plan);
    if (!(seconds >= 0) || !Number.isFinite(seconds)) {
      throw new ArgumentError(`dose: expected seconds >= 0, got ${quote(seconds)}`, { value: seconds });
    }
    inUnit("dose", "seconds", "time", seconds);
    return { step: { verb: "dose", seconds }, schema: { layers: [...layers, "dose"] } };
  },

  sentence: ({ seconds }) => `dose: dose rate times ${Number(seconds.toPrecision(6))} s of beam`,
};

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
