import { describe, expect, test } from "vitest";
import { configure, resolveConfiguration } from "../../lib/beamline/configurations.js";
import { simulatedClock } from "../../lib/beamline/devices/device.js";
import {
  dryRun,
  messages,
  type Plan,
  type PlanDocument,
  planOf,
  plans,
  runPlan,
  timeline,
  type Variation,
} from "../../lib/beamline/plans/index.js";
import { rock } from "../../lib/beamline/rock.js";
import { schedule } from "../../lib/beamline/time/schedule.js";
import { timetableOf } from "../../lib/beamline/time/timetable.js";
import { ArgumentError, DataError } from "../../lib/errors.js";

const total = (intervals: readonly { spot: string; start: number; end: number }[], spot: string) =>
  intervals.reduce((sum, one) => (one.spot === spot ? sum + one.end - one.start : sum), 0);

const perform = (plan: Plan, onDocument?: (document: PlanDocument) => void) => {
  const { start } = timeline(plan.messages);
  const beamline = rock(plan.config, { clock: simulatedClock(start) });
  // What the chambers behind the cell read takes the kinetics of the whole experiment, of which nothing is asked here.
  for (const chamber of [beamline.i1, beamline.i2]) chamber.trigger = () => {};
  return runPlan(plan, beamline, { onDocument });
};

describe("the paper's experiment", () => {
  const { collected, exposure, chambers, end } = timeline(planOf("farther").messages);
  const of = (target: string) => collected.filter((one) => one.target === target);

  test("has the paper's counts of cubes", () => {
    const cubes = (part: string) =>
      collected.filter(({ parts }) => parts.includes(part as never)).map((one) => one.cubes);
    expect(cubes("ocv")).toEqual([120]);
    expect(cubes("charge")).toEqual([1400]);
    for (const spot of ["A", "B", "C"]) expect(cubes(`hold${spot}`)).toEqual([120]);
    // At the beginning for each camera mode, and again in the hold.
    for (const target of ["I0", "foil"]) {
      expect(of(target).filter(({ cubes }) => cubes > 1)).toHaveLength(3);
      for (const { cubes } of of(target).filter((one) => one.cubes > 1)) expect(cubes).toBe(20);
    }
  });

  test("has the paper's times: 11 s a cube, 3.67 min, 10 min, 22 min, 3 h", () => {
    for (const one of of("foil")) expect((one.end - one.start) / 60).toBeCloseTo(3.67, 2);
    const charge = of("C").find(({ parts }) => parts.includes("charge"));
    expect(charge && (charge.end - charge.start) / charge.cubes).toBe(11);
    for (const spot of ["A", "B", "C"]) {
      const hold = collected.find(({ parts }) => parts[0] === `hold${spot}`);
      expect(hold && hold.end - hold.start).toBe(600);
      expect(total(chambers, spot)).toBe(spot === "C" ? 2 * 1320 : 1320);
    }
    expect(end - 13_824).toBe(10_800);
  });

  test("leaves the exposure history that the claims rest on", () => {
    expect(exposure).toEqual([
      { spot: "C", start: -1320, end: 0 },
      { spot: "C", start: 0, end: 15_400 },
      { spot: "A", start: 18_900, end: 19_500 },
      { spot: "B", start: 21_000, end: 21_600 },
      { spot: "C", start: 23_304, end: 23_904 },
    ]);
    expect(total(exposure, "C")).toBe(17_320);
  });

  test("is what the timetable and the schedule say: there is one source of times", () => {
    const timetable = timetableOf({});
    expect(timetable.exposure).toEqual(exposure);
    expect(timetable.holdCubes).toEqual({ A: 18_900, B: 21_000, C: 23_304 });
    for (const part of schedule(resolveConfiguration("farther"), "full")) {
      const planned = collected.filter(({ parts }) => parts.includes(part.sharedWith ?? part.name));
      expect(planned[0].start).toBe(part.files[0].start);
      expect(planned.at(-1)?.end).toBe(part.files.at(-1)?.end);
      if (part.kind === "sample") expect(part.spot).toBe(planned[0].target);
    }
  });

  test("is frozen, and made of plain data", () => {
    const plan = planOf("farther");
    expect(JSON.parse(JSON.stringify(plan.messages))).toEqual(plan.messages);
    expect([plan, plan.messages, ...plan.messages].every(Object.isFrozen)).toBe(true);
  });
});

const varied: [string, Plan][] = [
  ["farther", planOf("farther")],
  ["closer", planOf("closer")],
  ["attenuated", planOf(configure("farther", { attenuation: 0.9 }))],
  ["quicker", planOf(configure("farther", { cRate: 1 }))],
  ["the quickest", planOf(configure("farther", { cRate: 5 }))],
  ["the slowest", planOf(configure("farther", { cRate: 0.01 }))],
  ["fewer cubes", planOf(configure("closer", { protocol: { chargeCubes: 140 } }))],
  ["bursts", planOf(configure("farther", { protocol: { bursts: 14 } }))],
  ["moved spots", planOf(configure("farther", { protocol: { chargeSpots: ["A", "B", "C"] } }))],
];

describe("performing a plan", () => {
  test.each(varied)(
    "%s: the devices are always ready, and do what the plan says when it says so",
    (_, plan) => {
      const foreseen = timeline(plan.messages);
      const done = perform(plan);
      expect(done.start).toBe(foreseen.start);
      expect(done.end).toBeCloseTo(foreseen.end, 6);
      for (const key of ["exposure", "chambers"] as const) {
        expect(done[key].map(({ spot }) => spot)).toEqual(foreseen[key].map(({ spot }) => spot));
        foreseen[key].forEach(({ start, end }, i) => {
          expect(Math.abs(done[key][i].start - start)).toBeLessThan(1e-6);
          expect(Math.abs(done[key][i].end - end)).toBeLessThan(1e-6);
        });
      }
      expect(done.collected).toHaveLength(foreseen.collected.length);
      done.collected.forEach((one, i) => {
        const { start, ...rest } = foreseen.collected[i];
        expect(one).toMatchObject({ cubes: rest.cubes, target: rest.target, parts: rest.parts });
        expect(Math.abs(one.start - start)).toBeLessThan(1e-6);
      });
    },
  );

  test("tells of readings and pictures, in order of time", () => {
    const { at } = { at: -100 };
    const documents: PlanDocument[] = [];
    const done = perform(planOf("farther", { name: "align", messages: plans.align({ at }) }), (one) =>
      documents.push(one),
    );
    expect(documents[0]).toEqual({ kind: "start", time: -100, plan: "align" });
    expect(documents.at(-1)).toEqual({ kind: "stop", time: done.end, plan: "align" });
    documents.slice(1).forEach(({ time }, i) => {
      expect(time).toBeGreaterThanOrEqual(documents[i].time);
    });
    const means = documents.flatMap((one) =>
      one.kind === "picture" ? one.picture.counts.reduce((a, b) => a + b, 0) / one.picture.counts.length : [],
    );
    // The foil takes light.
    expect(means).toHaveLength(2);
    expect(means[1] - 100).toBeLessThan(0.9 * (means[0] - 100));
    expect(done.exposure).toEqual([]);
  });

  test("lets the detectors see nothing while the shutter is closed", () => {
    const beamline = rock("farther");
    beamline.camera.set({ binning: 32 });
    const mean = () => {
      const { counts } = beamline.camera.trigger(1);
      return counts.reduce((a, b) => a + b, 0) / counts.length;
    };
    expect(mean()).toBeGreaterThan(1000);
    beamline.shutter.set("closed");
    expect(mean()).toBeCloseTo(100, 0);
    beamline.i0.trigger();
    expect(beamline.i0.read().reading.value).toBe(0);
    expect(() => beamline.shutter.set("ajar" as never)).toThrow(/shutter.set: expected "open" or "closed"/);
  });

  test("refuses a plan that cannot be in time", () => {
    const { set, until, collect } = messages;
    const late = planOf("farther", {
      messages: [until(0), set("sampleStage", "foil"), set("sampleStage", "C"), until(1)],
    });
    expect(() => perform(late)).toThrow(
      /runPlan: expected to be done before 1 s, got 7.6 s; start the plan earlier/,
    );
    expect(() => perform(late)).toThrow(DataError);
    expect(() => timeline([until(0), collect(["ocv"], 2, 11), until(21)])).toThrow(
      /timeline: expected to be done before 21 s, got 22 s/,
    );
    expect(() => timeline([set("shutter", "open")])).toThrow(/expected a plan with a start time/);
    expect(() => runPlan(planOf("farther"), rock("farther"))).toThrow(
      /expected to be done before -3820 s, got 0 s/,
    );
  });

  test("stops where its signal says", () => {
    const stop = new AbortController();
    const beamline = rock("farther", { clock: simulatedClock(-5000) });
    const onDocument = ({ kind }: PlanDocument) => kind === "collected" && stop.abort();
    expect(() => runPlan(planOf("farther"), beamline, { onDocument, signal: stop.signal })).toThrow(/abort/i);
    expect(beamline.clock.now()).toBeLessThan(-2000);
  });
});

describe("messages refuse", () => {
  const { collect, until, wait } = messages;
  test.each<[string, () => unknown, RegExp]>([
    ["no cubes", () => collect(["ocv"], 0, 11), /collect: expected cubes as a whole number above 0, got 0/],
    ["a period too short", () => collect(["ocv"], 1, 2), /at least the 2.54 s .*got 2 s; request fewer/],
    ["no time", () => until(Number.NaN), /until: expected a time in s .*got NaN/],
    ["time backwards", () => wait(-1), /wait: expected seconds of at least 0, got -1/],
  ])("%s", (_, call, message) => {
    expect(call).toThrow(message);
    expect(call).toThrow(ArgumentError);
  });
});

describe("variations", () => {
  const seconds = (protocol: Variation, spot = "C") => {
    const { exposure } = timetableOf({ protocol });
    return total(exposure, spot);
  };

  test("keep the dose where the beam stays on, though fewer cubes are recorded", () => {
    const protocol = { chargeCubes: 140 };
    expect(seconds(protocol)).toBe(17_320);
    expect(timetableOf({ protocol }).chargeCubes).toBe(140);
    const [run] = dryRun(planOf(configure("farther", { protocol }))).spots.filter(({ spot }) => spot === "C");
    expect(run.seconds).toBe(17_320);
  });

  test("take only the bursts' dose where the beam is off between them", () => {
    expect(seconds({ bursts: 14 })).toBeCloseTo(1320 + 14 * 110 + 600, 9);
    const charge = schedule(configure("farther", { protocol: { bursts: 14 } }), "full").find(
      ({ name }) => name === "charge",
    );
    expect(charge?.files).toHaveLength(140);
    expect(charge?.files[10].start).toBe(1100);
  });

  test("share the dose of the charge between the spots, but for the moves", () => {
    const protocol: Variation = { chargeSpots: ["A", "B", "C"] };
    const all = ["A", "B", "C"].map((spot) => seconds(protocol, spot));
    expect(all[0] + all[1] + all[2]).toBe(15_400 - 3 * 11 + 1320 + 3 * 600);
    const parts = schedule(configure("farther", { protocol }), "tiny").filter(({ mode }) => mode === "movie");
    expect(parts.filter(({ kind }) => kind === "sample").map(({ name, spot }) => [name, spot])).toEqual([
      ["chargeA", "A"],
      ["chargeB", "B"],
      ["chargeC", "C"],
    ]);
  });

  test("of the C-rate never let the cubes of the hold begin before those of the charge are over", () => {
    for (const cRate of [0.01, 0.1, 0.2, 0.25, 0.3, 1, 5]) {
      const { chargeCubesEnd, holdStart, holdCubes } = timetableOf({ cRate });
      expect(chargeCubesEnd).toBeGreaterThan(holdStart);
      expect(chargeCubesEnd).toBeLessThan(holdCubes.A - 1320);
    }
  });

  test.each<[string, unknown, RegExp]>([
    ["something else", 3, /expected protocol as \{ chargeCubes, bursts, chargeSpots \}, got 3/],
    ["an unknown name", { cubes: 3 }, /protocol: expected options .*got an option "cubes"/],
    ["more cubes than fit", { chargeCubes: 1401 }, /chargeCubes as a whole number, 1 to 1400, got 1401/],
    ["no burst", { bursts: 0 }, /bursts as a whole number, 1 to 140, got 0/],
    ["a spot that there is not", { chargeSpots: ["D"] }, /chargeSpots as some of A, B, C, each once/],
    ["a spot twice", { chargeSpots: ["A", "A"] }, /chargeSpots as some of A, B, C, each once/],
    ["two at once", { bursts: 3, chargeCubes: 5 }, /protocol with one of/],
  ])("refuse %s", (_, protocol, message) => {
    expect(() => configure("farther", { protocol: protocol as Variation })).toThrow(message);
    expect(() => configure("farther", { protocol: protocol as Variation })).toThrow(ArgumentError);
  });
});
