// Several chains on one cube that share their pass over the files. Each is written like a chain of its own. Its
// request waits until every chain has one or has ended; what the requests have in common is then read and
// reduced once.
import { AsyncLocalStorage } from "node:async_hooks";
import { workOf } from "../verbs/index.js";
import type { Plan } from "../verbs/verb.js";
import type { Output } from "./job.js";
import { prepare, type Query } from "./prepare.js";
import { type RunOptions, stream } from "./stream.js";

/** One request of a chain. */
interface ChainRequest {
  readonly plan: Plan;
  readonly query: Query;
  readonly shift: ArrayLike<number> | undefined;
  readonly label: string;
  readonly options: RunOptions;
}

interface Waiting extends ChainRequest {
  readonly resolve: (output: Output) => void;
  readonly reject: (error: unknown) => void;
}

/** A pass that chains share. */
export class Pass {
  #active: number;
  #waiting: Waiting[] = [];

  /** @param parties chains that take part */
  constructor(parties: number) {
    this.#active = parties;
  }

  /** Adds a request; it runs when the other chains have theirs. */
  add(request: ChainRequest): Promise<Output> {
    return new Promise((resolve, reject) => {
      this.#waiting.push({ ...request, resolve, reject });
      this.#start();
    });
  }

  /** A chain has ended or failed: the others no longer wait for it. */
  leave(): void {
    this.#active--;
    this.#start();
  }

  #start(): void {
    if (this.#waiting.length === 0 || this.#waiting.length < this.#active) return;
    const groups = new Map<string, Waiting[]>();
    for (const one of this.#waiting) {
      const key = sharedWork(one);
      groups.set(key, [...(groups.get(key) ?? []), one]);
    }
    this.#waiting = [];
    for (const group of groups.values()) void answer(group);
  }
}

const current = new AsyncLocalStorage<Pass>();

/** The pass that the calling chain takes part in. */
export function currentPass(): Pass | undefined {
  return current.getStore();
}

/**
 * Runs chains that share a pass, and returns their results by name; the first error, when all have come to an
 * end.
 */
export async function together<Names extends string, Value = unknown>(
  chains: Readonly<Record<Names, () => Value | Promise<Value>>>,
): Promise<Record<Names, Value>> {
  const names = Object.keys(chains) as Names[];
  const pass = new Pass(names.length);
  const ends = await Promise.allSettled(
    names.map(async (name) => {
      try {
        return await current.run(pass, chains[name]);
      } finally {
        pass.leave();
      }
    }),
  );
  const failed = ends.find((end): end is PromiseRejectedResult => end.status === "rejected");
  if (failed) throw failed.reason;
  const values = ends.map((end) => (end as PromiseFulfilledResult<Value>).value);
  return Object.fromEntries(names.map((name, i) => [name, values[i]])) as Record<Names, Value>;
}

async function answer(group: readonly Waiting[]): Promise<void> {
  const [{ plan, shift, options }] = group;
  try {
    const job = prepare(
      plan,
      group.map(({ query }) => query),
      shift,
      options,
    );
    const labels = [...new Set(group.map(({ label }) => label))].join(", ");
    const outputs = await stream(job, labels, options);
    for (const [i, { resolve }] of group.entries()) resolve(outputs[i]);
  } catch (error) {
    for (const { reject } of group) reject(error);
  }
}

/** Requests with the same text differ only in their pixels and in what is computed of them. */
function sharedWork({ plan, options }: ChainRequest): string {
  const { source, steps, schema } = plan;
  const files = source.sample.files.map(({ path, index, images, loaded }) => [path, index, images, loaded]);
  return JSON.stringify([workOf(steps), files, schema.times, options.workers]);
}
