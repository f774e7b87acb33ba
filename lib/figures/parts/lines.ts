// Spectra as lines: cut to the drawn range, thinner in a large number.
import * as Plot from "@observablehq/plot";
import type { Curve } from "./chart.js";
import { theme } from "./theme.js";

/** A curve with its appearance. */
export interface Line extends Curve {
  readonly color: string;
  readonly dashed: boolean;
}

/** Part of a curve within a range; a curve that crosses an end of the range ends there. */
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

/** A domain with a margin at both ends; zero remains the lower end where it is near. */
export function padded([low, high]: readonly [number, number]): [number, number] {
  const pad = 0.05 * (high - low) || 0.5;
  return [low - (low >= 0 && low < pad ? low : pad), high + pad];
}

/** Marks of curves, thinner in a large number. */
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
