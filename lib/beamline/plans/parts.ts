// Parts of an experiment, and their camera modes.

/** All parts. Their order determines their random streams, so new ones are added at the end. */
export const PART_NAMES = [
  "darkStatic",
  "flatStatic",
  "foilStatic",
  "ocv",
  "holdA",
  "holdB",
  "holdC",
  "darkMovie",
  "flatMovie",
  "foilMovie",
  "charge",
  "chargeA",
  "chargeB",
  "chargeC",
] as const;

/** Name of a part of the experiment. */
export type PartName = (typeof PART_NAMES)[number];

/** Target in the beam while a part is recorded. */
export type PartKind = "dark" | "flat" | "foil" | "sample";

/** Static cubes (open circuit, hold) with their references, or the movie of the charge with its own. */
export function modeOf(name: PartName): "static" | "movie" {
  return name.startsWith("charge") || name.endsWith("Movie") ? "movie" : "static";
}

/** The target in the beam. */
export function kindOf(name: PartName): PartKind {
  const kind = /^(dark|flat|foil)/.exec(name)?.[1];
  return (kind as PartKind | undefined) ?? "sample";
}

/** The reference of a kind in the camera mode of a part. */
export function referenceOf(name: PartName, kind: Exclude<PartKind, "sample">): PartName {
  return `${kind}${modeOf(name) === "static" ? "Static" : "Movie"}`;
}
