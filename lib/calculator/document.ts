// The page as one HTML file: no requests, and a policy that lets only its own program run.
import { createHash } from "node:crypto";
import { escapeText } from "../compute/escape.js";
import { libraryVersion } from "../cube/version.js";
import { examples } from "./examples.js";
import { optionList } from "./markup/fields.js";
import { style } from "./style.js";

/**
 * The whole page. A site may put a link to its other pages in place of the comment `home`.
 *
 * @param program of `page/main.ts`, bundled
 */
export function calculatorPage(program: string): string {
  // The browser ends a script at this text, wherever it is in it.
  const script = program.replaceAll("</script", "<\\/script");
  const hash = createHash("sha256").update(script).digest("base64");
  const policy = `default-src 'none'; script-src 'sha256-${hash}'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'`;
  const choices = [
    ...examples.map(({ id, title }) => [id, title] as const),
    ["blank", "Empty form"] as const,
  ];
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>Dose calculator</title>
<style>${style}</style>
</head>
<body data-state="loading">
<!-- home -->
<header>
<h1>Dose calculator</h1>
<p class="lead">X-ray dose of every layer of a cell, its uncertainty, and the time until a dose limit is reached. All numbers are computed in this page, also without a network; no input leaves it.</p>
<p id="state" role="status">The page starts. If this text stays, scripts are not allowed to run here: save the page as a file and open it in a browser.</p>
<div class="start"><div class="field"><label for="example">Example</label><select id="example"><option value="">own inputs</option>${optionList(choices, "")}</select></div></div>
</header>
<main>
<form id="form" aria-label="Inputs" autocomplete="off"></form>
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
</section>
</main>
<footer>
<p>Beam at a right angle and uniform over its width and height. Attenuation: W. T. Elam, B. D. Ravel, J. R. Sieber, Radiat. Phys. Chem. 63, 121 (2002); 1 to 100 keV, without near-edge structure. All energy that a photon loses is deposited where it is lost. 1 kGy/s = 1000 J/(kg s).</p>
<p>Made with ${escapeText(`operandose ${libraryVersion()}`)}, from the source code of its dose functions.</p>
</footer>
<script>${script}</script>
</body>
</html>
`;
}
