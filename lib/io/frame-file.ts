// Recorded frames on disk, whatever the format: what the engine reads rows from.
import { FileError } from "../errors.js";
import { FileSequence } from "./file-sequence.js";
import type { Format, FrameFormat } from "./format.js";
import { formats, frameFormatOf } from "./formats.js";
import type { FrameEntry, FrameFile, FramePlace } from "./frames.js";
import { inChild } from "./in-child.js";
import { splitPlace } from "./place.js";
import { inCubes } from "./series.js";
import { countsOf, withStated } from "./stated-frames.js";

/**
 * Opens recorded frames by the content of their file. HDF5 needs {@link prepareFrames} first.
 *
 * @param of a path, perhaps with the dataset in the file; or which images of which files
 * @throws FileError as the formats say
 */
export function openFrames(of: string | FramePlace): FrameFile {
  const place = placeOf(of);
  const file = openAll(place);
  const { images, dividedBy } = place;
  const own = withStated(images ? chosen(file, images) : file, place);
  return dividedBy ? countsOf(own, openFrames(dividedBy.flat), dividedBy.dark.map(openFrames)) : own;
}

function placeOf(of: string | FramePlace): FramePlace {
  return typeof of === "string" ? { path: of } : of;
}

/** The file, or the sequence of files, with all its images. */
function openAll({ members, ...place }: FramePlace): FrameFile {
  const format = (path: string) => frameFormatOf(splitPlace(path).path, "openFrames");
  if (members) {
    return new FileSequence(members, (path) => format(path).open({ ...place, path, single: true }));
  }
  const { axes, open } = format(place.path);
  const file = open(place);
  return axes || !place.axes ? file : inCubes(file, place);
}

/** Some images of a file as a file. */
function chosen(file: FrameFile, images: readonly number[]): FrameFile {
  const places = new Map(file.frames.map((frame, k) => [frame.image?.number ?? k, k]));
  const gone = images.find((image) => !places.has(image));
  if (gone !== undefined) {
    file.close();
    throw new FileError(
      `openFrames: expected image ${gone} in ${file.path}, got a file without it: it has changed; load it again`,
      { path: file.path, frame: gone },
    );
  }
  const index = images.map((image) => places.get(image) as number);
  const { plainCounts } = file;
  return {
    path: file.path,
    frames: index.map((k) => file.frames[k]),
    fullScale: file.fullScale,
    plainCounts: plainCounts && index.map((k) => plainCounts[k]),
    readRows: (frame, firstRow, nRows, out) => file.readRows(index[frame] ?? -1, firstRow, nRows, out),
    close: () => file.close(),
  };
}

/** Loads the libraries that are needed to open these files; before a synchronous part begins. */
export async function prepareFrames(places: Iterable<string>): Promise<void> {
  for (const place of places) {
    if (formats.every((format: Format) => isReady(format.frames))) return;
    await frameFormatOf(splitPlace(place).path, "openFrames").library?.load();
  }
}

function isReady(format: FrameFormat | undefined): boolean {
  return format?.library?.isLoaded() ?? true;
}

/** All frames of a file in memory, [rows x columns] each. @throws FileError as the formats say */
export async function readFrames(
  of: string | FramePlace,
): Promise<(FrameEntry & { readonly data: Float64Array })[]> {
  await prepareFrames([placeOf(of).path]);
  const file = openFrames(of);
  try {
    return file.frames.map((frame, k) => {
      const data = new Float64Array(frame.shape[0] * frame.shape[1]);
      file.readRows(k, 0, frame.shape[0], data);
      return { ...frame, data };
    });
  } finally {
    file.close();
  }
}

/**
 * Shapes and headers of the frames of a file, synchronously. Where a library has to be loaded first, as for
 * HDF5, another process does it.
 *
 * @throws FileError as the formats say
 */
export function describeFrames(of: string | FramePlace): readonly FrameEntry[] {
  const place = placeOf(of);
  const { path, dividedBy } = place;
  const all = [path, ...(dividedBy ? [dividedBy.flat, ...dividedBy.dark].map((one) => one.path) : [])];
  if (all.every((one) => isReady(frameFormatOf(splitPlace(one).path, "describeFrames")))) {
    const file = openFrames(place);
    file.close();
    return file.frames;
  }
  return inChild("describeFrames", path, { place });
}
