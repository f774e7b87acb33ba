// Every public function and method refuses an option that it does not know. The names come from the library itself: what is
// exported and stands in no table here makes this test fail.
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { quote } from "../lib/errors.js";
import * as operandose from "../lib/index.js";
import { type SmallExperiment, smallExperiment } from "./support/small-experiment.js";

const misspelt = { misspelt: 1 };

/** Calls with an option that there is not, by the name of the function. Options are looked at before anything else. */
type Calls = Readonly<Record<string, () => unknown>>;

const { figures } = operandose;
const stack = operandose.rockCell();
const beam = new operandose.Beam({ energy: 8390, flux: 1e12, width: 1000, height: 500 });
const bad = misspelt as never;
const any = undefined as never;
const D = [
  [1, 2, 3],
  [2, 3, 5],
  [3, 5, 8],
  [4, 4, 9],
];
const mask = new operandose.Mask({ values: [1, 0, 1, 1], width: 2, height: 2 });

const functions: Calls = {
  Beam: () => new operandose.Beam({ ...beam.toJSON(), ...misspelt }),
  Layer: () =>
    new operandose.Layer({ name: "x", solid: { formula: "C", density: 2 }, thickness: 1, ...misspelt }),
  Mask: () => new operandose.Mask({ values: [1], width: 1, height: 1, ...misspelt }),
  Material: () => new operandose.Material({ formula: "C", density: 2, ...misspelt }),
  Stack: () => new operandose.Stack(stack.layers, bad),
  attenuator: () =>
    operandose.attenuator({ material: { formula: "Al", density: 2.7 }, thickness: 1, ...misspelt }),
  beamline: () => operandose.beamline("farther", bad),
  calibrateFoil: () =>
    operandose.calibrateFoil([1], Float64Array.of(1), [1, 1], { reference: 8333, ...misspelt }),
  check: () => operandose.check("one", 1, 1, { within: 0.1, hint: "count", ...misspelt }),
  claim: () => operandose.claim("any", 1, bad),
  configure: () => operandose.configure("farther", bad),
  crossing: () => operandose.crossing([1, 2], [1, 2], 1.5, bad),
  benchmarkDose: () => operandose.benchmarkDose([1], [1], bad),
  departureDose: () => operandose.departureDose([[1]], [[1]], bad),
  thicknessOfLoading: () => operandose.thicknessOfLoading(bad),
  timeToDose: () => operandose.timeToDose(bad),
  doseBudget: () => operandose.doseBudget(stack, beam, { uncertainties: { flux: 0.1 }, ...misspelt }),
  doseRateMap: () => operandose.doseRateMap(bad),
  doseThreshold: () => operandose.doseThreshold([1], [1], bad),
  dryRun: () => operandose.dryRun(any, bad),
  estimateBytes: () => operandose.estimateBytes("farther", "tiny", bad),
  evolvingFactorAnalysis: () => operandose.evolvingFactorAnalysis(D, bad),
  feasibleBands: () => operandose.feasibleBands(any, bad),
  firstInflection: () => operandose.firstInflection([1], [1], bad),
  fitComponents: () => operandose.fitComponents(D, [[1, 2, 3]], bad),
  halfCycles: () => operandose.halfCycles(any, bad),
  incrementalCapacity: () => operandose.incrementalCapacity(any, { step: 0.01, ...misspelt }),
  histogram: () => operandose.histogram([1], bad),
  loadElectrochemistry: () => operandose.loadElectrochemistry("x.mpt", bad),
  massAttenuation: () => operandose.massAttenuation("Ni", 8400, bad),
  mcrAls: () => operandose.mcrAls(D, { components: 1, ...misspelt }),
  mcrErrors: () => operandose.mcrErrors(D, any, bad),
  mcrRestarts: () => operandose.mcrRestarts(D, { components: 1, ...misspelt }),
  normalize: () => operandose.normalize([1], [1], bad),
  outlierDiagnostics: () => operandose.outlierDiagnostics(D, any, { components: 1, ...misspelt }),
  pca: () => operandose.pca(D, bad),
  peaks: () => operandose.peaks([1, 2, 1], bad),
  planExperiment: () => operandose.planExperiment(bad),
  planOf: () => operandose.planOf("farther", bad),
  proximity: () => operandose.proximity({ dose: any, response: any, ...misspelt } as never),
  "proximity (options)": () => operandose.proximity({ dose: {}, response: {} } as never, bad),
  read: () => operandose.read("x.edf", bad),
  readEdf: () => operandose.readEdf("x.edf", bad),
  readTiff: () => operandose.readTiff("x.tif", bad),
  writeAthena: () => operandose.writeAthena("x.prj", [{ label: "a", energy: [1], mu: [1] }], bad),
  readHdf5: () => operandose.readHdf5("x.h5", bad),
  regionStatistics: () => operandose.regionStatistics([1], bad),
  remainingChange: () => operandose.remainingChange([1], [1], bad),
  runPlan: () => operandose.runPlan(any, operandose.beamline(), bad),
  signalToNoise: () => operandose.signalToNoise(stack, beam, { pixelSize: 6.5, ...misspelt }, any),
  "signalToNoise (counting)": () => operandose.signalToNoise(stack, beam, { pixelSize: 6.5 }, bad),
  simulate: () => operandose.simulate("farther", bad),
  thresholdDamage: () => operandose.thresholdDamage(bad),
  writeColumns: () => operandose.writeColumns("/no/x.dat", { columns: [[1]], ...misspelt }),
  writeEdf: () => operandose.writeEdf("/no/x.edf", [{ shape: [1, 1], data: Uint16Array.of(1) }], bad),
  writeHdf5: () => operandose.writeHdf5("/no/x.h5", { datasets: {}, ...misspelt }),
  writeMpt: () => operandose.writeMpt("/no/x.mpt", { columns: {} }, bad),
  "writeMpt (content)": () => operandose.writeMpt("/no/x.mpt", { columns: {}, ...misspelt }),
  writeXdi: () => operandose.writeXdi("/no/x.xdi", { columns: [], ...misspelt }),
};

/** What else has options: a constructor's other ways in, and methods of what is no result. */
const others: Calls = {
  "Cube.load": () => operandose.Cube.load(bad),
  "Cube.load (files)": () => operandose.Cube.load({ sample: "x.edf", ...misspelt }),
  "Cube.load (recipe)": () => operandose.Cube.load({ recipe: "esrf-bliss", path: "x.h5", ...misspelt }),
  "Cube.load (exposure)": () => operandose.Cube.load({ sample: "x.edf", exposure: bad }),
  "Cube.from": () => operandose.Cube.from("plan.json", bad),
  "Cube.load (folder)": () => operandose.Cube.load("x", bad),
  "Stack.from": () => operandose.Stack.from({ layers: [], ...misspelt }),
  "stack.with": () => stack.with(bad),
  "Material.mixture": () => operandose.Material.mixture([], bad),
  "Material.solution": () => operandose.Material.solution(bad),
  "Mask.fromRuns": () => operandose.Mask.fromRuns([0, 1], { width: 1, height: 1, ...misspelt }),
  "mask.components": () => mask.components(bad),
  "mask.withoutSpecks": () => mask.withoutSpecks(2, bad),
  "camera.set": () => operandose.beamline().camera.set(bad),
};

/** Options within options. */
const nested: Calls = {
  "mcrAls constraints": () => operandose.mcrAls(D, { components: 1, constraints: bad }),
  ...Object.fromEntries(
    [
      "nonNegative",
      "zero",
      "fixed",
      "kinetic",
      "correlation",
      "trilinear",
      "unimodal",
      "monotonic",
      "smooth",
      "closure",
      "norm",
    ].map((name) => [
      `mcrAls constraints.${name}`,
      () => operandose.mcrAls(D, { components: 1, constraints: { [name]: [misspelt] } }),
    ]),
  ),
  "mcrAls blocks": () => operandose.mcrAls({ blocks: [[D]], ...misspelt } as never, { components: 1 }),
  "mcrAls weights": () =>
    operandose.mcrAls(D, { components: 1, weights: { rows: [1, 1, 1, 1], ...misspelt } as never }),
  "fitComponents robust": () => operandose.fitComponents(D, [[1, 2, 3]], { robust: bad }),
  "doseBudget uncertainties": () => operandose.doseBudget(stack, beam, { uncertainties: bad }),
  "doseBudget flux": () =>
    operandose.doseBudget(stack, beam, { uncertainties: { flux: { standard: 0.1, ...misspelt } } }),
  "doseBudget choices": () =>
    operandose.doseBudget(stack, beam, { uncertainties: { flux: 0.1 }, choices: bad }),
  "configure protocol": () => operandose.configure("farther", { protocol: bad }),
  "figures.map size": () => figures.map({ ...image, size: { width: 200, height: 200, ...misspelt } }),
  "figures.map masks": () => figures.map({ ...image, masks: [{ values: [1, 0, 0, 1], ...misspelt }] }),
  "figures.histogram marks": () =>
    figures.histogram({ edges: [0, 1], counts: [1], marks: [{ range: [0, 1], ...misspelt }] }),
  "figures.histogram inset": () =>
    figures.histogram({ edges: [0, 1], counts: [1], inset: { ...inset, ...misspelt } }),
  "figures.spectra references": () =>
    figures.spectra({ ...lines, references: [{ label: "x", values: [1, 2], ...misspelt }] }),
  "figures.spectra series": () =>
    figures.spectra({ ...lines, series: { values: [1], label: "x", ...misspelt } }),
  "figures.spectra inset": () => figures.spectra({ ...lines, inset: { range: [1, 2], ...misspelt } }),
};
const inset = { values: [1, 2, 3, 4], width: 2, height: 2, pixelSize: 1 };
const image = { ...inset, label: "x" };
const lines = { energies: [1, 2], spectra: [[1, 2]] };

/** Where figures that take a result first have their options; all others have them in the first place. */
const figureOptions: Readonly<Record<string, number>> = {
  contactSheet: 1,
  panel: 1,
  proximity: 1,
  stack: 2,
  chamberSpectra: 1,
  doseMaps: 1,
  fittedSeries: 2,
  mapHistogram: 1,
  seriesDecomposition: 2,
  seriesSpectra: 1,
  speciesAgainstDose: 1,
  speciesProfiles: 1,
  speciesMaps: 1,
  rFactorMaps: 1,
};
const figuresWithout = ["Figure", "palette", "theme", "publishedFigures"];

/** No options to misspell: values in their places, or plain data that is checked as such. */
const without = [
  ...["ArgumentError", "DataError", "FileError", "OperandoseError", "SchemaError", "ShapeError", "FitFlag"],
  ...[
    "braggAngle",
    "braggEnergy",
    "cellGeometry",
    ...["claimRows", "claims", "countClaims", "readMeasurements"],
    "damageModels",
    "demonstrationFolder",
    "describe",
    "exposureTime",
  ],
  ...[
    "figures",
    "findE0",
    "finding",
    "frameGeometry",
    "galvanostaticPart",
    "holderGeometry",
    "interpolate",
    "intervalMask",
  ],
  ...["matchComponents", "material", "materials", "maximum", "messages", "mlpca", "plans", "publish"],
  ...[
    "publishedThresholds",
    "pureEnds",
    "rockCell",
    "setProgress",
    "setupGeometry",
    "simulatedClock",
    "spectralAngle",
  ],
  ...[
    "thresholdWithBudget",
    "Cube",
    "FitSeries",
    "PcaSeries",
    "loadSpectra",
    "openExperiment",
    "readAthena",
    "readColumns",
    "readMpt",
    "readXdi",
    "readXrm",
    "writeExperiment",
  ],
];

describe("public functions", () => {
  test("are all in the tables, and nothing else is", () => {
    const known = [...Object.keys(functions), ...without].filter((name) => !name.includes(" "));
    expect(known.toSorted()).toEqual(Object.keys(operandose).toSorted());
    const drawn = Object.keys(figures).filter((name) => !figuresWithout.includes(name));
    for (const name of Object.keys(figureOptions)) expect(drawn).toContain(name);
  });

  for (const [name, call] of Object.entries({ ...functions, ...others, ...nested })) {
    test(`${name} refuses an unknown option`, () => refusal(call));
  }

  for (const name of Object.keys(figures).filter((name) => !figuresWithout.includes(name))) {
    test(`figures.${name} refuses an unknown option`, () => {
      const draw = (figures as unknown as Record<string, (...args: unknown[]) => unknown>)[name];
      const before = new Array<unknown>(figureOptions[name] ?? 0).fill(undefined);
      return refusal(() => draw(...before, misspelt));
    });
  }
});

/** Methods by kind of object: where their options are, or null where they have none. */
type Places = Readonly<Record<string, number | null>>;

const ofResults: Places = {
  save: null,
  show: null,
  toFrame: null,
  summary: null,
  columns: null,
  arrays: null,
  curves: null,
};
const ofConcentrations: Places = {
  ...{ profile: null, spectrum: null, map: null, explore: 0, pixelMap: null, index: null },
};
const methods: Readonly<Record<string, Places>> = {
  cube: {
    ...{
      absorb: null,
      average: null,
      bin: null,
      explain: null,
      spectrum: 0,
      spectra: 0,
      image: 0,
      map: 1,
      pca: 0,
    },
    ...{
      align: 0,
      deglitch: 0,
      shifts: 0,
      calibrate: 0,
      crop: 0,
      dose: 0,
      doseRate: 1,
      mask: 1,
      savePlan: 1,
    },
    ...{ normalize: 0, mcrAls: 1, fit: 1, compute: 0, save: 1, explore: 0 },
  },
  map: {
    ...ofResults,
    statistics: null,
    histogram: 0,
    mask: null,
    within: null,
    withBudget: null,
    errorMap: null,
    against: 1,
    threshold: 1,
    benchmarkDose: 1,
  },
  spectra: { ...ofResults, row: null, toRows: null, explore: 0 },
  spectrum: ofResults,
  mcr: { ...ofResults, ...ofConcentrations, rFactor: null, residualMap: null, fit: 1, errors: 0, bands: 0 },
  fit: {
    ...{ ...ofResults, ...ofConcentrations, rFactorMap: null, chiSquareMap: null, standardErrorMap: null },
    ...{ flagMap: null, glitchMap: null, unboundedMap: null, against: 1, threshold: 2, benchmarkDose: 2 },
  },
  fitSeries: { ...ofResults, at: null, profile: null },
  pcaSeries: { ...ofResults, map: null },
  pca: { ...ofResults, reconstruction: null, outliers: 0, map: 1, clusters: 1, evolvingFactors: 0 },
  curve: { ...ofResults, threshold: 1, benchmarkDose: 1 },
  bands: { ...ofResults, component: null, extreme: null, fit: 1 },
  clusters: { ...ofResults, map: null },
  factors: ofResults,
  data: { ...ofResults, image: null },
  shifts: ofResults,
};

describe("methods of cubes and results", () => {
  let small: SmallExperiment;
  const objects: Record<string, object> = {};
  // What stands before the options, where it has to be right.
  let given: Record<string, readonly unknown[]>;
  // Objects that a method is called on, where it is not the one of its kind.
  let before: Record<string, object>;

  beforeAll(async () => {
    small = smallExperiment();
    const absorbed = operandose.Cube.load(small.folder).absorb();
    const cube = absorbed.calibrate().doseRate(stack).dose();
    const single = cube.average().normalize();
    const [series, mcr] = [cube.normalize(), await cube.mcrAls(2)];
    const [fit, dose] = [await single.fit(mcr), await single.map("dose")];
    const bands = mcr.bands({ starts: 0, area: false });
    const pca = await series.pca();
    Object.assign(objects, { cube, mcr, fit, pca, map: dose, spectra: mcr.data, bands });
    Object.assign(objects, {
      spectrum: await series.spectrum(),
      curve: fit.against(dose, { step: 0.001, least: 1 }),
    });
    Object.assign(objects, {
      clusters: pca.clusters(2),
      factors: pca.evolvingFactors(),
      data: await single.compute(),
      fitSeries: await cube.fit(mcr, { to: join(small.folder, "fit.zarr") }),
      pcaSeries: await cube.pca({ to: join(small.folder, "pca.zarr") }),
      shifts: await absorbed.align({ shifts: small.share.map(() => [0, 0.5]) }).shifts(),
    });
    // These verbs may stand in a chain only once.
    before = {
      "cube.calibrate": absorbed,
      "cube.doseRate": absorbed,
      "cube.dose": absorbed.doseRate(stack),
    };
    given = {
      "cube.doseRate": [stack],
      "map.against": [dose],
      "map.threshold": [dose],
      "map.benchmarkDose": [dose],
      "cube.map": ["dose"],
      "cube.mask": [[0, 1]],
      "cube.mcrAls": [2],
      "cube.fit": [mcr],
      "cube.save": [join(small.folder, "x.zarr")],
      "cube.savePlan": [join(small.folder, "plan.json")],
      "mcr.fit": [cube],
      "fit.against": [dose],
      "fit.threshold": [dose, "Cp1"],
      "fit.benchmarkDose": [dose, "Cp1"],
      "pca.map": ["T2"],
      "fitSeries.at": [0],
      "fitSeries.profile": ["Cp1"],
      "pcaSeries.map": ["T2", 0],
      "pca.clusters": [2],
      "curve.threshold": ["Cp1"],
      "curve.benchmarkDose": ["Cp1"],
      "bands.fit": [cube],
    };
  }, 120_000);

  for (const [kind, places] of Object.entries(methods)) {
    test(`of ${kind} are all in the table`, () => {
      const own = new Set<string>();
      for (let at = objects[kind]; at !== Object.prototype; at = Object.getPrototypeOf(at)) {
        for (const [name, { value }] of Object.entries(Object.getOwnPropertyDescriptors(at))) {
          if (typeof value === "function" && name !== "constructor") own.add(name);
        }
      }
      expect([...own].toSorted()).toEqual(Object.keys(places).toSorted());
    });

    for (const [name, place] of Object.entries(places)) {
      if (place === null) continue;
      test(`${kind}.${name} refuses an unknown option`, () => {
        const first = given[`${kind}.${name}`] ?? [];
        expect(first).toHaveLength(place);
        const on = (before[`${kind}.${name}`] ?? objects[kind]) as Record<
          string,
          (...args: unknown[]) => unknown
        >;
        return refusal(() => on[name](...first, misspelt));
      });
    }

    for (const [name, place] of Object.entries(places)) {
      // Of the library itself, with values that it has made.
      if (name === "pixelMap") continue;
      test(`${kind}.${name} takes the default for null, or refuses it`, async () => {
        const first = given[`${kind}.${name}`] ?? [];
        const on = (before[`${kind}.${name}`] ?? objects[kind]) as Record<
          string,
          (...args: unknown[]) => unknown
        >;
        const calls: unknown[][] = [[null], ...first.map((_, i) => first.with(i, null)), [...first, null]];
        // There null counts as not given, as their documentation and their own tests say.
        const isDefault = /threshold|benchmarkDose/.test(name);
        if (place !== null && !isDefault) {
          const { known } = (await problem(() => on[name](...first, misspelt))).fields as { known: string[] };
          calls.push(...known.map((option) => [...first, { [option]: null }]));
        }
        const raw: unknown[] = [];
        for (const call of calls) {
          try {
            await on[name](...call);
            const options = call[place ?? -1];
            const [option] = typeof options === "object" && options !== null ? Object.keys(options) : [];
            // A missing value is no choice of the default; a flux without energy is a choice.
            const isChoice = option === undefined || option === "fluxEnergy" || call.length === first.length;
            if (!isChoice) raw.push([name, option]);
          } catch (error) {
            const isOurs =
              error instanceof operandose.OperandoseError && /: expected .*, got /s.test(error.message);
            if (!isOurs) raw.push([call.map((one) => quote(one)), error]);
          }
        }
        expect(raw).toEqual([]);
      }, 60_000);
    }
  }

  test("are handed on: result.fit(cube, options) is cube.fit(result, options)", async () => {
    const { cube, mcr } = objects as { cube: operandose.Cube; mcr: operandose.McrResult };
    const options = { closure: false, sigma: 0.01 } as const;
    const [through, direct, plain] = [
      await mcr.fit(cube, options),
      await cube.fit(mcr, options),
      await mcr.fit(cube),
    ];
    expect(through.C.to2DArray()).toEqual(direct.C.to2DArray());
    expect(through.chiSquare).toEqual(direct.chiSquare);
    expect(plain.chiSquare).toBeNull();
    expect(through.C.to2DArray()).not.toEqual(plain.C.to2DArray());
  });

  afterAll(() => {
    for (const name of Object.keys(objects)) delete objects[name];
  });
});

/** The call is refused, at once or by its promise, with an ArgumentError that names the option. */
async function refusal(call: () => unknown): Promise<void> {
  const error = await problem(call);
  expect(error).toBeInstanceOf(operandose.ArgumentError);
  expect(error.fields).toMatchObject({ option: "misspelt" });
}

/** What a call throws, at once or by its promise. */
async function problem(call: () => unknown): Promise<operandose.OperandoseError> {
  try {
    await call();
  } catch (thrown) {
    return thrown as operandose.OperandoseError;
  }
  throw new Error("expected an error");
}
