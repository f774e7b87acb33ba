// The planner and the uncertainties of the form.
import type { Beam } from "../../dose/beam.js";
import type { Uncertainties } from "../../dose/budget/index.js";
import { readInputs } from "../../dose/budget/inputs.js";
import type { Convention } from "../../dose/convention.js";
import { type Plan, planExperiment } from "../../dose/planner/index.js";
import type { Stack } from "../../dose/stack.js";
import type { Form, PlanField, SpreadField } from "./form.js";
import type { Limit } from "./read-limit.js";
import type { Reader } from "./reader.js";

/** The uncertainties that are given; those with a problem are left out. */
export function readUncertainties(reader: Reader, spread: Form["spread"], stack: Stack): Uncertainties {
  const { absorber, layers } = stack;
  const others = layers.filter((layer) => layer !== absorber).map((layer) => layer.name);
  const of = (name: SpreadField): number | undefined => {
    const value = reader.optional(`spread.${name}`, spread[name]);
    return value === undefined || name === "porosity" ? value : value / 100;
  };
  const given: Partial<Record<keyof Uncertainties, unknown>> = {};
  const take = (field: SpreadField, input: keyof Uncertainties, names: readonly string[] | null): void => {
    const value = of(field);
    if (value === undefined || names?.length === 0) return;
    const spreads = names === null ? value : Object.fromEntries(names.map((name) => [name, value]));
    const read = () => readInputs(stack, { [input]: spreads } as Uncertainties);
    if (reader.attempt(read, {}, `spread.${field}`) === undefined) return;
    given[input] = names === null ? value : { ...(given[input] as object), ...(spreads as object) };
  };
  for (const name of ["flux", "area", "exposure", "tables"] as const) take(name, name, null);
  for (const name of ["thickness", "density", "porosity"] as const) take(name, name, [absorber.name]);
  take("upstream", "thickness", others);
  return given as Uncertainties;
}

/** What the plan needs from the rest of the form. */
export interface Planned {
  readonly stack: Stack;
  readonly beam: Beam;
  readonly peak: number;
  readonly convention: Convention;
  readonly limit: Limit;
}

/** Whether any field of the measurement is filled in. */
export function hasPlan(plan: Form["plan"]): boolean {
  return Object.values(plan).some((text) => text.trim() !== "");
}

/** The plan; undefined where a field has a problem. */
export function readPlan(reader: Reader, form: Form["plan"], planned: Planned): Plan | undefined {
  const value = (name: PlanField): number => reader.number(`plan.${name}`, form[name]) ?? Number.NaN;
  const needed = reader.optional("plan.signal", form.signal);
  const { stack, beam, peak, convention, limit } = planned;
  const options = {
    stack,
    beam,
    peak,
    convention,
    threshold: limit.planned,
    margin: value("margin"),
    protocol: {
      cubes: value("cubes"),
      duration: beam.exposure,
      exposure: value("image"),
      edge: value("edge"),
      average: value("average"),
      flats: value("flats"),
    },
    detector: {
      pixelSize: value("pixel"),
      efficiency: value("efficiency"),
      behind: value("behind"),
      excess: value("excess"),
      readNoise: value("noise"),
      binned: value("binned"),
    },
    ...(needed !== undefined && { signal: needed }),
  };
  if ([...reader.problems.keys()].some((path) => path.startsWith("plan."))) return undefined;
  return reader.attempt(() => planExperiment(options), FIELDS, "plan.cubes");
}

/** Fields by the names that the planner gives to its inputs. */
const FIELDS: Readonly<Record<string, string>> = {
  margin: "plan.margin",
  signal: "plan.signal",
  "protocol.cubes": "plan.cubes",
  duration: "plan.cubes",
  "protocol.exposure": "plan.image",
  exposure: "plan.image",
  edge: "plan.edge",
  average: "plan.average",
  flats: "plan.flats",
  "detector.pixelSize": "plan.pixel",
  "detector.efficiency": "plan.efficiency",
  "detector.binned": "plan.binned",
  behind: "plan.behind",
  excess: "plan.excess",
  readNoise: "plan.noise",
  quanta: "plan.image",
};
