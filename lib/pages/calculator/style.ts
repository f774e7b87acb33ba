// Appearance of the calculator: form and results side by side on a wide screen, one after the other on a phone and
// on paper.
export const style = `
.start .field { flex: 0 1 36rem; min-width: 0; }
main { display: grid; grid-template-columns: minmax(0, 31rem) minmax(0, 1fr); gap: 2rem 2.5rem; margin-top: 1.25rem; align-items: start; }
form section, #results section { padding: 1rem 0; border-top: 1px solid var(--line); }
form > section:first-child { border-top: 0; padding-top: 0; }
.fields { display: grid; grid-template-columns: repeat(auto-fill, minmax(13rem, 1fr)); gap: .5rem 1rem; align-items: start; }
.field.wide { grid-column: 1 / -1; }
.unit { color: var(--soft); white-space: nowrap; }
input[type=text], textarea { font-variant-numeric: tabular-nums; }
[aria-invalid=true] { border-color: var(--bad) !important; border-width: 2px !important; }
.note { font-size: .82rem; line-height: 1.35; color: var(--soft); margin: .15rem 0 0; }
.note:empty { display: none; }
.note.missing { color: var(--ink); font-style: italic; }
.note.wrong { color: var(--bad); font-weight: 600; }
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
figure.broad { max-width: 60rem; }
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
@media (max-width: 64rem) {
  main { grid-template-columns: minmax(0, 1fr); }
  body { padding-bottom: 6rem; }
  .headline { position: fixed; inset: auto 0 0 0; z-index: 1; margin: 0; padding: .6rem 1.5rem; border-left: 0;
    border-top: 3px solid var(--accent); font-size: 1rem; }
}
@media (max-width: 40rem) {
  .headline { padding: .5rem 1rem; font-size: .9rem; line-height: 1.35; }
  .fields { grid-template-columns: repeat(2, minmax(0, 1fr)); gap: .5rem .75rem; }
  .field { display: flex; flex-direction: column; }
  th, td { padding-left: .8rem; }
}
@media print {
  main { display: block; }
  .export .buttons, .export details { display: none !important; }
  body { padding: 0; }
  .headline { position: static; border: 1px solid #888; margin: 0 0 .5rem; }
  input[type=text], select, textarea { border: 0; padding: 0; min-height: 0; appearance: none; }
  .fields { grid-template-columns: repeat(4, minmax(0, 1fr)); }
}
`;
