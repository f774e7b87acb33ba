// Values that can only be in another unit are questioned; what is physically possible is not.
import { describe, expect, test } from "vitest";
import { DoseRateAccumulator } from "../lib/dose/dose-rate-map.js";
import { attenuator, Beam, Layer, Material, massAttenuation, rockCell, signalToNoise } from "../lib/index.js";
import { inUnit } from "../lib/units.js";

describe("inUnit", () => {
  test.each([
    ["energy", 8.333, "looks like keV; did you mean 8333?"],
    ["thickness", 1e-5, "looks like m; did you mean 10?"],
    ["density", 2700, "looks like kg/m3; did you mean 2.7?"],
    ["pixelSize", 1.625e-6, "looks like m; did you mean 1.625?"],
    ["pixelSize", 6.5e-10, "check its unit"],
    ["spacing", 313.55, "looks like pm; did you mean 3.1355?"],
    ["pixelSize", 65_000, "looks like nm; did you mean 65?"],
    ["time", 1.7e10, "looks like ms; did you mean 17000000?"],
    ["flux", 1e24, "check its unit"],
    ["flux", 1.041, "looks like 1e12 ph/s; did you mean 1041000000000?"],
    ["flux", 0, "check its unit"],
    ["flux", 1e-30, "check its unit"],
  ] as const)("questions %s %d", (quantity, value, words) => {
    expect(() => inUnit("test", "x", quantity, value)).toThrow(words);
  });

  test.each([
    ["energy", [250, 8333, 1e5]],
    ["thickness", [3e-4, 10, 1e6]],
    ["density", [1.2e-3, 0.5, 22.59]],
    ["pixelSize", [0.001, 0.005, 0.01, 0.1, 100, 1000]],
    ["detectorElement", [0.005, 100, 3000]],
    ["flux", [1e3, 1e12, 1e17]],
    ["time", [0, 1e-6, 3e7]],
  ] as const)("takes %s %j", (quantity, values) => {
    for (const value of values) expect(inUnit("test", "x", quantity, value)).toBe(value);
  });
});

test("layers, materials and beams question theirs", () => {
  const solid = { formula: "Al", density: 2.7 };
  expect(() => new Layer({ name: "foil", solid, thickness: 1e-5 })).toThrow("looks like m");
  expect(() => new Material({ formula: "Al", density: 2700 })).toThrow("divide kg/m3 by 1000");
  const beam = { energy: 8333, flux: 1e12, width: 3000, height: 1000 };
  expect(() => new Beam({ ...beam, energy: 8.333 })).toThrow();
  expect(() => new Beam({ ...beam, width: 3e-6 * 1e-3 })).toThrow("Beam: expected width in um");
  expect(new Beam(beam).width).toBe(3000);
});

describe("every place that takes such a number", () => {
  const stack = rockCell();
  const beam = { energy: 8390, flux: 1e12, width: 1000, height: 500 };
  const counting = { exposure: 1, edge: 8333 };
  const aluminum = { formula: "Al", density: 2.7 };
  const rate = { energies: [8390], stack, flux: 1e12, pixelSize: 6.5, shape: [1, 1] as const };
  test.each<[string, () => unknown, string]>([
    ["massAttenuation", () => massAttenuation("Ni", 8.39), "did you mean 8390?"],
    ["Beam energy", () => new Beam({ ...beam, energy: [8390, 8.4] }), "did you mean 8400?"],
    ["Beam flux", () => new Beam({ ...beam, flux: 1e25 }), "expected flux in ph/s"],
    ["attenuator thickness", () => attenuator({ material: aluminum, thickness: 2e-5 }), "did you mean 20?"],
    [
      "attenuator energy",
      () => attenuator({ material: aluminum, transmission: 0.1, energy: 8.39 }),
      "did you mean 8390?",
    ],
    ["pixelSize", () => new DoseRateAccumulator({ ...rate, pixelSize: 1.6e-6 }), "did you mean 1.6?"],
    ["accumulated flux", () => new DoseRateAccumulator({ ...rate, flux: 1e22 }), "expected flux in ph/s"],
    [
      "accumulated energies",
      () => new DoseRateAccumulator({ ...rate, energies: [8.39] }),
      "did you mean 8390?",
    ],
    ["detector", () => signalToNoise(stack, beam, { pixelSize: 6.5e-6 }, counting), "did you mean 6.5?"],
    [
      "edge",
      () => signalToNoise(stack, beam, { pixelSize: 6.5 }, { ...counting, edge: 8.333 }),
      "mean 8333?",
    ],
  ])("questions it: %s", (_, call, words) => {
    expect(call).toThrow(words);
  });
});
