// What can be recorded: the parts of an experiment, in the camera modes of the paper's two kinds of cubes.

/** All parts that there can be; their order also numbers their random streams, so new ones come last. */
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

/** What is in the beam while a part is recorded. */
export type PartKind = "dark" | "flat" | "foil" | "sample";

/** Static cubes (open circuit, hold) and their references, or the movie of the charge and its own. */
export function modeOf(name: PartName): "static" | "movie" {
  return name.startsWith("charge") || name.endsWith("Movie") ? "movie" : "static";
}

/** What is in the beam. */
export function kindOf(name: PartName): PartKind {
  const kind = /^(dark|flat|foil)/.exec(name)?.[1];
  return (kind as PartKind | undefined) ?? "sample";
}

/** The reference of a kind that was recorded as a part was. */
export function referenceOf(name: PartName, kind: Exclude<PartKind, "sample">): PartName {
  return `${kind}${modeOf(name) === "static" ? "Static" : "Movie"}`;
}
