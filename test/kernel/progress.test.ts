// Progress: silent unless asked, sparing, and able to stop work that nobody waits for any more.
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { terminalProgress } from "../../kernel/cli/terminal-progress.js";
import { notebookProgress } from "../../kernel/jupyter/notebook-progress.js";
import type { DisplayData } from "../../kernel/jupyter/tslab/output.js";
import { setProgress, startProgress } from "../../lib/compute/progress.js";
import { ArgumentError } from "../../lib/errors.js";

beforeEach(() => vi.useFakeTimers({ toFake: ["performance"] }));
afterEach(() => {
  vi.useRealTimers();
  setProgress(null);
});

describe("reporting", () => {
  test("without a factory nothing happens", () => {
    const progress = startProgress("work");
    expect(() => {
      progress.update(0.5, "half");
      progress.done();
    }).not.toThrow();
  });

  test("work that is over in a moment shows no bar", () => {
    const make = vi.fn();
    setProgress(make);
    const progress = startProgress("work");
    for (let i = 0; i < 24; i++) {
      vi.advanceTimersByTime(10);
      progress.update(i / 24, "step");
    }
    progress.done();
    expect(make).not.toHaveBeenCalled();
  });

  test("longer work updates at most ten times a second, within 0..1, and is done once", () => {
    const updates: [number, string][] = [];
    const done = vi.fn();
    setProgress(() => ({ update: (fraction, label) => updates.push([fraction, label]), done }));
    const progress = startProgress("work");
    for (let i = 0; i < 1000; i++) {
      vi.advanceTimersByTime(2);
      progress.update(i < 500 ? -1 : i < 900 ? Number.NaN : 7, `step ${i}`);
    }
    progress.done();
    progress.done();
    progress.update(1, "late");
    expect(updates.length).toBeGreaterThan(15);
    expect(updates.length).toBeLessThanOrEqual(19); // (2 s - 0.25 s) / 0.1 s, and the first
    expect(new Set(updates.map(([fraction]) => fraction))).toEqual(new Set([0, 1]));
    expect(done.mock.calls).toEqual([["work"]]);
  });

  test("what a sink throws stops the work", () => {
    setProgress(() => ({
      update() {
        throw new Error("stop");
      },
      done() {},
    }));
    const progress = startProgress("work");
    vi.advanceTimersByTime(300);
    expect(() => progress.update(0.1, "step")).toThrow("stop");
  });

  test("anything but a function or null is refused", () => {
    expect(() => setProgress("bar" as never)).toThrow(ArgumentError);
    expect(() => setProgress("bar" as never)).toThrow(
      'setProgress: expected a function that makes a sink, or null, got "bar"',
    );
  });
});

describe("in a notebook", () => {
  test("one display is updated in place, its label escaped; an interrupt stops the work", () => {
    const shown: [DisplayData, boolean][] = [];
    let interrupts = 0;
    const make = notebookProgress({
      display: (data, update) => shown.push([data, update]),
      interrupts: () => interrupts,
      interruptError: () => new Error("interrupted"),
    });
    const bar = make("title");
    bar.update(0.25, "<frame>");
    bar.update(0.5, "");
    interrupts++;
    expect(() => bar.update(0.75, "more")).toThrow("interrupted");
    bar.done();
    expect(shown.map(([, update]) => update)).toEqual([false, true, true]);
    expect(new Set(shown.map(([data]) => data.transient.display_id)).size).toBe(1);
    const [first, second] = shown.map(([data]) => String(data.data["text/html"]));
    expect(first).toContain('<progress max="100" value="25" aria-label="&lt;frame&gt;"');
    expect(second).toContain('aria-label="title"');
    // Work that begins after the interrupt is not stopped by it.
    expect(() => make("next").update(0.1, "step")).not.toThrow();
  });
});

describe("in a terminal", () => {
  const output = (isTTY: boolean) => {
    const written: string[] = [];
    const stream = { isTTY, write: (text: string) => written.push(text) };
    return { written, stream: stream as unknown as NodeJS.WritableStream };
  };

  test("that is none: a line about every tenth", () => {
    const { written, stream } = output(false);
    const bar = terminalProgress(stream)("work");
    for (let i = 0; i <= 1000; i++) bar.update(i / 1000, `step ${i}`);
    bar.done();
    expect(written).toHaveLength(11);
    expect(written[0]).toBe("    0 %  step 0\n");
    expect(written.at(-1)).toBe("  100 %  step 1000\n");
  });
});
