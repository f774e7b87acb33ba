// The form as HTML. Which fields there are follows from the choices in it.
import { escapeText } from "../../../compute/escape.js";
import { conventions } from "../../../dose/convention.js";
import { type LibraryMaterial, materials } from "../../../dose/materials.js";
import { publishedThresholds } from "../../../dose/planner/index.js";
import { MGY } from "../../../units.js";
import { planFields, spreadFields } from "../fields.js";
import { type Form, type LayerForm, MOST_LAYERS, type PlanField, type SpreadField } from "../form.js";
import { area, choice, input, type Option, optionList } from "./fields.js";

/** All sections. @param open whether the fields of each layer are shown */
export function formHtml(form: Form, open: readonly boolean[]): string {
  return [
    section("layers", "Layers, in the order of the beam", layersHtml(form, open)),
    section("beam", "Beam", beamHtml(form.beam)),
    section("convention", "Density convention", conventionHtml(form.convention)),
    section("limit", "Dose limit", limitHtml(form.limit)),
    section("spread", "Standard uncertainties", spreadHtml(form)),
    section("plan", "Measurement, for signal and noise", planHtml(form.plan)),
  ].join("\n");
}

/** A layer in one line: "LiNiO2, 10 µm, porosity 0.36, with LP57". */
export function layerSummary(layer: LayerForm): string {
  const named = (chosen: string, formula: string): string => (chosen === "formula" ? formula : chosen);
  const size = layer.by === "loading" ? `${layer.loading} mg/cm²` : `${layer.thickness} µm`;
  const porous = Number(layer.porosity) === 0 ? "" : `porosity ${layer.porosity}`;
  const liquid = layer.liquid === "none" ? "" : `with ${named(layer.liquid, layer.liquidFormula)}`;
  const parts = [named(layer.solid, layer.formula), /^ /.test(size) ? "" : size, porous, liquid];
  return parts.filter((part) => part.trim() !== "").join(", ");
}

/** What is known of the chosen material; "" for a formula. */
export function materialNote(name: string): string {
  const found = materials().find((one) => one.name === name);
  if (!found) return "";
  const formula = found.formula.length > 40 ? found.title : found.formula;
  return `${formula}, ${found.density} g/cm³ (${found.source})`;
}

const BY: readonly Option[] = [
  ["thickness", "thickness"],
  ["loading", "mass loading"],
];

function section(id: string, title: string, html: string): string {
  return `<section aria-labelledby="${id}-title"><h2 id="${id}-title">${title}</h2>${html}</section>`;
}

function layersHtml(form: Form, open: readonly boolean[]): string {
  const many = form.layers.length > 1;
  const items = form.layers.map((layer, i) => layerHtml(layer, i, form, open[i] ?? false, many));
  const full = form.layers.length >= MOST_LAYERS ? " disabled" : "";
  return `<ol class="layers">${items.join("")}</ol><button type="button" data-do="add" id="add-layer"${full}>Add a layer</button>`;
}

function layerHtml(layer: LayerForm, i: number, form: Form, open: boolean, many: boolean): string {
  const at = `layers.${i}`;
  const chosen = form.absorber === String(i);
  const name = layer.name || `Layer ${i + 1}`;
  const button = (action: string, text: string, disabled: boolean): string =>
    `<button type="button" data-do="${action}" data-layer="${i}" id="${action}-${i}" aria-label="${text}: ${escapeText(name)}"${disabled ? " disabled" : ""}>${text}</button>`;
  const fields = [
    input(`${at}.name`, layer.name, "text"),
    materialChoice(`${at}.solid`, layer.solid),
    ...(layer.solid === "formula"
      ? [input(`${at}.formula`, layer.formula, "text"), input(`${at}.density`, layer.density)]
      : []),
    choice(`${at}.by`, layer.by, optionList(BY, layer.by)),
    layer.by === "loading" ? input(`${at}.loading`, layer.loading) : input(`${at}.thickness`, layer.thickness), // biome-ignore format: one line
    input(`${at}.porosity`, layer.porosity),
    materialChoice(`${at}.liquid`, layer.liquid, [["none", "none"]]),
    ...(layer.liquid === "formula"
      ? [
          input(`${at}.liquidFormula`, layer.liquidFormula, "text"),
          input(`${at}.liquidDensity`, layer.liquidDensity),
        ]
      : []),
  ];
  return `<li><details class="layer" data-layer="${i}"${open ? " open" : ""}>
<summary><span class="layer-name" id="summary-name-${i}">${escapeText(name)}</span> <span class="layer-what" id="summary-${i}">${escapeText(layerSummary(layer))}</span></summary>
<div class="fields">${fields.join("")}</div>
<div class="actions">${button("up", "Move up", i === 0)}${button("down", "Move down", i === form.layers.length - 1)}${button("remove", "Remove", !many)}</div>
</details>
<label class="absorber"><input type="radio" name="absorber" value="${i}" data-path="absorber" id="absorber-${i}"${chosen ? " checked" : ""}> dose of this layer<span class="hidden">: ${escapeText(name)}</span></label></li>`;
}

function materialChoice(path: string, chosen: string, first: readonly Option[] = []): string {
  const groups = new Map<string, LibraryMaterial[]>();
  for (const one of materials()) groups.set(one.group, [...(groups.get(one.group) ?? []), one]);
  const list = [...groups].map(([group, entries]) => {
    const options = entries.map(({ name, title }): Option => [name, title === name ? name : `${name}: ${title}`]); // biome-ignore format: one line
    return `<optgroup label="${escapeText(group)}">${optionList(options, chosen)}</optgroup>`;
  });
  const start: Option[] = [
    ...(chosen === "" ? ([["", "choose"]] as const) : []),
    ...first,
    ["formula", "formula and density"],
  ];
  return choice(path, chosen, optionList(start, chosen) + list.join(""));
}

function beamHtml(beam: Form["beam"]): string {
  const kinds: Option[] = [
    ["one", "of one energy"],
    ["scan", "of a scan: one energy after the other, the same time at each"],
    ["spectrum", "of a spectrum: all energies at once"],
  ];
  const units: Option[] = [
    ["s", "s"],
    ["min", "min"],
    ["h", "h"],
  ];
  const of: Readonly<Record<string, readonly string[]>> = {
    scan: (["from", "to", "step"] as const).map((name) => input(`beam.${name}`, beam[name])),
    spectrum: [area("beam.spectrum", beam.spectrum)],
  };
  const fields = [
    choice("beam.kind", beam.kind, optionList(kinds, beam.kind), true),
    ...(of[beam.kind] ?? [input("beam.energy", beam.energy)]),
    input("beam.flux", beam.flux, "text"),
    input("beam.width", beam.width),
    input("beam.height", beam.height),
    input("beam.exposure", beam.exposure),
    choice("beam.unit", beam.unit, optionList(units, beam.unit)),
    input("beam.peak", beam.peak),
  ];
  return `<div class="fields">${fields.join("")}</div>`;
}

const MEANINGS: Readonly<Record<string, string>> = {
  dense: "dense: all power over the mass of a layer without pores",
  composite: "composite: all power over the mass of solid and liquid",
  porous: "porous: all power over the mass of the solid",
  phase: "phase: the power in each phase over the mass of this phase",
};

function conventionHtml(chosen: string): string {
  const options = conventions.map((one): Option => [one, MEANINGS[one]]);
  return `<p class="about">All four are in the results. The chosen one is used for the limit, the budget and the plan.</p>
<div class="fields">${choice("convention", chosen, optionList(options, chosen), true)}</div>`;
}

function limitHtml(limit: Form["limit"]): string {
  const kinds: Option[] = [
    ["none", "none"],
    ["published", "published threshold"],
    ["benchmark", "benchmark dose: a stated fraction of a response is lost"],
    ["threshold", "own threshold"],
  ];
  const known = publishedThresholds().map(({ id, dose, material }): Option => [id, `${id}: ${dose / MGY} MGy, ${material}`]); // biome-ignore format: one line
  const own = [
    ...(limit.kind === "benchmark" ? [input("limit.loss", limit.loss)] : []),
    ...(["dose", "low", "high"] as const).map((name) => input(`limit.${name}`, limit[name])),
    area("limit.source", limit.source),
  ];
  const of: Readonly<Record<string, readonly string[]>> = {
    published: [
      choice("limit.id", limit.id, optionList([...(limit.id === "" ? ([["", "choose"]] as const) : []), ...known], limit.id), true), // biome-ignore format: one line
    ],
    benchmark: own,
    threshold: own,
  };
  const fields = [
    choice("limit.kind", limit.kind, optionList(kinds, limit.kind), true),
    ...(of[limit.kind] ?? []),
  ];
  return `<div class="fields">${fields.join("")}</div>`;
}

function spreadHtml({ spread }: Form): string {
  const names = Object.keys(spreadFields) as SpreadField[];
  return `<p class="about">An input without an uncertainty is not in the budget.</p>
<div class="fields">${names.map((name) => input(`spread.${name}`, spread[name])).join("")}</div>`;
}

function planHtml(plan: Form["plan"]): string {
  const names = Object.keys(planFields) as PlanField[];
  return `<p class="about">Needed only for the feasible region: does the dose that is allowed give enough signal?</p>
<div class="fields">${names.map((name) => input(`plan.${name}`, plan[name])).join("")}</div>`;
}
