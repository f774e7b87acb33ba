// Progress in a terminal: a bar, or regular lines where the output goes to a file or a log.
import cliProgress from "cli-progress";
import type { ProgressSink } from "operandose";

/** The output stream; `isTTY` is true for a terminal. */
export type ProgressOutput = NodeJS.WritableStream & { isTTY?: boolean };

/** Interval of the lines, as a fraction of the work. */
const STEP = 0.1;

/** Makes bars on `output`. */
export function terminalProgress(output: ProgressOutput = process.stderr): (label: string) => ProgressSink {
  return output.isTTY ? (label) => barSink(label, output) : (label) => lineSink(label, output);
}

function barSink(title: string, output: ProgressOutput) {
  const bar = new cliProgress.SingleBar({
    format: "  {bar} {percentage} %  {label}  {duration_formatted}",
    barCompleteChar: "━",
    barIncompleteChar: " ",
    barsize: 30,
    hideCursor: true,
    clearOnComplete: true,
    stream: output,
  });
  bar.start(1, 0, { label: title });
  return {
    update: (fraction: number, label: string) => bar.update(fraction, { label: label || title }),
    done: () => bar.stop(),
  };
}

function lineSink(title: string, output: ProgressOutput) {
  let next = 0;
  return {
    update(fraction: number, label: string) {
      if (fraction < next) return;
      next = (Math.floor(fraction / STEP) + 1) * STEP;
      output.write(`  ${String(Math.round(100 * fraction)).padStart(3)} %  ${label || title}\n`);
    },
    done() {},
  };
}
