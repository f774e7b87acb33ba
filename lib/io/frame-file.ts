// Recorded frames on disk, whatever the format: what the engine reads rows from.
import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { FileError } from "../errors.js";
import type { Format, FrameFormat } from "./format.js";
import { formats, frameFormatOf } from "./formats.js";
import type { FrameEntry, FrameFile, ImageKind } from "./frames.js";
import type { Incomplete } from "./incomplete.js";
import { splitPlace } from "./place.js";

/**
 * Opens recorded frames by the content of their file. HDF5 needs {@link prepareFrames} first.
 *
 * @param kind which images, where a file holds several kinds
 * @param images numbers of the images that are used, of a recording that is not complete; default all, which
 *   have to be there
 * @throws FileError as the formats say
 */
export function openFrames(place: string, kind?: ImageKind, images?: readonly number[]): FrameFile {
  const format = frameFormatOf(splitPlace(place).path, "openFrames");
  const file = format.open(place, kind, images ? "keep" : "refuse");
  return images ? chosen(file, images) : file;
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
  place: string,
  kind?: ImageKind,
  images?: readonly number[],
): Promise<(FrameEntry & { readonly data: Float64Array })[]> {
  await prepareFrames([place]);
  const file = openFrames(place, kind, images);
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
 * @param incomplete "keep": only the frames that exist
 * @throws FileError as the formats say
 */
export function describeFrames(
  place: string,
  kind?: ImageKind,
  incomplete: Incomplete = "refuse",
): readonly FrameEntry[] {
  const format = frameFormatOf(splitPlace(place).path, "describeFrames");
  if (isReady(format)) {
    const file = format.open(place, kind, incomplete);
    file.close();
    return file.frames;
  }
  const script = fileURLToPath(new URL("./describe-frames.js", import.meta.url));
  const { status, stdout, stderr } = spawnSync(process.execPath, [script, place, kind ?? "", incomplete], {
    encoding: "utf8",
    maxBuffer: 2 ** 28,
  });
  const message = `describeFrames: expected ${place} to be readable, got an error of the process that looked: ${stderr}; copy or record the file again`;
  const answer = status === 0 ? JSON.parse(stdout) : { error: { message, fields: { path: place } } };
  if (answer.error) throw new FileError(answer.error.message, answer.error.fields);
  return answer.frames;
}
