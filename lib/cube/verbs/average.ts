import { ArgumentError, quote } from "../../errors.js";
import type { TimeStep } from "../plan.js";
import { extend, type Plan, requireFrames } from "./verb.js";

/** Mean over groups of consecutive cubes; without a number, over all of them. The last group may be smaller. */
export function average(plan: Plan, group: number = plan.schema.times.length): Plan {
  requireFrames(plan, "average");
  const { times } = plan.schema;
  if (!Number.isInteger(group) || group < 1) {
    throw new ArgumentError(
      `average: expected a whole number of cubes >= 1, got ${quote(group)}; average() takes all`,
      {
        value: group,
      },
    );
  }
  const grouped: TimeStep[] = [];
  for (let i = 0; i < times.length; i += group) {
    const members = times.slice(i, i + group);
    const cubes = members.reduce((sum, m) => sum + m.cubes, 0);
    grouped.push({ start: members[0].start, end: members[members.length - 1].end, cubes });
  }
  return extend(plan, { verb: "average", group: Math.min(group, times.length) }, { times: grouped });
}
