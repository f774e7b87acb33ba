// Jobs that run a few at a time, in order; one that fails does not keep the others from running.

/**
 * Runs all jobs, at most `width` at a time, each as soon as there is room.
 *
 * @returns what they returned, in their order
 * @throws what a job throws, when all that were begun have ended; none is begun after that
 */
export async function inPool<T>(jobs: readonly (() => Promise<T>)[], width: number): Promise<T[]> {
  const results: T[] = [];
  const errors: unknown[] = [];
  let next = 0;
  const worker = async () => {
    while (next < jobs.length && errors.length === 0) {
      const i = next++;
      try {
        results[i] = await jobs[i]();
      } catch (error) {
        errors.push(error);
      }
    }
  };
  await Promise.all(Array.from({ length: Math.max(1, width) }, worker));
  if (errors.length > 0) throw errors[0];
  return results;
}
