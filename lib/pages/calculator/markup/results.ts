// The results as HTML: numbers with units, figures, and what is still missing.

import { escapeText } from "../../../compute/escape.js";
import { duration, percent } from "../../../compute/format.js";
import { conventions } from "../../../dose/convention.js";
import { doseOverTime } from "../../../figures/kinds/dose-over-time.js";
import { feasibleRegion } from "../../../figures/kinds/feasible-region.js";
import { stack as stackFigure } from "../../../figures/kinds/stack.js";
import { tornado } from "../../../figures/kinds/tornado.js";
import type { Figure } from "../../../figures/parts/figure.js";
import { formatNumber } from "../../../figures/parts/ticks.js";
import { displayUnit } from "../../../units.js";
import { type Calculation, chosenDose, type Doses } from "../calculate.js";
import { fieldAt } from "../fields.js";
import type { Form } from "../form.js";
import { hasPlan } from "../read-plan.js";
import type { Problems } from "../reader.js";
import { idOf } from "./fields.js";

/** Room for the figures: a phone, or a wider screen. */
export type Room = "narrow" | "wide";

/** The main numbers in one sentence. */
export function headline(result: Calculation): string {
  const { doses, limit, time } = result;
  if (!doses) return `No dose yet: ${openText(result.problems)}.`;
  const { absorber, convention, beam, budget } = doses;
  const rate = quantity(chosenDose(absorber.doseRate, convention), "Gy/s");
  const spread = budget ? ` ± ${percent(budget.dose.relative)}` : "";
  const total = quantity(chosenDose(absorber.dose, convention), "Gy");
  const when = time && limit ? `; ${limit.meaning} after ${duration(time.time)}` : "";
  return `${absorber.layer} (${convention}): ${rate}, ${total}${spread} after ${duration(beam.exposure)}${when}.`;
}

/** All sections of results. */
export function resultsHtml(result: Calculation, form: Form, room: Room): string {
  const { doses, problems } = result;
  const notes = problems.size === 0 ? "" : problemList(problems);
  if (!doses) return notes;
  return [
    notes,
    conventionTable(doses),
    section(
      "drawing",
      "The stack",
      figureHtml(stackFigure(doses.stack, doses.beam, { convention: doses.convention, size: room === "wide" ? "page" : "column" }), "broad"), // biome-ignore format: one line
    ),
    '<div class="plots">',
    section("over-time", "Dose against time", overTime(result, doses)),
    section("budget", "Dose budget", budgetHtml(doses)),
    section("feasible", "Feasible region", planResult(result, form)),
    "</div>",
    section("all-layers", "All layers", layerTable(doses)),
  ].join("\n");
}

function section(id: string, title: string, html: string): string {
  return `<section aria-labelledby="${id}-title"><h3 id="${id}-title">${title}</h3>${html}</section>`;
}

function figureHtml(figure: Figure, kind = ""): string {
  // The title and the description of the figure are its text alternative. Labels of groups of marks, which
  // Plot adds, have no role to which they could belong.
  const svg = figure.svg.replace(/ aria-label="\w+"/g, "");
  return `<figure class="${kind}">${svg}</figure>`;
}

/** A value in its display unit: "4.13 kGy/s". */
function quantity(value: number, unit: "Gy" | "Gy/s"): string {
  if (!Number.isFinite(value)) return "none";
  const { factor, unit: shown } = displayUnit(unit);
  return `${formatNumber(value * factor)} ${shown}`;
}

function openText(problems: Problems): string {
  const wrong = [...problems.values()].filter(({ missing }) => !missing).length;
  const missing = problems.size - wrong;
  const count = (n: number, what: string): string => `${n} ${n === 1 ? "field" : "fields"} ${what}`;
  return [
    ...(missing > 0 ? [count(missing, missing === 1 ? "is empty" : "are empty")] : []),
    ...(wrong > 0 ? [count(wrong, wrong === 1 ? "has a value that is not valid" : "have values that are not valid")] : []), // biome-ignore format: one line
  ].join(", ");
}

function problemList(problems: Problems): string {
  const items = [...problems].map(([path, { text }]) => {
    return `<li><a href="#${idOf(path)}" data-goto="${idOf(path)}">${escapeText(nameOf(path))}</a>: ${escapeText(text)}</li>`;
  });
  return `<section class="problems" aria-labelledby="problems-title"><h3 id="problems-title">Open fields: ${openText(problems)}</h3><ul>${items.join("")}</ul></section>`;
}

function nameOf(path: string): string {
  const [group, index] = path.split(".");
  const { label } = fieldAt(path);
  return group === "layers" ? `Layer ${Number(index) + 1}, ${label.toLowerCase()}` : label;
}

const MASSES: Readonly<Record<string, string>> = {
  dense: "all power over the mass of a layer without pores",
  composite: "all power over the mass of solid and liquid",
  porous: "all power over the mass of the solid",
  solid: "power in the solid over its mass",
  liquid: "power in the liquid over its mass",
};

function conventionTable({ absorber, convention, beam, escaping }: Doses): string {
  const { doseRate, dose } = absorber;
  const rows = conventions.flatMap((one): (readonly [string, string, number, number])[] =>
    one === "phase"
      ? (["solid", "liquid"] as const).map((phase) => [`phase, ${phase}`, MASSES[phase], doseRate.phase[phase], dose.phase[phase]] as const) // biome-ignore format: one line
      : [[one, MASSES[one], doseRate[one], dose[one]] as const],
  );
  const body = rows.map(([name, mass, rate, total]) => {
    const chosen = name === convention || (convention === "phase" && name === "phase, solid");
    return `<tr${chosen ? ' class="chosen"' : ""}><th scope="row">${name}${chosen ? ' <span class="mark">(chosen)</span>' : ""}<span class="mass">${mass}</span></th><td>${quantity(rate, "Gy/s")}</td><td>${quantity(total, "Gy")}</td></tr>`;
  });
  return section(
    "doses",
    `Dose of ${escapeText(absorber.layer)}`,
    `<table class="doses"><thead><tr><th scope="col">Convention</th><th scope="col">Dose rate</th><th scope="col">Dose after ${duration(beam.exposure)}</th></tr></thead><tbody>${body.join("")}</tbody></table>
<p class="about">Mean over the beam. ${percent(escaping)} of the absorbed energy leaves this layer as fluorescence and scattered photons; it is not subtracted.</p>`,
  );
}

function overTime({ time, limit, peak }: Calculation, doses: Doses): string {
  const { budget, convention, absorber, beam } = doses;
  if (peak === null) return `<p class="about">${fieldNeeds("beam.peak")}</p>`;
  const rate = budget?.rate ?? chosenDose(absorber.doseRate, convention);
  const shown = limit ? { limit: { dose: limit.dose, interval: limit.interval } } : {};
  const figure = figureHtml(doseOverTime({ rate, exposure: beam.exposure, peak, ...shown }));
  if (!time || !limit) return `${figure}<p class="about">Choose a dose limit to see when it is reached.</p>`;
  const range = time.interval && rangeText(time.interval);
  const parts = [
    ...(time.ofDose ? [`${rangeText(time.ofDose)} from the interval of the limit`] : []),
    ...(time.ofRate ? [`${rangeText(time.ofRate)} from the dose rate (95 %)`] : []),
  ];
  const both = parts.length > 1 ? `; ${parts.join(", ")}` : "";
  return `${figure}<p class="answer"><strong>${sentenceOf(limit.meaning)} after ${duration(time.time)}</strong>${range ? ` (${range}${both})` : ""}, in the brightest pixel.</p>
<p class="about">Limit: ${formatNumber(limit.dose / 1e6)} MGy (${convention}). ${escapeText(limit.source)}</p>`;
}

function rangeText([low, high]: readonly [number, number]): string {
  return Number.isFinite(high) ? `${duration(low)} to ${duration(high)}` : `at least ${duration(low)}`;
}

function sentenceOf(text: string): string {
  return escapeText(`${text[0].toUpperCase()}${text.slice(1)}`);
}

function budgetHtml({ budget }: Doses): string {
  if (!budget) return `<p class="about">Give at least one standard uncertainty above 0.</p>`;
  return `${figureHtml(tornado({ budget: budget.dose }))}<p class="about">${sentenceOf(budget.dose.verdict)}.</p>`;
}

function planResult({ plan, limit, problems }: Calculation, form: Form): string {
  if (plan) {
    // Without light in the detector there is a verdict, but no curve.
    const figure = plan.curve.dose.length > 1 ? figureHtml(feasibleRegion({ plan })) : "";
    return `${figure}<p class="about">${sentenceOf(plan.verdict)}</p>`;
  }
  const isOpen = [...problems.keys()].some((path) => path.startsWith("plan.") || path.startsWith("limit."));
  const needs =
    !limit && !isOpen
      ? "Choose a dose limit."
      : !hasPlan(form.plan)
        ? "Fill in the measurement: edge, scans, exposure, flat fields, and detector."
        : "Some fields of limit or measurement are open, see above.";
  return `<p class="about">${needs}</p>`;
}

function fieldNeeds(path: string): string {
  const { label, needs } = fieldAt(path);
  return `${label}: needs ${needs}.`;
}

function layerTable({ layers, stack, convention }: Doses): string {
  const rows = Array.from(layers, (one, i) => {
    const { thickness } = stack.layers[i];
    const cells = [
      `${formatNumber(thickness)}`,
      percent(one.transmission, 4),
      formatNumber(one.transmittedFlux),
      formatNumber(one.absorbedPower * 1e3),
      quantity(chosenDose(one.doseRate, convention), "Gy/s"),
      quantity(chosenDose(one.dose, convention), "Gy"),
    ];
    return `<tr><th scope="row">${escapeText(one.layer)}</th>${cells.map((cell) => `<td>${cell}</td>`).join("")}</tr>`;
  });
  const heads = ["Layer", "Thickness (µm)", "Transmission", "Flux behind (photons/s)", "Absorbed (mW)", `Dose rate, ${convention}`, `Dose, ${convention}`]; // biome-ignore format: one line
  return `<div class="scroll" tabindex="0" role="region" aria-label="Table of all layers"><table><thead><tr>${heads.map((head) => `<th scope="col">${head}</th>`).join("")}</tr></thead><tbody>${rows.join("")}</tbody></table></div>`;
}
