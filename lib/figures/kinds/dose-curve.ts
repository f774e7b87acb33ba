// Concentrations against dose (dose-response curves).

import * as Plot from "@observablehq/plot";
import { ArgumentError, DataError, quote } from "../../errors.js";
import { checkOptions, type OptionNames, requireOptions } from "../../options.js";
import { chart } from "../parts/chart.js";
import { color, extentOf, interval, type Size, sizeOf, vector } from "../parts/check.js";
import { type NamedColumn, table } from "../parts/data.js";
import { Figure } from "../parts/figure.js";
import type { LegendEntry } from "../parts/legend.js";
import { CONCENTRATION, percentDomain, type SpeciesOptions, speciesOf } from "../parts/species.js";
import { theme } from "../parts/theme.js";
import { formatNumber, formatRange } from "../parts/ticks.js";

/** A dose that is drawn as a vertical line, with its interval as a band. */
export interface MarkedDose {
  readonly value: number;
  readonly interval?: readonly [number, number];
  readonly label?: string;
}

/** Options of `doseCurve`. */
export interface DoseCurveOptions extends SpeciesOptions {
  /** MGy, one value per point, ascending or not. */
  readonly dose: ArrayLike<number>;
  /** Default: `Local dose`. */
  readonly doseLabel?: string;
  /** Onset (dose threshold), MGy, with its confidence interval. */
  readonly threshold?: MarkedDose;
  /** Benchmark dose, MGy, with its limits; drawn lighter. */
  readonly benchmark?: MarkedDose;
  /** A dose from elsewhere for comparison, such as a published threshold, MGy; drawn dashed. */
  readonly reference?: MarkedDose;
  /** A fitted model drawn through the points: fractions (0..1) at some doses. */
  readonly fit?: {
    readonly dose: ArrayLike<number>;
    readonly values: ArrayLike<number>;
    readonly label?: string;
    readonly color?: string;
  };
  readonly logX?: boolean;
  readonly title?: string;
  readonly size?: Size;
}

const DOSE_CURVE: OptionNames<DoseCurveOptions> = {
  dose: true,
  doseLabel: true,
  threshold: true,
  benchmark: true,
  reference: true,
  fit: true,
  logX: true,
  title: true,
  size: true,
  components: true,
  errors: true,
  bands: true,
  colors: true,
};

/**
 * Relative concentrations against the local dose with the threshold and its interval, as in Figs. 8 and 13.
 *
 * @throws ShapeError when a component and the doses disagree in length
 * @throws ArgumentError for an invalid option, such as a dose of zero on a logarithmic axis
 * @example
 * const [dose, Cp3] = [[10, 30, 50, 70], [0.95, 0.95, 0.8, 0.6]]; // MGy
 * figures.doseCurve({ dose, components: { Cp3 }, threshold: { value: 35, interval: [33, 37] } });
 */
export function doseCurve(options: DoseCurveOptions): Figure {
  const call = "figures.doseCurve";
  requireOptions(call, options, DOSE_CURVE);
  if (options.fit) {
    checkOptions(`${call}, fit`, options.fit, { dose: true, values: true, label: true, color: true });
  }
  const dose = vector(call, "dose", options.dose);
  const doses = KINDS.flatMap((kind) => markedDose(call, kind, options[kind.name]));
  const given = sizeOf(call, options.size ?? "column", 0.74);
  // Each marked dose has a line of the legend; the frame keeps its height.
  const lines = typeof options.size === "object" ? 0 : Math.max(0, doses.length - 1);
  const size = { ...given, height: given.height + 14 * lines };
  const fit = options.fit && {
    dose: vector(call, "fit.dose", options.fit.dose),
    values: vector(call, "fit.values", options.fit.values, options.fit.dose.length).map((v) => 100 * v),
    label: options.fit.label ?? "fit",
    color: color(call, "fit.color", options.fit.color ?? "#000000"),
  };
  const species = speciesOf(call, options, dose, size.width - 70, fit ? [fitLine(fit)] : []);
  const domain = doseDomain(call, dose, fit?.dose, options.logX ?? false);
  const y = {
    label: CONCENTRATION,
    domain: percentDomain(fit ? [...species.all, ...fit.values] : species.all),
  };
  const legend: LegendEntry[] = [...species.legend];
  const marks: Plot.Markish[] = [];
  const [bottom, top] = y.domain;
  const inside = (v: number): number => Math.min(domain[1], Math.max(domain[0], v));
  for (const { value, interval: limits, text, shade, opacity, dash } of doses) {
    const [x1, x2] = (limits ?? [0, 0]).map(inside);
    if (limits && x1 < x2) {
      const strip = { x1: [x1], x2: [x2], y1: [bottom], y2: [top], fill: shade, fillOpacity: opacity };
      marks.push(Plot.rect([0], strip));
    }
    if (value === inside(value)) {
      const line = { stroke: theme.ink, strokeWidth: 1, strokeDasharray: dash };
      marks.push(Plot.ruleX([value], { y1: bottom, y2: top, ...line }));
    }
    legend.push({ label: text, color: shade, area: limits ? opacity : undefined, rule: dash ?? "none" });
  }
  marks.push(...species.marks);
  if (fit) legend.push({ label: fit.label, color: fit.color, line: "dashed" });
  const x = { label: `${options.doseLabel ?? "Local dose"} (MGy)`, domain, log: options.logX };
  const drawing = chart({ ...size, heading: options.title, x, y, marks, legend, legendAt: "above" });
  const extent = extentOf(dose) ?? domain;
  return new Figure(
    drawing,
    {
      title: options.title ?? "Relative concentrations against dose",
      description: `${CONCENTRATION} of ${species.names.join(", ")} against ${x.label} from ${formatNumber(extent[0])} to ${formatNumber(extent[1])}${doses.map(({ text }) => `; ${text}`).join("")}${fit ? `; ${fit.label} dashed` : ""}.`,
    },
    () => [
      table("concentrations", [[x.label, dose], ...species.columns]),
      ...(fit
        ? [
            table(fit.label, [
              [x.label, fit.dose],
              [CONCENTRATION, fit.values],
            ]),
          ]
        : []),
      ...doses.map(({ name, value, interval: limits }) =>
        table(name, [
          [`${name} (MGy)`, [value]],
          ...(["lower", "upper"] as const).map(
            (end, i): NamedColumn => [`${end} limit (MGy)`, [limits?.[i] ?? Number.NaN]],
          ),
        ]),
      ),
    ],
  );
}

/** Doses that can be marked. */
const KINDS = [
  { name: "threshold", word: "onset", shade: "#9a9a9a", opacity: 0.35, dash: undefined },
  { name: "benchmark", word: "benchmark dose", shade: "#c9b458", opacity: 0.35, dash: undefined },
  { name: "reference", word: "for comparison", shade: "#b9d3e6", opacity: 0.35, dash: "3 2" },
] as const;

interface Fit {
  readonly dose: Float64Array;
  readonly values: Float64Array;
  readonly color: string;
}

function fitLine({ dose, values, color: stroke }: Fit): Plot.Markish {
  const style = { stroke, strokeWidth: theme.stroke.line, strokeDasharray: "4 3" };
  return Plot.line({ length: dose.length }, { x: dose, y: values, ...style });
}

function markedDose(call: string, kind: (typeof KINDS)[number], marked: MarkedDose | undefined) {
  if (!marked) return [];
  const { name } = kind;
  checkOptions(`${call}, ${name}`, marked, { value: true, interval: true, label: true });
  const { value, label } = marked;
  if (!Number.isFinite(value)) {
    throw new ArgumentError(
      `${call}: expected ${name}.value in MGy, got ${quote(value)}; leave ${name} out where there is none`,
      { option: name, value },
    );
  }
  const limits = marked.interval && interval(call, `${name}.interval`, marked.interval);
  const range = limits ? ` (${formatRange(limits)})` : "";
  return [
    { ...kind, value, interval: limits, text: label ?? `${kind.word} ${formatNumber(value, 3)}${range} MGy` },
  ];
}

function doseDomain(
  call: string,
  dose: Float64Array,
  fit: Float64Array | undefined,
  log: boolean,
): [number, number] {
  const extent = extentOf(dose, fit ?? []);
  if (!extent) throw new DataError(`${call}: expected doses, got only NaN`);
  const [low, high] = extent;
  if (!log) {
    const air = 0.02 * (high - low) || 0.5;
    return [low >= 0 && low < 0.2 * high ? 0 : low - air, high + air];
  }
  if (low > 0) return [low * 0.9, high * 1.12];
  throw new ArgumentError(
    `${call}: expected doses above 0 on a logarithmic axis, got ${low}; leave logX out or drop these points`,
    { option: "logX", value: low },
  );
}
