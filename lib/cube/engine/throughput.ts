// How fast this process reduces counts: what estimates of time go by.

/** Bytes a second and thread; until something has been measured what a machine of 2018 does under load. */
let rate = 400e6;

/** Notes how long a job has taken that read so many bytes. */
export function noteThroughput(bytes: number, seconds: number, workers: number): void {
  // Short jobs tell more of their beginnings than of their course.
  if (bytes < 20e6 || !(seconds > 0)) return;
  rate += 0.5 * (bytes / seconds / workers - rate);
}

/** Bytes a second and thread, as measured lately. */
export function throughput(): number {
  return rate;
}
