// Signal against dose: the feasible region, the requested experiment, and the alternatives inside the region.

import * as Plot from "@observablehq/plot";
import { z } from "zod";
import type { Plan } from "../../dose/planner/index.js";
import { type OptionNames, requireOptions } from "../../options.js";
import { chart } from "../parts/chart.js";
import { type Size, sizeOf } from "../parts/check.js";
import { table } from "../parts/data.js";
import { Figure } from "../parts/figure.js";
import type { LegendEntry } from "../parts/legend.js";
import { checkShape, numbers } from "../parts/shaped.js";
import { palette, symbols, theme } from "../parts/theme.js";
import { formatNumber } from "../parts/ticks.js";

/** Options of `feasibleRegion`. */
export interface FeasibleRegionOptions {
  /** Result of `planExperiment`. */
  readonly plan: Plan;
  readonly title?: string;
  readonly size?: Size;
}

const FEASIBLE_REGION: OptionNames<FeasibleRegionOptions> = {
  plan: true,
  title: true,
  size: true,
};

const POINT = z.object({
  name: z.string(),
  dose: z.number().positive(),
  spots: z.number().positive(),
  signal: z.object({ edgeToNoise: z.number().positive() }).nullable(),
});

const PLAN = z.object({
  limit: z.number().positive(),
  needed: z.number().positive().nullable(),
  asked: POINT,
  alternatives: z.array(POINT),
  curve: z
    .object({ dose: numbers, edgeToNoise: numbers })
    .refine(({ dose, edgeToNoise: y }) => dose.length > 1 && dose.length === y.length),
});

/**
 * Edge step to noise against the dose of one spot, both logarithmic. Curves are the protocol with increasing
 * attenuation of its beam, on one spot and on as many fresh spots as it needs. In the green corner the dose
 * is below the limit and the signal is sufficient.
 *
 * @throws ArgumentError for an object that is not a plan, or a plan without light
 * @example
 * const beam = { energy: 8390, flux: 2e11, width: 1500, height: 800 };
 * const protocol = {
 *   cubes: 1500,
 *   duration: 5 * 3600,
 *   exposure: 1 / 200,
 *   edge: 8333,
 *   average: 10,
 *   flats: 100,
 * };
 * const detector = { pixelSize: 6.5, efficiency: 0.4, binned: 16 };
 * const plan = planExperiment({
 *   stack: rockCell(),
 *   beam,
 *   threshold: "LiNiO2",
 *   protocol,
 *   detector,
 *   signal: 20,
 * });
 * figures.feasibleRegion({ plan });
 */
export function feasibleRegion(options: FeasibleRegionOptions): Figure {
  const call = "figures.feasibleRegion";
  requireOptions(call, options, FEASIBLE_REGION);
  const { plan } = options;
  checkShape(call, "plan to be a result of planExperiment with light on the detector", PLAN, plan);
  const size = sizeOf(call, options.size ?? "column", 0.95);
  const limit = plan.limit / 1e6;
  const curve = { x: plan.curve.dose.map((v) => v / 1e6), y: plan.curve.edgeToNoise };
  const spots = plan.alternatives.find((point) => point.spots > 1)?.spots ?? 1;
  const points = groups(plan);
  const doses = [...curve.x, ...points.map((point) => point.dose), limit];
  const signals = [...points.map((point) => point.signal), ...(plan.needed === null ? [] : [plan.needed])];
  const y = around([...signals, Math.max(...curve.y)], 3);
  const shown = [...curve.x].filter((_, i) => curve.y[i] >= y[0]);
  const x = around([...shown, ...points.map((point) => point.dose), limit, Math.max(...doses)], 1.4);
  const line = (dose: Float64Array, dashed: boolean): Plot.Markish =>
    Plot.line(
      { length: dose.length },
      {
        x: dose,
        y: curve.y,
        stroke: theme.ink,
        strokeWidth: theme.stroke.line,
        strokeDasharray: dashed ? "4 3" : undefined,
      },
    );
  const corner = {
    x1: [x[0]],
    x2: [Math.min(limit, x[1])],
    y1: [Math.max(plan.needed ?? y[0], y[0])],
    y2: [y[1]],
  };
  const marks: Plot.Markish[] = [
    Plot.rect([0], { ...corner, fill: FEASIBLE, fillOpacity: 0.2 }),
    Plot.ruleX([limit], { y1: y[0], y2: y[1], stroke: LIMIT, strokeWidth: 1.2 }),
    line(curve.x, false),
  ];
  const legend: LegendEntry[] = [
    { label: "feasible", color: FEASIBLE, area: 0.2 },
    { label: `limit ${formatNumber(limit, 3)} MGy`, color: LIMIT, line: "solid" },
    { label: "attenuating, 1 spot", color: theme.ink, line: "solid" },
  ];
  if (plan.needed !== null) {
    marks.push(Plot.ruleY([plan.needed], { x1: x[0], x2: x[1], stroke: NEEDED, strokeWidth: 1.2 }));
    legend.push({ label: `needed ${formatNumber(plan.needed, 3)}`, color: NEEDED, line: "solid" });
  }
  if (spots > 1) {
    marks.push(
      line(
        curve.x.map((v) => v / spots),
        true,
      ),
    );
    legend.push({ label: `attenuating, ${spots} spots`, color: theme.ink, line: "dashed" });
  }
  points.forEach(({ name, dose, signal }, i) => {
    const symbol = symbols[i % symbols.length];
    const fill = palette[(i + 6) % palette.length];
    marks.push(
      Plot.dot([0], { x: [dose], y: [signal], r: 4.5, symbol, fill, stroke: "#fff", strokeWidth: 0.8 }),
    );
    legend.push({ label: name, color: fill, symbol });
  });
  const drawing = chart({
    ...size,
    heading: options.title,
    x: { label: "Dose of a spot (MGy)", domain: x, log: true },
    y: { label: SIGNAL, domain: y, log: true },
    marks,
    clip: true,
    legend,
    legendAt: "above",
  });
  const said = points.map(
    (point) => `${point.name} ${formatNumber(point.dose, 3)} MGy at ${formatNumber(point.signal, 3)}`,
  );
  return new Figure(
    drawing,
    {
      title: options.title ?? "Dose against signal",
      description: `Edge step to noise of one pixel against the dose of a spot in MGy, limit ${formatNumber(limit, 3)}${plan.needed === null ? "" : `, needed ${formatNumber(plan.needed, 3)}`}: ${said.join("; ")}.`,
    },
    () => [
      table("attenuating the beam, one spot", [
        ["Dose of a spot (MGy)", curve.x],
        [SIGNAL, curve.y],
      ]),
      table("protocols", [
        ["protocol", points.map((point) => point.name)],
        ["Dose of a spot (MGy)", points.map((point) => point.dose)],
        [SIGNAL, points.map((point) => point.signal)],
      ]),
      table("limits", [
        ["dose (MGy)", [limit]],
        [SIGNAL, [plan.needed ?? Number.NaN]],
      ]),
    ],
  );
}

const SIGNAL = "Edge step to noise, one pixel";
const FEASIBLE = "#009e73";
const LIMIT = "#d55e00";
const NEEDED = "#0072b2";

interface Group {
  readonly name: string;
  readonly dose: number;
  readonly signal: number;
}

// Alternatives at almost the same point, such as attenuating and widening, have one symbol.
function groups(plan: Plan): Group[] {
  const out: Group[] = [];
  for (const { name, dose, signal } of [plan.asked, ...plan.alternatives]) {
    if (!signal) continue;
    const point = { name, dose: dose / 1e6, signal: signal.edgeToNoise };
    const same = out.findIndex(
      (other) =>
        close(other.dose, point.dose) && close(other.signal, point.signal) && other.name !== "as asked",
    );
    if (same >= 0) out[same] = { ...out[same], name: `${out[same].name} or ${name}` };
    else out.push(point);
  }
  return out;
}

function close(a: number, b: number): boolean {
  return Math.abs(a / b - 1) < 0.02;
}

function around(values: readonly number[], air: number): [number, number] {
  return [Math.min(...values) / air, Math.max(...values) * Math.min(air, 1.6)];
}
