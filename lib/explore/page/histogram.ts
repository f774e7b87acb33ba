// The histogram of a map with the interval that chooses pixels: drag over it, drag its ends or its middle, or
// use the keys.
import { drawFrame, type Frame } from "./chart.js";
import { onDrag, part, svg } from "./dom.js";
import { roundStep, tidy, withStep, withUnit } from "./format.js";
import type { View } from "./view.js";

type Ends = readonly [number, number];

/** Bins of a histogram, in the display unit. */
export interface Bins {
  readonly low: number;
  readonly step: number;
  readonly counts: Float64Array;
  /** Ends of intervals are multiples of this, so that what is written is what is meant. */
  readonly snap: number;
}

/** About forty bins of a round width over all values of a map that are finite. */
export function binsOf(values: ArrayLike<number>, scale: number, mask?: Uint8Array, like?: Bins): Bins {
  let [least, most] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (let p = 0; p < values.length; p++) {
    const v = values[p] / scale;
    if (!Number.isFinite(v)) continue;
    least = Math.min(least, v);
    most = Math.max(most, v);
  }
  if (least > most) [least, most] = [0, 1];
  const step = like?.step ?? roundStep((most - least) / 25 || Math.abs(most) / 25 || 1);
  const first = Math.floor(least / step);
  const low = like?.low ?? tidy(first * step);
  const n = like?.counts.length ?? Math.floor(most / step) - first + 1;
  const counts = new Float64Array(n);
  for (let p = 0; p < values.length; p++) {
    const v = values[p] / scale;
    if (!Number.isFinite(v) || (mask && !mask[p])) continue;
    counts[Math.max(0, Math.min(n - 1, Math.floor((v - low) / step)))]++;
  }
  // Round, and a whole part of the step: 20 or 25 of them.
  return { low, step, counts, snap: roundStep(step / 20) };
}

/**
 * Ends of an interval on whole multiples of `snap`, in order, at least one multiple apart, within the axis.
 */
export function snapped([a, b]: Ends, { low, step, counts, snap }: Bins): Ends {
  const [first, last] = [Math.round(low / snap), Math.round((low + step * counts.length) / snap)];
  const clamp = (v: number): number => Math.max(first, Math.min(last, Math.round(v / snap)));
  let [from, to] = [clamp(Math.min(a, b)), clamp(Math.max(a, b))];
  if (from === to) [from, to] = to < last ? [from, to + 1] : [from - 1, to];
  return [tidy(from * snap), tidy(to * snap)];
}

/** Makes the histogram react; `change` is told of a new interval. */
export function histogramPanel(view: View, change: (interval: Ends | null) => void): () => void {
  const picture = part<SVGSVGElement>("histogram");
  const handles = [part("low-end"), part("high-end")];
  const fields = [part<HTMLInputElement>("low-field"), part<HTMLInputElement>("high-field")];
  let bins = binsOf([], 1);
  let frame: Frame | null = null;
  const axis = (): Ends => [bins.low, tidy(bins.low + bins.step * bins.counts.length)];
  const ends = (): Ends => view.chosen.interval ?? axis();
  const set = (next: Ends): void => {
    const [low, high] = snapped(next, bins);
    const [first, last] = axis();
    change(low <= first && high >= last ? null : [low, high]);
  };

  onDrag(picture, (px) => {
    if (!frame) return null;
    const start = frame.toX(px);
    const [low, high] = ends();
    const chosen = view.chosen.interval !== null;
    if (chosen && start > low && start < high) {
      const reach = axis();
      return (to) => {
        const way = Math.max(reach[0] - low, Math.min(reach[1] - high, (frame as Frame).toX(to) - start));
        set([low + way, high + way]);
      };
    }
    return (to) => set([start, (frame as Frame).toX(to)]);
  });
  handles.forEach((handle, i) => {
    onDrag(handle, () => {
      const other = ends()[1 - i];
      const left = picture.getBoundingClientRect().left;
      return (to) => {
        const value = (frame as Frame).toX(handle.getBoundingClientRect().left - left + to);
        set(
          i === 0 ? [Math.min(value, other - bins.snap), other] : [other, Math.max(value, other + bins.snap)],
        );
      };
    });
    handle.addEventListener("keydown", (event) => {
      const by = {
        ArrowLeft: -bins.snap,
        ArrowDown: -bins.snap,
        ArrowRight: bins.snap,
        ArrowUp: bins.snap,
        PageDown: -bins.step,
        PageUp: bins.step,
        Home: Number.NEGATIVE_INFINITY,
        End: Number.POSITIVE_INFINITY,
      }[event.key];
      if (event.key === "Escape") change(null);
      else if (by !== undefined) {
        const now = [...ends()];
        const [first, last] = axis();
        const reach = i === 0 ? [first, now[1] - bins.snap] : [now[0] + bins.snap, last];
        now[i] = Math.max(reach[0], Math.min(reach[1], now[i] + by));
        set([now[0], now[1]]);
      } else return;
      event.preventDefault();
    });
  });
  fields.forEach((field, i) => {
    field.addEventListener("change", () => {
      const now = [...ends()];
      if (Number.isFinite(field.valueAsNumber)) now[i] = field.valueAsNumber;
      set([now[0], now[1]]);
    });
  });

  return () => {
    const { map } = view.chosen;
    const { label, unit, scale } = view.header.maps[map];
    const all = binsOf(view.maps[map], scale);
    bins = all;
    const inRegion = view.chosen.region ? binsOf(view.maps[map], scale, view.regionMask(), all) : all;
    const most = Math.max(...all.counts, 1);
    frame = drawFrame(picture, {
      x: axis(),
      y: [0, 1.05 * most],
      xLabel: withUnit(label, unit),
      yLabel: "Pixels",
      aspect: 0.36,
    });
    drawBars(picture, frame, all, "bar-all");
    drawBars(picture, frame, inRegion, "bar");
    const [low, high] = ends();
    const { x, top, bottom, left, right } = frame;
    picture.append(
      svg("rect", {
        x: left,
        y: top,
        width: Math.max(0, x(low) - left),
        height: bottom - top,
        class: "outside",
      }),
      svg("rect", {
        x: x(high),
        y: top,
        width: Math.max(0, right - x(high)),
        height: bottom - top,
        class: "outside",
      }),
    );
    const suffix = unit === "" ? "" : ` ${unit}`;
    [low, high].forEach((value, i) => {
      const handle = handles[i];
      Object.assign(handle.style, { left: `${x(value)}px`, top: `${top}px`, height: `${bottom - top}px` });
      const [first, last] = axis();
      handle.setAttribute("aria-valuemin", String(i === 0 ? first : low));
      handle.setAttribute("aria-valuemax", String(i === 0 ? high : last));
      handle.setAttribute("aria-valuenow", String(value));
      handle.setAttribute("aria-valuetext", `${withStep(value, bins.snap)}${suffix}`);
      const field = fields[i];
      field.step = String(bins.snap);
      field.min = String(first);
      field.max = String(last);
      if (document.activeElement !== field) field.value = String(value);
    });
    part("interval-unit").textContent = unit;
  };
}

function drawBars(picture: SVGSVGElement, frame: Frame, bins: Bins, name: string): void {
  for (let i = 0; i < bins.counts.length; i++) {
    if (bins.counts[i] === 0) continue;
    const [from, to] = [frame.x(bins.low + i * bins.step), frame.x(bins.low + (i + 1) * bins.step)];
    const y = frame.y(bins.counts[i]);
    picture.append(
      svg("rect", {
        x: from + 0.5,
        y,
        width: Math.max(0.5, to - from - 1),
        height: frame.bottom - y,
        class: name,
      }),
    );
  }
}
