// Files that an HDF5 file refers to by links and virtual datasets: what is read from it changes with them.
import { existsSync } from "node:fs";
import { resolve } from "node:path";
import { identityOf } from "./identity.js";
import { splitPlace } from "./place.js";

/** By the path of the file that was opened; the reader notes them while it follows the links. */
const known = new Map<string, { readonly identity: string; readonly files: Map<string, string> }>();

/** Notes that numbers of one file lie in another. */
export function noteLinked(path: string, other: string): void {
  const [main, identity] = [resolve(path), identityOf(path)];
  // A file that was written anew may refer to others.
  if (known.get(main)?.identity !== identity) known.set(main, { identity, files: new Map() });
  const [files, file] = [known.get(main)?.files, resolve(other)];
  if (file !== main && !files?.has(file)) files?.set(file, identityOf(file));
}

/** The files that a recorded file was found to refer to, with their identity when they were first opened. */
export function linkedFiles(place: string): ReadonlyMap<string, string> {
  return known.get(resolve(splitPlace(place).path))?.files ?? new Map();
}

/** A recorded file, and all that it was found to refer to when it was loaded and that are there. */
export function withLinked(place: string): string[] {
  const linked = [...linkedFiles(place).keys()];
  return [place, ...linked.filter((file) => existsSync(file)).sort()];
}
