// What is chosen as text: code that computes the same spectrum in a notebook, and a link to the page as it is.
import { binsOf, snapped } from "./histogram.js";
import type { View } from "./view.js";

/** The line of a notebook that gives the spectrum shown, "" where there is none. */
export function codeOf({ header, chosen, nTimes }: View): string {
  const { code, maps } = header;
  if (code === null) return "";
  let chain = `cube${code.before}`;
  if (chosen.region) {
    const { x0, x1, y0, y1 } = chosen.region;
    chain += `.mask({ x: [${x0}, ${x1}], y: [${y0}, ${y1}] })`;
  }
  if (chosen.interval) {
    const [low, high] = chosen.interval;
    chain += maps[chosen.map].code.replace("LOW", `${low}`).replace("HIGH", `${high}`);
  }
  chain += code.after;
  return nTimes > 1 ? `(await ${chain}.spectra()).row(${chosen.time});` : `await ${chain}.spectrum();`;
}

/** What is chosen, as the part of an address behind "#". */
export function fragmentOf({ chosen, energies }: View): string {
  const { image, energy, time, map, interval, region, whole } = chosen;
  const parts = [`image=${image}`, `energy=${energies[energy].toFixed(1)}`];
  if (time > 0) parts.push(`time=${time}`);
  if (map > 0) parts.push(`map=${map}`);
  if (interval) parts.push(`interval=${interval.join(",")}`);
  if (region) parts.push(`region=${[region.x0, region.y0, region.x1, region.y1].join(",")}`);
  if (whole) parts.push("whole=1");
  return parts.join("&");
}

/** Takes over what an address says; what does not fit this page is left out. */
export function applyFragment(
  { chosen, header, energies, nTimes, images, maps }: View,
  fragment: string,
): void {
  const given = new URLSearchParams(fragment.replace(/^#/, ""));
  const numbers = (name: string, count: number): number[] | null => {
    const list = (given.get(name) ?? "").split(",").map((text) => (text === "" ? Number.NaN : Number(text)));
    return list.length === count && list.every(Number.isFinite) ? list : null;
  };
  const index = (name: string, count: number): number | null => {
    const i = numbers(name, 1)?.[0] ?? Number.NaN;
    return Number.isInteger(i) && i >= 0 && i < count ? i : null;
  };
  const image = given.get("image") ?? "";
  if (images.includes(image)) chosen.image = image;
  const energy = numbers("energy", 1)?.[0];
  if (energy !== undefined) chosen.energy = nearestOf(energies, energy);
  chosen.time = index("time", nTimes) ?? chosen.time;
  chosen.map = index("map", header.maps.length) ?? chosen.map;
  const interval = numbers("interval", 2);
  if (interval && header.maps.length > 0 && interval[0] < interval[1]) {
    chosen.interval = snapped(
      [interval[0], interval[1]],
      binsOf(maps[chosen.map], header.maps[chosen.map].scale),
    );
  }
  const region = numbers("region", 4);
  if (region?.every(Number.isInteger)) {
    const [x0, y0, x1, y1] = region;
    const { width, height } = header;
    if (0 <= x0 && x0 < x1 && x1 <= width && 0 <= y0 && y0 < y1 && y1 <= height) {
      chosen.region = { x0, y0, x1, y1 };
    }
  }
  chosen.whole = given.get("whole") === "1" || chosen.whole;
}

/** Index of the value nearest to another one, of ascending values. */
export function nearestOf(ascending: ArrayLike<number>, value: number): number {
  let best = 0;
  for (let k = 1; k < ascending.length; k++) {
    if (Math.abs(ascending[k] - value) < Math.abs(ascending[best] - value)) best = k;
  }
  return best;
}
