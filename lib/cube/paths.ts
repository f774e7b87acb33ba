// The files that a person names: a path, a list of paths, or a pattern with `*`.
import { existsSync } from "node:fs";
import { basename, dirname, isAbsolute, join, resolve } from "node:path";
import { ArgumentError, FileError, quote } from "../errors.js";
import { entriesOf, isClutter } from "../io/disk.js";
import type { ImageKind } from "../io/frames.js";
import { splitPlace } from "../io/place.js";

const CALL = "Cube.load";

/**
 * The files of an option; none where it is left out.
 *
 * @throws ArgumentError for what is no path and for an empty list, FileError for a pattern that matches nothing
 */
export function pathsOf(kind: ImageKind, paths: string | readonly string[] | undefined): string[] {
  // A filter that found nothing would leave out the dark without a word.
  if (Array.isArray(paths) && paths.length === 0) {
    throw new ArgumentError(
      `Cube.load: expected ${kind} files, got an empty list; give paths or a pattern such as "cubes/*.edf"${kind === "sample" ? "" : ", or leave the option out"}`,
      { option: kind },
    );
  }
  return [paths ?? []].flat().flatMap((path) => expand(pathIn(kind, path)));
}

/** A path as a person gives it. */
function pathIn(option: ImageKind, path: unknown): string {
  if (typeof path === "string" && path !== "") return path;
  throw new ArgumentError(
    `${CALL}: expected ${option} as a path or a list of paths, got ${quote(path)}; give paths as text`,
    { option, value: path },
  );
}

/** Whether a name of a file matches a pattern with `*`. */
export function nameMatcher(pattern: string): (name: string) => boolean {
  const escaped = pattern
    .normalize()
    .split("*")
    .map((s) => s.replace(/[.*+?^${}()|[\]\\]/g, "\\$&"));
  // As in a shell, * stands for no leading point.
  const expression = new RegExp(`^${pattern.startsWith("*") ? "(?!\\.)" : ""}${escaped.join(".*")}$`, "s");
  // File systems differ in how they write an accented letter.
  return (name) => expression.test(name.normalize()) && !isClutter(name);
}

/** Paths that match a pattern with `*` in its last part, in natural order; a plain path stands for itself. */
function expand(place: string): string[] {
  const { path: pattern, dataset } = splitPlace(place);
  const inside = dataset === undefined ? "" : `::${dataset}`;
  const path = isAbsolute(pattern) ? pattern : resolve(pattern);
  const [folder, last] = [dirname(path), basename(path)];
  const refuse = (found: string): FileError =>
    new FileError(`Cube.load: expected files that match ${quote(pattern)}, found ${found}`, {
      path: pattern,
    });
  if (folder.includes("*") && !existsSync(folder)) {
    throw refuse(`no folder ${folder}; write * only in the last part, or give a list of paths`);
  }
  if (!last.includes("*")) return [path + inside];
  const matches = nameMatcher(last);
  const all = existsSync(folder) ? entriesOf(CALL, folder) : [];
  const found = all.map(({ name }) => name).filter(matches);
  if (found.length === 0) throw refuse(`none in ${folder}; check the path`);
  return found
    .sort((a, b) => a.localeCompare(b, "en", { numeric: true }))
    .map((f) => join(folder, f) + inside);
}
