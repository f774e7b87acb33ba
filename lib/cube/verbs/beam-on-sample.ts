// How long the beam was on while the sample was at each of its known places.
import type { TimeStep } from "../plan.js";
import type { Recorded } from "../recorded.js";
import { align } from "./align.js";
import { isStep, type Plan } from "./verb.js";

/** How the beam time of a dose is divided among the places of the sample. */
export type Followed =
  /**
   * By the exposure history, with the straight line between the places in two cubes; `outside` are the seconds
   * before the first and after the last cube, which are taken at its places there.
   */
  | { readonly by: "history"; readonly outside: number }
  /** Evenly over the sweeps, because no history or no times are known. */
  | { readonly by: "sweeps" };

/** Seconds of beam at the place of the sample in each time step before align(). */
export interface BeamOnSample {
  readonly followed: Followed;
  /** One per time step; undefined: as many as it has sweeps. */
  readonly weights?: readonly number[];
}

/** Divides the beam time of a dose of so many seconds; undefined where the plan does not follow the sample. */
export function beamOnSample({ source, steps }: Plan, seconds: number): BeamOnSample | undefined {
  const end = steps.findIndex((step) => isStep(align, step));
  if (end < 0) {
    const isSaved = source.store?.provenance.steps.some(({ verb }) => verb === align.name);
    return isSaved ? { followed: { by: "sweeps" } } : undefined;
  }
  const groups = steps.slice(0, end).map((step) => (step.verb === "average" ? step.group : 1));
  const times = timesOf(
    source.sample,
    groups.reduce((n, group) => n * group, 1),
  );
  const middles = times.map(({ start = Number.NaN, end: last = Number.NaN }) => (start + last) / 2);
  const isOrdered = middles.every((t, i) => (i === 0 ? Number.isFinite(t) : t > middles[i - 1]));
  const last = times.at(-1)?.end ?? Number.NaN;
  const history = (source.exposure ?? []).filter((one) => one.spot === source.spot && one.start < last);
  if (!isOrdered || history.length === 0) return { followed: { by: "sweeps" } };
  const weights = new Array<number>(times.length).fill(0);
  let [all, outside] = [0, 0];
  for (const [from, to] of joined(history.map(({ start, end: stop }) => [start, Math.min(stop, last)]))) {
    all += to - from;
    const before = Math.max(0, Math.min(to, middles[0]) - from);
    const after = Math.max(0, to - Math.max(from, middles[middles.length - 1]));
    weights[0] += before;
    weights[weights.length - 1] += after;
    outside += Math.max(0, Math.min(to, times[0].start ?? 0) - from);
    for (let t = 0; t + 1 < middles.length; t++) {
      const [a, b] = [Math.max(from, middles[t]), Math.min(to, middles[t + 1])];
      if (a >= b) continue;
      const place = ((a + b) / 2 - middles[t]) / (middles[t + 1] - middles[t]);
      weights[t] += (b - a) * (1 - place);
      weights[t + 1] += (b - a) * place;
    }
  }
  if (all === 0) return { followed: { by: "sweeps" } };
  return { followed: { by: "history", outside: (outside * seconds) / all }, weights };
}

/** Time steps of so many files. */
function timesOf({ files }: Recorded, group: number): TimeStep[] {
  return Array.from({ length: Math.ceil(files.length / group) }, (_, t) => {
    const own = files.slice(t * group, (t + 1) * group);
    const cubes = own.reduce((sum, file) => sum + file.cubes, 0);
    return { start: own[0].start, end: own[own.length - 1].end, cubes };
  });
}

/** Intervals in order, those that overlap as one. */
function joined(intervals: readonly (readonly [number, number])[]): [number, number][] {
  const out: [number, number][] = [];
  for (const [from, to] of intervals.toSorted((a, b) => a[0] - b[0])) {
    const last = out.at(-1);
    if (last && from <= last[1]) last[1] = Math.max(last[1], to);
    else out.push([from, to]);
  }
  return out;
}
