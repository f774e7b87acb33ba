// Names with placeholders: `{scan}` stands for what was given for it, or for any name; `*` for anything.
import { dirname, join } from "node:path";
import { entriesOf, isClutter } from "./disk.js";
import type { Found, Hdf5Source } from "./hdf5-source.js";

/** What placeholders stand for. */
export type Values = Readonly<Record<string, string>>;

/** What was given for placeholders: one value each, or several that may be. */
export type Choices = Readonly<Record<string, string | readonly string[]>>;

/** A name that fits a pattern. */
export interface Match {
  /** A path, or a place in an HDF5 file. */
  readonly at: string;
  readonly values: Values;
}

/** What one part of a path fits, with a group for each placeholder. */
function expressionOf(pattern: string, choices: Choices): RegExp {
  const seen = new Set<string>();
  const parts = pattern.split(/(\{\w+\}|\*)/).map((part) => {
    if (part === "*") return ".*?";
    const name = /^\{(\w+)\}$/.exec(part)?.[1];
    if (name === undefined) return escaped(part);
    if (seen.has(name)) return `\\k<${name}>`;
    seen.add(name);
    const given = Object.hasOwn(choices, name) ? [choices[name]].flat() : undefined;
    return `(?<${name}>${given ? given.map(escaped).join("|") : ".+?"})`;
  });
  return new RegExp(`^${parts.join("")}$`, "su");
}

const escaped = (text: string): string => text.replace(/[.*+?^${}()|[\]\\/]/g, "\\$&");

const natural = new Intl.Collator("en", { numeric: true }).compare;

/** Names that fit, in natural order, with what their placeholders stand for. */
function fitting(
  names: readonly string[],
  pattern: string,
  choices: Choices,
): { name: string; values: Values }[] {
  const expression = expressionOf(pattern, choices);
  return names.toSorted(natural).flatMap((name) => {
    const found = expression.exec(name.normalize());
    return found ? [{ name, values: { ...found.groups } }] : [];
  });
}

/** Files in a folder whose names fit; the pattern may have folders before the name. */
export function filesMatching(
  call: string,
  folder: string,
  pattern: string,
  not: string | undefined,
  choices: Choices,
): Match[] {
  let places: Match[] = [{ at: folder, values: {} }];
  const steps = pattern.split("/").filter((step) => step !== "");
  for (const [k, step] of steps.entries()) {
    const isLast = k === steps.length - 1;
    places = places.flatMap(({ at, values }) => {
      if (step === "..") return [{ at: dirname(at), values }];
      const entries = entriesOf(call, at).filter(
        (entry) => isLast !== entry.isDirectory() || entry.isSymbolicLink(),
      );
      const names = entries
        .map(({ name }) => name)
        .filter((name) => !name.startsWith(".") && !isClutter(name));
      const found = fitting(names, step, { ...choices, ...values });
      const left =
        isLast && not !== undefined ? new Set(fitting(names, not, choices).map(({ name }) => name)) : null;
      return found
        .filter(({ name }) => !left?.has(name))
        .map(({ name, values: own }) => ({ at: join(at, name), values: { ...values, ...own } }));
    });
  }
  return places;
}

/** Datasets of a file whose places fit, with links followed; what cannot be opened is none. */
export function datasetsMatching(source: Hdf5Source, pattern: string, choices: Choices): Match[] {
  const steps = pattern.split("/").filter((step) => step !== "");
  let places: Match[] = [{ at: "", values: {} }];
  for (const step of steps) {
    const isPlain = !/[{*]/.test(step);
    places = places.flatMap(({ at, values }) => {
      if (isPlain) return [{ at: `${at}/${step}`, values }];
      const group = at === "" ? { source, at: "/", group: source.root } : found(source, at);
      if (!group?.group) return [];
      const names = group.source.keys(group);
      return fitting(names, step, { ...choices, ...values }).map(({ name, values: own }) => ({
        at: `${at}/${name}`,
        values: { ...values, ...own },
      }));
    });
  }
  return places.filter(({ at }) => found(source, at)?.dataset !== undefined);
}

/** What lies at a place; nothing where only a part of the way is there. Broken links are errors. */
function found(source: Hdf5Source, at: string): Found | undefined {
  return source.find(at);
}
