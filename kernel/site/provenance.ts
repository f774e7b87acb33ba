// The provenance at the end of a page.
import { escapeHtml } from "../escape.js";

/** What made a page: names and values, in the order in which they are shown. */
export type Provenance = ReadonlyArray<readonly [name: string, value: string]>;

/** The list for a page's footer. */
export function provenanceList(provenance: Provenance): string {
  return `<dl>${provenance.map(([name, value]) => `<dt>${escapeHtml(name)}</dt><dd>${escapeHtml(value)}</dd>`).join("")}</dl>`;
}
