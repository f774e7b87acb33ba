// A plan as a file: what a machine elsewhere needs to compute the same numbers. Paths are relative to a root that
// may be another folder there; fingerprints tell whether the files are the same.
import { existsSync, readFileSync } from "node:fs";
import { dirname, isAbsolute, join, relative, resolve, sep } from "node:path";
import { isDeepStrictEqual } from "node:util";
import { z } from "zod";
import { ArgumentError, FileError, quote, SchemaError } from "../errors.js";
import { writeWhole } from "../io/atomic.js";
import type { FileDescription } from "../io/description.js";
import { systemError } from "../io/disk-errors.js";
import { MANIFEST } from "../io/experiment.js";
import { splitPlace } from "../io/place.js";
import { fingerprintOf, stampOf } from "../io/stamp.js";
import { checkOptions, refuseNull } from "../options.js";
import type { FileOptions } from "./file-options.js";
import type { Step } from "./plan.js";
import type { Origin } from "./recorded.js";
import { inputOf, inputsOf } from "./terminals/provenance.js";
import { addStep, verbs } from "./verbs/index.js";
import type { Plan, Verb } from "./verbs/verb.js";
import { libraryVersion } from "./version.js";

/** Options of `savePlan` and `Cube.from`. */
export interface PlanOptions {
  /**
   * Folder that all files of the plan lie in. Default of `savePlan`: the deepest one; of `Cube.from`: the one
   * that the plan was saved with.
   */
  readonly root?: string;
}

const FORMAT = "operandose-plan";

const paths = z.union([z.string(), z.array(z.string()).min(1)]);

/** Where a plan is loaded from; the options of files are checked by `Cube.load`. */
const origin = z.union([
  z.strictObject({ folder: z.string(), part: z.string(), incomplete: z.enum(["refuse", "keep"]) }),
  z.strictObject({ files: z.looseObject({ sample: paths }) }),
  z.strictObject({ saved: z.string() }),
]);

const step = z.looseObject({ verb: z.string() });

const planFile = z.strictObject({
  format: z.literal(FORMAT),
  version: z.literal(1),
  library: z.string(),
  root: z.string(),
  origin,
  steps: z.array(step),
  inputs: z.array(z.strictObject({ path: z.string(), bytes: z.number(), fingerprint: z.string() })).min(1),
});

/** `cube.plan`, or its JSON. */
const plainPlan = z.looseObject({ source: z.looseObject({ origin }), steps: z.array(step) });

/** Loads what a plan begins with. */
export type Load = (origin: Origin) => Plan;

/**
 * Writes a plan as JSON: where it is loaded from, its steps, and all files that it reads with their sizes and
 * fingerprints.
 */
export function savePlan(plan: Plan, path: string, options: PlanOptions = {}): string {
  const call = "savePlan";
  const given = refuseNull(call, checkOptions(call, options, { root: true })).root;
  if (typeof path !== "string" || !path.endsWith(".json")) {
    throw new ArgumentError(`${call}: expected a path that ends in .json, got ${quote(path)}`, { path });
  }
  const { source, steps } = plan;
  const manifest = source.experiment ? [inputOf(join(source.experiment.folder, MANIFEST))] : [];
  const inputs = [...manifest, ...inputsOf(plan)];
  const root = given === undefined ? commonFolder(inputs.map((input) => input.path)) : resolve(given);
  const file: z.input<typeof planFile> = {
    format: FORMAT,
    version: 1,
    library: libraryVersion(),
    root,
    origin: movePaths(source.origin, (one) => inside(call, root, one)) as z.input<typeof origin>,
    steps: steps.map((one) => ({ ...one })),
    inputs: inputs.map(({ path, bytes, fingerprint }) => ({
      path: inside(call, root, path),
      bytes,
      fingerprint,
    })),
  };
  writeWhole(call, path, `${JSON.stringify(file, null, 1)}\n`);
  return path;
}

/** Reads a plan and applies its steps again, each with the checks of its verb. */
export function planFrom(given: unknown, options: PlanOptions, load: Load): Plan {
  const call = "Cube.from";
  const { root } = refuseNull(call, checkOptions(call, options, { root: true }));
  if (typeof given !== "string") {
    const plain = plainPlan.safeParse(given);
    if (!plain.success) {
      throw new ArgumentError(
        `${call}: expected the path of a plan, or cube.plan, got ${quote(given)}; write one with cube.savePlan(path)`,
      );
    }
    if (root !== undefined) {
      throw new ArgumentError(`${call}: expected { root } beside the path of a plan, got ${quote(root)}`, {
        root,
      });
    }
    return withSteps(load(plain.data.source.origin as Origin), plain.data.steps as unknown as Step[]);
  }
  const file = read(call, given);
  const folder = root === undefined ? file.root : resolve(root);
  checkInputs(call, folder, file.inputs);
  const from = movePaths(file.origin as Origin, (one) => join(folder, one));
  return withSteps(load(from), file.steps as unknown as Step[]);
}

/** What a file of JSON is, where `savePlan` wrote it. */
export function describePlan(path: string): FileDescription | undefined {
  let content: unknown;
  try {
    content = JSON.parse(readFileSync(path, "utf8"));
  } catch {
    return undefined;
  }
  const { success, data } = planFile.safeParse(content);
  if (!success) return undefined;
  const { library, root, steps, inputs } = data;
  const facts = {
    steps: steps.map(({ verb }) => verb).join(", ") || "none",
    files: `${inputs.length}, below ${root}`,
    library,
  };
  return { what: "plan of a cube", facts, code: `const cube = Cube.from(${JSON.stringify(path)});` };
}

function read(call: string, path: string): z.output<typeof planFile> {
  let content: unknown;
  try {
    content = JSON.parse(readFileSync(path, "utf8"));
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw systemError(call, path, error);
  }
  const parsed = planFile.safeParse(content);
  if (!parsed.success) {
    throw new FileError(
      `${call}: expected a plan that cube.savePlan() wrote, got something else in ${path}`,
      { path },
      { cause: parsed.error },
    );
  }
  const { library } = parsed.data;
  if (library !== libraryVersion()) {
    throw new FileError(
      `${call}: expected a plan of operandose ${libraryVersion()}, got one of ${library} in ${path}; write it again, or install that version`,
      { path },
    );
  }
  return parsed.data;
}

/** @throws FileError for the first file that is not there, or not the one that the plan was made with */
function checkInputs(call: string, root: string, inputs: z.output<typeof planFile>["inputs"]): void {
  for (const { path, bytes, fingerprint } of inputs) {
    const own = join(root, path);
    if (!existsSync(own)) {
      throw new FileError(
        `${call}: expected ${quote(path)} below ${root}, found none; give { root }, the folder that the files are in on this machine`,
        { path: own },
      );
    }
    if (stampOf(own).bytes !== bytes || fingerprintOf(own) !== fingerprint) {
      throw new FileError(
        `${call}: expected the file that the plan was made with, got another content in ${own}; copy it again, or write the plan anew`,
        { path: own },
      );
    }
  }
}

/** The plan with steps added by their verbs; numbers are those of the steps, to the last bit. */
function withSteps(plan: Plan, steps: readonly Step[]): Plan {
  return steps.reduce((before, step, i) => {
    const refuse = (cause?: unknown): SchemaError =>
      new SchemaError(
        `Cube.from: expected step ${i + 1} of the plan as its verb writes it, got ${quote(step)}; write the plan anew`,
        { step: i },
        { cause },
      );
    if (!Object.hasOwn(verbs, step.verb)) throw refuse();
    const verb = verbs[step.verb] as unknown as Verb<Step, unknown[]>;
    let args: readonly unknown[];
    try {
      args = verb.again(step, before.schema);
    } catch (error) {
      throw refuse(error);
    }
    const after = addStep(verb, before, ...args);
    if (!alike(after.steps[i], step)) throw refuse();
    return { ...after, steps: [...before.steps, step] };
  }, plan);
}

/** Whether two steps are equal but for the rounding of a change of unit. */
function alike(a: unknown, b: unknown): boolean {
  const rounded = (value: unknown): unknown =>
    JSON.parse(JSON.stringify(value), (_, v) => (typeof v === "number" ? Number(v.toPrecision(14)) : v));
  return isDeepStrictEqual(rounded(a), rounded(b));
}

/** An origin with other paths. */
function movePaths(origin: Origin, move: (path: string) => string): Origin {
  if ("folder" in origin) return { ...origin, folder: move(origin.folder) };
  if ("saved" in origin) return { saved: move(origin.saved) };
  const moved = (["sample", "flat", "foil", "dark"] as const)
    .filter((kind) => origin.files[kind] !== undefined)
    .map((kind) => [kind, [origin.files[kind] ?? []].flat().map(move)]);
  return { files: { ...origin.files, ...Object.fromEntries(moved) } as FileOptions };
}

function inside(call: string, root: string, path: string): string {
  const own = relative(root, path);
  if (own === ".." || own.startsWith(`..${sep}`) || isAbsolute(own)) {
    throw new ArgumentError(
      `${call}: expected all files of the plan below ${root}, got ${path}; give { root }, a folder above all of them`,
      { root, path },
    );
  }
  return own;
}

/** The deepest folder that all files are in. */
function commonFolder(places: readonly string[]): string {
  const lists = places.map((place) => dirname(resolve(splitPlace(place).path)).split(sep));
  const [first] = lists;
  const n = first.findIndex((name, i) => lists.some((list) => list[i] !== name));
  return (n < 0 ? first : first.slice(0, n)).join(sep) || sep;
}
