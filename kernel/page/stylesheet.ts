// The pages' look: one column of text, wide pictures, figures that breathe. Fonts are those of the system.

/** CSS of all pages. Colors have a contrast of at least 4.5 : 1 on their ground. */
export const stylesheet = `
:root { --ink: #1c2128; --soft: #57606a; --line: #d8dee4; --ground: #fff; --tint: #f6f8fa; --accent: #0b5cad;
  --good: #116329; --bad: #b3261e; --column: 46rem; }
* { box-sizing: border-box; }
html { scroll-behavior: smooth; }
body { margin: 0; color: var(--ink); background: var(--ground); font: 1.0625rem/1.6 system-ui, "Segoe UI", Roboto, "Noto Sans",
  "DejaVu Sans", sans-serif; text-rendering: optimizeLegibility; overflow-wrap: break-word; }
header, nav, main > *, footer { max-width: var(--column); margin-inline: auto; padding-inline: 1.25rem; }
main > .wide { max-width: 74rem; }
/* With wide pictures on the page, all of it starts at their left edge. */
body:has(.gallery) :is(header, nav, main > *, footer) { max-width: 74rem; }
body:has(.gallery) :is(header, main) p { max-width: var(--column); }
header { padding-top: 3.5rem; }
h1, h2, h3 { line-height: 1.2; letter-spacing: -.01em; text-wrap: balance; }
h1 { font-size: clamp(1.8rem, 4.5vw, 2.6rem); margin: 0 0 .5em; }
h2 { font-size: 1.5rem; margin-top: 2.5em; }
h3 { font-size: 1.15rem; margin-top: 1.8em; }
.lead { font-size: 1.2rem; color: var(--soft); }
a { color: var(--accent); text-underline-offset: .15em; }
a:focus-visible, [tabindex]:focus-visible, summary:focus-visible { outline: 3px solid var(--accent); outline-offset: 2px; }
.skip { position: absolute; left: -100vw; background: var(--ground); padding: .5em 1em; }
.skip:focus { left: 0; z-index: 1; }
nav { margin-top: 1em; color: var(--soft); }
nav ul { list-style: none; display: flex; flex-wrap: wrap; gap: .25em 1.5em; padding: 0; margin: 0; }
img, svg { max-width: 100%; height: auto; }
figure { margin: 2rem auto; }
figure img { display: block; width: 100%; }
figcaption { color: var(--soft); font-size: .95rem; margin-top: .6em; max-width: var(--column); }
.gallery { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(26rem, 100%), 1fr)); gap: 1rem 3rem; align-items: start; }
.gallery figure { margin: 1rem 0; }
.gallery .broad { grid-column: 1 / -1; max-width: 62rem; }
.scroll { overflow-x: auto; }
table { border-collapse: collapse; font-size: .95rem; font-variant-numeric: tabular-nums; }
caption { text-align: left; color: var(--soft); padding-bottom: .6em; }
th, td { text-align: left; vertical-align: top; padding: .4em .9em .4em 0; border-bottom: 1px solid var(--line); }
thead th { border-bottom: 2px solid var(--ink); white-space: nowrap; }
tbody th { font-weight: 400; }
.claims { width: 100%; }
.claims th[scope=row] { min-width: 15rem; }
.claims td:nth-child(5), .verdict { white-space: nowrap; }
.verdict { font-weight: 600; }
.holds { color: var(--good); } .differs { color: var(--bad); } .pending { color: var(--soft); font-weight: 400; }
.note { display: block; color: var(--soft); font-size: .88rem; }
code, pre { font-family: ui-monospace, "SF Mono", Menlo, Consolas, "DejaVu Sans Mono", monospace; font-size: .875em; }
pre { margin: 0; white-space: pre-wrap; overflow-x: auto; line-height: 1.5; }
p code, li code { background: var(--tint); padding: .1em .3em; border-radius: 3px; }
.code { background: var(--tint); border-left: 3px solid var(--line); padding: .8em 1em; margin-top: 1.5rem; }
.comment { color: #57606a; } .string { color: #0a3069; } .number { color: #0550ae; } .keyword { color: #a0111f; }
.output { margin: .8rem auto 1.5rem; }
.output:has(> .progress) { margin-block: .2rem; }
.output table { margin-block: .5em; }
.output th, .output td { padding-right: 1.5em; }
.stderr { border-left: 3px solid #9a6700; padding-left: 1em; }
.error { border-left: 3px solid var(--bad); padding-left: 1em; color: var(--bad); }
.warning { background: #fff5f4; border: 1px solid var(--bad); padding: .8em 1.25rem; }
footer { margin-top: 4rem; padding-block: 1.5rem 3rem; border-top: 1px solid var(--line); color: var(--soft); font-size: .9rem; }
footer dl { display: grid; grid-template-columns: max-content 1fr; gap: .15em 1.2em; margin: 0; }
footer dd { margin: 0; }
@media print {
  body { font-size: 10.5pt; } header { padding-top: 0; } nav, .skip { display: none; } a { color: inherit; }
  h2, h3 { break-after: avoid; } figure, tr, .code { break-inside: avoid; } .scroll { overflow: visible; }
}
@media (prefers-reduced-motion: reduce) { html { scroll-behavior: auto; } }
`;
