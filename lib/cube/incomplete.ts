// A recording that was stopped: the energies at which every file has an image.
import { DataError, FileError } from "../errors.js";
import { describeFrames } from "../io/frame-file.js";
import { frameQuantity } from "../io/frame-quantities.js";
import { whileLoading } from "../io/unchanged.js";
import type { Recorded, RecordedFile, Source } from "./recorded.js";

/**
 * Energies in headers may differ by rounding, eV; never by more than a third of the step, or neighbors would
 * be mixed up.
 */
const SAME_ENERGY = 0.5;

/** An image that exists, and its energy. */
interface Existing {
  readonly image: number;
  readonly energy: number;
  /** Images of the complete file. */
  readonly of: number;
}

/**
 * A source cut to the energies whose images exist in the sample, the flat and the foil. Of a dark all images
 * that exist are used.
 *
 * @param given energies of complete files, eV; taken from the headers where not given
 * @throws DataError when fewer than two energies are left; FileError as the formats say
 */
export function keepExisting(source: Source, given?: ArrayLike<number>): Source {
  const { sample, flat, foil } = source;
  const lit = [sample, flat, foil, foil?.flat].flatMap((one) => one?.files ?? []);
  const existing = new Map(
    lit.map((file) => [file.path, whileLoading(file.path, () => imagesOf(file, given))]),
  );
  const all = [...existing.values()].map(({ value }) => value);
  const first = all[0].map(({ energy }) => energy);
  const steps = first.slice(1).map((energy, k) => Math.abs(energy - first[k]));
  const same = Math.min(SAME_ENERGY, ...steps.map((step) => step / 3));
  const find = (images: readonly Existing[], energy: number) =>
    images.find((one) => Math.abs(one.energy - energy) <= same)?.image;
  const energies = first.filter((energy) => all.every((images) => find(images, energy) !== undefined));
  if (energies.length < 2) {
    throw new DataError(
      `Cube.load: expected at least 2 energies with an image in every file of ${source.name}, got ${energies.length}; record the scan again`,
      { energies: energies.length },
    );
  }
  const most = Math.max(...all.flatMap((images) => images.map(({ of }) => of)));
  const cut = (file: RecordedFile): RecordedFile => ({
    ...file,
    loaded: existing.get(file.path)?.loaded,
    incomplete: "keep",
    images: energies.map((energy) => find(existing.get(file.path)?.value ?? [], energy) as number),
  });
  const ofDark = (file: RecordedFile): RecordedFile => ({
    ...file,
    incomplete: "keep",
    images: describeFrames({ ...file, kind: "dark", incomplete: "keep" }).map(
      (frame, k) => frame.image?.number ?? k,
    ),
  });
  const of = ({ files, dark }: Recorded): Recorded => ({ files: files.map(cut), dark: dark.map(ofDark) });
  return {
    ...source,
    energies,
    sample: of(sample),
    flat: flat && of(flat),
    foil: foil && { ...of(foil), flat: of(foil.flat) },
    reference: cut(source.reference),
    leftOut: Math.max(most, given?.length ?? 0) - energies.length,
  };
}

function imagesOf(file: RecordedFile, given: ArrayLike<number> | undefined): Existing[] {
  return describeFrames({ ...file, incomplete: "keep" }).map((frame, k, { length }) => {
    const { number: image, of } = frame.image ?? { number: k, of: length };
    const energy = given ? given[image] : frameQuantity(frame.header, "energy");
    if (typeof energy === "number" && energy > 0) return { image, energy, of };
    throw new FileError(
      `Cube.load: expected an energy for image ${image} of ${file.path}, got ${given ? `${given.length} energies` : "none in its header"}; give { energies }, one for each image of a complete file`,
      { path: file.path, frame: image },
    );
  });
}
