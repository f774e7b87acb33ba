// Making a figure says nothing: a warning on the console or of the process is a fault of the figure.
import { afterEach, beforeEach, expect, vi } from "vitest";

/** Every test of the describe block that calls this fails when anything is printed or warned of. */
export function silently(): void {
  const spies = ["log", "warn", "error", "info", "debug"] as const;
  beforeEach(() => {
    for (const name of spies) vi.spyOn(console, name);
    vi.spyOn(process, "emitWarning");
  });
  afterEach(() => {
    for (const name of spies) expect(console[name]).not.toHaveBeenCalled();
    expect(process.emitWarning).not.toHaveBeenCalled();
    vi.restoreAllMocks();
  });
}
