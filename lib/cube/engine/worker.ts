// A worker's entry: one task is one band of a job.
import { OperandoseError } from "../../errors.js";
import { prepareFrames } from "../../io/frame-file.js";
import { BandRunner } from "./band.js";
import { pathsOf, type SharedJob } from "./job.js";

/** Reply of a worker for a band: nothing, or the error as data that can be sent between threads. */
export interface BandReply {
  readonly error?: {
    readonly message: string;
    readonly name: string;
    readonly fields?: Readonly<Record<string, unknown>>;
  };
}

let current: { id: string; runner: BandRunner } | undefined;

/** Runs one band. */
export default async function runBand({ job, band }: { job: SharedJob; band: number }): Promise<BandReply> {
  try {
    if (current?.id !== job.id) {
      const last = current;
      current = undefined;
      last?.runner.close();
      await prepareFrames(pathsOf(job));
      // The stop flag is in shared memory: no event has to be received.
      current = { id: job.id, runner: new BandRunner(job, async () => {}) };
    }
    await current.runner.run(band);
    return {};
  } catch (error) {
    const last = current;
    current = undefined;
    try {
      last?.runner.close();
    } catch {
      // The first error is reported.
    }
    const e = error instanceof Error ? error : new Error(String(error));
    return {
      error: {
        message: e.message,
        name: e.name,
        fields: e instanceof OperandoseError ? e.fields : undefined,
      },
    };
  }
}
