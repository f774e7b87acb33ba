// The naive executor: whole cubes in memory, one obvious loop a step, 64-bit floats, no short cut. Slow truth beside
// the streaming executor, for tests; the two must agree on every plan.
import { fitComponents } from "../../chemometrics/fit/fit-components.js";
import { DoseRateAccumulator } from "../../dose/dose-rate-map.js";
import { Mask } from "../../dose/mask.js";
import { Stack } from "../../dose/stack.js";
import { openFrames, readFrames } from "../../io/frame-file.js";
import { calibrateFoil } from "../../xas/calibrate-foil.js";
import { normalize } from "../../xas/normalize.js";
import { ShiftInterpolator } from "../../xas/shift.js";
import type { FrameStep, Step } from "../plan.js";
import { isFrameStep, normalization } from "../plan.js";
import type { Recorded, RecordedFile, Source } from "../source.js";
import type { Plan } from "../verbs/verb.js";
import { incidentFlux } from "./incident-flux.js";
import { nearEdge } from "./layers.js";

/** A cube in memory, [nEnergies][height][width]; `weight` is the number of sweeps in it. */
interface Whole {
  readonly frames: number[][][];
  readonly weight: number;
}

type Frame = Awaited<ReturnType<typeof readFrames>>[number];

/** Spectra of all selected pixels, [nTimes][nPixels][nEnergies], and the layers, [height * width]. */
export interface NaiveResult {
  readonly spectra: number[][][];
  readonly pixels: number[];
  readonly edgeSteps: number[][];
  readonly layers: Readonly<Record<string, number[]>>;
}

/** Everything that a plan asks for, computed the plain way. */
export async function naive(plan: Plan): Promise<NaiveResult> {
  const { source, steps } = plan;
  const frameSteps = steps.filter(isFrameStep);
  const reference = incident(
    (await readFrames(source.reference.path, source.reference.kind, source.reference.images))[0],
  );
  const load = async ({ files, dark }: Recorded): Promise<Whole[]> => {
    const frames = (await Promise.all(dark.map((f) => readFrames(f.path, f.kind, f.images)))).flat();
    const image = frames.length > 0 ? meanImage(frames) : undefined;
    return Promise.all(files.map((f) => loadWhole(f, source, image, reference)));
  };
  const flat = source.flat && meanCube(await load(source.flat));

  const series = applyFrames(await load(source.sample), frameSteps, flat);
  const { height, width } = plan.schema;
  const at = (cube: Whole, p: number): number[] =>
    cube.frames.map((f) => f[Math.floor(p / width)][p % width]);
  const all = Array.from({ length: height * width }, (_, p) => p);

  const layers: Record<string, number[]> = {};
  for (const step of steps) {
    if (step.verb === "calibrate" && source.foil) {
      const withAbsorb: FrameStep[] = frameSteps.some((s) => s.verb === "absorb")
        ? frameSteps
        : [...frameSteps, { verb: "absorb" }];
      const foilFlat = meanCube(await load(source.foil.flat));
      const foilSteps = withAbsorb.filter((s) => s.verb !== "average");
      const foil = applyFrames([meanCube(await load(source.foil))], foilSteps, foilFlat)[0];
      const [from, to] = nearEdge(plan.schema.energies, step.reference);
      const spectra = Float32Array.from(all.flatMap((p) => at(foil, p).slice(from, to)));
      layers.shift = Array.from(
        calibrateFoil(plan.schema.energies.slice(from, to), spectra, [height, width], {
          reference: step.reference,
          degree: step.degree,
        }).shift,
      );
    }
    if (step.verb === "doseRate" && flat) layers.doseRate = doseRate(step, source, flat, frameSteps);
    if (step.verb === "dose") layers.dose = layers.doseRate.map((v) => v * step.seconds);
  }
  const masks = steps
    .filter((s) => s.verb === "mask")
    .map((s) =>
      "runs" in s
        ? Mask.fromRuns(s.runs, { width, height }).values
        : layers[s.layer].map((v) => Number(s.intervals.some(([low, high]) => v >= low && v < high))),
    );
  const pixels = all.filter((p) => masks.every((mask) => mask[p] > 0));

  const edgeSteps: number[][] = [];
  const spectra = series.map((cube) => {
    const found: number[] = [];
    edgeSteps.push(found);
    return pixels.map((p) => {
      const { spectrum, edgeStep } = applySpectrum(
        at(cube, p),
        steps,
        plan.schema.energies,
        layers.shift?.[p] ?? 0,
      );
      found.push(edgeStep);
      return spectrum;
    });
  });
  return { spectra, pixels, edgeSteps, layers };
}

/** Mean over pixels that have a value, [nTimes][nEnergies]. */
export function naiveMean({ spectra }: NaiveResult): number[][] {
  return spectra.map((rows) => rows[0].map((_, k) => meanOfValid(rows.map((r) => r[k]))));
}

/** Concentrations, [nTimes][nPixels][nComponents]. */
export function naiveFit({ spectra }: NaiveResult, S: number[][]): number[][][] {
  return spectra.map((rows) => fitComponents(rows, S).C.to2DArray());
}

async function loadWhole(
  file: RecordedFile,
  source: Source,
  dark: number[][] | undefined,
  reference: number,
): Promise<Whole> {
  const frames = await readFrames(file.path, file.kind, file.images);
  const opened = openFrames(file.path, file.kind, file.images);
  const saturation = source.saturation ?? opened.fullScale;
  opened.close();
  const corrected = frames.map((frame) => {
    const own = incident(frame);
    const scale = Number.isFinite(own) && Number.isFinite(reference) ? reference / own : 1;
    return rowsOf(frame).map((row, y) =>
      row.map((v, x) => (v >= saturation ? Number.NaN : (v - (dark?.[y][x] ?? 0)) * scale)),
    );
  });
  return { frames: corrected, weight: file.cubes };
}

function applyFrames(series: Whole[], steps: readonly FrameStep[], recordedFlat: Whole | undefined): Whole[] {
  let cubes = series;
  let flat = recordedFlat;
  for (const step of steps) {
    switch (step.verb) {
      case "average":
        cubes = Array.from({ length: Math.ceil(cubes.length / step.group) }, (_, g) =>
          meanCube(cubes.slice(g * step.group, (g + 1) * step.group)),
        );
        break;
      case "absorb": {
        const i0 = (flat as Whole).frames;
        cubes = cubes.map((c) =>
          mapCube(c, (v, k, y, x) => (v > 0 && i0[k][y][x] > 0 ? Math.log(i0[k][y][x] / v) : Number.NaN)),
        );
        flat = undefined;
        break;
      }
      case "crop":
      case "bin": {
        const change = (c: Whole): Whole => ({
          weight: c.weight,
          frames: c.frames.map((f) => reshape(f, step)),
        });
        cubes = cubes.map(change);
        // The flat keeps all its frames until it is used; the energies are cropped below.
        flat = flat && change(flat);
        if (step.verb === "crop") {
          const cut = (c: Whole): Whole => ({ weight: c.weight, frames: c.frames.slice(...step.frames) });
          cubes = cubes.map(cut);
          flat = flat && cut(flat);
        }
      }
    }
  }
  return cubes;
}

function applySpectrum(
  measured: number[],
  steps: readonly Step[],
  energies: readonly number[],
  shift: number,
) {
  let spectrum = measured;
  let edgeStep = Number.NaN;
  for (const step of steps) {
    if (step.verb === "normalize") {
      if (steps.some((s) => s.verb === "calibrate")) spectrum = shifted(spectrum, energies, shift);
      try {
        const result = normalize(energies, spectrum, normalization(step));
        edgeStep = result.edgeStep;
        spectrum = Array.from(step.flatten ? result.flat : result.norm);
      } catch {
        spectrum = spectrum.map(() => Number.NaN);
      }
      return { spectrum, edgeStep };
    }
  }
  return {
    spectrum: steps.some((s) => s.verb === "calibrate") ? shifted(spectrum, energies, shift) : spectrum,
    edgeStep,
  };
}

function shifted(spectrum: number[], energies: readonly number[], shift: number): number[] {
  const out = new Float64Array(spectrum.length);
  new ShiftInterpolator(energies).apply(Float64Array.from(spectrum), shift, out);
  return Array.from(out);
}

function doseRate(
  step: Extract<Step, { verb: "doseRate" }>,
  source: Source,
  flat: Whole,
  steps: readonly FrameStep[],
): number[] {
  const map = new DoseRateAccumulator({
    shape: [source.height, source.width],
    energies: source.energies,
    stack: Stack.from(step.stack),
    flux: incidentFlux(step, source.energies),
    pixelSize: source.pixelSize as number, // doseRate refuses a cube without
    convention: step.convention,
  });
  for (const [k, frame] of flat.frames.entries()) map.add(k, frame.flat());
  const values = Array.from(map.finish());
  let image = Array.from({ length: source.height }, (_, y) =>
    values.slice(y * source.width, (y + 1) * source.width),
  );
  for (const s of steps) if (s.verb === "crop" || s.verb === "bin") image = reshape(image, s);
  return image.flat();
}

function reshape(image: number[][], step: Extract<FrameStep, { verb: "crop" | "bin" }>): number[][] {
  if (step.verb === "crop") return image.slice(...step.y).map((row) => row.slice(...step.x));
  const n = step.factor;
  return Array.from({ length: Math.floor(image.length / n) }, (_, y) =>
    Array.from({ length: Math.floor(image[0].length / n) }, (_, x) =>
      meanOfValid(image.slice(y * n, (y + 1) * n).flatMap((row) => row.slice(x * n, (x + 1) * n))),
    ),
  );
}

function meanCube(cubes: readonly Whole[]): Whole {
  const weight = cubes.reduce((sum, c) => sum + c.weight, 0);
  return {
    ...mapCube(cubes[0], (_, k, y, x) => {
      const valid = cubes.filter((c) => !Number.isNaN(c.frames[k][y][x]));
      const total = valid.reduce((sum, c) => sum + c.weight, 0);
      return valid.reduce((sum, c) => sum + c.weight * c.frames[k][y][x], 0) / total;
    }),
    weight,
  };
}

function mapCube(cube: Whole, f: (v: number, k: number, y: number, x: number) => number): Whole {
  return {
    weight: cube.weight,
    frames: cube.frames.map((image, k) => image.map((row, y) => row.map((v, x) => f(v, k, y, x)))),
  };
}

function meanImage(frames: readonly Frame[]): number[][] {
  const images = frames.map(rowsOf);
  return images[0].map((row, y) =>
    row.map((_, x) => images.reduce((sum, im) => sum + im[y][x], 0) / images.length),
  );
}

function rowsOf({ data, shape: [height, width] }: Frame): number[][] {
  return Array.from({ length: height }, (_, y) =>
    Array.from({ length: width }, (_, x) => Number(data[y * width + x])),
  );
}

function incident({ header }: Frame): number {
  return Number(header.exposure_time) * Number(header.ring_current);
}

function meanOfValid(values: readonly number[]): number {
  const valid = values.filter((v) => !Number.isNaN(v));
  return valid.reduce((sum, v) => sum + v, 0) / valid.length;
}
