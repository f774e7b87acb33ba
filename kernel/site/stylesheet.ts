// Appearance of the pages: one column of text and wide pictures, with system fonts.

/** CSS of the menu, also for pages of the library with a stylesheet of their own. */
export const menuStyle = `
.menu { background: var(--tint, var(--card, transparent)); border-bottom: 1px solid var(--line, #d8dee4); max-width: none !important; margin: 0; padding: .5rem 0; }
.menu ul { list-style: none; display: flex; flex-wrap: wrap; gap: .15em 1.4em; margin: 0 auto; padding: 0 1.25rem; max-width: var(--wide, 92rem); font-size: .95rem; }
.menu a { display: inline-block; padding: .2em 0; color: var(--accent, #0b5cad); text-decoration: none; }
.menu a:hover { text-decoration: underline; }
.menu a[aria-current] { color: var(--ink, #1c2128); font-weight: 600; }
@media print { .menu { display: none; } }
`;

/** CSS of all pages. Colors have a contrast of at least 4.5 : 1 on their background, in both schemes. */
export const stylesheet = `
:root { color-scheme: light dark; --ink: #1c2128; --soft: #57606a; --line: #d8dee4; --ground: #fff; --tint: #f6f8fa; --accent: #0b5cad;
  --good: #116329; --bad: #b3261e; --edge: #818b98; --warn: #9a6700; --alarm: #fff5f4;
  --comment: #57606a; --string: #0a3069; --number: #0550ae; --keyword: #a0111f; --column: 46rem; --wide: 74rem; }
@media screen and (prefers-color-scheme: dark) {
  :root { --ink: #e6edf3; --soft: #a5afba; --line: #3a424c; --ground: #14181d; --tint: #1d232a; --accent: #79b8ff;
    --good: #7ee29b; --bad: #ff9b92; --edge: #7d8794; --warn: #e3b341; --alarm: #2d1b1b;
    --comment: #a5afba; --string: #a5d6ff; --number: #79c0ff; --keyword: #ff9b92; }
  /* Outputs of cells choose their colors for white paper. */
  .output [style*="color:#57606a"] { color: var(--soft) !important; }
}
${menuStyle}
* { box-sizing: border-box; }
[hidden] { display: none !important; }
html { scroll-behavior: smooth; scroll-padding-top: 1rem; }
body { margin: 0; color: var(--ink); background: var(--ground); font: 1.0625rem/1.6 system-ui, "Segoe UI", Roboto, "Noto Sans",
  "DejaVu Sans", sans-serif; text-rendering: optimizeLegibility; overflow-wrap: break-word; }
header, body > nav:not(.menu), main > *, footer { max-width: var(--column); margin-inline: auto; padding-inline: 1.25rem; }
main > .wide { max-width: var(--wide); }
/* With wide parts on the page, all of it starts at their left edge. */
.notebook { --column: 58rem; }
.notebook .prose > :is(p, ul, ol) { max-width: 46rem; }
body:has(main > .wide) :is(header, nav, main > *, footer), .first :is(header, main > *, footer), .figure :is(header, main > *, footer) { max-width: var(--wide); }
body:has(main > .wide) :is(header, main) p { max-width: var(--column); }
header { padding-top: 2rem; }
h1, h2, h3, h4 { line-height: 1.2; letter-spacing: -.01em; text-wrap: balance; }
h1 { font-size: clamp(1.8rem, 4.5vw, 2.6rem); margin: 0 0 .5em; }
h2 { font-size: 1.5rem; margin-top: 2.5em; }
h3 { font-size: 1.15rem; margin-top: 1.8em; }
h3 a { color: inherit; text-decoration-color: var(--line); }
.question { font-style: italic; margin: .3em 0 .8em; }
.lead { font-size: 1.2rem; color: var(--soft); }
a { color: var(--accent); text-underline-offset: .15em; }
a:focus-visible, [tabindex]:focus-visible, input:focus-visible { outline: 3px solid var(--accent); outline-offset: 2px; }
.skip { position: absolute; left: -100vw; background: var(--ground); padding: .5em 1em; }
.skip:focus { left: 0; z-index: 1; }
nav { margin-top: 1em; color: var(--soft); }
nav p { margin: 0 0 .5em; }
nav ul { list-style: none; display: flex; flex-wrap: wrap; gap: .25em 1.5em; padding: 0; margin: 0; }
nav .toc { display: block; columns: 20rem; column-gap: 2.5rem; border-block: 1px solid var(--line); padding-block: .6em; }
.toc .sub { padding-left: 1.2em; }
.neighbors { display: flex; flex-wrap: wrap; justify-content: space-between; gap: .5em 2em; margin-top: 3rem; }
img, svg { max-width: 100%; height: auto; }
figure { margin: 2rem auto; }
/* Figures are drawn for white paper; in the dark scheme they stay on it. */
figure img, .thumbnails img, .output > svg { background: #fff; }
figure img { display: block; }
figure > a { display: block; }
figcaption { font-size: .95rem; margin-top: .6em; max-width: var(--column); }
.links { font-size: .9rem; }
figcaption .links { display: block; }
.links a { margin-right: .6em; display: inline-block; }
.single img { max-height: 75vh; object-fit: contain; object-position: left; border-radius: 4px; }
.figure h1 { font-size: clamp(1.4rem, 3vw, 1.8rem); margin: 0; } .figure .single { margin-top: 1rem; }
.single figcaption { font-size: 1rem; max-width: 52rem; }
.about { display: grid; grid-template-columns: max-content 1fr; gap: .4em 1.2em; border-top: 1px solid var(--line); padding-top: 1rem; }
.about dt { color: var(--soft); } .about dd { margin: 0; max-width: 46rem; }
.thumbnails { list-style: none; padding: 0; margin: .5rem 0 0; display: grid; grid-template-columns: repeat(auto-fill, minmax(8.5rem, 1fr)); gap: 1rem 1.2rem; }
.thumbnails a { display: block; font-size: .82rem; line-height: 1.35; color: inherit; text-decoration: none; }
.thumbnails a:hover { text-decoration: underline; }
.thumbnails img { display: block; width: 100%; height: 6.5rem; object-fit: contain; padding: 4px; border: 1px solid var(--line); border-radius: 4px; margin-bottom: .3rem; }
.first header { padding-top: 1rem; }
.first h1 { font-size: 1.7rem; margin: 0; } .first .lead { margin: .1rem 0 .6rem; font-size: 1.1rem; }
.findings { padding-left: 2.4rem; margin-block: .4rem; }
.findings li { max-width: 66rem; margin-block: .25rem; line-height: 1.45; }
.pair { display: flex; flex-wrap: wrap; gap: .8rem 1.4rem; margin-block: .8rem; }
.pair figure { margin: 0; flex: 1 1 0; min-width: min(20rem, 100%); }
.pair img { width: 100%; height: auto; border-radius: 4px; }
.pair figcaption { margin-top: .25em; font-size: .88rem; }
.doors ul { list-style: none; display: grid; grid-template-columns: repeat(auto-fit, minmax(9rem, 1fr)); gap: .7rem; padding: 0; margin: 0; }
.doors a { display: block; height: 100%; padding: .5em .9em; border: 1px solid var(--edge); border-radius: 6px; background: var(--tint); text-decoration: none; line-height: 1.35; }
.doors a:hover { border-color: var(--accent); } .doors b { display: block; font-size: 1rem; } .doors span { font-size: .88rem; color: var(--soft); }
.list .question { margin: 0; color: var(--soft); font-size: .95rem; }
.scroll { overflow-x: auto; }
table { border-collapse: collapse; font-size: .95rem; font-variant-numeric: tabular-nums; }
th, td { text-align: left; vertical-align: top; padding: .4em .9em .4em 0; border-bottom: 1px solid var(--line); }
thead th { border-bottom: 2px solid var(--ink); white-space: nowrap; }
tbody th { font-weight: 400; }
.prose :is(th, td) { overflow-wrap: anywhere; }
.claims { width: 100%; }
.claims th[scope=row] { min-width: 15rem; }
.claims td:nth-child(5) { white-space: nowrap; }
.holds, .differs, .missing { font-weight: 600; white-space: nowrap; }
.holds { color: var(--good); } .differs, .missing { color: var(--bad); }
.note { color: var(--soft); font-size: .88rem; }
td .note, th .note { display: block; }
.filter { margin: 1.2rem 0; padding: .9rem 1.1rem; background: var(--tint); border-radius: 6px; display: flex; flex-wrap: wrap; gap: .6rem 2rem;
  align-items: center; }
.filter label { white-space: nowrap; }
.filter .text { flex: 1 1 20rem; display: flex; gap: .6em; align-items: center; }
.filter [type=search] { flex: 1; min-width: 0; font: inherit; color: inherit; background: var(--ground); padding: .3em .6em; border: 1px solid var(--edge);
  border-radius: 4px; }
.filter fieldset { border: 0; padding: 0; margin: 0; min-width: 0; display: flex; flex-wrap: wrap; gap: .2em 1.2em; }
.filter legend { float: left; margin-right: .3em; padding: 0; }
.filter p { margin: 0; color: var(--soft); }
.filter p:empty { display: none; }
.list li { margin-block: .25em; }
code, pre { font-family: ui-monospace, "SF Mono", Menlo, Consolas, "DejaVu Sans Mono", monospace; font-size: .875em; }
pre { margin: 0; white-space: pre-wrap; overflow-x: auto; line-height: 1.5; }
p code, li code { background: var(--tint); padding: .1em .3em; border-radius: 3px; }
.code { position: relative; background: var(--tint); border-left: 3px solid var(--line); padding: .8em 2.6em .8em 1em; margin-top: 1.5rem; }
.cell-number { position: absolute; right: .7em; top: .6em; font-size: .8rem; color: var(--soft); text-decoration: none; }
.cell:target .code { border-left-color: var(--accent); }
.comment { color: var(--comment); } .string { color: var(--string); } .number { color: var(--number); } .keyword { color: var(--keyword); }
.output { margin: .8rem auto 1.2rem; }
.output:has(> .progress) { margin-block: .2rem; }
.output table { margin-block: .5em; }
.output th, .output td { padding-right: 1.5em; }
.stderr { border-left: 3px solid var(--warn); padding-left: 1em; }
.error { border-left: 3px solid var(--bad); padding-left: 1em; color: var(--bad); }
.warning { background: var(--alarm); border: 1px solid var(--bad); padding: .8em 1.25rem; }
footer { margin-top: 4rem; padding-block: 1.5rem 3rem; border-top: 1px solid var(--line); color: var(--soft); font-size: .9rem; }
footer dl { display: grid; grid-template-columns: max-content 1fr; gap: .15em 1.2em; margin: 0; }
footer dd { margin: 0; }
/* A phone: the rows of the claims become cards. */
@media screen and (max-width: 40rem) {
  header { padding-top: 1.2rem; }
  .menu ul { gap: 0 1.1em; }
  .thumbnails { grid-template-columns: repeat(auto-fill, minmax(6.5rem, 1fr)); }
  .about { grid-template-columns: 1fr; } .about dd { margin-bottom: .5em; }
  .findings { padding-left: 2.2rem; }
  .claims, .claims tbody { display: block; }
  .claims thead { position: absolute; clip-path: inset(50%); height: 1px; overflow: hidden; }
  .claims tr { display: grid; grid-template-columns: 1fr 1fr; gap: .15em 1em; padding: .8em 0; border-bottom: 1px solid var(--line); }
  .claims :is(th, td) { border: 0; padding: 0; min-width: 0; white-space: normal; }
  .claims th[scope=row] { grid-column: 1 / -1; font-weight: 600; min-width: 0; }
  .claims td:empty { display: none; }
  .claims td::before { content: attr(data-column); display: block; color: var(--soft); font-size: .8rem; }
  .filter .text { flex-direction: column; align-items: stretch; }
  .filter { padding-inline: .8rem; }
  footer dl { grid-template-columns: 1fr; } footer dd { margin-bottom: .5em; }
}
@page { size: A4; margin: 16mm 15mm; }
@media print {
  :root { --column: none; --wide: none; }
  body { font-size: 10pt; line-height: 1.45; } header { padding-top: 0; } h2 { margin-top: 1.6em; }
  header, body > nav:not(.menu), main > *, footer { padding-inline: 0; }
  nav, .skip, .filter, .cell-number { display: none; } a { color: inherit; text-decoration: none; }
  h1, h2, h3, h4, .question { break-after: avoid; } figure, tr, .code, .output { break-inside: avoid; } .scroll { overflow: visible; }
  .code { margin-top: .8rem; padding-right: 1em; }
  .thumbnails { grid-template-columns: repeat(6, 1fr); } .thumbnails li { break-inside: avoid; } .single img { max-height: 150mm; }
  .claims { font-size: 8.5pt; } .claims th[scope=row] { min-width: 0; } thead { display: table-header-group; }
  footer { margin-top: 2rem; padding-bottom: 0; }
}
@media (prefers-reduced-motion: reduce) { html { scroll-behavior: auto; } }
`;
