// Athena project files (.prj): groups of spectra with the parameters of their normalization. Two kinds: lines of Perl
// (Athena 0.8) and JSON (Demeter 0.9), usually compressed with gzip.
import { gzipSync } from "node:zlib";
import { ArgumentError, FileError, quote, reason, ShapeError } from "../errors.js";
import { checkOptions, type OptionNames, oneOf, requireOptions } from "../options.js";
import { type ParsedGroup, parseAthenaPerl, perlText } from "./athena-perl.js";
import { writeWhole } from "./atomic.js";
import { energyRange, type FileDescription, readLine } from "./description.js";
import type { Format } from "./format.js";
import { readText, readTextStart } from "./text.js";

/** How a spectrum is normalized in Athena. */
export interface AthenaNormalization {
  /** eV. */
  readonly e0: number;
  /** eV relative to e0. */
  readonly pre: readonly [number, number];
  readonly post: readonly [number, number];
  /** Degree of the polynomial above the edge: 0, 1 or 2. */
  readonly degree: number;
  /** Height of the edge; undefined where the file has none. */
  readonly edgeStep?: number;
}

/** A spectrum of a project. */
export interface AthenaGroup {
  readonly label: string;
  /** eV, with the energy shift of the project. */
  readonly energy: Float64Array;
  /** NaN where the project has no value. */
  readonly mu: Float64Array;
  /** Whether `mu` is normalized already. */
  readonly normalized: boolean;
  /** Counts of the beam, where the project has them. */
  readonly i0?: Float64Array;
  /** Standard error of mu, where the project has it. */
  readonly stddev?: Float64Array;
  /** Undefined where the project lacks one of its numbers. */
  readonly normalization?: AthenaNormalization;
  /** All parameters as text. */
  readonly parameters: Readonly<Record<string, string>>;
}

/** What `readAthena` returns. */
export interface AthenaContent {
  readonly groups: AthenaGroup[];
  /** Lines of the project's journal. */
  readonly journal: string[];
  /** Records that are no spectra, such as chi(k), and why, by their label. */
  readonly skipped: Readonly<Record<string, string>>;
}

/**
 * Reads an Athena project: both kinds (Perl text and JSON), compressed with gzip or not.
 *
 * @returns the spectra in the order of the project, energies in eV
 * @throws FileError naming the path when the file is missing, empty, cut short, no project, or when a group lacks
 *   energies or mu, or has different numbers of them
 * @see Ravel & Newville, J. Synchrotron Rad. 12, 537 (2005)
 * @example
 * const foil = { label: "foil", energy: [8320, 8330, 8340], mu: [0.1, 0.2, 1.1] };
 * await writeAthena("foil.prj", [foil]);
 * const { groups } = await readAthena("foil.prj");
 * groups[0].mu; // [0.1, 0.2, 1.1]
 */
export async function readAthena(path: string): Promise<AthenaContent> {
  return parseAthena("readAthena", path, await readText("readAthena", path));
}

/** The project in a text that was read from `path`. */
function parseAthena(call: string, path: string, text: string): AthenaContent {
  const isJson = /^\s*\{/.test(text);
  let parsed: { groups: ParsedGroup[]; journal: string[] };
  try {
    parsed = isJson ? ofJson(text) : parseAthenaPerl(text);
  } catch (error) {
    throw new FileError(
      `${call}: expected an Athena project, got ${reason(error)} in ${path}; save or copy the project again`,
      { path },
      { cause: error },
    );
  }
  const skipped: Record<string, string> = {};
  const groups = parsed.groups.flatMap((group) => {
    const label = group.args.label || group.name;
    const kind = kindOf(group.args);
    if (kind === "mu" || kind === "norm") return [groupOf(call, path, label, group, kind === "norm")];
    skipped[label] = `${kind}: no spectrum over energy`;
    return [];
  });
  if (parsed.groups.length > 0) return { groups, journal: parsed.journal, skipped };
  throw new FileError(
    `${call}: expected an Athena project with groups, got none in ${path}; save or copy the project again`,
    { path },
  );
}

/** Athena projects as a format. */
export const athenaFormat = {
  name: "athena" as const,
  detect: ({ text }) => /^\s*(?:# Athena (?:project|record) file|\{\s*"_____)/.test(text),
  options: {},
  read: readAthena,
  describe: describeProject,
} satisfies Format<AthenaContent>;

/** A project by its spectra; of a large one of the older kind those that its beginning holds. */
async function describeProject(path: string): Promise<FileDescription> {
  const { text, isWhole } = await readTextStart("describe", path, 2 ** 23);
  const code = readLine("readAthena", path);
  const last = text.lastIndexOf("\n[record]");
  const cut = isWhole ? text : text.slice(0, text.indexOf("\n", last + 1));
  if (!isWhole && (last < 0 || /^\s*\{/.test(text))) {
    return { what: "project of Athena", facts: { spectra: "not listed: the project is large" }, code };
  }
  const { groups, skipped } = parseAthena("describe", path, cut);
  const { energy } = groups[0] ?? {};
  const facts = {
    spectra: `${groups.map(({ label }) => label).join(", ") || "none"}${isWhole ? "" : ", and more behind them"}`,
    ...(energy && { "energies of the first": energyRange(energy) }),
    ...Object.fromEntries(Object.entries(skipped).map(([label, why]) => [label, why])),
  };
  return { what: "project of Athena", facts, code };
}

function ofJson(text: string): { groups: ParsedGroup[]; journal: string[] } {
  const value: unknown = JSON.parse(text);
  const entries = Object.entries(value as Record<string, unknown>);
  const isGroup = (one: unknown): one is Record<string, unknown> =>
    typeof one === "object" && one !== null && "args" in one;
  const order = (value as { _____order?: unknown })._____order;
  const names = entries
    .filter(([name, one]) => !name.startsWith("_____") && isGroup(one))
    .map(([name]) => name);
  const listed = Array.isArray(order)
    ? order.filter((name): name is string => names.includes(name as string))
    : [];
  const sorted = [...listed, ...names.filter((name) => !listed.includes(name))];
  const groups = sorted.map((name): ParsedGroup => {
    const { args, ...arrays } = (value as Record<string, Record<string, unknown>>)[name];
    const texts = Object.entries(args as Record<string, unknown>).map(([key, one]) => [
      key,
      Array.isArray(one) ? one.join("\n") : String(one ?? ""),
    ]);
    const lists = Object.entries(arrays).filter((entry): entry is [string, unknown[]] =>
      Array.isArray(entry[1]),
    );
    return {
      name,
      args: Object.fromEntries(texts),
      arrays: Object.fromEntries(lists.map(([key, list]) => [key, list.map(String)])),
    };
  });
  const { _____journal: journal } = value as { _____journal?: unknown };
  return { groups, journal: Array.isArray(journal) ? journal.map(String) : [] };
}

/** "mu", "norm", or another kind of record. */
function kindOf(args: Readonly<Record<string, string>>): string {
  if (isSet(args.is_chi) || /^chi/.test(args.datatype ?? args.recordtype ?? "")) return "chi(k)";
  if (isSet(args.is_rsp) || isSet(args.is_bkg)) return "a fit or background";
  return isSet(args.is_nor) || /^norm/.test(args.recordtype ?? "") ? "norm" : "mu";
}

/** What programs write for a value that is not there. */
const isMissing = (cell: string): boolean => /^\s*(?:null|nan)?\s*$/i.test(cell);

const isSet = (text: string | undefined): boolean => Number(text) === 1;

function groupOf(
  call: string,
  path: string,
  label: string,
  { args, arrays }: ParsedGroup,
  normalized: boolean,
): AthenaGroup {
  const list = (name: string): Float64Array | undefined => {
    const cells = arrays[name];
    // Projects have [null] where there are no values.
    if (!cells || cells.every(isMissing)) return undefined;
    const numbers = Float64Array.from(cells, (cell) => (isMissing(cell) ? Number.NaN : Number(cell)));
    const bad = numbers.findIndex(
      (value, k) => !Number.isFinite(value) && (name === "x" || !isMissing(cells[k])),
    );
    if (bad < 0) return numbers;
    throw new FileError(
      `${call}: expected numbers in ${name} of ${quote(label)}, got ${quote(cells[bad])} at place ${bad} in ${path}; correct the project`,
      { path, group: label },
    );
  };
  const [x, mu, i0, stddev] = [list("x"), list("y"), list("i0"), list("stddev")];
  const lengths = [x, mu, i0, stddev].map((one) => one?.length);
  if (!x || !mu || lengths.some((n) => n !== undefined && n !== x.length)) {
    throw new FileError(
      `${call}: expected as many energies as values of mu in ${quote(label)}, got ${lengths.map((n) => n ?? "none").join(", ")} (x, y, i0, stddev) in ${path}; save or copy the project again`,
      { path, group: label },
    );
  }
  const shift = Number(args.bkg_eshift ?? 0) || 0;
  const scale = isSet(args.is_kev) ? 1000 : 1;
  const normalization = normalizationOf(args);
  return {
    label,
    energy: x.map((value) => value * scale + shift),
    mu,
    normalized,
    ...(i0 && { i0 }),
    ...(stddev && { stddev }),
    ...(normalization && { normalization }),
    parameters: args,
  };
}

function normalizationOf(args: Readonly<Record<string, string>>): AthenaNormalization | undefined {
  const number = (name: string): number =>
    (args[name] ?? "").trim() === "" ? Number.NaN : Number(args[name]);
  const [e0, terms, step] = [number("bkg_e0"), number("bkg_nnorm"), number("bkg_step")];
  const pre = [number("bkg_pre1"), number("bkg_pre2")] as const;
  const post = [number("bkg_nor1"), number("bkg_nor2")] as const;
  if (![e0, terms, ...pre, ...post].every(Number.isFinite) || e0 <= 0) return undefined;
  // Athena counts the terms of the polynomial.
  return { e0, pre, post, degree: terms - 1, ...(step > 0 && { edgeStep: step }) };
}

/** A spectrum that `writeAthena` takes. */
export interface AthenaInput {
  readonly label: string;
  /** eV. */
  readonly energy: ArrayLike<number>;
  readonly mu: ArrayLike<number>;
  /** `mu` is normalized already; default false. */
  readonly normalized?: boolean;
  readonly i0?: ArrayLike<number>;
  readonly stddev?: ArrayLike<number>;
  /** As `normalize` returns them: e0, pre, post and degree. Without it Athena chooses its own. */
  readonly normalization?: AthenaNormalization;
}

const GROUP: OptionNames<AthenaInput> = {
  label: true,
  energy: true,
  mu: true,
  normalized: true,
  i0: true,
  stddev: true,
  normalization: true,
};

const NORMALIZATION: OptionNames<AthenaNormalization> = {
  e0: true,
  pre: true,
  post: true,
  degree: true,
  edgeStep: true,
};

/** Options of `writeAthena`. */
export interface AthenaWriteOptions {
  /** "json" (default; Athena of Demeter 0.9, Larch) or "perl" (also Athena 0.8). */
  readonly kind?: "json" | "perl";
  /** Compressed, as Athena does it; default true. */
  readonly gzip?: boolean;
}

/**
 * Writes spectra as an Athena project, with the parameters of their normalization.
 *
 * @throws ArgumentError for no spectra, unknown options, values that are no finite numbers; ShapeError where lengths
 *   differ; FileError when the disk refuses
 * @see Ravel & Newville, J. Synchrotron Rad. 12, 537 (2005)
 * @example
 * const energy = [8320, 8330, 8340, 8350];
 * const normalization = { e0: 8333, pre: [-13, -3], post: [7, 17], degree: 0 } as const;
 * await writeAthena("mean.prj", [{ label: "mean", energy, mu: [0.1, 0.2, 1.1, 1], normalization }]);
 */
export async function writeAthena(
  path: string,
  groups: readonly AthenaInput[],
  options?: AthenaWriteOptions,
): Promise<void> {
  const call = "writeAthena";
  const { kind = "json", gzip = true } = checkOptions(call, options, { kind: true, gzip: true });
  oneOf(call, "kind", kind, ["json", "perl"]);
  if (!Array.isArray(groups) || groups.length === 0) {
    throw new ArgumentError(`${call}: expected a list of spectra, got ${quote(groups)}; pass at least one`);
  }
  const made = groups.map((group, k) => toGroup(call, group, k));
  const text = kind === "json" ? jsonText(made) : perlText(made);
  writeWhole(call, path, gzip ? gzipSync(text) : text);
}

function toGroup(call: string, group: AthenaInput, k: number): ParsedGroup {
  const {
    label,
    energy,
    mu,
    normalized = false,
    i0,
    stddev,
    normalization,
  } = requireOptions(call, group, GROUP);
  if (typeof label !== "string" || label === "") {
    throw new ArgumentError(
      `${call}: expected a label of spectrum ${k}, got ${quote(label)}; give each a name`,
      { label },
    );
  }
  const list = (name: string, values: ArrayLike<number> | undefined): string[] => {
    if (values === undefined) return [];
    const numbers = Array.from(values);
    if (numbers.length !== energy.length) {
      throw new ShapeError(
        `${call}: expected ${energy.length} values of ${name} in ${quote(label)}, one for each energy, got ${numbers.length}`,
        { expected: energy.length, got: numbers.length },
      );
    }
    const bad = numbers.findIndex((value) => !Number.isFinite(value));
    if (bad < 0) return numbers.map(String);
    throw new ArgumentError(
      `${call}: expected finite numbers in ${name} of ${quote(label)}, got ${quote(numbers[bad])} at place ${bad}; leave out energies without a value`,
      { label, place: bad },
    );
  };
  const arrays = {
    x: list("energy", energy),
    y: list("mu", mu),
    i0: list("i0", i0),
    stddev: list("stddev", stddev),
  };
  const { e0, pre, post, degree, edgeStep } = normalization
    ? requireOptions(call, normalization, NORMALIZATION)
    : ({} as Partial<AthenaNormalization>);
  const args = {
    label,
    bkg_eshift: 0,
    datatype: normalized ? "norm" : "xmu",
    recordtype: normalized ? "norm(E)" : "mu(E)",
    is_xmu: 1,
    is_nor: Number(normalized),
    ...(e0 !== undefined && { bkg_e0: e0 }),
    ...(pre && { bkg_pre1: pre[0], bkg_pre2: pre[1] }),
    ...(post && { bkg_nor1: post[0], bkg_nor2: post[1] }),
    ...(degree !== undefined && { bkg_nnorm: degree + 1 }),
    ...(edgeStep !== undefined && { bkg_step: edgeStep, bkg_fixstep: 1 }),
  };
  return {
    // Names of groups are short words of letters.
    name: `od${String.fromCharCode(97 + (Math.floor(k / 676) % 26), 97 + (Math.floor(k / 26) % 26), 97 + (k % 26))}`,
    args: Object.fromEntries(Object.entries(args).map(([key, value]) => [key, String(value)])),
    arrays: Object.fromEntries(Object.entries(arrays).filter(([, cells]) => cells.length > 0)),
  };
}

function jsonText(groups: readonly ParsedGroup[]): string {
  const entries = [
    `"_____header1": "# Athena project file -- Demeter version 0.9.26"`,
    `"_____header2": "# This file created at ${new Date().toISOString().slice(0, 19)}"`,
    `"_____header3": "# Using operandose"`,
    ...groups.map(({ name, args, arrays }) => {
      const lists = Object.entries(arrays).map(
        ([key, cells]) => `  ${JSON.stringify(key)}: ${JSON.stringify(cells)}`,
      );
      return `"${name}": {\n  "args": ${JSON.stringify({ ...args, titles: [] })},\n${lists.join(",\n")}\n}`;
    }),
    `"_____journal": []`,
    `"_____order": ${JSON.stringify(groups.map(({ name }) => name))}`,
  ];
  return `{${entries.join(",\n")}\n}\n`;
}
