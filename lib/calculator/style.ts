// Appearance of the page: form and results side by side on a wide screen, one after the other on a phone and
// on paper.
import { theme } from "../figures/parts/theme.js";

export const style = `
:root { color-scheme: light dark; --ink: #1c2128; --soft: #57606a; --line: #d0d7de; --ground: #fff; --card: #f6f8fa;
  --accent: #0b5cad; --bad: #b3261e; --field: #fff; --edge: #818b98; }
@media (prefers-color-scheme: dark) {
  :root { --ink: #e6edf3; --soft: #a5afba; --line: #3a424c; --ground: #14181d; --card: #1d232a; --accent: #79b8ff;
    --bad: #ff9b92; --field: #0f1317; --edge: #7d8794; }
}
* { box-sizing: border-box; }
[hidden] { display: none !important; }
html { scroll-padding: 1rem 0 5rem; }
body { margin: 0; color: var(--ink); background: var(--ground); font: 1rem/1.5 system-ui, "Segoe UI", Roboto, "Noto Sans",
  ${theme.font}; overflow-wrap: break-word; }
header, nav, main, footer { max-width: 92rem; margin-inline: auto; padding-inline: 1.5rem; }
header { padding-top: 1.75rem; }
h1 { font-size: 1.9rem; line-height: 1.2; margin: 0 0 .3rem; }
h2 { font-size: 1.1rem; margin: 0 0 .5rem; }
h3 { font-size: 1.05rem; margin: 0 0 .5rem; }
p { margin: .35rem 0; }
a { color: var(--accent); text-underline-offset: .15em; }
.lead { color: var(--soft); max-width: 60rem; margin: 0; }
.start { display: flex; flex-wrap: wrap; gap: .6rem 1rem; align-items: end; margin: 1rem 0 0; }
.start .field { flex: 0 1 36rem; min-width: 0; }
main { display: grid; grid-template-columns: minmax(0, 31rem) minmax(0, 1fr); gap: 2rem 2.5rem; margin-top: 1.25rem; align-items: start; }
form section, #results section { padding: 1rem 0; border-top: 1px solid var(--line); }
form > section:first-child { border-top: 0; padding-top: 0; }
.fields { display: grid; grid-template-columns: repeat(auto-fill, minmax(13rem, 1fr)); gap: .5rem 1rem; align-items: start; }
.field { min-width: 0; }
.field.wide { grid-column: 1 / -1; }
.field label { display: block; font-size: .9rem; line-height: 1.35; }
.unit { color: var(--soft); white-space: nowrap; }
input, select, textarea, button { font: inherit; color: inherit; }
input[type=text], select, textarea { width: 100%; min-height: 2.5rem; padding: .3rem .55rem; background: var(--field);
  border: 1px solid var(--edge); border-radius: 5px; }
input[type=text], textarea { font-variant-numeric: tabular-nums; }
[aria-invalid=true] { border-color: var(--bad) !important; border-width: 2px !important; }
.note { font-size: .82rem; line-height: 1.35; color: var(--soft); margin: .15rem 0 0; }
.note:empty { display: none; }
.note.missing { color: var(--ink); font-style: italic; }
.note.wrong { color: var(--bad); font-weight: 600; }
.about { color: var(--soft); font-size: .92rem; max-width: 46rem; }
button, .button { min-height: 2.5rem; padding: .3rem .9rem; border: 1px solid var(--edge); border-radius: 5px; background: var(--card);
  cursor: pointer; }
button:disabled { color: var(--soft); border-color: var(--line); cursor: default; }
button:hover:enabled { border-color: var(--accent); }
:focus-visible { outline: 3px solid var(--accent); outline-offset: 2px; }
.layers { list-style: none; margin: 0 0 .75rem; padding: 0; display: grid; gap: .5rem; counter-reset: layer; }
.layers li { border: 1px solid var(--line); border-radius: 6px; background: var(--card); counter-increment: layer; }
.layer summary { padding: .5rem .75rem; cursor: pointer; }
.layer-name { font-weight: 600; }
.layer-name::before { content: counter(layer) ". "; }
.layer-what { color: var(--soft); font-size: .9rem; margin-left: .35rem; }
.layer .fields { padding: .25rem .75rem .5rem; }
.actions { display: flex; flex-wrap: wrap; gap: .5rem; padding: 0 .75rem .6rem; }
.absorber { display: flex; align-items: center; gap: .45rem; padding: 0 .75rem .4rem; font-size: .88rem; color: var(--soft); min-height: 1.75rem; }
.absorber:has(:checked) { color: var(--ink); font-weight: 600; }
input[type=radio] { width: 1.1rem; height: 1.1rem; margin: 0; accent-color: var(--accent); }
.results { min-width: 0; }
.headline { font-size: 1.15rem; font-weight: 600; margin: 0 0 1rem; padding: .75rem 1rem; border-left: 4px solid var(--accent);
  background: var(--card); }
.plots { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(23rem, 100%), 1fr)); gap: 0 2.5rem; }
.problems ul { margin: 0; padding-left: 1.2rem; }
.problems li { margin: .2rem 0; }
figure { margin: .5rem 0; max-width: 34rem; }
figure.broad { max-width: 60rem; }
figure svg { display: block; width: 100%; height: auto; border-radius: 4px; }
table { border-collapse: collapse; font-variant-numeric: tabular-nums; }
th, td { text-align: right; padding: .4rem 0 .4rem 1.4rem; border-bottom: 1px solid var(--line); vertical-align: top; }
th:first-child { text-align: left; padding-left: 0; }
thead th { font-size: .88rem; font-weight: 600; vertical-align: bottom; }
tbody th { font-weight: 400; }
.doses { width: 100%; max-width: 46rem; }
.doses td { white-space: nowrap; }
.mass { display: block; color: var(--soft); font-size: .85rem; }
.mark { font-size: .85rem; color: var(--soft); }
.chosen th, .chosen td { font-weight: 600; }
.chosen .mass, .chosen .mark { font-weight: 400; }
.scroll { overflow-x: auto; }
.scroll table { min-width: 44rem; width: 100%; }
.answer { font-size: 1.05rem; }
.export { grid-column: 1 / -1; border-top: 1px solid var(--line); padding-top: 1rem; }
.export .buttons { display: flex; flex-wrap: wrap; gap: .6rem; margin: .6rem 0; }
pre, .export textarea { font: .82rem/1.45 ui-monospace, "SF Mono", Menlo, Consolas, "DejaVu Sans Mono", monospace; }
pre { white-space: pre-wrap; overflow-wrap: anywhere; background: var(--card); padding: .6rem .8rem; border-radius: 5px; margin: .4rem 0; }
details > summary { cursor: pointer; }
footer { color: var(--soft); font-size: .88rem; margin-top: 2rem; padding-block: 1rem 2rem; border-top: 1px solid var(--line); }
footer p { max-width: 60rem; }
.hidden { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }
body[data-state=loading] main, body[data-state=loading] .start, body[data-state=failed] main { display: none; }
body[data-state=ready] #state { display: none; }
@media screen and (prefers-color-scheme: dark) { figure svg { filter: invert(.91) hue-rotate(180deg); } }
@media (max-width: 64rem) {
  main { grid-template-columns: minmax(0, 1fr); }
  body { padding-bottom: 6rem; }
  .headline { position: fixed; inset: auto 0 0 0; z-index: 1; margin: 0; padding: .6rem 1.5rem; border-left: 0;
    border-top: 3px solid var(--accent); font-size: 1rem; }
}
@media (max-width: 40rem) {
  header, nav, main, footer { padding-inline: 1rem; }
  h1 { font-size: 1.6rem; }
  .headline { padding: .5rem 1rem; font-size: .9rem; line-height: 1.35; }
  .fields { grid-template-columns: repeat(2, minmax(0, 1fr)); gap: .5rem .75rem; }
  .field { display: flex; flex-direction: column; }
  th, td { padding-left: .8rem; }
}
@media print {
  :root { color-scheme: light; --ink: #000; --soft: #444; --line: #bbb; --ground: #fff; --card: #fff; --accent: #000; --bad: #000;
    --field: #fff; --edge: #888; }
  body { font-size: 9.5pt; }
  header, nav, main, footer { padding-inline: 0; max-width: none; }
  main { display: block; }
  button, .start, .export .buttons, .export details, .layers + button { display: none !important; }
  body { padding: 0; }
  .headline { position: static; border: 1px solid #888; margin: 0 0 .5rem; }
  input[type=text], select, textarea { border: 0; padding: 0; min-height: 0; appearance: none; }
  .fields { grid-template-columns: repeat(4, minmax(0, 1fr)); }
  section, li, figure, tr { break-inside: avoid; }
  figure svg { print-color-adjust: exact; -webkit-print-color-adjust: exact; }
}
`;
