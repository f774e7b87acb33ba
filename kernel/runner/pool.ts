// Runs jobs in order, a few at a time; a failure does not stop the others.

/**
 * Runs all jobs, at most `width` at a time.
 *
 * @returns results in the order of the jobs
 * @throws the error of a job after all running jobs have ended; no new ones are started
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
