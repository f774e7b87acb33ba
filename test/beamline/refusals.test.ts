// What a careless caller writes: units in texts, misspelled options, devices that there are not. Nothing of it may be guessed at.
import { describe, expect, test } from "vitest";
import { configure } from "../../lib/beamline/configurations.js";
import { simulatedClock } from "../../lib/beamline/devices/device.js";
import { dryRun, messages, planOf, plans } from "../../lib/beamline/plans/index.js";
import { rock } from "../../lib/beamline/rock.js";
import { estimateBytes, simulate } from "../../lib/beamline/simulate.js";
import { OperandoseError } from "../../lib/errors.js";

const b = rock("farther");
// What the types forbid, as JavaScript allows it.
const any = (value: unknown) => value as never;

describe("is refused, in words:", () => {
  test.each<[string, () => unknown, RegExp]>([
    [
      "a number in a text",
      () => b.monochromator.set(any("8390")),
      /an energy within the swing, .* got "8390"/,
    ],
    ["a unit", () => b.monochromator.set(any("8390 eV")), /an energy within the swing, .* got "8390 eV"/],
    [
      "no attenuation at all",
      () => b.attenuator.set(any(null)),
      /attenuator.set: expected a fraction .* got null/,
    ],
    ["attenuation as a text", () => b.attenuator.set(any("0.5")), /attenuator.set: .* got "0.5"/],
    ["attenuation in a list", () => b.attenuator.set(any([])), /attenuator.set: expected a fraction/],
    ["a place as a text", () => b.toroidalMirror.set(any("29")), /the cell at 28 to 31.5 m.* got "29"/],
    ["lithium as a text", () => b.cell.set(any("0.5")), /cell.set: .* got "0.5"/],
    ["slits as texts", () => b.slits.set(any(["1", "1"])), /slits.set: expected an opening/],
    [
      "a misspelled setting",
      () => b.camera.set(any({ bining: 3 })),
      /camera.set: .* got an option "bining"; did you mean "binning"/,
    ],
    ["no settings", () => b.camera.set(any(undefined)), /camera.set: expected \{ binning, .* got undefined/],
    [
      "an exposure as a text",
      () => b.camera.set(any({ exposure: "1e-3" })),
      /camera.set: expected exposure in s/,
    ],
    ["a picture without a seed", () => b.camera.trigger(any(undefined)), /camera.trigger: expected seed/],
    [
      "a clock that stands nowhere",
      () => simulatedClock(Number.NaN),
      /simulatedClock: expected start in s, got/,
    ],
    ["a budget of no energy", () => b.budget(Number.NaN), /budget: expected energy in eV, 1000 to 30000/],
    [
      "a grid without rows",
      () => b.doseRate({ rows: 0, columns: 2, pixelSize: 6.5 }),
      /doseRate: expected a grid/,
    ],
    ["changes in a list", () => configure("farther", any([])), /configure: expected changes as/],
    [
      "a device that there is not",
      () => messages.set(any("mirror"), any(1)),
      /set: expected a device of shutter/,
    ],
    [
      "a spot that there is not",
      () => [...plans.onSpot({ spot: any("Z"), at: 0, seconds: 10 })],
      /one of I0, foil/,
    ],
    ["a detector that there is not", () => messages.trigger(any("nose")), /trigger: expected one of camera/],
    ["reading what there is not", () => messages.read(any("nose")), /read: expected one of shutter/],
    [
      "a part that there is not",
      () => messages.collect(any(["zzz"]), 1, 11),
      /collect: expected parts of dark/,
    ],
    ["no plan", () => dryRun(any(undefined)), /dryRun: expected a plan, got undefined/],
    [
      "a misspelled option",
      () => dryRun(planOf("farther"), any({ scal: "tiny" })),
      /dryRun: .* got an option "scal"; did you mean "scale"/,
    ],
    [
      "a misspelled selection",
      () => estimateBytes("farther", "tiny", any({ cube: 1 })),
      /estimateBytes: .* got an option "cube"; did you mean "cubes"/,
    ],
    [
      "a message of one's own making",
      () => dryRun(planOf("farther", { messages: [messages.until(0), any({ command: "hope" })] })),
      /timeline: expected messages made by set/,
    ],
    [
      "a beam without a shape",
      () => rock(any({ name: "x", title: "x", field: [187, 512], beam: {}, cell: { offset: 0, slope: 0 } })),
      /beamline: expected config/,
    ],
  ])("%s", (_, call, message) => {
    expect(call).toThrow(message);
    expect(call).toThrow(OperandoseError);
  });

  test("a misspelled option of a recording, before anything is written", async () => {
    const call = simulate("farther", any({ scale: "tiny", seed: 1, out: "/never", cube: 1 }));
    await expect(call).rejects.toThrow(/simulate: expected options \{ scale\?, .*, got an option "cube"/);
  });
});

describe("what was refused", () => {
  test("leaves a device as it was, and the clock with it", () => {
    const beamline = rock("farther");
    const before = JSON.stringify(beamline.attenuator.read());
    expect(() => beamline.attenuator.set(2)).toThrow();
    expect(JSON.stringify(beamline.attenuator.read())).toBe(before);
  });
});
