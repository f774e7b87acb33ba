// The page on rotational ambiguity as one HTML file.
import { htmlDocument } from "../document.js";

/** The whole page. @param program of `page/main.ts`, bundled */
export function page(program: string): string {
  return htmlDocument({
    title: "Rotational ambiguity",
    lead: "Measured spectra of mixtures D determine only the product of the concentrations C and the spectra S of the species, D = C S, not C and S themselves. Move the components: the fit stays the same. Only conditions such as non-negative concentrations limit where they can be.",
    style,
    start,
    main,
    footer:
      "<p>Simulated absorption edges; concentrations sum to one. The page resolves them by MCR-ALS and computes the feasible bands with the functions mcrAls and feasibleBands of the library. W. H. Lawton, E. A. Sylvestre, Technometrics 13, 617 (1971); O. S. Borgen, B. R. Kowalski, Anal. Chim. Acta 174, 1 (1985).</p>",
    program,
  });
}

/** The first one is chosen at the start. */
const options = (list: readonly (readonly [string, string])[]): string =>
  list
    .map(([value, text], i) => `<option value="${value}"${i === 0 ? " selected" : ""}>${text}</option>`)
    .join("");

const start = `<div class="field"><label for="species">Species</label><select id="species">${options([
  ["3", "three"],
  ["2", "two"],
])}</select></div>
<div class="field"><label for="pure">Pure spectra</label><select id="pure">${options([
  ["no", "the middle one, or either of two, is never pure"],
  ["yes", "each species is pure somewhere"],
])}</select></div>
<div class="field"><label for="noise">Noise (edge steps)</label><select id="noise">${options([
  ["0.002", "0.002"],
  ["0", "none"],
  ["0.01", "0.01"],
])}</select></div>`;

const main = `<section aria-labelledby="plane-title">
<h2 id="plane-title">Plane of the spectra</h2>
<p class="about">Each point of the plane is a spectrum. Dots: measured spectra. Shaded areas: where a component can be while no spectrum and no concentration is negative for some choice of the others. Crosses: true species. Drag a component, or use the sliders.</p>
<figure id="plane"></figure>
<div id="sliders"></div>
<div class="buttons"><button type="button" data-go="resolved">Result of MCR-ALS</button><button type="button" data-go="truth">True species</button><span id="extremes"></span></div>
</section>
<section aria-labelledby="follow-title">
<h2 id="follow-title" class="hidden">Spectra and concentrations</h2>
<p id="answer" class="answer" role="status"></p>
<div class="plots"><figure id="spectra"></figure><figure id="concentrations"></figure></div>
<table id="numbers"><caption>Range over all solutions that fit as well</caption><thead><tr><th scope="col">Component</th><th scope="col">Largest concentration here</th><th scope="col">Lowest and highest possible</th></tr></thead><tbody></tbody></table>
</section>
<section aria-labelledby="exercises-title" class="wide">
<h2 id="exercises-title">Exercises</h2>
<ol>
<li>Choose two species. Move one component to both ends of its bar. What changes in its spectrum, and what in the concentrations of the other?</li>
<li>Move a component into the dots. Which concentrations become negative, and why is this not seen in the lack of fit?</li>
<li>Three species, the middle one never pure: read off how large the middle concentration may be. Which statement of a paper, "Cp2 reaches x %", would hold?</li>
<li>Let each species be pure somewhere. Does this make the areas smaller? What else would have to be known?</li>
<li>Increase the noise. Do the areas become larger or smaller? Does the lack of fit tell?</li>
</ol>
</section>`;

const style = `
main { display: grid; grid-template-columns: minmax(0, 30rem) minmax(0, 1fr); gap: 1.5rem 2.5rem; margin-top: 1.25rem; align-items: start; }
.wide { grid-column: 1 / -1; border-top: 1px solid var(--line); padding-top: 1rem; }
.start .field { flex: 0 1 auto; max-width: 100%; }
#plane { touch-action: none; max-width: 34rem; border: 1px solid var(--line); border-radius: 5px; overflow: hidden; }
#plane [data-component] { cursor: grab; }
#plane text { font-family: inherit; stroke: #fff; stroke-width: 3px; paint-order: stroke; }
.slider { display: grid; grid-template-columns: 7.5rem 1fr 4rem; gap: .5rem; align-items: center; font-size: .9rem; margin: .15rem 0; }
input[type=range] { width: 100%; height: 2rem; margin: 0; accent-color: var(--accent); }
output { text-align: right; font-variant-numeric: tabular-nums; }
.buttons, #extremes { display: flex; flex-wrap: wrap; gap: .5rem; margin-top: .6rem; }
#extremes { margin: 0; }
.answer { font-size: 1.1rem; font-weight: 600; padding: .75rem 1rem; border-left: 4px solid var(--accent); background: var(--card); min-height: 4.6em; margin: 0; }
.answer.impossible { border-color: var(--bad); }
.plots { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(22rem, 100%), 1fr)); gap: 0 2rem; }
table { border-collapse: collapse; font-variant-numeric: tabular-nums; margin-top: .5rem; }
caption { text-align: left; font-weight: 600; padding-bottom: .3rem; }
th, td { text-align: right; padding: .35rem 0 .35rem 1.4rem; border-bottom: 1px solid var(--line); }
th:first-child { text-align: left; padding-left: 0; }
tbody th { font-weight: 400; }
thead th { font-size: .88rem; }
ol { max-width: 50rem; padding-left: 1.3rem; }
li { margin: .3rem 0; }
@media (max-width: 64rem) { main { grid-template-columns: minmax(0, 1fr); } }
@media print { main { display: block; } .slider, .buttons { display: none; } }
`;
