// From the form to all numbers of the page. The numbers are those of the library.
import type { Beam } from "../../dose/beam.js";
import { type DoseBudget, doseBudget } from "../../dose/budget/index.js";
import { type Convention, conventions } from "../../dose/convention.js";
import type { ConventionDose, LayerDose } from "../../dose/layer-dose.js";
import type { Plan } from "../../dose/planner/index.js";
import type { Stack } from "../../dose/stack.js";
import type { StackDose } from "../../dose/stack-dose.js";
import { type TimeToDose, timeToDose } from "../../dose/time-to-dose.js";
import { quote } from "../../errors.js";
import type { Form } from "./form.js";
import { readBeam, readPeak } from "./read-beam.js";
import { type Limit, readLimit } from "./read-limit.js";
import { hasPlan, readPlan, readUncertainties } from "./read-plan.js";
import { readStack } from "./read-stack.js";
import { type Problems, Reader } from "./reader.js";

/** All doses of the stack, and what follows from them. */
export interface Doses {
  readonly stack: Stack;
  readonly beam: Beam;
  readonly convention: Convention;
  readonly layers: StackDose<Stack>;
  /** Of the absorber. */
  readonly absorber: LayerDose;
  /** Fraction of the absorbed power that leaves the absorber as fluorescence or scattered photons. */
  readonly escaping: number;
  /** Budget of the dose and of the dose rate; null without any uncertainty. */
  readonly budget: { readonly dose: DoseBudget; readonly rate: DoseBudget } | null;
}

/** Result of the form. */
export interface Calculation {
  readonly problems: Problems;
  /** null while layers or beam have problems. */
  readonly doses: Doses | null;
  readonly peak: number | null;
  readonly limit: Limit | null;
  /** Time until the limit; null without doses, peak or limit. */
  readonly time: TimeToDose | null;
  readonly plan: Plan | null;
}

/** Computes what the form allows, and lists what is missing or wrong. */
export function calculate(form: Form): Calculation {
  const reader = new Reader();
  const stack = readStack(reader, form.layers, form.absorber);
  const beam = readBeam(reader, form.beam);
  const peak = readPeak(reader, form.beam.peak);
  const convention = conventions.find((one) => one === form.convention);
  if (convention === undefined) {
    reader.wrong("convention", `Expected ${conventions.join(", ")}, got ${quote(form.convention)}.`);
  }
  const limit = convention && readLimit(reader, form.limit, convention);
  const doses = stack && beam && convention ? dosesOf(reader, form, { stack, beam, convention }) : null;
  const rate = doses && (doses.budget?.rate ?? chosenDose(doses.absorber.doseRate, doses.convention));
  const time =
    rate && peak !== undefined && limit
      ? timeToDose({ dose: limit.dose, interval: limit.interval, rate, peak })
      : null;
  const plan =
    doses && limit && peak !== undefined && hasPlan(form.plan)
      ? readPlan(reader, form.plan, { stack: doses.stack, beam: doses.beam, convention: doses.convention, peak, limit }) // biome-ignore format: one line
      : null;
  return {
    problems: reader.problems,
    doses,
    peak: peak ?? null,
    limit: limit ?? null,
    time,
    plan: plan ?? null,
  };
}

function dosesOf(
  reader: Reader,
  form: Form,
  { stack, beam, convention }: Pick<Doses, "stack" | "beam" | "convention">,
): Doses {
  const index = stack.layers.indexOf(stack.absorber);
  const layers = stack.dose(beam);
  const uncertainties = readUncertainties(reader, form.spread, stack);
  const escaping = stack.escape(beam)[index].total;
  const isKnown = Object.values(uncertainties).some((one) =>
    typeof one === "object" ? Object.values(one).some((value) => value !== 0) : one !== 0,
  );
  const budgetOf = (quantity: "dose" | "doseRate"): DoseBudget =>
    // The escape is given as a number: it is the same for both quantities, and takes longest.
    doseBudget(stack, beam, {
      uncertainties,
      convention,
      quantity,
      choices: { convention: true, escape: escaping },
    });
  const budget = isKnown ? { dose: budgetOf("dose"), rate: budgetOf("doseRate") } : null;
  return { stack, beam, convention, layers, absorber: layers[index], escaping, budget };
}

/** The number of a convention; of `phase` that of the solid. */
export function chosenDose(dose: ConventionDose, convention: Convention): number {
  return convention === "phase" ? dose.phase.solid : dose[convention];
}
