// Thread that records files, one after another.
import { parentPort, workerData } from "node:worker_threads";
import { OperandoseError, reason } from "../../errors.js";
import { recordOne, type WorkerMessage, type WorkerSetup } from "./acquisition.js";
import { Recorder, type RecordingJob } from "./recorder.js";

const { configuration, seed, stop } = workerData as WorkerSetup;
const recorder = new Recorder(configuration, seed);
const say = (message: WorkerMessage) => parentPort?.postMessage(message);

parentPort?.on("message", async (job: RecordingJob) => {
  try {
    const report = (bytes: number, label: string) => say({ bytes, label });
    await recordOne(recorder, job, report, () => Atomics.load(stop, 0) === 1);
    say({ done: true });
  } catch (error) {
    const fields = error instanceof OperandoseError ? { ...error.fields } : { path: job.path };
    say({ error: { message: reason(error), fields } });
  }
});
