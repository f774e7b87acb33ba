// The table of claims on the page.
import type { ClaimRow, Verdict } from "../claims/claims.js";
import { countWords } from "../claims/terminal-table.js";
import { measuredWords, paperWords, toleranceWords } from "../claims/words.js";
import { escapeHtml } from "../display/escape.js";

/** A word and a sign: color alone says nothing to those who do not see it. */
const signs: Record<Verdict, { sign: string; style: string }> = {
  holds: { sign: "✓", style: "holds" },
  differs: { sign: "✗", style: "differs" },
  "not measured yet": { sign: "", style: "pending" },
};

const kinds =
  "Input: given to the simulation. Calibrated: the simulation was adjusted to it. Result: follows from physics and analysis.";

/**
 * The claims as an HTML table.
 *
 * @param pages the notebooks that have a page, by name
 */
export function claimsSection(rows: readonly ClaimRow[], pages: ReadonlySet<string>): string {
  const head = ["Claim", "In the paper", "Paper", "Ours", "Tolerance", "Kind", "Verdict"];
  return `<section class="wide" id="claims" aria-labelledby="claims-title">
<h2 id="claims-title">The paper's numbers beside ours</h2>
<div class="scroll" role="region" aria-labelledby="claims-title" tabindex="0">
<table class="claims"><caption>${escapeHtml(countWords(rows))}. ${kinds}</caption>
<thead><tr>${head.map((name) => `<th scope="col">${name}</th>`).join("")}</tr></thead>
<tbody>
${rows.map((row) => claimRow(row, pages)).join("\n")}
</tbody></table>
</div>
</section>`;
}

function claimRow({ claim, notebook, measured, verdict }: ClaimRow, pages: ReadonlySet<string>): string {
  const { sign, style } = signs[verdict];
  const focus = claim.configuration
    ? `<span class="note">${escapeHtml(claim.configuration)} focus</span>`
    : "";
  const note = measured?.note ? `<span class="note">${escapeHtml(measured.note)}</span>` : "";
  const cells = [
    escapeHtml(claim.where),
    escapeHtml(paperWords(claim)),
    `${source(escapeHtml(measuredWords(claim, measured)), notebook, pages)}${note}`,
    escapeHtml(toleranceWords(claim)),
    escapeHtml(claim.kind),
  ];
  return (
    `<tr><th scope="row">${escapeHtml(claim.text)}${focus}</th>${cells.map((cell) => `<td>${cell}</td>`).join("")}` +
    `<td class="verdict ${style}">${sign ? `<span aria-hidden="true">${sign}</span> ` : ""}${verdict}</td></tr>`
  );
}

/** A number leads to the notebook that measured it. */
function source(words: string, notebook: string | null, pages: ReadonlySet<string>): string {
  if (notebook === null || !pages.has(notebook) || words === "") return words;
  return `<a href="notebooks/${encodeURIComponent(notebook)}.html">${words}</a>`;
}
