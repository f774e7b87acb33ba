// The dose of one spot as a function of the time of beam, with a dose limit and the time at which it is reached.

import * as Plot from "@observablehq/plot";
import { duration, timeUnit } from "../../compute/format.js";
import type { DoseBudget } from "../../dose/budget/index.js";
import { timeToDose } from "../../dose/time-to-dose.js";
import { ArgumentError, quote } from "../../errors.js";
import { type OptionNames, requireOptions } from "../../options.js";
import { MGY } from "../../units.js";
import { chart } from "../parts/chart.js";
import { type Size, sizeOf } from "../parts/check.js";
import { table } from "../parts/data.js";
import { Figure } from "../parts/figure.js";
import type { LegendEntry } from "../parts/legend.js";
import { lineMarks } from "../parts/lines.js";
import { palette, theme } from "../parts/theme.js";
import { formatNumber } from "../parts/ticks.js";

/** Options of `doseOverTime`. */
export interface DoseOverTimeOptions {
  /** Gy/s, or the budget of a dose rate, whose 95 % interval is shaded. */
  readonly rate: number | DoseBudget;
  /** Time of beam that is marked, s. */
  readonly exposure: number;
  /** Dose rate of the brightest pixel relative to the mean of the beam; 1 for a uniform beam. */
  readonly peak: number;
  /** Dose limit, Gy, and its lower and upper limit. */
  readonly limit?: { readonly dose: number; readonly interval?: readonly [number, number] };
  readonly title?: string;
  readonly size?: Size;
}

const NAMES: OptionNames<DoseOverTimeOptions> = {
  rate: true,
  exposure: true,
  peak: true,
  limit: true,
  title: true,
  size: true,
};

const LIMIT = "#d55e00";

/**
 * The dose of the brightest pixel against the time of beam. The band is the 95 % interval of the dose rate,
 * the horizontal line the limit with its interval, and the dashed line the exposure.
 *
 * @throws ArgumentError for an exposure, rate or limit that is not above zero
 * @example
 * figures.doseOverTime({ rate: 4134, exposure: 17_320, peak: 1, limit: { dose: 35e6 } });
 */
export function doseOverTime(options: DoseOverTimeOptions): Figure {
  const call = "figures.doseOverTime";
  const { rate, exposure, peak, limit, title, size } = requireOptions(call, options, NAMES);
  if (!(typeof exposure === "number" && exposure > 0 && Number.isFinite(exposure))) {
    throw new ArgumentError(`${call}: expected exposure > 0 s, got ${quote(exposure)}`, { exposure });
  }
  const reached = limit && timeToDose({ ...limit, rate, peak });
  // Without a limit this checks rate and peak.
  const { time: second } = timeToDose({ dose: 1, rate, peak });
  const perSecond = 1 / second / MGY;
  const relative =
    typeof rate === "number" ? [1, 1] : rate.interval.map((end) => Math.max(0, end / rate.value));
  const last = 1.08 * Math.max(exposure, Math.min(reached?.time ?? 0, 5 * exposure));
  const { unit, seconds } = timeUnit(last);
  const ends = [0, last / seconds];
  const dose = ends.map((t) => t * seconds * perSecond);
  const doseLabel = "Dose of the brightest pixel (MGy)";
  const top = 1.05 * Math.max(dose[1] * relative[1], (limit?.interval?.[1] ?? limit?.dose ?? 0) / MGY);
  const shownLimit = limit && limit.dose / MGY <= top;
  const marks: Plot.Markish[] = [];
  const legend: LegendEntry[] = [{ label: "dose", color: palette[0], line: "solid" }];
  if (typeof rate !== "number") {
    const [y1, y2] = relative.map((factor) => dose.map((v) => v * factor));
    marks.push(Plot.areaY({ length: 2 }, { x: ends, y1, y2, fill: palette[0], fillOpacity: 0.2 }));
    legend.push({ label: "95 %", color: palette[0], area: 0.2 });
  }
  marks.push(...lineMarks([{ x: ends, y: dose, color: palette[0], dashed: false }]));
  if (limit && shownLimit) {
    if (limit.interval) {
      const [y1, y2] = limit.interval.map((v) => [v / MGY]);
      marks.push(
        Plot.rect([0], { x1: [0], x2: [ends[1]], y1, y2: [Math.min(y2[0], top)], fill: LIMIT, fillOpacity: 0.15 }), // biome-ignore format: one line
      );
      legend.push({ label: "interval of the limit", color: LIMIT, area: 0.15 });
    }
    marks.push(Plot.ruleY([limit.dose / MGY], { x1: 0, x2: ends[1], stroke: LIMIT, strokeWidth: 1.2 }));
    legend.push({ label: `limit ${formatNumber(limit.dose / MGY, 3)} MGy`, color: LIMIT, line: "solid" });
  }
  const at = exposure / seconds;
  marks.push(Plot.ruleX([at], { y1: 0, y2: top, stroke: theme.ink, strokeWidth: 1, strokeDasharray: "4 3" }));
  legend.push({ label: `exposure ${duration(exposure)}`, color: theme.ink, line: "dashed" });
  const timeLabel = `Time of beam (${unit})`;
  const drawing = chart({
    ...sizeOf(call, size ?? "column", 0.85),
    heading: title,
    x: { label: timeLabel, domain: [0, ends[1]] },
    y: { label: doseLabel, domain: [0, top] },
    marks,
    clip: true,
    legend,
    legendAt: "above",
  });
  const said = `${doseLabel} against ${timeLabel.toLowerCase()}, from 0 to ${formatNumber(dose[1], 3)}; ${formatNumber(exposure * perSecond, 3)} MGy after the exposure of ${duration(exposure)}`;
  return new Figure(
    drawing,
    {
      title: title ?? "Dose against time",
      description: `${said}${reached ? `; ${reached.verdict}` : ""}.`,
    },
    () => [
      table("dose", [
        [timeLabel, [0, at, ends[1]]],
        [doseLabel, [0, exposure * perSecond, dose[1]]],
      ]),
      ...(limit && reached
        ? [
            table("limit", [
              [doseLabel, [limit.dose / MGY]],
              [timeLabel, [reached.time / seconds]],
              ["earliest", [(reached.interval?.[0] ?? Number.NaN) / seconds]],
              ["latest", [(reached.interval?.[1] ?? Number.NaN) / seconds]],
            ]),
          ]
        : []),
    ],
  );
}
