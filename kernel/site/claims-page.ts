// Claims of the paper beside our results. The table contains all rows; the script (claims-filter.ts) hides some of them.
import type { ClaimRow, Verdict } from "operandose";
import { countLines } from "../cli/report.js";
import { escapeHtml } from "../escape.js";
import { cellLink } from "./cell-link.js";
import { claimsFilter } from "./claims-filter.js";
import { htmlPage, type Place } from "./layout.js";

/** A sign beside each verdict, for readers who do not see the color. */
const signs: Record<Verdict, string> = { holds: "✓", differs: "✗", missing: "?" };

const columns = ["Claim", "In the paper", "Paper", "Ours", "Tolerance", "Verdict", "Kind"];

export interface ClaimsPageParts {
  place: Place;
  rows: readonly ClaimRow[];
  /** Names of the notebooks with a page. */
  notebooks: ReadonlySet<string>;
  footer: string;
}

/** The page: the claims as a table, with a filter for browsers with scripts. */
export function claimsPage({ place, rows, notebooks, footer }: ClaimsPageParts): string {
  const main = `<section class="wide" id="claims" aria-label="Claims">
<ul>${countLines(rows)
    .map((line) => `<li>${escapeHtml(line)}</li>`)
    .join("")}</ul>
<p>Only results test the physics and the analysis. A claim that two notebooks measure has two rows and counts once here. Each measured number links to the notebook cell that measured it.</p>
${filter(rows)}
<div class="scroll" role="group" aria-label="Table of claims" tabindex="0">
<table class="claims" role="table">
<thead role="rowgroup"><tr role="row">${columns.map((name) => `<th scope="col" role="columnheader">${name}</th>`).join("")}</tr></thead>
<tbody role="rowgroup">
${resultsFirst(rows)
  .map((row) => claimRow(row, notebooks))
  .join("\n")}
</tbody></table>
</div>
</section>`;
  return htmlPage({ title: "The paper's numbers beside ours", place, main, footer, script: claimsFilter });
}

/** Results come first. */
function resultsFirst(rows: readonly ClaimRow[]): ClaimRow[] {
  const order = ["result", "calibrated", "input"];
  return [...rows].sort((a, b) => order.indexOf(a.claim.kind) - order.indexOf(b.claim.kind));
}

/** Hidden until the script shows it, because it does nothing without the script. */
function filter(rows: readonly ClaimRow[]): string {
  const count = (verdict: Verdict) => rows.filter((row) => row.verdict === verdict).length;
  const choice = (value: string, words: string) =>
    `<label><input type="radio" name="verdict" value="${value}"${value === "" ? " checked" : ""}> ${words}</label>`;
  const verdicts = (Object.keys(signs) as Verdict[]).filter((verdict) => count(verdict) > 0);
  return `<div class="filter" role="search" aria-label="Claims" hidden>
<label class="text">Show only <input type="search" placeholder="words, such as threshold or Fig. 6" autocomplete="off"></label>
<fieldset><legend>Verdict</legend>${choice("", `all ${rows.length}`)}${verdicts
    .map((verdict) => choice(verdict, `${sign(verdict)} ${verdict} ${count(verdict)}`))
    .join("")}</fieldset>
<p role="status"></p>
</div>`;
}

// Narrow screens and the filter change the display of rows, so roles and column names are repeated.
function claimRow(
  { claim, notebook, measured, verdict, text }: ClaimRow,
  pages: ReadonlySet<string>,
): string {
  const focus = claim.configuration ? note(`${claim.configuration} focus`) : "";
  const ours = `${source(escapeHtml(text.ours), notebook, measured?.cell, pages)}${measured?.note ? note(measured.note) : ""}`;
  const cells = [
    escapeHtml(claim.where),
    escapeHtml(text.paper),
    ours,
    escapeHtml(text.tolerance),
    `<span class="${verdict}">${sign(verdict)} ${verdict}</span>${text.alternatives.map((one) => note(`with ${one}`)).join("")}`,
    escapeHtml(claim.kind),
  ];
  return (
    `<tr role="row" data-verdict="${verdict}"><th scope="row" role="rowheader">${escapeHtml(claim.text)}${focus}</th>` +
    `${cells.map((cell, i) => `<td role="cell" data-column="${columns[i + 1]}">${cell}</td>`).join("")}</tr>`
  );
}

function sign(verdict: Verdict): string {
  return `<span aria-hidden="true">${signs[verdict]}</span>`;
}

function note(text: string): string {
  return ` <span class="note">${escapeHtml(text)}</span>`;
}

/** A number with a link to its cell. */
function source(
  words: string,
  notebook: string | null,
  cell: number | undefined,
  pages: ReadonlySet<string>,
): string {
  if (notebook === null || !pages.has(notebook) || words === "") return words;
  return `<a href="${escapeHtml(cellLink(notebook, cell))}">${words}</a>`;
}
