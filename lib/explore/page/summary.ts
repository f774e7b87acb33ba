// The summary of the selection below the panels, and the table of its numbers.
import { codeOf } from "./code.js";
import { count, short, tidy, withStep } from "./format.js";
import { binsOf } from "./histogram.js";
import type { View } from "./view.js";

/** One line on the selection. */
export function summaryOf(view: View): string {
  const { header, chosen, mean, nPixels, fit } = view;
  const parts: string[] = [];
  if (nPixels > 1) {
    parts.push(`${count(mean.nPixels)} of ${count(nPixels)} pixels`);
    if (chosen.region) {
      const { x0, x1, y0, y1 } = chosen.region;
      parts.push(
        x1 - x0 === 1 && y1 - y0 === 1
          ? `pixel x ${x0}, y ${y0}`
          : `x ${x0} to ${x1 - 1}, y ${y0} to ${y1 - 1}`,
      );
    }
  }
  if (chosen.interval) {
    const { label, unit, scale } = header.maps[chosen.map];
    const { snap } = binsOf(view.maps[chosen.map], scale);
    const [low, high] = chosen.interval.map((v) => withStep(v, snap));
    parts.push(`${label.toLowerCase()} from ${low} to below ${high}${unit === "" ? "" : ` ${unit}`}`);
  }
  if (view.nTimes > 1) parts.push(`at ${timeText(view, chosen.time)}`);
  const energy = view.energies[chosen.energy].toFixed(1);
  parts.push(`signal at ${energy} eV ${short(mean.values[chosen.energy])}`);
  if (fit) parts.push(header.names.map((name, i) => `${name} ${percent(fit.concentrations[i])}`).join(", "));
  return parts.join("; ");
}

/** A time of the series, or the number of its step where times are not known. */
export function timeText({ header: { times, timeUnit } }: View, t: number): string {
  return timeUnit === "h" ? `${times[t].toFixed(2)} h` : `time step ${times[t]}`;
}

/** A concentration as text, in %. */
export function percent(concentration: number): string {
  return Number.isFinite(concentration) ? `${(100 * concentration).toFixed(1)} %` : "no value";
}

/** The numbers of the selection as comma-separated text with all digits. */
export function table(view: View): string {
  const { header, chosen, mean, energies, fit } = view;
  const lines = [`# ${summaryOf(view)}`];
  if (chosen.region) {
    const { x0, y0, x1, y1 } = chosen.region;
    lines.push(`# region,${x0},${y0},${x1},${y1}`);
  }
  if (chosen.interval) {
    lines.push(`# interval,${chosen.interval.join(",")}`);
  }
  const code = codeOf(view);
  if (code !== "") lines.push(`# the same in a notebook: ${code}`);
  lines.push(`# pixels,${mean.nPixels}`);
  if (fit) {
    header.names.forEach(
      (name, i) => void lines.push(`# concentration,${oneLine(name)},${fit.concentrations[i]}`),
    );
    lines.push(`# rFactor,${fit.rFactor}`);
  }
  lines.push("energy_eV,mean");
  for (let k = 0; k < energies.length; k++) lines.push(`${tidy(energies[k])},${mean.values[k]}`);
  return lines.join("\n");
}

function oneLine(name: string): string {
  return name.replace(/[\r\n,]+/g, " ");
}
