// What the pages have in common: colors for light and dark screens, text, fields, tables, figures.
import { theme } from "../figures/parts/theme.js";

export const baseStyle = `
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
nav { padding-top: 1rem; }
header { padding-top: 1.75rem; }
h1 { font-size: 1.9rem; line-height: 1.2; margin: 0 0 .3rem; }
h2 { font-size: 1.1rem; margin: 0 0 .5rem; }
h3 { font-size: 1.05rem; margin: 0 0 .5rem; }
p { margin: .35rem 0; }
a { color: var(--accent); text-underline-offset: .15em; }
.lead { color: var(--soft); max-width: 60rem; margin: 0; }
.start { display: flex; flex-wrap: wrap; gap: .6rem 1rem; align-items: end; margin: 1rem 0 0; }
.field { min-width: 0; }
.field label { display: block; font-size: .9rem; line-height: 1.35; }
input, select, textarea, button { font: inherit; color: inherit; }
input[type=text], select, textarea { width: 100%; min-height: 2.5rem; padding: .3rem .55rem; background: var(--field);
  border: 1px solid var(--edge); border-radius: 5px; }
button { min-height: 2.5rem; padding: .3rem .9rem; border: 1px solid var(--edge); border-radius: 5px; background: var(--card);
  cursor: pointer; }
button:disabled { color: var(--soft); border-color: var(--line); cursor: default; }
button:hover:enabled { border-color: var(--accent); }
:focus-visible { outline: 3px solid var(--accent); outline-offset: 2px; }
.about { color: var(--soft); font-size: .92rem; max-width: 46rem; }
figure { margin: .5rem 0; max-width: 34rem; }
figure svg { display: block; width: 100%; height: auto; border-radius: 4px; }
footer { color: var(--soft); font-size: .88rem; margin-top: 2rem; padding-block: 1rem 2rem; border-top: 1px solid var(--line); }
footer p { max-width: 60rem; }
.hidden { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }
body[data-state=loading] main, body[data-state=loading] .start, body[data-state=failed] main { display: none; }
body[data-state=ready] #state { display: none; }
@media screen and (prefers-color-scheme: dark) { figure svg { filter: invert(.91) hue-rotate(180deg); } }
@media (max-width: 40rem) {
  header, nav, main, footer { padding-inline: 1rem; }
  h1 { font-size: 1.6rem; }
}
@media print {
  :root { color-scheme: light; --ink: #000; --soft: #444; --line: #bbb; --ground: #fff; --card: #fff; --accent: #000; --bad: #000;
    --field: #fff; --edge: #888; }
  body { font-size: 9.5pt; }
  header, nav, main, footer { padding-inline: 0; max-width: none; }
  nav, button, .start { display: none !important; }
  section, li, figure, tr { break-inside: avoid; }
  figure svg { print-color-adjust: exact; -webkit-print-color-adjust: exact; }
}
`;
