// Progress of several jobs that run at the same time: one line per job, and one for all with the remaining
// time. Without a terminal: a line at the end of each job, and regular lines in between.
import cliProgress from "cli-progress";
import { duration } from "./say.js";
import type { ProgressOutput } from "./terminal-progress.js";

/** Interval between progress lines without a terminal, ms. */
const QUIET = 15_000;

export interface Job {
  name: string;
  /** Duration of the last run, or an estimate, s. */
  expected: number;
}

export interface Overview {
  begin(name: string): void;
  /** @param fraction completed fraction of the job */
  update(name: string, fraction: number, words: string): void;
  /** @param line result of the job, one line */
  end(name: string, line: string): void;
  close(): void;
}

/**
 * @param jobs all jobs
 * @param width number of jobs at the same time
 */
export function overview(
  jobs: readonly Job[],
  width: number,
  output: ProgressOutput = process.stderr,
): Overview {
  const estimate = timeLeft(jobs, width);
  const running = new Map<string, string>();
  let done = 0;
  const total = () => `${done} of ${jobs.length} done${estimate.words()}`;
  const screen = output.isTTY ? bars(output) : lines(output, () => [...running.values(), total()].join("; "));
  const all = () => screen.update("", estimate.fraction(), total());
  all();
  return {
    begin(name) {
      running.set(name, `${name}: beginning`);
      screen.update(name, 0, running.get(name)!);
    },
    update(name, fraction, words) {
      estimate.update(name, fraction);
      running.set(name, words);
      screen.update(name, fraction, words);
      all();
    },
    end(name, line) {
      estimate.update(name, 1);
      running.delete(name);
      done++;
      screen.remove(name, `${line}; ${total()}`);
      all();
    },
    close: () => screen.close(),
  };
}

/**
 * Remaining time, from the expected duration of each job and the pace so far.
 *
 * @param now s
 */
export function timeLeft(jobs: readonly Job[], width: number, now = () => performance.now() / 1000) {
  const started = now();
  const fractions = new Map(jobs.map(({ name }) => [name, 0]));
  const whole = jobs.reduce((sum, { expected }) => sum + expected, 0);
  const ready = () => jobs.reduce((sum, { name, expected }) => sum + expected * fractions.get(name)!, 0);
  const seconds = () => {
    const elapsed = now() - started;
    const unpaced = (whole - ready()) / Math.max(1, Math.min(width, jobs.length));
    // The weight of the measured pace increases with the completed fraction.
    const share = whole > 0 ? ready() / whole : 1;
    const paced = share > 0 ? (elapsed * (1 - share)) / share : unpaced;
    return unpaced * (1 - share) + paced * share;
  };
  return {
    update(name: string, fraction: number) {
      fractions.set(name, Math.max(fractions.get(name) ?? 0, Math.min(1, fraction)));
    },
    fraction: () => (whole > 0 ? ready() / whole : 1),
    seconds,
    /** ", about 3 min left"; empty at the end. */
    words: () => (seconds() > 0.5 ? `, about ${duration(seconds())} left` : ""),
  };
}

interface Screen {
  update(name: string, fraction: number, words: string): void;
  remove(name: string, line: string): void;
  close(): void;
}

function bars(output: ProgressOutput): Screen {
  const multi = new cliProgress.MultiBar({
    format: "  {bar} {percentage} %  {words}",
    barCompleteChar: "━",
    barIncompleteChar: " ",
    barsize: 30,
    hideCursor: true,
    clearOnComplete: true,
    linewrap: false,
    stream: output,
  });
  const shown = new Map<string, cliProgress.SingleBar>();
  return {
    update(name, fraction, words) {
      const bar = shown.get(name) ?? multi.create(1, 0, { words });
      shown.set(name, bar);
      bar.update(fraction, { words });
    },
    remove(name, line) {
      const bar = shown.get(name);
      if (bar) multi.remove(bar);
      shown.delete(name);
      multi.log(`operandose: ${line}\n`);
    },
    close: () => multi.stop(),
  };
}

function lines(output: ProgressOutput, words: () => string): Screen {
  const say = (text: string) => {
    output.write(`operandose: ${text}\n`);
    timer.refresh();
  };
  const timer = setInterval(() => say(words()), QUIET);
  timer.unref();
  return {
    update() {},
    remove: (_, line) => say(line),
    close: () => clearInterval(timer),
  };
}
