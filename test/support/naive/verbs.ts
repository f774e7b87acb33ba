// The naive form of each verb in the fewest lines. A new verb needs one here, or the contract test fails.
import { GlitchFinder } from "../../../lib/compute/glitches/glitch-finder.js";
import type { FrameStep, FrameSteps, OtherSteps } from "../../../lib/cube/plan.js";
import { absorb } from "../../../lib/cube/verbs/absorb.js";
import { incidentFlux } from "../../../lib/cube/verbs/dose-rate.js";
import { isFrameStep } from "../../../lib/cube/verbs/index.js";
import { normalization } from "../../../lib/cube/verbs/normalize.js";
import { findStep, type Plan } from "../../../lib/cube/verbs/verb.js";
import { DoseRateAccumulator } from "../../../lib/dose/dose-rate-map.js";
import { Mask } from "../../../lib/dose/mask.js";
import { Stack } from "../../../lib/dose/stack.js";
import { DataError } from "../../../lib/errors.js";
import { calibrateFoil } from "../../../lib/xas/calibrate-foil.js";
import { normalize } from "../../../lib/xas/normalize.js";
import { ShiftInterpolator } from "../../../lib/xas/shift.js";
import { mapCube, meanCube, meanOfValid, toRows, type Whole } from "./cubes.js";

/** A series and its flat field. */
export interface Series {
  readonly cubes: readonly Whole[];
  readonly flat: Whole | undefined;
}

/** A frame verb: its effect on a series, and on a map of the image (default none). */
export interface NaiveFrameVerb<S> {
  series(step: S, series: Series): Series;
  map?(step: S, image: number[][]): number[][];
}

/** Spectra of all pixels, maps and masks; [nTimes][nPixels][nEnergies], [nPixels]. */
export interface Spectra {
  spectra: number[][][];
  edgeSteps: number[][];
  readonly maps: Record<string, number[]>;
  readonly masks: ArrayLike<number>[];
}

/** The recording as mean cubes. */
export interface References {
  readonly flat: Whole | undefined;
  readonly foil: { readonly sample: Whole; readonly flat: Whole } | undefined;
}

/** Another verb: changes the spectra, or adds to maps and masks. */
export type NaiveVerb<S> = {
  // A method, so that the type parameter is bivariant.
  apply(step: S, state: Spectra, plan: Plan, references: References): void;
}["apply"];

const crop = (image: number[][], { x, y }: FrameSteps["crop"]): number[][] =>
  image.slice(...y).map((row) => row.slice(...x));

const bin = (image: number[][], { factor: n }: FrameSteps["bin"]): number[][] =>
  Array.from({ length: Math.floor(image.length / n) }, (_, y) =>
    Array.from({ length: Math.floor(image[0].length / n) }, (_, x) =>
      meanOfValid(image.slice(y * n, (y + 1) * n).flatMap((row) => row.slice(x * n, (x + 1) * n))),
    ),
  );

/** Weight of a pixel at a distance in cubic convolution (Keys, 1981). */
function keys(distance: number): number {
  const d = Math.abs(distance);
  if (d >= 2) return 0;
  return d <= 1 ? 1.5 * d ** 3 - 2.5 * d ** 2 + 1 : -0.5 * d ** 3 + 2.5 * d ** 2 - 4 * d + 2;
}

/** An image at places that are [dx, dy] away, by sums over all of its pixels. */
function moved(image: number[][], [dx, dy]: readonly [number, number], integer: boolean): number[][] {
  const weight = integer ? (d: number) => Number(Math.round(d) === 0) : keys;
  const [u, v] = integer ? [Math.round(dx), Math.round(dy)] : [dx, dy];
  return image.map((row, y) =>
    row.map((_, x) => {
      let [sum, total] = [0, 0];
      for (let r = Math.floor(y + v) - 2; r <= Math.floor(y + v) + 3; r++) {
        for (let c = Math.floor(x + u) - 2; c <= Math.floor(x + u) + 3; c++) {
          const w = weight(y + v - r) * weight(x + u - c);
          if (w === 0) continue;
          sum += w * (image[r]?.[c] ?? Number.NaN);
          total += w;
        }
      }
      return Math.abs(total - 1) < 1e-9 ? sum : Number.NaN;
    }),
  );
}

/** The same change of each cube and of the flat field. */
function both({ cubes, flat }: Series, change: (frames: number[][][]) => number[][][]): Series {
  const one = (c: Whole): Whole => ({ ...c, frames: change(c.frames) });
  return { cubes: cubes.map(one), flat: flat && one(flat) };
}

export const frameVerbs: { readonly [V in keyof FrameSteps]: NaiveFrameVerb<FrameSteps[V]> } = {
  average: {
    series: ({ group }, { cubes, flat }) => ({
      cubes: Array.from({ length: Math.ceil(cubes.length / group) }, (_, g) =>
        meanCube(cubes.slice(g * group, (g + 1) * group)),
      ),
      flat,
    }),
  },
  absorb: {
    series(_, { cubes, flat }) {
      const i0 = (flat as Whole).frames;
      const absorbance = (v: number, k: number, y: number, x: number): number =>
        v > 0 && i0[k][y][x] > 0 ? Math.log(i0[k][y][x] / v) : Number.NaN;
      return { cubes: cubes.map((c) => mapCube(c, absorbance)), flat: undefined };
    },
  },
  align: {
    series({ shifts = [], interpolation }, { cubes, flat }) {
      const integer = interpolation === "integer";
      // Given shifts of one piece.
      const one = (c: Whole, t: number): Whole => ({
        ...c,
        frames: c.frames.map((image) => moved(image, shifts[t][0], integer)),
      });
      return { cubes: cubes.map(one), flat };
    },
  },
  deglitch: {
    // The rules themselves are tested in test/compute/glitches.test.ts: here is the whole image at once.
    series(step, { cubes, flat }) {
      const { height, width, energies, replace } = step;
      const one = (c: Whole): Whole => {
        const read = (k: number) => Float32Array.from(c.frames[k].flat());
        const part = { top: 0, bottom: height, left: 0, right: width };
        const finder = new GlitchFinder(part, step, energies, step, read);
        const flags = energies.map((_, k) => finder.glitches(k));
        return mapCube(c, (v, k, y, x) => {
          if (!flags[k][y * width + x]) return v;
          return replace === "missing" ? Number.NaN : finder.between(k, y * width + x);
        });
      };
      return { cubes: cubes.map(one), flat };
    },
  },
  bin: {
    series: (step, series) => both(series, (frames) => frames.map((image) => bin(image, step))),
    map: (step, image) => bin(image, step),
  },
  crop: {
    series: (step, series) =>
      both(series, (frames) => frames.slice(...step.frames).map((image) => crop(image, step))),
    map: (step, image) => crop(image, step),
  },
};

/** A series after frame steps. */
export function applyFrames(series: Series, steps: readonly FrameStep[]): Series {
  return steps.reduce((s, step) => naiveFrameVerb(step).series(step, s), series);
}

function naiveFrameVerb(step: FrameStep): NaiveFrameVerb<FrameStep> {
  return frameVerbs[step.verb];
}

/** Spectra of all pixels of a cube, [nPixels][nEnergies]. */
export function spectraOf({ frames }: Whole): number[][] {
  return frames[0].flatMap((row, y) => row.map((_, x) => frames.map((image) => image[y][x])));
}

export const otherVerbs: { readonly [V in keyof OtherSteps]: NaiveVerb<OtherSteps[V]> } = {
  calibrate({ reference, degree }, state, { steps, schema }, { foil }) {
    if (!foil) throw new Error("no foil");
    const frames = steps.filter(isFrameStep).filter(({ verb }) => verb !== "average");
    const withAbsorb: FrameStep[] = findStep(frames, absorb) ? frames : [...frames, { verb: "absorb" }];
    const [cube] = applyFrames({ cubes: [foil.sample], flat: foil.flat }, withAbsorb).cubes;
    const { energies, height, width } = schema;
    // 120 eV on either side of the edge.
    const near = energies.map((_, k) => k).filter((k) => Math.abs(energies[k] - reference) <= 120);
    const spectra = Float32Array.from(spectraOf(cube).flatMap((row) => near.map((k) => row[k])));
    const { shift } = calibrateFoil(
      near.map((k) => energies[k]),
      spectra,
      [height, width],
      { reference, degree },
    );
    state.maps.shift = Array.from(shift);
    const interpolator = new ShiftInterpolator(energies);
    state.spectra = state.spectra.map((rows) =>
      rows.map((row, p) => {
        const out = new Float64Array(row.length);
        interpolator.apply(Float64Array.from(row), shift[p], out);
        return Array.from(out);
      }),
    );
  },

  normalize(step, state, { schema }) {
    const one = (row: number[]): { spectrum: number[]; edgeStep: number } => {
      try {
        const { flat, norm, edgeStep } = normalize(schema.energies, row, normalization(step));
        return { spectrum: Array.from(step.flatten ? flat : norm), edgeStep };
      } catch (error) {
        // A spectrum that cannot be normalized has no values; any other error is one.
        if (!(error instanceof DataError)) throw error;
        return { spectrum: row.map(() => Number.NaN), edgeStep: Number.NaN };
      }
    };
    const results = state.spectra.map((rows) => rows.map(one));
    state.spectra = results.map((rows) => rows.map(({ spectrum }) => spectrum));
    state.edgeSteps = results.map((rows) => rows.map(({ edgeStep }) => edgeStep));
  },

  doseRate(step, { maps }, { source, steps }, { flat }) {
    const { energies, height, width } = source;
    const map = new DoseRateAccumulator({
      shape: [height, width],
      energies,
      stack: Stack.from(step.stack),
      flux: incidentFlux(step, energies),
      // doseRate refuses a cube without it.
      pixelSize: source.pixelSize as number,
      convention: step.convention,
    });
    for (const [k, frame] of (flat as Whole).frames.entries()) map.add(k, frame.flat());
    maps.doseRate = steps
      .filter(isFrameStep)
      .reduce((image, s) => naiveFrameVerb(s).map?.(s, image) ?? image, toRows(map.finish(), width))
      .flat();
  },

  dose({ seconds }, { maps }) {
    maps.dose = maps.doseRate.map((rate) => rate * seconds);
  },

  mask(step, { maps, masks }, { schema: { height, width } }) {
    masks.push(
      "runs" in step
        ? Mask.fromRuns(step.runs, { width, height }).values
        : maps[step.map].map((v) => Number(step.intervals.some(([low, high]) => v >= low && v < high))),
    );
  },
};
