// Progress in a notebook: one display that is updated in place, and a line with the duration at the end.
import { randomUUID } from "node:crypto";
import type { ProgressSink } from "operandose";
import { escapeHtml } from "../escape.js";
import type { DisplayData } from "./tslab/output.js";

/** Functions of the notebook that a bar uses. */
export interface ProgressHost {
  display(data: DisplayData, update: boolean): void;
  /** Number of interrupts by the user. */
  interrupts(): number;
  /** Error that stops interrupted work. */
  interruptError(): Error;
}

/** Makes bars that are displays of a notebook. An interrupt of the cell stops the work at its next update. */
export function notebookProgress(host: ProgressHost): (label: string) => ProgressSink {
  return (title) => {
    const started = performance.now();
    const interruptsBefore = host.interrupts();
    const id = randomUUID();
    let shown = false;
    const show = (html: string, text: string) => {
      const data = { "text/html": html, "text/plain": text };
      host.display({ data, metadata: {}, transient: { display_id: id } }, shown);
      shown = true;
    };
    return {
      update(fraction, label) {
        if (host.interrupts() !== interruptsBefore) throw host.interruptError();
        const percent = Math.round(100 * fraction);
        show(bar(percent, label || title), `${label || title}: ${percent} %`);
      },
      done(label = title) {
        const seconds = (performance.now() - started) / 1000;
        const text = `${label} (${seconds.toFixed(seconds < 10 ? 1 : 0)} s)`;
        show(`<small class="progress" style="color:#57606a">${escapeHtml(text)}</small>`, text);
      },
    };
  };
}

function bar(percent: number, label: string): string {
  const text = escapeHtml(label);
  return (
    `<div style="display:flex;gap:.75em;align-items:center"><progress max="100" value="${percent}" aria-label="${text}" ` +
    `style="width:16em">${percent} %</progress><span>${percent} %</span><span>${text}</span></div>`
  );
}
