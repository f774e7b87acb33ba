// The page as HTML: one file, no requests. A policy lets only its own program run, and nothing be loaded from
// anywhere.
import { createHash } from "node:crypto";
import { basename } from "node:path";
import { escapeText } from "../compute/escape.js";
import type { Provenance } from "../cube/provenance.js";
import { halfStepEnergy } from "../xas/half-step.js";
import { count, short, withUnit } from "./page/format.js";
import { type Packed, quantities } from "./payload.js";
import { pageScript } from "./script.js";
import { style } from "./style.js";
import { hasEdge, type ViewModel, type ViewSpecies } from "./view-model.js";

/** The whole page. */
export function page(model: ViewModel, packed: Packed, notes: readonly string[]): string {
  const program = pageScript();
  const hash = createHash("sha256").update(program).digest("base64");
  const policy = `default-src 'none'; script-src 'sha256-${hash}'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'`;
  const hasImage = model.width * model.height > 1;
  const panels = [
    hasImage ? imageSection(model) : "",
    spectrumSection(model),
    model.maps.length > 0 ? histogramSection(model) : "",
    hasImage && model.maps.length === 0 && model.noMaps !== "" ? remedySection(model.noMaps) : "",
    model.species || model.times.length > 1 ? concentrationsSection(model) : "",
  ];
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escapeText(model.title)}</title>
<style>${style}</style>
</head>
<body data-state="loading">
<header>
<h1>${escapeText(model.title)}</h1>
<p class="lead">${escapeText(leadOf(model))}</p>
${model.caution === "" ? "" : `<p class="caution">${escapeText(model.caution)}</p>`}
</header>
<p id="state" role="status">Loading the data. If this text stays, scripts are not allowed to run here: save the page as a file and open it in a browser.</p>
<main>
${helpSection(model, hasImage)}
<div class="panels${hasImage ? "" : " narrow"}">
${panels.filter((panel) => panel !== "").join("\n")}
</div>
<p id="summary"></p>
${shareSection(model)}
<p id="spoken" class="hidden" role="status" aria-live="polite"></p>
<details id="numbers"><summary>Numbers of the spectrum shown, to copy</summary>
<textarea id="table" readonly aria-label="Numbers of the spectrum shown, comma-separated"></textarea></details>
</main>
<footer>
<p>${notes.map(escapeText).join(" ")}</p>
${madeFrom(model)}
</footer>
<script id="data" type="text/plain">${packed.base64}</script>
<script>${program}</script>
</body>
</html>
`;
}

/** What can be done on the page, and what the components are. */
function helpSection(model: ViewModel, hasImage: boolean): string {
  const { species, maps, times } = model;
  const lines = [
    ...(hasImage
      ? [
          "Image: click a pixel, or drag over several. All panels then show the chosen pixels. The list above the image chooses what it shows.",
        ]
      : []),
    ...(maps.length > 0
      ? [
          "Histogram: drag over it to choose pixels by an interval of values, drag the ends or the middle of the interval, or type its ends.",
        ]
      : []),
    "Spectrum: drag over it, or use the slider, to choose an energy. The image then shows that energy.",
    ...(times.length > 1 ? ["Time: use the slider, or click into the curves over time."] : []),
    ...(species ? [componentsSentence(species.names, edgesOf(model))] : []),
    ...(hasImage
      ? [
          "Keyboard: Tab to the image, arrow keys to move the region, Shift and arrow keys to change its size, Escape for all pixels; Tab to the ends of the interval, arrow keys and Page Up or Page Down to move them.",
        ]
      : []),
    "All pixels, All values: back to the beginning.",
  ];
  return `<details class="help"><summary>Help: how to use this page, and what the names mean</summary><ul>${lines.map((line) => `<li>${escapeText(line)}</li>`).join("")}</ul></details>`;
}

function componentsSentence(names: readonly string[], edges: readonly string[]): string {
  const list = names.map((name, i) => `${name} (edge energy ${edges[i]})`).join(", ");
  return `Components: ${list}. They are the spectra given to this page, for example those that MCR-ALS resolved. A concentration is the fraction of a component in a spectrum.`;
}

/** Edge energies of the components as text. */
function edgesOf({ species, energies }: ViewModel): string[] {
  const n = energies.length;
  return (species?.names ?? []).map((_, i) => {
    const energy = halfStepEnergy(energies, (k) => (species as ViewSpecies).S[i * n + k]);
    return Number.isFinite(energy) ? `${energy.toFixed(1)} eV` : "no value";
  });
}

/** The code that gives what is shown, and a link to it. */
function shareSection({ code }: ViewModel): string {
  const link = '<button type="button" data-copies="link">Copy link</button>';
  if (code === null) return `<p class="controls">${link}</p>`;
  return `<p class="controls"><label class="grow">In a notebook <input id="code" type="text" readonly></label><button type="button" data-copies="code">Copy as code</button>${link}</p>`;
}

function leadOf({ provenance, width, height, pixelSize, energies, quantity, times }: ViewModel): string {
  const size =
    width * height > 1
      ? `${width} \u00d7 ${height} pixels${pixelSize === null ? "" : ` of ${short(pixelSize)} \u00b5m`}, `
      : "";
  const series = times.length > 1 ? `, ${times.length} time steps` : "";
  const values = quantities[quantity];
  return `${provenance.source}: ${size}${energies.length} energies${series}, ${values[0].toLowerCase()}${values.slice(1)}.`;
}

function imageSection(model: ViewModel): string {
  const { maps, species, times } = model;
  const options = [
    ...maps.map(({ label, unit }, i) => [`map${i}`, withUnit(label, unit)]),
    ["energy", "Image at the energy below"],
    ...(hasEdge(model) ? [["edge", "Edge energy (eV)"]] : []),
    ...(species?.names ?? []).map((name, i) => [`concentration${i}`, `Concentration of ${name} (%)`]),
    ...(species ? [["rFactor", "R-factor of the fit"]] : []),
  ];
  const time = times.length > 1 ? slider("time", "Time", times.length - 1) : "";
  return `<section aria-labelledby="image-heading">
<h2 id="image-heading">Image</h2>
<div class="controls"><label for="kind">Shows</label><select id="kind">${options
    .map(([value, text]) => `<option value="${value}">${escapeText(text)}</option>`)
    .join("")}</select><button id="no-region" type="button">All pixels</button></div>
<div id="image" tabindex="0" role="application" aria-roledescription="image with a region" aria-label="Image. Arrow keys move the region, Shift and arrow keys change its size, Escape takes all pixels.">
<canvas id="pixels" aria-hidden="true"></canvas><svg id="image-axes" aria-hidden="true"></svg></div>
<div class="controls">${slider("energy", "Energy", 0)}${time}</div>
</section>`;
}

function spectrumSection(model: ViewModel): string {
  const alone = model.width * model.height === 1;
  const sliders = alone
    ? `<div class="controls">${model.times.length > 1 ? slider("time", "Time", model.times.length - 1) : ""}${slider("energy", "Energy", 0)}</div>`
    : "";
  return `<section aria-labelledby="spectrum-heading">
<h2 id="spectrum-heading">${alone ? "Spectrum" : "Mean spectrum of the chosen pixels"}</h2>
<div class="controls"><label><input type="checkbox" id="whole"> All energies</label>${hasEdge(model) ? '<span>Edge energy (absorption 0.5): <output id="edge-energy"></output></span>' : ""}</div>
<svg id="spectrum" role="img" aria-label="Mean spectrum; its numbers are in the table below"></svg>
${sliders}
</section>`;
}

function histogramSection({ maps }: ViewModel): string {
  const choice =
    maps.length > 1
      ? `<label for="map">Of</label><select id="map">${maps
          .map(({ label }, i) => `<option value="${i}">${escapeText(label)}</option>`)
          .join("")}</select>`
      : "";
  const end = (id: string, word: string): string =>
    `<div id="${id}-end" class="handle" tabindex="0" role="slider" aria-orientation="horizontal" aria-label="${word} end of the interval"></div>`;
  return `<section aria-labelledby="histogram-heading">
<h2 id="histogram-heading">Histogram: choose an interval</h2>
<div class="controls">${choice}<label>from <input type="number" id="low-field"></label><label>to below <input type="number" id="high-field"></label><span id="interval-unit"></span><button id="no-interval" type="button">All values</button></div>
<div class="handles"><svg id="histogram" aria-hidden="true"></svg>${end("low", "Lower")}${end("high", "Upper")}</div>
</section>`;
}

function remedySection(remedy: string): string {
  return `<section aria-labelledby="histogram-heading"><h2 id="histogram-heading">Histogram</h2><p id="no-histogram">${escapeText(remedy)}</p></section>`;
}

function concentrationsSection(model: ViewModel): string {
  const { species, times } = model;
  const edges = edgesOf(model);
  const rows = (species?.names ?? []).map(
    (name, i) =>
      `<tr><th scope="row">${escapeText(name)}<span class="edge">edge ${edges[i]}</span></th><td><div class="track" aria-hidden="true"><div id="bar-${i}"></div></div></td><td class="number" id="concentration-${i}"></td></tr>`,
  );
  const table = species
    ? `<table><caption class="hidden">Concentrations of the components in the mean spectrum</caption><tbody>${rows.join("")}</tbody></table>
<p class="help">Least squares on the mean spectrum, no concentration negative, their sum one. R-factor <span id="fit"></span>.</p>`
    : "";
  const profile =
    times.length > 1
      ? '<svg id="profile" role="img" aria-label="What is chosen, over time; the line is the time of the slider"></svg>'
      : "";
  return `<section aria-labelledby="concentrations-heading">
<h2 id="concentrations-heading">${species ? "Concentrations in the mean spectrum" : "Over time"}</h2>
${table}${profile}
</section>`;
}

function slider(id: string, label: string, max: number): string {
  return `<label class="grow">${label} <input type="range" id="${id}" min="0" max="${max}" step="1" value="0"><output id="${id}-value" for="${id}"></output></label>`;
}

function madeFrom({ chain, provenance }: ViewModel): string {
  const { library, created, inputs, settings } = provenance;
  const range = `${count(settings.energies.length)} energies recorded`;
  return `<p>${escapeText(`Made with ${library}, ${created.slice(0, 16).replace("T", " ")} UTC, from ${provenance.source} (${inputs.length} files, ${range}).`)}</p>
<details><summary>Chain and files</summary><pre>${escapeText(chain)}</pre><pre>${inputs.map(fileLine).join("\n")}</pre></details>`;
}

function fileLine({ path, bytes, fingerprint }: Provenance["inputs"][number]): string {
  return escapeText(`${basename(path)}, ${bytes} bytes, ${fingerprint.slice(0, 16)}`);
}
