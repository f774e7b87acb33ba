// What a person typed, as text. It is the content of the link, and nothing in it has been checked.
import { ArgumentError, quote } from "../../errors.js";

/** Fields of one layer. */
export interface LayerForm {
  readonly name: string;
  /** Name of a material of the library, or `formula`; "" where nothing was chosen. */
  readonly solid: string;
  readonly formula: string;
  /** g/cm3 */
  readonly density: string;
  /** Whether the thickness or the mass loading is given. */
  readonly by: string;
  /** um */
  readonly thickness: string;
  /** mg/cm2 */
  readonly loading: string;
  readonly porosity: string;
  /** Name of a material of the library, `formula` or `none`. */
  readonly liquid: string;
  readonly liquidFormula: string;
  /** g/cm3 */
  readonly liquidDensity: string;
}

/** All fields. */
export interface Form {
  readonly layers: readonly LayerForm[];
  /** Index of the layer whose dose is computed. */
  readonly absorber: string;
  readonly beam: Readonly<Record<BeamField, string>>;
  readonly convention: string;
  readonly spread: Readonly<Record<SpreadField, string>>;
  readonly limit: Readonly<Record<LimitField, string>>;
  readonly plan: Readonly<Record<PlanField, string>>;
}

const BEAM = [
  "kind",
  "energy",
  "from",
  "to",
  "step",
  "spectrum",
  "flux",
  "width",
  "height",
  "exposure",
  "unit",
  "peak",
] as const;
const SPREAD = [
  "flux",
  "area",
  "exposure",
  "thickness",
  "density",
  "porosity",
  "upstream",
  "tables",
] as const;
const LIMIT = ["kind", "id", "loss", "dose", "low", "high", "source"] as const;
const PLAN = [
  "edge",
  "cubes",
  "image",
  "average",
  "flats",
  "pixel",
  "efficiency",
  "behind",
  "excess",
  "noise",
  "binned",
  "signal",
  "margin",
] as const;
const LAYER: readonly (keyof LayerForm)[] = [
  "name",
  "solid",
  "formula",
  "density",
  "by",
  "thickness",
  "loading",
  "porosity",
  "liquid",
  "liquidFormula",
  "liquidDensity",
];

export type BeamField = (typeof BEAM)[number];
export type SpreadField = (typeof SPREAD)[number];
export type LimitField = (typeof LIMIT)[number];
export type PlanField = (typeof PLAN)[number];

/** Most layers of a form. */
export const MOST_LAYERS = 40;

/** A layer without any input; the choices that a page must show are those with the fewest fields. */
export function blankLayer(name = ""): LayerForm {
  return { ...record(LAYER), name, by: "thickness", liquid: "none" };
}

/** A form without any input. */
export function blankForm(): Form {
  return {
    layers: [blankLayer()],
    absorber: "0",
    beam: { ...record(BEAM), kind: "one", unit: "s" },
    convention: "porous",
    spread: record(SPREAD),
    limit: { ...record(LIMIT), kind: "none" },
    plan: record(PLAN),
  };
}

/**
 * A form from data that came from outside, such as a link. Fields that it lacks are empty.
 *
 * @throws ArgumentError for data of another shape
 */
export function formOf(data: unknown): Form {
  const given = object("inputs", data);
  known("inputs", given, Object.keys(blankForm()));
  const layers = given.layers;
  if (!Array.isArray(layers) || layers.length === 0 || layers.length > MOST_LAYERS) {
    throw new ArgumentError(`inputs: expected 1 to ${MOST_LAYERS} layers, got ${quote(layers)}`);
  }
  const blank = blankForm();
  return {
    layers: layers.map((layer, i) => texts(`layer ${i + 1}`, blankLayer(), layer)),
    absorber: text("absorber", given.absorber ?? blank.absorber),
    beam: texts("beam", blank.beam, given.beam ?? {}),
    convention: text("convention", given.convention ?? blank.convention),
    spread: texts("spread", blank.spread, given.spread ?? {}),
    limit: texts("limit", blank.limit, given.limit ?? {}),
    plan: texts("plan", blank.plan, given.plan ?? {}),
  };
}

function record<Name extends string>(names: readonly Name[]): Record<Name, string> {
  return Object.fromEntries(names.map((name) => [name, ""])) as Record<Name, string>;
}

/** The fields of `blank` with the texts that are given. */
function texts<T extends object>(where: string, blank: T, data: unknown): T {
  const given = object(where, data);
  known(`inputs, ${where}`, given, Object.keys(blank));
  const read = Object.entries(given).map(([name, value]) => [name, text(`${where}, ${name}`, value)]);
  return { ...blank, ...Object.fromEntries(read) };
}

function known(where: string, given: object, names: readonly string[]): void {
  const unknown = Object.keys(given).find((name) => !names.includes(name));
  if (unknown === undefined) return;
  throw new ArgumentError(`${where}: expected ${names.join(", ")}, got ${quote(unknown)}`);
}

function object(where: string, data: unknown): Record<string, unknown> {
  if (typeof data === "object" && data !== null && !Array.isArray(data))
    return data as Record<string, unknown>;
  throw new ArgumentError(`inputs: expected ${where} as an object, got ${quote(data)}`);
}

function text(where: string, value: unknown): string {
  if (typeof value === "string" && value.length <= 20_000) return value;
  throw new ArgumentError(`inputs: expected ${where} as text, got ${quote(value)}`);
}
