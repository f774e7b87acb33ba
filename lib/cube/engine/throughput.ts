// Throughput of this process, for estimates of time.

/** Bytes per second and thread; the initial value is that of a machine of 2018 under load. */
let rate = 400e6;

/** Notes how long a job has taken that read so many bytes. */
export function noteThroughput(bytes: number, seconds: number, workers: number): void {
  // In short jobs the start takes most of the time.
  if (bytes < 20e6 || !(seconds > 0)) return;
  rate += 0.5 * (bytes / seconds / workers - rate);
}

/** Bytes per second and thread, as measured last. */
export function throughput(): number {
  return rate;
}
