// The provenance at the end of a page.
import { escapeHtml } from "../escape.js";

/** Provenance of a page: names and values in the order of display. */
export type Provenance = ReadonlyArray<readonly [name: string, value: string]>;

/** List for the footer of a page. */
export function provenanceList(provenance: Provenance): string {
  return `<dl>${provenance.map(([name, value]) => `<dt>${escapeHtml(name)}</dt><dd>${escapeHtml(value)}</dd>`).join("")}</dl>`;
}
