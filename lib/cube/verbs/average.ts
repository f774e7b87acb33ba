import { accumulate } from "../../compute/image-rows.js";
import { ArgumentError, quote } from "../../errors.js";
import { areaOf } from "../engine/window.js";
import type { TimeStep } from "../plan.js";
import type { FrameVerb } from "./verb.js";

/** Mean over groups of `group` consecutive cubes, weighted by the sweeps they hold. */
export interface AverageStep {
  readonly verb: "average";
  readonly group: number;
}
declare module "../plan.js" {
  interface FrameSteps {
    average: AverageStep;
  }
}

/**
 * Mean over groups of consecutive cubes; without a number, over all of them. The last group may be smaller.
 */
export const average: FrameVerb<AverageStep, [group?: number]> = {
  name: "average",
  kind: "frame",

  add({ schema: { times } }, group = times.length) {
    if (!Number.isInteger(group) || group < 1) {
      throw new ArgumentError(
        `average: expected a whole number of cubes >= 1, got ${quote(group)}; average() takes all`,
        { value: group },
      );
    }
    const grouped: TimeStep[] = [];
    for (let i = 0; i < times.length; i += group) {
      const members = times.slice(i, i + group);
      const cubes = members.reduce((sum, m) => sum + m.cubes, 0);
      grouped.push({ start: members[0].start, end: members[members.length - 1].end, cubes });
    }
    return { step: { verb: "average", group: Math.min(group, times.length) }, schema: { times: grouped } };
  },

  again: ({ group }) => [group],

  sentence: ({ group }) => `average: mean of ${group} cubes, weighted by their sweeps`,

  cubes: ({ group }) => group,

  regroup: (step, cubes) => ({ ...step, group: cubes }),

  evaluate({ group }, images, t, k, window, out) {
    const n = areaOf(window);
    const sum = new Float64Array(n);
    const weight = new Float64Array(n);
    const end = Math.min((t + 1) * group, images.nTimes);
    for (let member = t * group; member < end; member++) {
      accumulate(images.frame(member, k, window), images.weight(member), sum, weight);
    }
    for (let i = 0; i < n; i++) out[i] = sum[i] / weight[i];
  },
};
