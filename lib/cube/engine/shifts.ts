// Where the sample was in each image: measured before a plan with align() runs, and put into its step.
import { bandPass, type Compared } from "../../compute/registration/band-pass.js";
import { type Registration, register } from "../../compute/registration/register.js";
import { translate } from "../../compute/registration/translate.js";
import { DataError } from "../../errors.js";
import { beginningOf } from "../beginning.js";
import { freeze } from "../plan.js";
import { align, meanShift } from "../verbs/align.js";
import { floatsOf } from "../verbs/align-options.js";
import type { AlignStep, Shift } from "../verbs/align-step.js";
import { bin } from "../verbs/bin.js";
import { addStep, isFrameStep, verbs } from "../verbs/index.js";
import { findStep, isStep, type Plan, type Verb } from "../verbs/verb.js";
import { cubesOf } from "./geometry.js";
import { prepare } from "./prepare.js";
import { keep } from "./remember.js";
import { listen, type RunOptions, stream } from "./stream.js";

/** Shifts, pixels of the image before align(), [time][piece]. */
export interface MeasuredShifts {
  readonly shifts: readonly (readonly Shift[])[];
  /** Standard errors; NaN where shifts were given. */
  readonly errors: readonly (readonly Shift[])[];
}

/** Images that are compared take at most this much memory together, bytes: larger ones are binned first. */
const IMAGE_BYTES = 256e6;
/** More pixels than this make the shifts no better. */
const PIXELS = 65_536;
/** Images keep at least so many rows and columns. */
const LEAST = 32;
/** Two images match where the contrast of one in the other is this many times its standard error. */
const SIGNIFICANT = 6;

/** The plan with the shifts of its align() and the weights of its time steps; another plan as it is. */
export async function placed(plan: Plan, options: RunOptions = {}): Promise<Plan> {
  const step = findStep(plan.steps, align);
  if (!step || step.weights) return plan;
  const before = planBefore(plan);
  const { shifts } = await shiftsOf(plan, options);
  const weights = before.schema.times.map(({ cubes }) => cubes);
  return replaced(plan, { shifts, weights });
}

/** A plan whose shifts are known, with other weights of its time steps in maps. */
export function withWeights(plan: Plan, weights: readonly number[]): Plan {
  return replaced(plan, { weights });
}

function replaced(plan: Plan, part: Partial<AlignStep>): Plan {
  const steps = plan.steps.map((one) => (isStep(align, one) ? freeze({ ...one, ...part }) : one));
  return { ...plan, steps };
}

/** The plan before its align(): steps are added again, because a plan keeps the schema of its end only. */
export function planBefore({ source, steps }: Plan): Plan {
  const end = steps.findIndex((step) => isStep(align, step));
  return steps.slice(0, end).reduce((plan, step) => {
    const verb = verbs[step.verb] as unknown as Verb<typeof step, unknown[]>;
    return addStep(verb, plan, ...verb.again(step, plan.schema));
  }, beginningOf(source));
}

/** The shifts of a plan with align(): as they were given, or measured. */
export async function shiftsOf(plan: Plan, options: RunOptions = {}): Promise<MeasuredShifts> {
  const step = findStep(plan.steps, align) as AlignStep;
  const { shifts } = step;
  if (shifts) return { shifts, errors: shifts.map((own) => own.map(() => [Number.NaN, Number.NaN])) };
  const before = planBefore(plan);
  const { source } = before;
  const parameters = { step, steps: before.steps.filter(isFrameStep) };
  return keep("align", source, parameters, [source.sample, source.flat], options.signal, () =>
    measure(before, step, options),
  );
}

async function measure(before: Plan, step: AlignStep, options: RunOptions): Promise<MeasuredShifts> {
  const { height, width, times } = before.schema;
  const { pieces } = step;
  const coarser = (factor: number): boolean => Math.min(height, width) >= factor * LEAST;
  let factor = 1;
  const area = (): number => Math.floor(height / factor) * Math.floor(width / factor);
  while (coarser(factor + 1) && (area() > PIXELS || 4 * times.length * pieces * area() > IMAGE_BYTES))
    factor++;
  const plan = factor > 1 ? addStep(bin, before, factor) : before;
  const request = { kind: "pieces", pieces } as const;
  const [output] = await stream(prepare(plan, [{ request }], undefined, options), "align", options);
  const shape = { height: plan.schema.height, width: plan.schema.width };
  const n = shape.height * shape.width;
  const image = (t: number, piece: number): Float32Array => {
    const at = (t * pieces + piece) * n;
    return (output.data as Float32Array).subarray(at, at + n);
  };
  const target = typeof step.to === "object" ? binned(floatsOf(step.to.image), step, factor) : step.to;
  const maximum = (step.maximum ?? 0) / factor;
  const series = new Series(image, { ...shape, times: times.length, pieces }, maximum, factor, options);
  const found =
    target instanceof Float32Array ? await series.toImage(target) : await series.toCubes(target ?? "mean");
  const scale = (list: Shift[][]): Shift[][] =>
    list.map((own) => own.map(([x, y]) => [x * factor, y * factor] as const));
  return { shifts: scale(found.shifts), errors: scale(found.errors) };
}

/** Mean over factor x factor pixels, as bin() makes it. */
function binned(values: Float32Array, { height, width }: AlignStep, factor: number): Float32Array {
  if (factor === 1) return values;
  const map = { values, height, width };
  return bin.reshape?.({ verb: "bin", factor }, map).values as Float32Array;
}

interface Found {
  readonly shifts: Shift[][];
  readonly errors: Shift[][];
}

interface SeriesShape {
  readonly height: number;
  readonly width: number;
  readonly times: number;
  readonly pieces: number;
}

/** The images of a series, compared with each other. */
class Series {
  /** @param factor pixels that were binned, for messages */
  constructor(
    private readonly image: (t: number, piece: number) => Float32Array,
    private readonly shape: SeriesShape,
    private readonly maximum: number,
    private readonly factor: number,
    private readonly options: RunOptions,
  ) {}

  /** Every piece of every cube against one image, whose contrast may be another. */
  async toImage(target: Float32Array): Promise<Found> {
    const { times, pieces } = this.shape;
    const found: Found = { shifts: [], errors: [] };
    const reference = this.#compared(target);
    for (let t = 0; t < times; t++) {
      const own: Registration[] = [];
      for (let j = 0; j < pieces; j++) own.push(await this.#match(this.image(t, j), reference, t, j, true));
      found.shifts.push(own.map(({ dx, dy }) => [dx, dy]));
      found.errors.push(own.map(({ errors }) => errors));
    }
    return found;
  }

  /**
   * Each piece against the same energies of the other cubes, like with like; then the pieces against each other,
   * where the contrast of one may be another than that of the other.
   */
  async toCubes(to: "mean" | number): Promise<Found> {
    const { times, pieces } = this.shape;
    const zero = (): Shift[][] =>
      Array.from({ length: times }, () => Array.from({ length: pieces }, () => [0, 0]));
    const found: Found = { shifts: zero(), errors: zero() };
    const means: Float32Array[] = [];
    for (let j = 0; j < pieces; j++) {
      const first = to === "mean" ? times >> 1 : to;
      let column = await this.#against(this.image(first, j), j, first);
      const mean = this.#mean(j, column);
      // The mean of aligned images has less noise than one of them, and belongs to no time.
      if (to === "mean" && times > 1) column = centered(await this.#against(mean, j));
      means.push(to === "mean" ? this.#mean(j, column) : mean);
      for (let t = 0; t < times; t++) {
        found.shifts[t][j] = [column[t].dx, column[t].dy];
        found.errors[t][j] = column[t].errors;
      }
    }
    if (pieces === 1) return found;
    const between = centered(await this.#pieces(means));
    for (let t = 0; t < times; t++) {
      for (let j = 0; j < pieces; j++) {
        const [[x, y], [ex, ey]] = [found.shifts[t][j], found.errors[t][j]];
        const { dx, dy, errors } = between[j];
        found.shifts[t][j] = [x + dx, y + dy];
        found.errors[t][j] = [Math.hypot(ex, errors[0]), Math.hypot(ey, errors[1])];
      }
    }
    return found;
  }

  /** One piece of all cubes against an image, which is that of cube `own`. */
  async #against(image: Float32Array, piece: number, own?: number): Promise<Registration[]> {
    const reference = this.#compared(image);
    const out: Registration[] = [];
    for (let t = 0; t < this.shape.times; t++) {
      out.push(t === own ? STILL : await this.#match(this.image(t, piece), reference, t, piece, false));
    }
    return out;
  }

  /** The pieces of the mean scan against that with the most contrast. */
  async #pieces(means: readonly Float32Array[]): Promise<Registration[]> {
    const all = means.map((image) => this.#compared(image));
    const contrasts = all.map(contrastOf);
    const best = contrasts.indexOf(Math.max(...contrasts));
    const out: Registration[] = [];
    for (const [j, image] of means.entries()) {
      out.push(j === best ? STILL : await this.#match(image, all[best], -1, j, true));
    }
    return out;
  }

  #mean(piece: number, places: readonly { readonly dx: number; readonly dy: number }[]): Float32Array {
    const { height, width } = this.shape;
    const all = { top: 0, bottom: height, left: 0, right: width };
    const [sum, count] = [new Float64Array(height * width), new Uint32Array(height * width)];
    const moved = new Float64Array(height * width);
    for (const [t, { dx, dy }] of places.entries()) {
      translate(this.image(t, piece), all, all, [dx, dy], "spline", moved);
      for (let p = 0; p < sum.length; p++) {
        if (Number.isNaN(moved[p])) continue;
        sum[p] += moved[p];
        count[p]++;
      }
    }
    // Where few cubes reach, their mean would have another level than beside it.
    return Float32Array.from(sum, (v, p) => (count[p] === places.length ? v / count[p] : Number.NaN));
  }

  #compared(image: ArrayLike<number>): Compared {
    return bandPass(image, this.shape.height, this.shape.width);
  }

  async #match(
    image: Float32Array,
    reference: Compared,
    t: number,
    piece: number,
    inverted: boolean,
  ): Promise<Registration> {
    const { maximum, factor, options, shape } = this;
    await listen();
    options.signal?.throwIfAborted();
    const found = register(this.#compared(image), reference, { maximum, inverted });
    const place = [
      ...(t >= 0 && shape.times > 1 ? [`time step ${t}`] : []),
      ...(shape.pieces > 1 ? [`piece ${piece + 1} of ${shape.pieces}`] : []),
    ].join(", ");
    const where = place ? ` (${place})` : "";
    if (!found || !(found.significance > SIGNIFICANT)) {
      throw new DataError(
        `align${where}: expected images with a structure in common, got a match of ${found ? `${found.significance.toFixed(1)} standard errors` : "none"}, which ${SIGNIFICANT} are needed of; average more cubes, take fewer { pieces }, a larger { maximum }, or give { shifts }`,
        { timeStep: t, piece, significance: found?.significance ?? 0 },
      );
    }
    const { dx, dy } = found;
    if (Math.max(Math.abs(dx), Math.abs(dy)) > maximum) {
      const at = [dx, dy].map((v) => (v * factor).toFixed(2)).join(", ");
      throw new DataError(
        `align${where}: expected a shift of at most ${maximum * factor} pixels, got [${at}]; give a larger { maximum } if the sample moved that far`,
        { timeStep: t, piece, shift: [dx * factor, dy * factor] },
      );
    }
    return found;
  }
}

const STILL: Registration = { dx: 0, dy: 0, errors: [0, 0], significance: Number.POSITIVE_INFINITY };

/** Shifts from their mean. */
function centered(list: readonly Registration[]): Registration[] {
  const [x, y] = meanShift(list.map(({ dx, dy }) => [dx, dy]));
  return list.map((one) => ({ ...one, dx: one.dx - x, dy: one.dy - y }));
}

/** Weighted variance of what is compared of an image. */
function contrastOf({ values, weights }: Compared): number {
  let [sum, total] = [0, 0];
  for (let p = 0; p < values.length; p++) {
    if (weights[p] === 0) continue;
    sum += weights[p] * values[p] * values[p];
    total += weights[p];
  }
  return sum / total;
}

/**
 * A smooth map of the camera, as the energy shift is, where the sample was: for each time step of the plan. A
 * plan without align() has one map. The drift within a scan is taken at its mean.
 */
export function alongSample(map: ArrayLike<number>, plan: Plan): ArrayLike<number> {
  const { height, width, times } = plan.schema;
  const end = plan.steps.findIndex((step) => isStep(align, step));
  if (end < 0) return map;
  const { shifts = [], weights = [] } = plan.steps[end] as AlignStep;
  const after = plan.steps.slice(end + 1).filter(isFrameStep);
  const factor = after.reduce((n, step) => n * (isStep(bin, step) ? step.factor : 1), 1);
  const group = after.reduce((n, step) => n * cubesOf(step), 1);
  const out = new Float64Array(times.length * height * width);
  for (let t = 0; t < times.length; t++) {
    const members = shifts.slice(t * group, (t + 1) * group);
    const own = weights.slice(t * group, (t + 1) * group);
    const total = own.reduce((sum, w) => sum + w, 0);
    const [dx, dy] = ([0, 1] as const).map(
      (axis) => members.reduce((sum, one, i) => sum + own[i] * meanShift(one)[axis], 0) / total / factor,
    );
    for (let p = 0, at = t * height * width; p < height * width; p++, at++) {
      out[at] = linear(map, width, height, (p % width) + dx, Math.floor(p / width) + dy);
    }
  }
  return out;
}

/** Bilinear value at a place; beyond the border the straight line goes on. */
function linear(map: ArrayLike<number>, width: number, height: number, x: number, y: number): number {
  const cell = (v: number, n: number): number => Math.max(0, Math.min(n - 2, Math.floor(v)));
  const [c, r] = [cell(x, width), cell(y, height)];
  const at = (row: number, column: number): number =>
    map[Math.min(row, height - 1) * width + Math.min(column, width - 1)];
  const [u, v] = [x - c, y - r];
  const above = at(r, c) + u * (at(r, c + 1) - at(r, c));
  const below = at(r + 1, c) + u * (at(r + 1, c + 1) - at(r + 1, c));
  return above + v * (below - above);
}

/** The mean over time of what `alongSample` returned. */
export function meanOverTime(
  maps: ArrayLike<number>,
  { schema: { height, width } }: Plan,
): ArrayLike<number> {
  const n = height * width;
  const nTimes = maps.length / n;
  if (nTimes === 1) return maps;
  return Float64Array.from({ length: n }, (_, p) => {
    let sum = 0;
    for (let at = p; at < maps.length; at += n) sum += maps[at];
    return sum / nTimes;
  });
}
