// What a caller states beside files: exposures, ring currents, and that a sample is a transmission.
import { ArgumentError, quote } from "../errors.js";
import type { FramePlace, ImageKind } from "../io/frames.js";
import { checkOptions, oneOf } from "../options.js";
import { inUnit } from "../units.js";
import { type FileOptions, SAMPLE_IS, type Stated, type StatedRoles } from "./file-options.js";
import type { Recorded, RecordedFile } from "./recorded.js";

const CALL = "Cube.load";
const NAMES = { exposure: "exposure_time", ringCurrent: "ring_current" } as const;
const ROLES = { sample: true, flat: true, foil: true } as const;

/**
 * What is stated of a file.
 *
 * @param k number of the file, of `nFiles` of its role
 * @throws ArgumentError for what is no list of numbers above zero, or has another length than the files
 */
export function statedFor(
  options: Pick<FileOptions, keyof typeof NAMES>,
  kind: ImageKind,
  k: number,
  nFiles: number,
): Pick<FramePlace, "stated"> {
  const entries = (["exposure", "ringCurrent"] as const).flatMap((option) => {
    const roles = checkOptions<StatedRoles>(`${CALL} (${option})`, options[option], ROLES);
    const given = kind === "dark" ? undefined : roles[kind];
    return given === undefined ? [] : [[NAMES[option], ofFile(option, given, k, nFiles)] as const];
  });
  return entries.length > 0 ? { stated: Object.fromEntries(entries) } : {};
}

function ofFile(option: keyof typeof NAMES, given: Stated, k: number, nFiles: number): number[] {
  const refuse = (got: unknown): ArgumentError =>
    new ArgumentError(
      `${CALL}: expected ${option} as a number above zero, a list of one for each image, or one such list for each of the ${nFiles} files, got ${quote(got)}`,
      { option, value: got },
    );
  const isNested = Array.isArray(given) && given.some((one) => typeof one === "object");
  if (isNested && given.length !== nFiles) throw refuse(given);
  const own: unknown = isNested ? given[k] : given;
  const list = typeof own === "number" ? [own] : Array.isArray(own) ? own : [];
  if (list.length === 0) throw refuse(given);
  const quantity = option === "exposure" ? "time" : undefined;
  for (const value of list) {
    if (typeof value !== "number" || !(value > 0) || !Number.isFinite(value)) throw refuse(value);
    if (quantity) inUnit(CALL, option, quantity, value);
  }
  return [...list];
}

/** The sample's files, as counts where their numbers are a transmission. */
export function ofTransmission(
  sampleIs: FileOptions["sampleIs"],
  files: readonly RecordedFile[],
  flat: Recorded | undefined,
): readonly RecordedFile[] {
  if (oneOf(CALL, "sampleIs", sampleIs ?? "counts", SAMPLE_IS) === "counts") return files;
  if (flat && [1, files.length].includes(flat.files.length)) {
    const { dark } = flat;
    return files.map((file, k) => {
      const { stated, ...plain } = file;
      return { ...plain, dividedBy: { flat: flat.files[flat.files.length === 1 ? 0 : k], dark } };
    });
  }
  throw new ArgumentError(
    `${CALL}: expected the flat that the transmission was divided by, for all files or for each, got ${flat ? `${flat.files.length} for ${files.length} files` : "none"}; give { flat } and its { dark }`,
    { option: "sampleIs", value: sampleIs },
  );
}
