// Energies at which the beam or the sample was away: they are found in the mean of some pixels at each time
// step, before the pixels are normalized, and the fits of all pixels leave them out. A disturbance of the
// whole image is found in any band: the first one that is computed decides, and the pass begins again where
// it finds something. Undisturbed data cost nothing but this mean.
import { edgePoints, leftOutOf } from "../../xas/edge-fits.js";
import type { DisturbedCount } from "../invalid.js";
import type { Job, Probe } from "./job.js";
import type { Target } from "./requests/request.js";
import { shared } from "./shared.js";
import type { Window } from "./window.js";

/** Pixels of the mean at most. */
const PIXELS = 256;

/** A probe in the band with the most requested pixels. */
export function probeOf(
  targets: readonly Target[],
  { nBands, bandRows, width }: Pick<Job, "nBands" | "bandRows" | "width">,
  length: number,
): Probe {
  const wanted = new Int32Array(nBands);
  for (const { place } of targets) {
    for (let p = 0; p < place.length; p++) if (place[p] >= 0) wanted[Math.floor(p / width / bandRows)]++;
  }
  return { band: wanted.indexOf(Math.max(...wanted)), means: shared(Float64Array, length).fill(Number.NaN) };
}

/** Places, in the frames of a window, of the pixels that the mean is taken of. */
export function probedPixels(wanted: Uint8Array, width: number, window: Window): Int32Array {
  const { top, bottom, left, right } = window;
  const places: number[] = [];
  for (let r = top, at = 0; r < bottom; r++) {
    for (let c = left; c < right; c++, at++) if (wanted[r * width + c]) places.push(at);
  }
  const every = Math.ceil(places.length / PIXELS);
  return Int32Array.from(places.filter((_, i) => i % every === 0));
}

/** Adds the mean of a time step. */
export function noteMean(
  { means }: Probe,
  t: number,
  frames: Float32Array,
  pitch: number,
  nEnergies: number,
  pixels: Int32Array,
): void {
  for (let k = 0; k < nEnergies; k++) {
    let [sum, n] = [0, 0];
    for (const at of pixels) {
      const value = frames[k * pitch + at];
      if (!Number.isFinite(value)) continue;
      sum += value;
      n++;
    }
    means[t * nEnergies + k] = sum / n;
  }
}

/**
 * Indices of the energies that the fits of each time step have to leave out; undefined where there are none.
 *
 * @throws DataError where a jump, or too many disturbed points, leave the fits without a base
 */
export function disturbedEnergies(job: Job): (readonly number[])[] | undefined {
  const { probe, normalize, energies, nTimes, firstTime, allTimes } = job;
  if (!probe || !normalize) return undefined;
  const n = energies.length;
  const windows = [normalize.pre, normalize.post];
  const inWindows = [...energies.keys()].filter((k) => {
    const x = energies[k] - normalize.e0;
    return windows.some(([low, high]) => x >= low && x <= high);
  });
  const reach = reachOf(job);
  let found = false;
  const all = Array.from({ length: nTimes }, (_, t) => {
    const mean = probe.means.subarray(t * n, (t + 1) * n);
    // A time step without values has no normalized spectrum either.
    if (inWindows.filter((k) => Number.isFinite(mean[k])).length < 0.6 * inWindows.length) return [];
    const call = `normalize${allTimes > 1 ? ` (time step ${firstTime + t})` : ""}`;
    const points = edgePoints(energies, mean, normalize.e0, normalize, call, "leave out");
    const out = leftOutOf(energies, normalize.e0, normalize, points);
    if (out.length === 0) return [];
    found = true;
    return inWindows.filter((k) => out.some((disturbed) => reach(disturbed, k)));
  });
  return found ? all : undefined;
}

/** Whether a recorded energy takes part in a value of the shifted axis, of any pixel. */
function reachOf({ energies, shift }: Job): (recorded: number, k: number) => boolean {
  if (!shift) return (recorded, k) => recorded === k;
  let [least, most] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (const s of shift) {
    if (s < least) least = s;
    if (s > most) most = s;
  }
  // The interpolation uses two energies on either side.
  const stepAt = (k: number): number =>
    2 * Math.max(...[-1, 0].map((d) => Math.abs(energies[k + d + 1] - energies[k + d]) || 0));
  return (recorded, k) => {
    const off = energies[k] - energies[recorded];
    const margin = stepAt(recorded);
    return off >= least - margin && off <= most + margin;
  };
}

/** What was left out, for the result: the time steps, and the ranges of energies. */
export function disturbedOf({
  leaveOut,
  energies,
}: Pick<Job, "leaveOut" | "energies">): DisturbedCount | undefined {
  if (!leaveOut) return undefined;
  const indices = [...new Set(leaveOut.flat())].sort((a, b) => a - b);
  const ranges: [number, number][] = [];
  indices.forEach((k, i) => {
    if (i > 0 && indices[i - 1] === k - 1) ranges[ranges.length - 1][1] = energies[k];
    else ranges.push([energies[k], energies[k]]);
  });
  return {
    timeSteps: leaveOut.filter((list) => list.length > 0).length,
    energies: ranges.map(([a, b]): [number, number] => [Math.min(a, b), Math.max(a, b)]),
  };
}
