// What a file format is to the library. Each format is one object beside its reader, and one line in
// formats.ts.
import type { OptionNames } from "../options.js";
import type { FrameFile, ImageKind } from "./frames.js";
import type { FileHead } from "./head.js";
import type { Incomplete } from "./incomplete.js";

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
  /** How recorded images are opened; absent for formats without images. */
  readonly frames?: FrameFormat;
}

/** How files of recorded images are opened. */
export interface FrameFormat {
  /** A library that has to be loaded before, where the format needs one. */
  readonly library?: { isLoaded(): boolean; load(): Promise<unknown> };
  /**
   * Opens a file and indexes its images: their shapes, energies, exposures and ring currents.
   *
   * @param place a path, perhaps with the dataset in the file, see `splitPlace`
   * @param kind which images, where a file holds several kinds; undefined: all
   * @throws FileError that names the path
   */
  open(place: string, kind: ImageKind | undefined, incomplete: Incomplete): FrameFile;
}
