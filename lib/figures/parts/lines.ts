// Spectra as lines: cut to the drawn range, thin where they are many.
import * as Plot from "@observablehq/plot";
import type { Curve } from "./chart.js";
import { theme } from "./theme.js";

/** A curve with its look. */
export interface Line extends Curve {
  readonly color: string;
  readonly dashed: boolean;
}

/** The part of a curve within a range; where it crosses an end of the range, it ends on the frame. */
export function cut(x: Float64Array, y: Float64Array, [low, high]: readonly [number, number]): Curve {
  const outX: number[] = [];
  const outY: number[] = [];
  for (let i = 0; i < x.length; i++) {
    for (const end of [low, high]) {
      if (i === 0 || (x[i - 1] - end) * (x[i] - end) >= 0) continue;
      outX.push(end);
      outY.push(y[i - 1] + ((end - x[i - 1]) / (x[i] - x[i - 1])) * (y[i] - y[i - 1]));
    }
    if (x[i] >= low && x[i] <= high) {
      outX.push(x[i]);
      outY.push(y[i]);
    }
  }
  return { x: outX, y: outY };
}

/** A domain with a little air at both ends; zero stays where it is nearly the lower end. */
export function padded([low, high]: readonly [number, number]): [number, number] {
  const pad = 0.05 * (high - low) || 0.5;
  return [low - (low >= 0 && low < pad ? low : pad), high + pad];
}

/** Marks of some curves: thin where they are many. */
export function lineMarks(lines: readonly Line[], width: number = theme.stroke.line): Plot.Markish[] {
  const strokeWidth = lines.length > 12 ? theme.stroke.thin : width;
  return lines.map((line) =>
    Plot.line(
      { length: line.x.length },
      {
        x: Array.from(line.x),
        y: Array.from(line.y),
        stroke: line.color,
        strokeWidth,
        strokeDasharray: line.dashed ? "4 3" : undefined,
      },
    ),
  );
}
