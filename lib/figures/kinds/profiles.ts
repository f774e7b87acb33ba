// Concentrations of the species during the charge, with the voltage of the cell on a second axis.

import * as Plot from "@observablehq/plot";
import { ArgumentError, DataError, quote } from "../../errors.js";
import { checkOptions, type OptionNames, requireOptions } from "../../options.js";
import { chart, rescale } from "../parts/chart.js";
import { entriesOf, extentOf, interval, type Size, sizeOf, vector } from "../parts/check.js";
import { table } from "../parts/data.js";
import { Figure } from "../parts/figure.js";
import { CONCENTRATION, percentDomain, type SpeciesOptions, speciesOf } from "../parts/species.js";
import { theme } from "../parts/theme.js";
import { formatNumber, niceDomain, withUnit } from "../parts/ticks.js";

/** Options of `profiles`. */
export interface ProfilesOptions extends SpeciesOptions {
  /** One value per point, in `timeUnit`. */
  readonly time: ArrayLike<number>;
  /** Default: `h`; "" for numbers of time steps. */
  readonly timeUnit?: "h" | "min" | "s" | "";
  /** Default: `Time`. */
  readonly timeLabel?: string;
  /** Voltage of the cell, with its own times in `timeUnit`. */
  readonly voltage?: {
    readonly time: ArrayLike<number>;
    readonly value: ArrayLike<number>;
    readonly label?: string;
    readonly domain?: readonly [number, number];
  };
  /** Times that are marked, such as the start of the hold. */
  readonly marks?: readonly { readonly time: number; readonly label: string }[];
  readonly title?: string;
  readonly size?: Size;
}

const VOLTAGE: OptionNames<NonNullable<ProfilesOptions["voltage"]>> = {
  time: true,
  value: true,
  label: true,
  domain: true,
};

const PROFILES: OptionNames<ProfilesOptions> = {
  time: true,
  timeUnit: true,
  timeLabel: true,
  voltage: true,
  marks: true,
  title: true,
  size: true,
  components: true,
  errors: true,
  bands: true,
  colors: true,
};

/**
 * Relative concentrations against time, and the voltage as a dashed line, as in Figs. 6b, 6c and 11.
 *
 * @throws ShapeError when a component and the time axis disagree in length
 * @throws ArgumentError for an invalid option
 * @example
 * figures.profiles({ time: [0, 1, 2], components: { Cp1: [1, 0.5, 0], Cp3: [0, 0.5, 1] } }); // h
 */
export function profiles(options: ProfilesOptions): Figure {
  const call = "figures.profiles";
  requireOptions(call, options, PROFILES);
  const time = vector(call, "time", options.time);
  const unit = options.timeUnit ?? "h";
  if (!["h", "min", "s", ""].includes(unit)) {
    throw new ArgumentError(`${call}: expected timeUnit as "h", "min", "s" or "", got ${quote(unit)}`);
  }
  const size = sizeOf(call, options.size ?? "column", 0.74);
  const species = speciesOf(call, options, time, size.width - 90);
  if (options.voltage) checkOptions(`${call}, voltage`, options.voltage, VOLTAGE);
  const moments = entriesOf(call, "marks", options.marks);
  moments.forEach((mark, i) => {
    requireOptions(`${call}, marks[${i}]`, mark, { time: true, label: true });
  });
  const voltage = options.voltage && {
    time: vector(call, "voltage.time", options.voltage.time),
    value: vector(call, "voltage.value", options.voltage.value, options.voltage.time.length),
  };
  const xExtent = extentOf(time, voltage?.time ?? []);
  if (!xExtent) throw new DataError(`${call}: expected times, got only NaN`);
  const air = 0.015 * (xExtent[1] - xExtent[0]) || 0.5;
  const x = {
    label: withUnit(options.timeLabel ?? "Time", unit),
    domain: [xExtent[0] - air, xExtent[1] + air] as const,
  };
  const y = { label: CONCENTRATION, domain: percentDomain(species.all) };
  const legend = [...species.legend];
  const marks: Plot.Markish[] = [];
  let voltageLine: { x: Float64Array; y: Float64Array } | undefined;
  let right: { label: string; domain: readonly [number, number] } | undefined;
  if (voltage) {
    const extent = extentOf(voltage.value) ?? [0, 1];
    const domain = options.voltage?.domain
      ? interval(call, "voltage.domain", options.voltage.domain)
      : niceDomain(extent[0], extent[1]);
    right = { label: options.voltage?.label ?? "Voltage (V vs Li⁺/Li)", domain };
    legend.push({ label: "Voltage", color: theme.muted, line: "dashed" });
    voltageLine = { x: voltage.time, y: voltage.value.map((v) => rescale(v, domain, y.domain)) };
    marks.push(
      Plot.line(
        { length: voltage.time.length },
        {
          ...voltageLine,
          stroke: theme.muted,
          strokeWidth: theme.stroke.line,
          strokeDasharray: "4 3",
        },
      ),
    );
  }
  checkMoments(call, moments, xExtent);
  const drawing = chart({
    ...size,
    heading: options.title,
    x,
    y,
    right,
    marks: [...marks, ...species.marks],
    legend,
    clip: options.voltage?.domain !== undefined,
    legendAt: "above",
    curves: voltageLine ? [...species.curves, voltageLine] : species.curves,
    notes: moments.map((moment) => ({ x: moment.time, text: moment.label })),
  });
  const marked = moments.map((m) => `; ${m.label} at ${formatNumber(m.time)} ${unit}`).join("");
  return new Figure(
    drawing,
    {
      title: options.title ?? "Relative concentrations during the charge",
      description: `${CONCENTRATION} of ${species.names.join(", ")} against ${x.label} from ${formatNumber(xExtent[0])} to ${formatNumber(xExtent[1])}${right ? `; dashed: ${right.label}` : ""}${marked}.`,
    },
    () => [
      table("concentrations", [[x.label, time], ...species.columns]),
      ...(voltage && right
        ? [
            table("voltage", [
              [x.label, voltage.time],
              [right.label, voltage.value],
            ]),
          ]
        : []),
      ...(moments.length > 0
        ? [
            table("moments", [
              [x.label, moments.map((m) => m.time)],
              ["name", moments.map((m) => m.label)],
            ]),
          ]
        : []),
    ],
  );
}

function checkMoments(
  call: string,
  moments: NonNullable<ProfilesOptions["marks"]>,
  [low, high]: readonly [number, number],
): void {
  moments.forEach(({ time, label }, i) => {
    if (Number.isFinite(time) && time >= low && time <= high && typeof label === "string") return;
    throw new ArgumentError(
      `${call}: expected marks[${i}] as { time, label } within the time axis, got ${quote({ time, label })}`,
    );
  });
}
