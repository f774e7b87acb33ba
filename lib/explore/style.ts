// The look of the page: that of the figures, on a screen of any width and on paper.
import { theme } from "../figures/parts/theme.js";

export const style = `
:root { color-scheme: light dark; --ink: ${theme.ink}; --muted: ${theme.muted}; --frame: ${theme.frame}; --accent: #0072b2; --rule: #dcdcdc; --ground: #fff;
  --field: #8a8a8a; --off: #767676; --bar: ${theme.bar}; --bar-all: #d9dfe7; --track: #eee; }
@media screen and (prefers-color-scheme: dark) {
  :root { --ink: #e6edf3; --muted: #a5afba; --frame: #7d8794; --accent: #79b8ff; --rule: #3a424c; --ground: #14181d;
    --field: #7d8794; --off: #8b949e; --bar: #8fa3bf; --bar-all: #39424e; --track: #2a313a; }
}
* { box-sizing: border-box; }
body { margin: 0 auto; max-width: 1280px; padding: 14px 24px 28px; color: var(--ink); background: var(--ground);
  font: 14px/1.5 ${theme.font}; }
h1 { font-size: 19px; font-weight: 600; line-height: 1.3; margin: 0; overflow-wrap: anywhere; }
h2 { font-size: 14px; font-weight: 600; margin: 0 0 6px; }
p { margin: 4px 0; }
.lead, .help, footer { color: var(--muted); }
.help { font-size: 12.5px; }
.panels { display: grid; grid-template-columns: minmax(0, 1fr) minmax(0, 1fr); gap: 12px 32px; margin: 8px 0;
  align-items: start; }
.panels.narrow { grid-template-columns: minmax(0, 1fr); }
section { min-width: 0; }
svg { display: block; width: 100%; height: auto; overflow: visible; font-family: inherit; font-size: 12px; fill: var(--ink); }
svg .label { font-size: 12.5px; }
svg .frame { fill: none; stroke: var(--frame); stroke-width: 1; }
svg .tick { stroke: var(--frame); stroke-width: 1; }
svg .cursor { stroke: var(--ink); stroke-width: 1; stroke-dasharray: 4 3; }
svg .bar { fill: var(--bar); }
svg .bar-all { fill: var(--bar-all); }
svg .outside { fill: var(--ground); fill-opacity: 0.72; }
svg .region { fill: none; stroke: var(--ink); stroke-width: 1.5; }
svg .region-halo { fill: none; stroke: var(--ground); stroke-width: 4; }
#image, #histogram, #spectrum, #profile { touch-action: pan-y; cursor: crosshair; }
#image { position: relative; }
#pixels { position: absolute; image-rendering: pixelated; }
#image-axes { position: relative; }
.handles { position: relative; }
.handle { position: absolute; width: 22px; margin-left: -11px; cursor: ew-resize; touch-action: pan-y; }
.handle::before { content: ""; position: absolute; left: 10px; top: 0; bottom: 0; width: 2px; background: var(--accent); }
.handle::after { content: ""; position: absolute; left: 5px; top: calc(50% - 11px); width: 12px; height: 22px; border-radius: 3px;
  background: var(--ground); border: 2px solid var(--accent); }
:focus-visible { outline: 2px solid var(--accent); outline-offset: 2px; }
.controls { display: flex; flex-wrap: wrap; gap: 6px 14px; align-items: center; margin: 6px 0; }
.controls label { display: flex; align-items: center; gap: 8px; }
.controls .grow { flex: 1 1 240px; }
input[type="range"] { flex: 1; min-width: 90px; width: 100%; height: 28px; margin: 0; accent-color: var(--accent); }
input[type="number"] { width: 5.2em; }
input, select, button, textarea { font: inherit; color: inherit; }
select, input[type="number"], input[type="text"], button { min-height: 30px; padding: 2px 8px; background: var(--ground); border: 1px solid var(--field); border-radius: 4px; }
select { max-width: 100%; }
button { cursor: pointer; }
button:disabled { color: var(--off); border-color: var(--rule); cursor: default; }
output { font-variant-numeric: tabular-nums; white-space: nowrap; }
table { width: 100%; border-collapse: collapse; font-variant-numeric: tabular-nums; }
th { text-align: left; font-weight: 400; padding: 4px 10px 4px 0; width: 30%; overflow-wrap: anywhere; }
td { padding: 2px 0; }
td.number { text-align: right; width: 6em; }
.track { height: 14px; background: var(--track); }
.track div { height: 100%; transition: width 0.12s; print-color-adjust: exact; -webkit-print-color-adjust: exact; }
#summary { border-top: 1px solid var(--rule); border-bottom: 1px solid var(--rule); padding: 6px 0; margin: 6px 0;
  font-variant-numeric: tabular-nums; overflow-wrap: anywhere; min-height: 2.9em; }
#code { flex: 1; min-width: 12em; font: 12px/1.4 "DejaVu Sans Mono", monospace; }
.edge { color: var(--muted); display: block; font-size: 12px; }
.caution { border-left: 3px solid #e69f00; padding-left: 10px; }
footer { font-size: 12px; margin-top: 14px; overflow-wrap: anywhere; }
summary { cursor: pointer; padding: 3px 0; }
textarea { width: 100%; height: 180px; font: 12px/1.4 "DejaVu Sans Mono", monospace; margin-top: 6px; }
pre { white-space: pre-wrap; overflow-wrap: anywhere; font: 11.5px/1.45 "DejaVu Sans Mono", monospace; }
.hidden { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }
body[data-state="loading"] main { opacity: 0.35; }
body[data-state="failed"] main { display: none; }
body[data-state="ready"] #state { display: none; }
@media (max-width: 760px) {
  body { padding: 14px 12px 20px; }
  .panels { grid-template-columns: minmax(0, 1fr); gap: 18px; }
}
@media (prefers-reduced-motion: reduce) { * { transition: none !important; animation: none !important; } }
@media print {
  body { padding: 0; max-width: none; font-size: 11px; }
  button, input[type="range"], .handle, .help, #numbers, p.controls { display: none; }
  .panels { gap: 14px 24px; }
  section, footer { break-inside: avoid; }
  svg .bar, svg .bar-all, svg .outside { print-color-adjust: exact; -webkit-print-color-adjust: exact; }
}
`;
