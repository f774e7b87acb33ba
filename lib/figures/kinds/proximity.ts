// Effect of the dose of a pixel and of its neighborhood: the response against the local dose, against the
// equivalent dose, and the prediction error of each decay length.

import * as Plot from "@observablehq/plot";
import { z } from "zod";
import type { Proximity } from "../../dose/proximity.js";
import { checkOptions, type OptionNames } from "../../options.js";
import { type Chart, chart } from "../parts/chart.js";
import { table } from "../parts/data.js";
import { Figure } from "../parts/figure.js";
import { panel } from "../parts/panel.js";
import { checkShape, number, numbers } from "../parts/shaped.js";
import { palette, theme } from "../parts/theme.js";
import { formatNumber, withUnit } from "../parts/ticks.js";

/** Options of `proximity`. */
export interface ProximityFigureOptions {
  /** Name of the response; default `Response`. */
  readonly label?: string;
  readonly title?: string;
}

const PROXIMITY_FIGURE: OptionNames<ProximityFigureOptions> = {
  label: true,
  title: true,
};

const sameLength = (...lists: readonly ArrayLike<number>[]): boolean =>
  lists.every(({ length }) => length === lists[0].length);

const RESULT = z.object({
  length: number,
  interval: z.tuple([number, number]),
  unit: z.string(),
  crossValidation: z
    .object({ lengths: numbers, error: numbers })
    .refine(({ lengths, error }) => lengths.length > 1 && sameLength(lengths, error)),
  curve: z
    .object({ equivalentDose: numbers, response: numbers })
    .refine(({ equivalentDose, response }) => sameLength(equivalentDose, response)),
  maps: z
    .array(
      z
        .object({ name: z.string(), dose: numbers, equivalentDose: numbers, response: numbers })
        .refine(({ dose, equivalentDose, response }) => sameLength(dose, equivalentDose, response)),
    )
    .min(1),
});

/** Three of them and their gaps fill a page. */
const SIZE = { width: 226, height: 220 };

/**
 * Three panels from a result of `proximity`: response against local dose, one color per configuration;
 * response against equivalent dose with f; root mean square error of prediction against length, with the
 * interval shaded and dose alone dashed.
 *
 * @throws ArgumentError for an object that is not such a result
 * @example
 * const [width, height, pixelSize] = [24, 24, 50]; // um
 * const values = Float64Array.from(
 *   { length: width * height },
 *   (_, p) => 90 * Math.exp(-((((p % width) - 12) / 6) ** 2)),
 * );
 * const response = { values: values.map((d) => Math.exp(-d / 60)), width, height, pixelSize };
 * const dose = { values, width, height, pixelSize, unit: "MGy" };
 * figures.proximity(
 *   proximity({ dose, response }, { lengths: [100, 200], onset: 0, exponent: 1, weight: 1 }),
 * );
 */
export function proximity(result: Proximity, options: ProximityFigureOptions = {}): Figure {
  checkOptions("figures.proximity", options, PROXIMITY_FIGURE);
  checkShape("figures.proximity", "a result of proximity()", RESULT, result);
  const label = options.label ?? "Response";
  const figures = [
    against(result, "dose", `Local dose${result.unit && ` (${result.unit})`}`, label),
    against(result, "equivalentDose", withUnit("Equivalent dose", result.unit), label),
    lengths(result, label),
  ];
  return panel(figures, { columns: 3, title: options.title });
}

function against(result: Proximity, of: "dose" | "equivalentDose", x: string, y: string): Figure {
  const { maps, curve } = result;
  const points = maps.flatMap((m, s) =>
    Array.from(m.equivalentDose.keys())
      .filter((p) => !Number.isNaN(m.equivalentDose[p]))
      .map((p) => ({
        x: m[of][p],
        y: m.response[p],
        color: palette[s % palette.length],
        order: (p * 7919) % 1009,
      })),
  );
  // The order is random, so that neither configuration hides the other.
  points.sort((a, b) => a.order - b.order);
  const marks: Plot.Markish[] = [Plot.dot(points, { x: "x", y: "y", r: 1, fill: "color", fillOpacity: 0.5 })];
  if (of === "equivalentDose") {
    const knots = { x: curve.equivalentDose, y: curve.response };
    marks.push(
      Plot.line({ length: knots.x.length }, { ...knots, stroke: theme.ink, strokeWidth: theme.stroke.line }),
    );
  }
  const legend = maps.map((m, s) => ({
    label: m.name,
    color: palette[s % palette.length],
    symbol: "circle" as const,
  }));
  const spec: Chart = {
    ...SIZE,
    x: { label: x, domain: [0, 1.03 * highest(points.map((p) => p.x))] },
    y: { label: y, domain: padded(points.map((p) => p.y)) },
    marks,
    legend,
    legendAt: "above",
  };
  return new Figure(
    chart(spec),
    {
      title: `${y} against ${x}`,
      description: `${y} against ${x}, ${points.length} pixels of ${maps.map((m) => m.name).join(" and ")}.`,
    },
    () => [
      ...maps.map((m) => {
        const kept = Array.from(m.equivalentDose.keys()).filter((p) => !Number.isNaN(m.equivalentDose[p]));
        return table(m.name, [
          [x, kept.map((p) => m[of][p])],
          [y, kept.map((p) => m.response[p])],
        ]);
      }),
      ...(of === "equivalentDose"
        ? [
            table("curve", [
              [x, curve.equivalentDose],
              [y, curve.response],
            ]),
          ]
        : []),
    ],
  );
}

function lengths(result: Proximity, label: string): Figure {
  const { lengths: all, error } = result.crossValidation;
  const x = all.slice(1).map((v) => v / 1000);
  const y = error.slice(1);
  const domain: [number, number] = [0.8 * x[0], 1.25 * x[x.length - 1]];
  const [bottom, top] = padded(error);
  const inside = (v: number): number => Math.min(domain[1], Math.max(domain[0], v / 1000));
  const [x1, x2] = result.interval.map(inside);
  const shade = result.length > 0 && x2 > x1;
  const alone = { x: domain, y: [error[0], error[0]] };
  const marks: Plot.Markish[] = [
    ...(shade
      ? [Plot.rect([0], { x1: [x1], x2: [x2], y1: [bottom], y2: [top], fill: "#9a9a9a", fillOpacity: 0.35 })]
      : []),
    Plot.line({ length: 2 }, { ...alone, stroke: theme.muted, strokeDasharray: "4 3" }),
    Plot.line({ length: x.length }, { x, y, stroke: theme.ink, strokeWidth: theme.stroke.line }),
    Plot.dot({ length: x.length }, { x, y, r: 2, fill: theme.ink }),
  ];
  const spec: Chart = {
    ...SIZE,
    x: { label: "Decay length L (mm)", domain, log: true },
    y: { label: "Error of prediction (rms)", domain: [bottom, top] },
    marks,
    legend: [
      { label: "dose alone", color: theme.muted, line: "dashed" },
      ...(shade ? [{ label: "95 % interval", color: "#9a9a9a", area: 0.35 }] : []),
    ],
    legendAt: "above",
  };
  return new Figure(
    chart(spec),
    {
      title: "Error of prediction against decay length",
      description: `Root mean square error of ${label} in blocks that were left out, from ${formatNumber(error[0], 3)} for dose alone to ${formatNumber(Math.min(...error), 3)}.`,
    },
    () => [
      table("cross-validation", [
        ["Decay length L (µm)", all],
        ["Error of prediction (rms)", error],
      ]),
      table("length", [
        ["Decay length L (µm)", [result.length]],
        ["lower limit (µm)", [result.interval[0]]],
        ["upper limit (µm)", [result.interval[1]]],
      ]),
    ],
  );
}

function highest(values: readonly number[]): number {
  return values.reduce((a, b) => Math.max(a, b), 0) || 1;
}

function padded(values: ArrayLike<number>): [number, number] {
  const all = Array.from(values);
  const low = all.reduce((a, b) => Math.min(a, b), Number.POSITIVE_INFINITY);
  const high = all.reduce((a, b) => Math.max(a, b), Number.NEGATIVE_INFINITY);
  const air = 0.05 * (high - low) || 0.05;
  return [low - air, high + air];
}
