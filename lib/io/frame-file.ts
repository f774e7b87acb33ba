// Recorded frames on disk, whatever the format: what the engine reads rows from.
import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { FileError } from "../errors.js";
import { EdfFile, readEdf } from "./edf.js";
import type { FrameEntry, FrameFile } from "./frames.js";
import { hdf5IsLoaded, isHdf5, loadHdf5 } from "./hdf5-library.js";
import type { Incomplete } from "./incomplete.js";
import { type ImageKind, NexusFile, splitPlace } from "./nexus-file.js";

/**
 * Opens recorded frames by the content of their file. HDF5 needs {@link prepareFrames} first.
 *
 * @param kind where a file holds images of several kinds: which ones
 * @param images numbers of the images that are wanted, of a recording that is not complete; default all, and all have to be there
 * @throws FileError as the formats say
 */
export function openFrames(place: string, kind?: ImageKind, images?: readonly number[]): FrameFile {
  const { path } = splitPlace(place);
  const incomplete = images ? "keep" : "refuse";
  const file = isHdf5("openFrames", path)
    ? NexusFile.openSync(place, kind, incomplete)
    : EdfFile.openSync(place, { incomplete });
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
  return {
    path: file.path,
    frames: index.map((k) => file.frames[k]),
    fullScale: file.fullScale,
    readRows: (frame, firstRow, nRows, out) => file.readRows(index[frame] ?? -1, firstRow, nRows, out),
    close: () => file.close(),
  };
}

/** Loads what is needed to open these files; call it where one can still wait. */
export async function prepareFrames(places: Iterable<string>): Promise<void> {
  for (const place of places) {
    if (isHdf5("openFrames", splitPlace(place).path)) {
      await loadHdf5();
      return;
    }
  }
}

/** All frames of a file in memory, [rows x columns] each. @throws FileError as the formats say */
export async function readFrames(
  place: string,
  kind?: ImageKind,
  images?: readonly number[],
): Promise<(FrameEntry & { readonly data: ArrayLike<number> })[]> {
  if (!images && !isHdf5("readFrames", splitPlace(place).path)) return (await readEdf(place)).frames;
  await loadHdf5();
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
 * Shapes and headers of a file's frames, at once; with "keep" of those that exist. Opening HDF5 takes a library that only loads in its own time; where that has
 * not happened yet another process is asked, which takes a moment.
 *
 * @throws FileError as the formats say
 */
export function describeFrames(
  place: string,
  kind?: ImageKind,
  incomplete: Incomplete = "refuse",
): readonly FrameEntry[] {
  if (hdf5IsLoaded() || !isHdf5("describeFrames", splitPlace(place).path)) {
    const file = isHdf5("describeFrames", splitPlace(place).path)
      ? NexusFile.openSync(place, kind, incomplete)
      : EdfFile.openSync(place, { incomplete });
    file.close();
    return file.frames;
  }
  const script = new URL("./describe-frames.js", import.meta.url);
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    [fileURLToPath(script), place, kind ?? "", incomplete],
    {
      encoding: "utf8",
      maxBuffer: 2 ** 28,
    },
  );
  const message = `describeFrames: expected ${place} to be readable, got an error of the process that looked: ${stderr}; copy or record the file again`;
  const answer = status === 0 ? JSON.parse(stdout) : { error: { message, fields: { path: place } } };
  if (answer.error) throw new FileError(answer.error.message, answer.error.fields);
  return answer.frames;
}
