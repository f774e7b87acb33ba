// The calculator as one HTML file.
import { htmlDocument } from "../document.js";
import { examples } from "./examples.js";
import { optionList } from "./markup/fields.js";
import { style } from "./style.js";

/** The whole page. @param program of `page/main.ts`, bundled */
export function page(program: string): string {
  const choices = [
    ...examples.map(({ id, title }) => [id, title] as const),
    ["blank", "Empty form"] as const,
  ];
  return htmlDocument({
    title: "Dose calculator",
    lead: "X-ray dose of every layer of a cell, its uncertainty, and the time until a dose limit is reached. All numbers are computed in this page, also without a network; no input leaves it.",
    style,
    start: `<div class="field"><label for="example">Example</label><select id="example"><option value="">own inputs</option>${optionList(choices, "")}</select></div>`,
    main,
    footer: `<p>Beam at a right angle and uniform over its width and height. Attenuation: W. T. Elam, B. D. Ravel, J. R. Sieber, Radiat. Phys. Chem. 63, 121 (2002); 1 to 100 keV, without near-edge structure. All energy that a photon loses is deposited where it is lost. 1 kGy/s = 1000 J/(kg s).</p>`,
    program,
  });
}

const main = `<form id="form" aria-label="Inputs" autocomplete="off"></form>
<div class="results" role="region" aria-label="Results">
<h2 class="hidden">Results</h2>
<p class="headline" id="headline"></p>
<div id="results"></div>
<p id="spoken" class="hidden" role="status" aria-live="polite"></p>
</div>
<section class="export" aria-labelledby="export-title">
<h2 id="export-title">Keep and share</h2>
<p class="about">The address of this page holds all inputs. The stack as JSON is the input of <code>npx operandose dose</code>; the command gives the same numbers.</p>
<div class="buttons"><button type="button" id="copy-link">Copy the link</button><button type="button" id="save-stack">Save the stack (JSON)</button><button type="button" id="save-table">Save the table (CSV)</button><button type="button" id="print">Print</button></div>
<p id="copied" role="status"></p>
<pre id="command" aria-label="Command"></pre>
<details><summary>Stack as JSON, to copy</summary><textarea id="stack-text" rows="12" readonly aria-label="Stack as JSON"></textarea></details>
<details><summary>Table as CSV, to copy</summary><textarea id="table-text" rows="8" readonly aria-label="Doses as comma-separated values"></textarea></details>
</section>`;
