// Reads the given uncertainties into a list of inputs of the model.
import { percent } from "../../compute/format.js";
import { ArgumentError, quote } from "../../errors.js";
import { checkOptions, type OptionNames } from "../../options.js";
import { type AttenuationTables, checkTables } from "../attenuation.js";
import type { Stack } from "../stack.js";
import { LAYER_SLOTS, type LayerSlot, layerSlot, SLOTS, type TableSpread } from "./model.js";

/** A standard uncertainty (one standard deviation), with or without its distribution and kind. */
export type Spread =
  | number
  | {
      readonly standard: number;
      /** `normal` (default), or `uniform` within ± sqrt(3) standard uncertainties. */
      readonly distribution?: "normal" | "uniform";
      /** Whether it differs between pixels or repetitions. Default false: it changes all doses together. */
      readonly random?: boolean;
    };

/** One value for all layers, one list entry per layer, or values by the names of the layers. */
export type LayerSpread = number | Readonly<Record<string, Spread>>;

/** Uncertainties of the inputs of a dose. All are relative (0.05 is 5 %), except that of the porosity. */
export interface Uncertainties {
  /** Photons per second. */
  readonly flux?: Spread;
  /** Seconds of beam. */
  readonly exposure?: Spread;
  /**
   * Cross section of the beam, or of a pixel at the sample; at most 0.25, since the dose is proportional to
   * its inverse.
   */
  readonly area?: Spread;
  readonly thickness?: LayerSpread;
  /** Of the solids. */
  readonly density?: LayerSpread;
  /** Of the liquids in the pores. */
  readonly liquidDensity?: LayerSpread;
  /**
   * Absolute: 0.04 means 0.36 ± 0.04; at most 0.29, the standard deviation of a uniform porosity from 0 to 1.
   */
  readonly porosity?: LayerSpread;
  /**
   * All attenuation coefficients together: a relative uncertainty, or other tables than the stack's, whose
   * difference counts as one standard uncertainty.
   */
  readonly tables?: Spread | AttenuationTables;
}

/** One uncertain input. */
export interface Input {
  /** `flux`, `thickness.Cathode`, ... */
  readonly name: string;
  readonly slot: number;
  /** Standard uncertainty in the unit of the input. */
  readonly standard: number;
  readonly distribution: "normal" | "uniform";
  readonly random: boolean;
  /** Values outside [low, high] are invalid. */
  readonly low: number;
  readonly high: number;
  /** The given uncertainty as text: "5 %", "0.04". */
  readonly given: string;
}

/** All inputs with an uncertainty above zero, and the meaning of `tables`. */
export interface Inputs {
  readonly list: readonly Input[];
  readonly tables: TableSpread;
}

const GLOBAL = ["flux", "exposure", "area"] as const;

/**
 * Reads and checks. @throws ArgumentError for an unknown input or layer, or an invalid standard uncertainty
 */
export function readInputs(stack: Stack, uncertainties: Uncertainties): Inputs {
  if (typeof uncertainties !== "object" || uncertainties === null) {
    throw new ArgumentError(
      `${CALL}: expected uncertainties such as { flux: 0.05 }, got ${quote(uncertainties)}`,
      { uncertainties },
    );
  }
  checkOptions(`${CALL}, uncertainties`, uncertainties, NAMES);
  const list: Input[] = [];
  for (const name of GLOBAL) {
    const spread = uncertainties[name];
    if (spread !== undefined) list.push(input(name, SLOTS[name], spread, { low: 0, high: Infinity }));
  }
  for (const name of LAYER_SLOTS) list.push(...layerInputs(stack, name, uncertainties[name]));
  const { tables } = uncertainties;
  if (typeof tables === "string") {
    if (checkTables(CALL, tables) === stack.tables) {
      throw new ArgumentError(
        `${CALL}: expected other tables than the stack's to compare with, got ${quote(tables)}`,
        { tables },
      );
    }
    list.push(input("tables", SLOTS.tables, 1, ANY, tables));
    return { list, tables };
  }
  if (tables === undefined) return { list: positiveOnly(list), tables: 0 };
  const { standard, ...kind } = spreadOf("tables", tables);
  list.push(input("tables", SLOTS.tables, { standard: 1, ...kind }, ANY, percent(standard, 3)));
  return { list: positiveOnly(list, standard), tables: standard };
}

const CALL = "doseBudget";
const SPREAD = { standard: true, distribution: true, random: true } as const;
const NAMES: OptionNames<Uncertainties> = {
  flux: true,
  exposure: true,
  area: true,
  thickness: true,
  density: true,
  liquidDensity: true,
  porosity: true,
  tables: true,
};
const ANY = { low: Number.NEGATIVE_INFINITY, high: Number.POSITIVE_INFINITY };

function positiveOnly(list: readonly Input[], tables = 1): Input[] {
  return list.filter((one) => one.standard > 0 && (one.name !== "tables" || tables > 0));
}

function layerInputs(stack: Stack, name: LayerSlot, spread: LayerSpread | undefined): Input[] {
  if (spread === undefined) return [];
  const names = stack.layers.map((layer) => layer.name);
  const has = (index: number): boolean => {
    const { porosity, liquid } = stack.layers[index];
    return name === "porosity"
      ? porosity > 0
      : name !== "liquidDensity" || (liquid !== undefined && porosity > 0);
  };
  if (typeof spread === "object" && spread !== null) {
    for (const key of Object.keys(spread)) {
      const index = names.indexOf(key);
      if (index >= 0 && has(index)) continue;
      const able = names.filter((_, i) => has(i)).map(quote);
      throw new ArgumentError(
        `${CALL}: expected ${name} of a layer that has one (${able.join(", ") || "none"}), got ${quote(key)}`,
        { input: name, layer: key },
      );
    }
  }
  const bounds = name === "porosity" ? { low: 0, high: 1 } : { low: 0, high: Infinity };
  return names.flatMap((layer, i) => {
    const own = typeof spread === "object" && spread !== null ? spread[layer] : spread;
    if (own === undefined || !has(i)) return [];
    return [input(`${name}.${layer}`, layerSlot(i, name), own, bounds)];
  });
}

function input(
  name: string,
  slot: number,
  spread: Spread,
  bounds: { readonly low: number; readonly high: number },
  given?: string,
): Input {
  const read = spreadOf(name, spread);
  const text = name.startsWith("porosity")
    ? `${Number(read.standard.toPrecision(3))}`
    : percent(read.standard, 3);
  return { name, slot, ...read, ...bounds, given: given ?? text };
}

function spreadOf(name: string, spread: Spread): Pick<Input, "standard" | "distribution" | "random"> {
  const given =
    typeof spread === "object" && spread !== null
      ? checkOptions(`${CALL}, ${name}`, spread, SPREAD)
      : { standard: spread };
  const { standard, distribution = "normal", random = false } = given;
  // Values above 1 are probably percent. For a larger area the inverse has no variance in Monte Carlo.
  const most = name === "area" ? 0.25 : name.startsWith("porosity") ? 0.29 : 1;
  if (!(typeof standard === "number" && standard >= 0 && standard <= most)) {
    throw new ArgumentError(
      `${CALL}: expected a standard uncertainty from 0 to ${most} for ${name} (a fraction, not percent), got ${quote(standard)}`,
      { input: name, value: standard },
    );
  }
  if (distribution !== "normal" && distribution !== "uniform") {
    throw new ArgumentError(
      `${CALL}: expected a distribution normal or uniform for ${name}, got ${quote(distribution)}`,
    );
  }
  if (typeof random !== "boolean") {
    throw new ArgumentError(`${CALL}: expected random: true or false for ${name}, got ${quote(random)}`);
  }
  return { standard, distribution, random };
}
