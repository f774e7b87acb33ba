// A job is the input of the executor: everything of a plan that a computation needs, as plain data that can
// be sent to a worker. Arrays that workers write to are in shared memory. One pass over the files may answer
// several requests.
import type { Loaded } from "../../io/unchanged.js";
import type { InvalidCount } from "../invalid.js";
import type { FrameStep } from "../plan.js";
import type { Recorded, RecordedFile } from "../recorded.js";
import type { NormalizeStep } from "../verbs/normalize.js";
import type { EdgeStepRange } from "./edge-steps.js";
import type { FrameTable } from "./frame-table.js";
import type { LoadedAxis, Reference } from "./reference.js";
import type { SharedOutput, Target } from "./requests/request.js";
import type { Window } from "./window.js";

/** Result of a request; rows are times (and selected pixels within a time), as `nTimes` and `pixels` say. */
export interface Output extends Omit<SharedOutput, "counts" | "sums" | "parts"> {
  readonly nTimes: number;
  /** Indices of the selected pixels in the final image, ascending. */
  readonly pixels: Int32Array;
  /** Samples of the recorded images that had no value and were left out. */
  readonly invalid: InvalidCount;
}

/** Numbers of invalid samples per band. */
export const INVALID = 4;

/** Mean spectra of one band, in shared memory. */
export interface Probe {
  readonly band: number;
  /** Before normalization, [nTimes, nEnergies]; NaN where no pixel has a value. */
  readonly means: Float64Array;
}

/** What can be sent to a worker. */
export interface Job {
  /** A worker keeps what it has opened while the id is the same. */
  readonly id: string;
  readonly sample: Recorded;
  readonly flat?: Recorded;
  /** The sample is this saved cube. */
  readonly store?: string;
  /** Files that have to be as they were when the cube was loaded. */
  readonly loaded: readonly Loaded[];
  /** What frames are scaled to. */
  readonly reference: RecordedFile;
  /** All energies of the recording. */
  readonly axis: LoadedAxis;
  /** Files of the sample that one frame may need at the same time. */
  readonly together: number;
  readonly saturation?: number;
  /** Recorded frames: number, height, width. */
  readonly recorded: readonly [number, number, number];
  readonly steps: readonly FrameStep[];
  /** Recorded frames [from, to) that are left after cropping. */
  readonly frames: readonly [number, number];
  /** eV, of those frames. */
  readonly energies: Float64Array;
  readonly nTimes: number;
  /** Place of its first time step in the whole series, and length of that. */
  readonly firstTime: number;
  readonly allTimes: number;
  readonly height: number;
  readonly width: number;
  /** Final rows per band. */
  readonly bandRows: number;
  readonly nBands: number;
  /** Final rows whose sums are kept by themselves: whatever the bands, they are added in the same order. */
  readonly sumRows: number;
  /** eV, one per final pixel, or per time step and final pixel. */
  readonly shift?: Float64Array;
  readonly normalize?: NormalizeStep;
  /** Where spectra are normalized: finds disturbed energies. */
  readonly probe?: Probe;
  /** Indices of the disturbed energies at each time step. */
  readonly leaveOut?: readonly (readonly number[])[];
  readonly targets: readonly Target[];
  /** Where spectra are normalized. */
  readonly edgeSteps?: EdgeStepRange;
  /** saturated, nonPositive, total, glitches; [nBands, INVALID]. */
  readonly invalid: Float64Array;
  /** Read from files, [nBands]. */
  readonly bytes: Float64Array;
  /** 1: stop. */
  readonly stop: Int32Array;
}

/** What is known of the files of one recording, in shared memory. */
export interface SharedRecording {
  readonly table: FrameTable;
  /** Mean dark image, [height, width]; null where none was recorded. */
  readonly dark: Float64Array | null;
}

/** The flat's logarithms over bins, in shared memory. */
export interface SharedFlatLogs {
  /** The bins that are kept, of the image right after absorb and bin. */
  readonly window: Window;
  /** [nFrames, rows, columns] of all recorded frames. */
  readonly logs: Float32Array;
  /** 1 for each row of bins that is there, [nFrames, rows]. */
  readonly ready: Uint8Array;
  /** How many samples of each row were saturated, [nFrames, rows]. */
  readonly saturated: Uint32Array;
}

/** A job with what its workers need to know of the files. */
export interface SharedJob extends Job {
  readonly recordings?: {
    readonly reference: Reference;
    readonly sample: SharedRecording;
    readonly flat?: SharedRecording;
    readonly flatLogs?: SharedFlatLogs;
  };
}

/** Every recorded file that a job may read. */
export function pathsOf({
  sample,
  flat,
  reference,
  store,
}: Pick<Job, "sample" | "flat" | "reference" | "store">): Set<string> {
  if (store !== undefined) return new Set();
  const lists = [sample, flat].flatMap((one) => (one ? [one.files, one.dark] : []));
  return new Set([reference, ...lists.flat()].map(({ path }) => path));
}
