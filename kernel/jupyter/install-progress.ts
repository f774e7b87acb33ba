// Connects the library's progress to the session. The library is loaded here once; cells get the same
// instance.

import { notebookProgress } from "./notebook-progress.js";
import { InterruptError } from "./tslab/cell-error.js";
import type { Session } from "./tslab/session.js";

/**
 * Shows the library's progress in the notebook. If the library cannot be loaded, the cell that imports it
 * reports the error.
 */
export async function installProgress(session: Session): Promise<void> {
  const library = await import("operandose").catch(() => null);
  library?.setProgress(
    notebookProgress({
      display: (data, update) => session.display(data, update),
      interrupts: () => session.interrupts,
      interruptError: () => new InterruptError("interrupted"),
    }),
  );
}
