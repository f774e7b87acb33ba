import { ArgumentError, quote } from "../../errors.js";
import { checkOptions, type OptionNames, refuseNull } from "../../options.js";
import type { Output } from "../engine/job.js";
import { run } from "../engine/run.js";
import { type RunOptions, runNames } from "../engine/stream.js";
import type { Rows } from "../results/rows.js";
import { SpectraResult, SpectrumResult } from "../results/spectra.js";
import type { Plan } from "../verbs/verb.js";
import { oneTime } from "./one-time.js";
import { provenanceOf } from "./provenance.js";

/** Where a spectrum is taken. */
export interface SpectrumOptions extends RunOptions {
  /**
   * One pixel of the final image, [x, y], counted from 0 at the top left; default the mean over all selected
   * pixels.
   */
  readonly pixel?: readonly [number, number];
  /** One time step, counted from 0; default the mean over all. */
  readonly time?: number;
}

const SPECTRUM: OptionNames<SpectrumOptions> = { pixel: true, time: true, ...runNames };

/** One spectrum: the mean over the selected pixels and the time steps, or of one of them. */
export async function spectrum(plan: Plan, options: SpectrumOptions = {}): Promise<SpectrumResult> {
  refuseNull("spectrum", checkOptions("spectrum", options, SPECTRUM));
  const { times, width, height, energies, quantity } = plan.schema;
  const { pixel, time } = options;
  if (time !== undefined && !(Number.isInteger(time) && time >= 0 && time < times.length)) {
    throw new ArgumentError(`spectrum: expected a time step 0 to ${times.length - 1}, got ${quote(time)}`, {
      value: time,
    });
  }
  if (pixel !== undefined && !(inside(pixel[0], width) && inside(pixel[1], height))) {
    throw new ArgumentError(
      `spectrum: expected a pixel [x, y] inside ${width} x ${height}, got ${quote(pixel)}`,
      { value: pixel },
    );
  }
  const one = time === undefined ? plan : await oneTime(plan, "spectrum", time, options);
  const only = pixel && new Uint8Array(height * width).fill(0);
  if (only && pixel) only[pixel[1] * width + pixel[0]] = 1;
  const output = await run(one, { kind: "mean" }, "spectrum", options, only);
  const n = energies.length;
  const values = new Float64Array(n);
  for (let k = 0; k < n; k++) {
    let [sum, weight] = [0, 0];
    for (const [t, { cubes }] of one.schema.times.entries()) {
      const v = output.data[t * n + k];
      if (Number.isNaN(v)) continue;
      sum += cubes * v;
      weight += cubes;
    }
    values[k] = sum / weight;
  }
  return new SpectrumResult(
    provenanceOf(plan, "spectrum"),
    Float64Array.from(energies),
    values,
    quantity,
    output.pixels.length,
    output.invalid,
  );

  function inside(v: number, size: number): boolean {
    return Number.isInteger(v) && v >= 0 && v < size;
  }
}

/** Spectra as rows: of a series one mean spectrum per time step, of a single cube one per selected pixel. */
export async function spectra(plan: Plan, options: RunOptions = {}): Promise<SpectraResult> {
  refuseNull("spectra", checkOptions("spectra", options, runNames));
  const series = plan.schema.times.length > 1;
  const output = await run(plan, { kind: series ? "mean" : "spectra" }, "spectra", options);
  return new SpectraResult(
    provenanceOf(plan, "spectra"),
    Float64Array.from(plan.schema.energies),
    output.data,
    plan.schema.quantity,
    rowsOf(plan, output),
    series ? output.pixels.length : 1,
    output.invalid,
  );
}

/** What the rows of an output are: time steps of a series, or pixels of a single cube. */
export function rowsOf(plan: Plan, output: Output): Rows {
  const { times, height, width, pixelSize } = plan.schema;
  return times.length > 1
    ? { of: "time", times }
    : { of: "pixel", pixels: output.pixels, height, width, pixelSize };
}
