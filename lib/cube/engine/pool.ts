// Threads for the tasks of worker.ts. They are kept for the next cell of a notebook.
import { fileURLToPath } from "node:url";
import Tinypool from "tinypool";
import { DataError, FileError, OperandoseError } from "../../errors.js";
import type { Reply, TaskError, Tasks } from "./worker.js";

/** Idle threads are kept so long, ms: a notebook's next cell needs no new ones. */
const IDLE = 15_000;

const pools = new Map<number, Tinypool>();

function poolOf(workers: number): Tinypool {
  let pool = pools.get(workers);
  if (!pool) {
    pool = new Tinypool({
      filename: fileURLToPath(new URL("./worker.js", import.meta.url)),
      runtime: "worker_threads",
      minThreads: 0,
      maxThreads: workers,
      idleTimeout: IDLE,
      isolateWorkers: false,
    });
    pools.set(workers, pool);
  }
  return pool;
}

/**
 * Runs a task of worker.ts for each input in threads.
 *
 * @param stop called where one fails: the others are to end, and what they then say is of no interest
 * @param done receives each result as it comes
 * @throws the first error, when all have ended
 */
export async function eachInThreads<Name extends keyof Tasks>(
  name: Name,
  inputs: readonly Parameters<Tasks[Name]>[0][],
  workers: number,
  stop: () => void,
  done: (result: Awaited<ReturnType<Tasks[Name]>>, at: number) => void,
): Promise<void> {
  type Result = Awaited<ReturnType<Tasks[Name]>>;
  const pool = poolOf(workers);
  let failed: { readonly error: unknown } | undefined;
  const run = async (input: unknown, at: number): Promise<void> => {
    try {
      const reply: Reply<Result> = await pool.run(input, { name });
      if ("error" in reply) throw revive(reply.error);
      done(reply.result, at);
    } catch (error) {
      failed ??= { error };
      stop();
    }
  };
  await Promise.all(inputs.map(run));
  if (failed) throw failed.error;
}

function revive({ message, name, fields }: TaskError): Error {
  if (name === "FileError") return new FileError(message, fields);
  if (name === "DataError") return new DataError(message, fields);
  return new OperandoseError(message, fields);
}
