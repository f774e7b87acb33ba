// What the metadata of a TIFF file tell of its images: how many there are, in which order, their energies and
// exposures. ImageJ, tifffile and OME write it into the description of the first page.
import { headerOfImage } from "./edf-header.js";
import { energyInName } from "./energy-in-name.js";
import { toOurUnit, unitFactor } from "./file-units.js";
import type { TiffPage } from "./tiff-pages.js";

/** The images of a file as their metadata have them. */
export interface StackShape {
  /** Images that there have to be, along each of their axes, slowest first; empty where nothing tells it. */
  readonly lengths: readonly number[];
  /** The axis of time among them, where the metadata name it. */
  readonly time?: number;
  /** Headers of the images by their place, where the metadata have them. */
  readonly headers?: ReadonlyMap<number, Record<string, string>>;
}

/** Shape of the stack from the description of the first page. */
export function stackShape(call: string, path: string, page: TiffPage): StackShape {
  const description = page.texts.ImageDescription ?? "";
  if (/^ImageJ=/.test(description)) return ofImageJ(description);
  if (/<OME\b/.test(description)) return ofOme(call, path, description);
  const { shape } = jsonOf(description);
  const isShape = Array.isArray(shape) && shape.every((n) => Number.isInteger(n) && n > 0);
  const isImage = isShape && shape.at(-2) === page.shape[0] && shape.at(-1) === page.shape[1];
  return { lengths: isImage ? shape.slice(0, -2).filter((n: number) => n > 1) : [] };
}

/** ImageJ counts channels, slices and frames; channels change first. */
function ofImageJ(description: string): StackShape {
  const value = (name: string): number =>
    Number(new RegExp(`^${name}=(\\d+)`, "m").exec(description)?.[1] ?? 1);
  const [frames, slices, channels] = [value("frames"), value("slices"), value("channels")];
  const total = value("images");
  if (frames * slices * channels !== total) return { lengths: total > 1 ? [total] : [] };
  return withTime([frames, slices, channels], frames > 1);
}

/** OME-XML names the axes and has exposures of planes. */
function ofOme(call: string, path: string, xml: string): StackShape {
  const pixels = /<Pixels\b[^>]*>/.exec(xml)?.[0] ?? "";
  const size = (axis: string): number => Number(attribute(pixels, `Size${axis}`) ?? 1);
  const order = attribute(pixels, "DimensionOrder") ?? "XYCZT";
  const slowest = [...order.slice(2)].reverse();
  const lengths = slowest.map(size);
  const headers = new Map<number, Record<string, string>>();
  for (const [plane] of xml.matchAll(/<Plane\b[^>]*>/g)) {
    const exposure = attribute(plane, "ExposureTime");
    if (exposure === undefined) continue;
    const at = slowest.reduce(
      (sum, axis, k) => sum * lengths[k] + Number(attribute(plane, `The${axis}`) ?? 0),
      0,
    );
    const unit = attribute(plane, "ExposureTimeUnit") ?? "s";
    const factor = unitFactor(call, path, "ExposureTime", "time", unit);
    headers.set(at, { exposure_time: String(toOurUnit(Number(exposure), factor)) });
  }
  const shape = withTime(lengths, lengths[slowest.indexOf("T")] > 1, slowest.indexOf("T"));
  return { ...shape, headers };
}

function withTime(lengths: readonly number[], isSeries: boolean, at = 0): StackShape {
  const long = lengths.filter((n) => n > 1);
  // Where time is the only axis, its steps may be the energies.
  if (!isSeries || long.length < 2) return { lengths: long };
  return { lengths: long, time: lengths.slice(0, at).filter((n) => n > 1).length };
}

function attribute(tag: string, name: string): string | undefined {
  return new RegExp(`\\b${name}\\s*=\\s*["']([^"']*)["']`).exec(tag)?.[1];
}

function jsonOf(text: string): Record<string, unknown> {
  if (!text.startsWith("{")) return {};
  try {
    const value = JSON.parse(text);
    return typeof value === "object" && value !== null ? value : {};
  } catch {
    return {};
  }
}

/**
 * The headers of all images: entries `key = value` and JSON in the description of their page, of a list of the
 * first page with one number per image that number, the label of an ImageJ slice, and what OME has. What the
 * first page alone has is true of all, but its energy.
 */
export function headersOf(
  pages: readonly TiffPage[],
  n: number,
  { headers }: StackShape,
): Record<string, string>[] {
  const [first] = pages;
  const common = headerOf(first);
  if (n === 1) return [common];
  const perPage = pages.length === n;
  return Array.from({ length: n }, (_, k) => {
    const shared = headerOfImage(common, k, n);
    const isOwn = perPage && (k === 0 || Object.keys(pages[k].texts).length > 0);
    const own = isOwn ? headerOf(pages[k]) : {};
    if (!isOwn && shared.energy === common.energy) delete shared.energy;
    const label = first.labels.length === n ? first.labels[k] : undefined;
    const named = label === undefined ? undefined : energyInName(label);
    return {
      ...shared,
      ...(k > 0 && own),
      ...(label !== undefined && { label }),
      ...(named !== undefined && { energy: String(named) }),
      ...headers?.get(k),
    };
  });
}

function headerOf({ texts }: TiffPage): Record<string, string> {
  const { ImageDescription = "", ...others } = texts;
  const json = Object.entries(jsonOf(ImageDescription)).flatMap(([key, value]) => {
    const isList = Array.isArray(value) && value.every((one) => typeof one === "number");
    const isPlain = typeof value === "number" || typeof value === "string";
    return isPlain || isList ? [[key, isList ? value.join(" ") : String(value)] as const] : [];
  });
  const isText = json.length === 0 && !ImageDescription.startsWith("<");
  const lines = isText
    ? [...ImageDescription.matchAll(/^[ \t]*([A-Za-z]\w*)[ \t]*[=:][ \t]*(.+?)[ \t;]*$/gm)].map(
        ([, key, value]) => [key, value] as const,
      )
    : [];
  return Object.fromEntries([...Object.entries(others), ...json, ...lines]);
}

/**
 * The cube that each image belongs to, where the number of energies or the metadata tell it.
 *
 * @param nEnergies energies of one cube, where they were given
 */
export function cubesOf(
  { lengths, time }: StackShape,
  nEnergies: number | undefined,
): readonly { readonly cube: number }[] | undefined {
  if (lengths.length !== 2) return undefined;
  const [slow, fast] = lengths;
  const byName = time === undefined ? -1 : 1 - time;
  const energy = nEnergies === undefined || slow === fast ? byName : lengths.indexOf(nEnergies);
  if (energy < 0) return undefined;
  return Array.from({ length: slow * fast }, (_, k) => ({
    cube: energy === 1 ? Math.floor(k / fast) : k % fast,
  }));
}
