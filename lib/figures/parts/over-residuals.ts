// Two frames on one energy axis: spectra with their fit, and the residuals below.
import * as Plot from "@observablehq/plot";
import { type Axis, type Curve, chart } from "./chart.js";
import type { LegendEntry } from "./legend.js";
import { at, type Drawing } from "./svg.js";
import { theme } from "./theme.js";

/** Content of both frames. */
export interface OverResiduals {
  readonly width: number;
  readonly height: number;
  readonly heading?: string;
  /** eV */
  readonly range: readonly [number, number];
  /** Range of values of the upper frame. */
  readonly values: readonly [number, number];
  /** Range of the residuals. */
  readonly differences: readonly [number, number];
  readonly marks: readonly Plot.Markish[];
  readonly legend: readonly LegendEntry[];
  /** Points that the legend must not cover. */
  readonly curves: readonly Curve[];
  readonly residuals: readonly (Curve & { readonly color: string })[];
}

/** Draws both frames below each other. */
export function overResiduals(spec: OverResiduals): Drawing {
  const { width, height, values, differences } = spec;
  const lower = Math.round(height * 0.37);
  const upper = height - lower;
  const xAxis: Axis = { label: "Energy (eV)", domain: spec.range };
  const most = Math.max(Math.abs(differences[0]), Math.abs(differences[1])) * 1.15 || 1e-6;
  const pad = 0.05 * (values[1] - values[0]) || 0.5;
  const above = chart({
    left: LEFT,
    width,
    height: upper,
    heading: spec.heading,
    x: { ...xAxis, label: "" },
    y: { label: "Normalized absorption", domain: [values[0] - pad, values[1] + pad] },
    marks: spec.marks,
    legend: spec.legend,
    curves: spec.curves,
  });
  const below = chart({
    left: LEFT,
    width,
    height: lower,
    x: xAxis,
    y: { label: "Residual", domain: [-most, most] },
    marks: [
      Plot.ruleY([0], { stroke: theme.muted, strokeWidth: 0.6 }),
      ...spec.residuals.map(({ x, y, color }) =>
        Plot.line(
          { length: x.length },
          { x: Array.from(x), y: Array.from(y), stroke: color, strokeWidth: theme.stroke.thin },
        ),
      ),
    ],
  });
  return { body: above.body + at(0, upper, below.body), width, height };
}

// Both frames start here, so that their energy axes are aligned; the margin fits numbers such as −0.005.
const LEFT = 60;
