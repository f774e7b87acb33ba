// Messages of npm start: short lines on stderr; stdout holds the result.

export function say(text: string): void {
  process.stderr.write(`operandose: ${text}\n`);
}

/** The time since `started`, as text. */
export function seconds(started: number): string {
  const elapsed = (performance.now() - started) / 1000;
  return elapsed < 10 ? `${elapsed.toFixed(1)} s` : `${Math.round(elapsed)} s`;
}

/** A time as minutes and seconds, as text. */
export function minutes(seconds: number): string {
  const whole = Math.round(seconds);
  return whole < 60 ? `${whole} s` : `${Math.floor(whole / 60)} min ${whole % 60} s`;
}

/** An estimated time, as text. */
export function duration(seconds: number): string {
  if (seconds < 90) return `${Math.max(5, 5 * Math.round(seconds / 5))} s`;
  return `${Math.round(seconds / 60)} min`;
}

/** A size on disk, as text. */
export function bytes(count: number): string {
  return count < 1e9 ? `${Math.round(count / 1e6)} MB` : `${(count / 1e9).toFixed(1)} GB`;
}
