// The results that figures are drawn of: another object is refused at the call, with how to get the right one.
import { BandsResult } from "../../cube/results/bands-result.js";
import { Concentrations } from "../../cube/results/concentrations.js";
import { DoseCurve } from "../../cube/results/dose-curve.js";
import { FitResult } from "../../cube/results/fit-result.js";
import { MapResult } from "../../cube/results/map.js";
import { Result } from "../../cube/results/result.js";
import { SpectraResult } from "../../cube/results/spectra.js";
import { ArgumentError, quote } from "../../errors.js";

const kinds = {
  spectra: [SpectraResult, "spectra of a cube", "await cube.spectra()"],
  map: [MapResult, "a map of a cube", 'await cube.map("doseRate")'],
  concentrations: [
    Concentrations,
    "a result of MCR-ALS or of a fit",
    "await cube.mcrAls(3) or await resolved.fit(cube)",
  ],
  fit: [FitResult, "a result of a fit", "await resolved.fit(cube)"],
  doseCurve: [DoseCurve, "a dose-response curve", 'fit.against(await cube.map("dose"), { step: 10 })'],
  bands: [BandsResult, "feasible bands", "resolved.bands()"],
} as const;

type Kinds = typeof kinds;

/**
 * The value, when it is a result of the kind.
 *
 * @param name of the argument or option, for the message
 * @throws ArgumentError for anything else
 */
export function given<Kind extends keyof Kinds>(
  call: string,
  name: string,
  kind: Kind,
  value: unknown,
): Kinds[Kind][0]["prototype"] {
  const [type, what, how] = kinds[kind];
  if (value instanceof type) return value;
  const got = value instanceof Result ? `a ${value.constructor.name}` : quote(value);
  throw new ArgumentError(`${call}: expected ${name} as ${what}, got ${got}; make it with ${how}`, {
    option: name,
    value,
  });
}

/** As {@link given}, for at least one result by name. */
export function allGiven<Kind extends keyof Kinds>(
  call: string,
  kind: Kind,
  values: unknown,
): [names: string[], results: Kinds[Kind][0]["prototype"][]] {
  const isPlain = typeof values === "object" && values !== null && !Array.isArray(values);
  const entries = isPlain && !(values instanceof Result) ? Object.entries(values) : [];
  if (entries.length === 0) {
    const [, what, how] = kinds[kind];
    const got = values instanceof Result ? `a ${values.constructor.name} without a name` : quote(values);
    throw new ArgumentError(
      `${call}: expected { name: result } with at least one result, each ${what}, got ${got}; make one with ${how}`,
    );
  }
  return [
    entries.map(([name]) => name),
    entries.map(([name, value]) => given(call, quote(name), kind, value)),
  ];
}
