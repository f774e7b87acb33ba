// What a file format is to the library. Each format is one object beside its reader, and one line in
// formats.ts.
import type { OptionNames } from "../options.js";
import type { FileDescription } from "./description.js";
import type { FrameFile, FramePlace } from "./frames.js";
import type { FileHead } from "./head.js";

/** One file format. */
export interface Format<Content extends object = object, Options extends object = object> {
  /** One word, as `read` gives it. */
  readonly name: string;
  /** Whether a file begins like this format. */
  detect(head: FileHead): boolean;
  /** Names of the options of `read`. */
  readonly options: OptionNames<Options>;
  /** Reads a whole file. @throws FileError that names the path */
  read(path: string, options?: Options): Promise<Content>;
  /** What a file holds, without reading its numbers: memory does not depend on its size. @throws FileError */
  describe(path: string): FileDescription | Promise<FileDescription>;
  /** How recorded images are opened; absent for formats without images. */
  readonly frames?: FrameFormat;
}

/** How files of recorded images are opened. */
export interface FrameFormat {
  /** Whether the format arranges images by `axes` itself; its images are a list otherwise. */
  readonly axes?: true;
  /** A library that has to be loaded before, where the format needs one. */
  readonly library?: { isLoaded(): boolean; load(): Promise<unknown> };
  /**
   * Opens a file and indexes its images: their shapes, energies, exposures and ring currents.
   *
   * @param place the file, which kind of images, and what to do where some are not there; `images` and
   *   `members` are none of its business
   * @throws FileError that names the path
   */
  open(place: Omit<FramePlace, "images" | "members">): FrameFile;
}
