// A dose budget as a tornado diagram: the effect of each input, the largest on top; choices are below.

import * as Plot from "@observablehq/plot";
import { z } from "zod";
import type { DoseBudget } from "../../dose/budget/index.js";
import { type OptionNames, requireOptions } from "../../options.js";
import { displayUnit } from "../../units.js";
import { chart } from "../parts/chart.js";
import { count, type Size, widthOf } from "../parts/check.js";
import { table } from "../parts/data.js";
import { Figure } from "../parts/figure.js";
import type { LegendEntry } from "../parts/legend.js";
import { checkShape } from "../parts/shaped.js";
import { wrapText } from "../parts/text-width.js";
import { palette, theme } from "../parts/theme.js";
import { formatNumber, withUnit } from "../parts/ticks.js";

/** Options of `tornado`. */
export interface TornadoOptions {
  /** Result of `doseBudget`. */
  readonly budget: DoseBudget;
  /** Number of inputs, the largest first; default 12. */
  readonly show?: number;
  readonly title?: string;
  readonly size?: Size;
}

const TORNADO: OptionNames<TornadoOptions> = {
  budget: true,
  show: true,
  title: true,
  size: true,
};

const BOTH = z.tuple([z.number(), z.number()]);

const BUDGET = z.object({
  unit: z.enum(["Gy", "Gy/s"]),
  value: z.number().positive(),
  interval: BOTH,
  contributions: z.array(z.object({ input: z.string(), given: z.string(), kind: z.string(), range: BOTH })),
  choices: z.array(z.object({ choice: z.string(), value: z.number() })),
});

/**
 * The dose at both ends of the 95 % range of each input, with the others nominal; the band is the 95 %
 * interval of all inputs together. Choices (convention, escape) are diamonds: they are part of the band only
 * if they are folded in.
 *
 * @throws ArgumentError for an object that is not a dose budget
 * @example
 * const beam = { energy: 8390, flux: 1.041e12, width: 3315, height: 1202.5, exposure: 17_320 };
 * const budget = doseBudget(rockCell(), beam, {
 *   uncertainties: { flux: 0.05, thickness: { Cathode: 0.1 } },
 * });
 * figures.tornado({ budget });
 */
export function tornado(options: TornadoOptions): Figure {
  const call = "figures.tornado";
  requireOptions(call, options, TORNADO);
  const { budget } = options;
  checkShape(call, "budget to be a result of doseBudget", BUDGET, budget);
  const show = options.show === undefined ? 12 : count(call, "show", options.show);
  const { factor, unit } = displayUnit(budget.unit);
  const width = widthOf(call, options.size ?? "column");
  const labelWidth = 0.4 * width;
  const name = (text: string): string => wrapText(text, labelWidth, theme.text.tick).join("\n");
  const bars = budget.contributions.slice(0, show).map((one) => ({
    label: name(`${inputText(one.input)} (${one.given})`),
    range: one.range.map((v) => v * factor),
    random: one.kind === "random",
  }));
  const points = budget.fold === "folded" ? [] : budget.choices;
  const choices = points.map((one) => ({ label: name(one.choice), value: one.value * factor }));
  const value = budget.value * factor;
  const interval = budget.interval.map((v) => v * factor);
  const rows = bars.length + choices.length;
  // The first row is on top.
  const at = (i: number): number => rows - i - 0.5;
  const all = [...bars.flatMap((bar) => bar.range), ...choices.map((c) => c.value), ...interval, value];
  const [low, high] = [Math.min(...all), Math.max(...all)];
  const air = 0.06 * (high - low) || 0.1 * value;
  const [below, above] = [palette[0], palette[1]];
  const rect = (x1: number[], x2: number[], y: number[], fill: string, opacity: number) =>
    Plot.rect(
      { length: y.length },
      {
        x1,
        x2,
        y1: y.map((v) => v - 0.34),
        y2: y.map((v) => v + 0.34),
        fill,
        fillOpacity: opacity,
        stroke: theme.frame,
        strokeWidth: 0.4,
      },
    );
  const ends = (side: 0 | 1) => bars.map((bar) => bar.range[side]);
  const ys = bars.map((_, i) => at(i));
  const middle = bars.map(() => value);
  const marks: Plot.Markish[] = [
    Plot.rect([0], {
      x1: [interval[0]],
      x2: [interval[1]],
      y1: [0],
      y2: [rows],
      fill: "#9a9a9a",
      fillOpacity: 0.22,
    }),
    rect(ends(0), middle, ys, below, 0.85),
    rect(middle, ends(1), ys, above, 0.85),
    Plot.ruleX([value], { y1: 0, y2: rows, stroke: theme.ink, strokeWidth: 1 }),
  ];
  if (choices.length > 0) {
    const y = choices.map((_, i) => at(bars.length + i));
    const x = choices.map((c) => c.value);
    marks.push(
      Plot.ruleY([choices.length], {
        x1: low - air,
        x2: high + air,
        stroke: theme.muted,
        strokeDasharray: "3 3",
      }),
      Plot.dot({ length: x.length }, { x, y, r: 4, symbol: "diamond", fill: theme.ink }),
    );
  }
  const legend: LegendEntry[] = [
    { label: "input at its low end", color: below, area: 0.85 },
    { label: "at its high end", color: above, area: 0.85 },
    { label: "95 % of all inputs", color: "#9a9a9a", area: 0.22, rule: true },
  ];
  if (choices.length > 0)
    legend.push({ label: "choice, not in the band", color: theme.ink, symbol: "diamond" });
  const quantity = budget.quantity === "dose" ? "Dose" : "Dose rate";
  const label = withUnit(`${quantity}, ${budget.convention}`, unit);
  const labels = [...bars.map((bar) => bar.label), ...choices.map((c) => c.label)];
  const pitch = labels.some((text) => text.includes("\n")) ? 25 : 19;
  const height = typeof options.size === "object" ? options.size.height : 118 + pitch * rows;
  const drawing = chart({
    width,
    height,
    heading: options.title,
    x: { label, domain: [low - air, high + air] },
    y: { label: "", domain: [0, rows], ticks: { values: labels.map((_, i) => at(i)), labels } },
    marks,
    legend,
    legendAt: "above",
  });
  const oneLine = (text: string): string => text.replace("\n", " ");
  const said = bars.map(
    (bar) => `${oneLine(bar.label)} ${bar.range.map((v) => formatNumber(v, 3)).join(" to ")}`,
  );
  const apart = choices.map((c) => `${oneLine(c.label)} ${formatNumber(c.value, 3)}`);
  return new Figure(
    drawing,
    {
      title: options.title ?? `Dose budget of ${budget.layer}`,
      description: `${label} of ${formatNumber(value, 3)} (95 % ${interval.map((v) => formatNumber(v, 3)).join(" to ")}) when one input is at either end of its 95 % range: ${said.join("; ")}${apart.length > 0 ? `. Choices: ${apart.join("; ")}` : ""}.`,
    },
    () => [
      table("inputs", [
        ["input", budget.contributions.map((one) => inputText(one.input))],
        ["given", budget.contributions.map((one) => String(one.given))],
        [`${label}, input at its low end`, budget.contributions.map((one) => one.range[0] * factor)],
        [`${label}, at its high end`, budget.contributions.map((one) => one.range[1] * factor)],
      ]),
      ...(points.length > 0
        ? [
            table("choices", [
              ["choice", points.map((p) => p.choice)],
              [label, choices.map((c) => c.value)],
            ]),
          ]
        : []),
      table("all together", [
        [label, [value]],
        ["lower limit, 95 %", [interval[0]]],
        ["upper limit, 95 %", [interval[1]]],
      ]),
    ],
  );
}

// For example, "thickness, Cathode" from "thickness.Cathode".
function inputText(name: string): string {
  return name.replace(/^(\w+)\./, "$1, ");
}
