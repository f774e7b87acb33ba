// What a folder of recordings holds: files whose names differ in numbers only belong together.
import { statSync } from "node:fs";
import { join } from "node:path";
import { type FileDescription, problemOf } from "../io/description.js";
import { entriesOf, isClutter } from "../io/disk.js";
import type { Format } from "../io/format.js";
import { formatOf } from "../io/formats.js";
import { Cube } from "./cube.js";
import { cubeFacts, Matching, missingFor, sampleLine } from "./describe-images.js";
import { nameMatcher } from "./paths.js";

/** Files whose names differ in numbers only. */
interface Group {
  /** With `*` where the names differ: for people. */
  readonly pattern: string;
  /** A pattern that no other file of the folder matches; undefined where there is none. */
  readonly own?: string;
  readonly names: readonly string[];
}

/** Groups that are looked at; a folder with more is no recording. */
const MOST = 24;

/** What the words in the names of references mean, where a beamline writes them between other signs. */
const ROLES = {
  dark: /(?:^|[^a-z])(?:dark|dk|bg)\d*(?![a-z])/i,
  flat: /(?:^|[^a-z])(?:flat|ref|refhst|white|bkg|ff|open|i0)\d*(?![a-z])/i,
  foil: /(?:^|[^a-z])foil\d*(?![a-z])/i,
} as const;

/** A folder without a manifest. */
export async function describeFolder(
  call: string,
  folder: string,
): Promise<FileDescription & { readonly missing: readonly string[] }> {
  const entries = entriesOf(call, folder).filter(({ name }) => !isClutter(name) && !name.startsWith("."));
  const isFile = (name: string): boolean =>
    statSync(join(folder, name), { throwIfNoEntry: false })?.isFile() === true;
  const files = entries.filter((entry) => entry.isFile() || isFile(entry.name)).map(({ name }) => name);
  const folders = entries.filter((entry) => !files.includes(entry.name)).map(({ name }) => name);
  const groups = groupsOf(files);
  const facts: Record<string, string> = {};
  const images: Group[] = [];
  for (const group of groups.slice(0, MOST)) {
    const { content, hasImages } = await firstOf(call, join(folder, group.names[0]));
    if (hasImages) images.push(group);
    const n = group.names.length;
    facts[group.pattern] = `${n === 1 ? "" : `${n} files, the first: `}${content}`;
  }
  if (groups.length > MOST) facts["other files"] = `of ${groups.length - MOST} kinds`;
  if (folders.length > 0) facts.folders = listed(folders);
  const roles = rolesOf(images);
  const samples = images.filter((group) => !roles.has(group));
  if (samples.length === 0) {
    const what = files.length === 0 ? "folder without files" : "folder without images of a sample";
    const inner =
      folders.length > 0 ? [`describe(${JSON.stringify(join(folder, folders[0]))}) looks into a folder`] : [];
    return { what, facts: { ...facts, ...(inner.length > 0 && { next: inner[0] }) }, missing: [], code: "" };
  }
  const sample = samples.reduce((most, one) => (one.names.length > most.names.length ? one : most));
  const chosen = Object.fromEntries([
    ["sample", sample] as const,
    ...[...roles].map(([group, role]) => [role, group] as const),
  ]);
  if (samples.length > 1) {
    const others = samples.filter((one) => one !== sample);
    facts["other samples"] = listed(others.map(({ pattern }) => pattern));
  }
  const each = <Value>(make: (group: Group) => Value) =>
    Object.fromEntries(Object.entries(chosen).map(([role, group]) => [role, make(group)])) as {
      sample: Value;
    } & Partial<Record<keyof typeof ROLES, Value>>;
  // A pattern that other files match, too, would mix flat and sample.
  const paths = each(({ own, names }) =>
    own === undefined ? names.map((name) => join(folder, name)) : join(folder, own),
  );
  const given = each(({ own, names }) =>
    own === undefined ? new Matching(folder, expressionOf(names[0])) : join(folder, own),
  );
  try {
    const { schema } = Cube.load(paths);
    return {
      what: "folder of images",
      facts: { ...cubeFacts(schema), ...facts },
      missing: missingFor(schema, given),
      code: sampleLine(given, schema),
    };
  } catch (error) {
    return {
      what: "folder of images",
      facts: { ...facts, "as a scan": problemOf(error) },
      missing: [],
      code: sampleLine(given, {}),
    };
  }
}

function listed(names: readonly string[]): string {
  return names.length > 10
    ? `${names.slice(0, 10).join(", ")} and ${names.length - 10} more`
    : names.join(", ");
}

/** What the first file of a group is. */
async function firstOf(call: string, path: string): Promise<{ content: string; hasImages: boolean }> {
  try {
    const format: Format = formatOf(path, call);
    const { what, facts } = await format.describe(path);
    const detail = facts.images ?? facts.columns ?? "";
    return { content: detail === "" ? what : `${what}, ${detail}`, hasImages: format.frames !== undefined };
  } catch (error) {
    return { content: `not read: ${problemOf(error).split(";")[0]}`, hasImages: false };
  }
}

/** 8333 and 8333.5 are energies of one scan. */
const NUMBER = /\d+(?:\.\d+)?/g;

/** Files that differ in numbers only, in natural order; groups with more files first. */
function groupsOf(names: readonly string[]): Group[] {
  const groups = new Map<string, string[]>();
  for (const name of names) {
    const key = name.replace(NUMBER, "#");
    groups.set(key, [...(groups.get(key) ?? []), name]);
  }
  const list = [...groups.values()].map((members) => {
    const sorted = members.toSorted((a, b) => a.localeCompare(b, "en", { numeric: true }));
    const others = names.filter((name) => !members.includes(name));
    const candidates = [patternOf(sorted, false), patternOf(sorted, true)];
    const own = candidates.find((pattern) => !others.some(nameMatcher(pattern)));
    return { pattern: candidates[0], names: sorted, ...(own !== undefined && { own }) };
  });
  return list.toSorted((a, b) => b.names.length - a.names.length);
}

/** What names fit that differ in numbers only. */
function expressionOf(name: string): RegExp {
  const parts = name.split(NUMBER).map((part) => part.replace(/[.*+?^${}()|[\]\\/]/g, "\\$&"));
  return new RegExp(`^${parts.join("\\d+(?:\\.\\d+)?")}$`);
}

/**
 * A name with `*` in the place of numbers that differ.
 *
 * @param isClose the digits that all numbers begin with stay: `scan_8*_eV.edf`
 */
function patternOf(names: readonly string[], isClose: boolean): string {
  const numbers = names.map((name) => name.match(NUMBER) ?? []);
  let k = 0;
  return names[0].replace(NUMBER, (own) => {
    const at = k++;
    if (numbers.every((list) => list[at] === own)) return own;
    const digits = [...own].findIndex((digit, i) => numbers.some((list) => list[at][i] !== digit));
    return isClose ? `${own.slice(0, Math.max(0, digits))}*` : "*";
  });
}

/** Groups that are references, by a word in their names; none where a role has several. */
function rolesOf(groups: readonly Group[]): Map<Group, keyof typeof ROLES> {
  const roles = new Map<Group, keyof typeof ROLES>();
  for (const role of ["dark", "flat", "foil"] as const) {
    const found = groups.filter((group) => ROLES[role].test(group.pattern) && !roles.has(group));
    if (found.length > 0 && found.length < groups.length) roles.set(found[0], role);
  }
  return roles;
}
