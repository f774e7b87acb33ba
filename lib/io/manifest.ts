// The schema of experiment.json: what was measured, with what, in which order. docs/experiment-format.md
// describes it for users.
import { z } from "zod";
import { type Measured, unitProblem } from "../units.js";

const name = z
  .string()
  .regex(/^[A-Za-z][\w-]*$/, "a name of letters, digits, _ and -, beginning with a letter");
const text = z.string();
const seconds = z.number();
const positive = z.number().positive();

/** A number above zero that can be meant in the unit of its quantity. */
const measured = (quantity: Measured) =>
  positive.superRefine((value, context) => {
    const problem = value > 0 ? unitProblem(quantity, value) : undefined;
    if (!problem) return;
    const { expected, remedy } = problem;
    context.addIssue({ code: "custom", message: `a number of ${expected} (${remedy})`, input: value });
  });

const relativePath = z.string().refine(staysInside, {
  error: "a path relative to the experiment folder that does not leave it, with forward slashes",
});

const material = z.strictObject({
  name: text.optional(),
  formula: text.min(1).describe("chemical formula, LiNiO2 for example"),
  density: measured("density").describe("g/cm3"),
});

const layer = z.strictObject({
  name: text.min(1),
  solid: material,
  liquid: material.optional().describe("what fills the pores"),
  thickness: measured("thickness").describe("um"),
  porosity: z.number().min(0).max(1).optional().describe("share of the volume that is not solid"),
});

const interval = { start: seconds, end: seconds };

const recordedFile = z.strictObject({
  path: relativePath,
  ...interval,
  cubes: z.int().positive().default(1).describe("cubes averaged into this file"),
});

const part = z.strictObject({
  kind: z.enum(["dark", "flat", "foil", "sample"]),
  spot: text.min(1).optional().describe("spot of the electrode that the beam was on"),
  pixelSize: measured("pixelSize").describe("um at the sample per recorded pixel"),
  shape: z.tuple([z.int().positive(), z.int().positive()]).describe("[height, width] of a frame"),
  files: z.array(recordedFile).min(1),
  dark: name.optional().describe("part with the dark image of the same camera mode"),
  flat: name.optional().describe("part with the flat-field cube of the same camera mode"),
  foil: name.optional().describe("part with the foil's cube of the same camera mode"),
});

const exposure = z.strictObject({ spot: text.min(1), ...interval });

const partialExposure = z.strictObject({
  spot: text.min(1),
  ...interval,
  width: positive.describe("mm, horizontal"),
  height: positive.describe("mm, vertical"),
});

const record = {
  file: relativePath,
  start: seconds.describe("the file's time zero on the experiment's clock, s"),
};

const spectrum = z.strictObject({
  name: text.min(1),
  file: relativePath.describe("columns energy, i0, i1, i2; i2 is behind the foil"),
  spot: text.min(1).optional(),
  state: text.optional().describe('state of charge in words, "ocv" or "4.3 V"'),
});

/** The schema of experiment.json, before the checks that compare one entry with another. */
export const manifestSchema = z
  .strictObject({
    format: z.literal("operandose-experiment"),
    version: z.literal(1),
    title: text,
    instrument: text,
    sample: text,
    simulated: z.boolean().default(false),
    edge: z.strictObject({
      element: text.min(1),
      shell: text.min(1),
      energy: measured("energy").describe("eV"),
    }),
    energies: z
      .array(measured("energy"))
      .min(1)
      .describe("eV, in the order of recording, strictly monotonic"),
    flux: z.strictObject({
      value: measured("flux").describe("ph/s incident on the whole stack"),
      energy: measured("energy").describe("eV at which it was measured"),
    }),
    stack: z.strictObject({
      layers: z.array(layer).min(1).describe("in the order in which the beam meets them"),
      absorber: text
        .min(1)
        .optional()
        .describe("name of the layer whose dose is asked for; default the last"),
    }),
    saturation: positive
      .optional()
      .describe("counts at and above which a pixel is saturated; default the full scale of 8 or 16 bits"),
    exposure: z
      .array(exposure)
      .describe("every interval with beam on a spot, s since the start of the charge"),
    partialExposure: z
      .array(partialExposure)
      .optional()
      .describe("intervals with beam on the middle of a spot only, as slits cut it"),
    parts: z.record(name, part),
    electrochemistry: z
      .strictObject({
        ...record,
        comparisons: z
          .array(z.strictObject({ name: text.min(1), ...record }))
          .optional()
          .describe("records of other cells that this one is compared with"),
      })
      .optional(),
    spectra: z.array(spectrum).optional().describe("ion-chamber spectra"),
  })
  .superRefine(crossCheck);

/** The manifest of an experiment, with defaults filled in. */
export type Manifest = z.output<typeof manifestSchema>;

/** The manifest as it may be written: what has a default may be left out. */
export type ManifestInput = z.input<typeof manifestSchema>;

/** One entry of `parts`. */
export type ManifestPart = Manifest["parts"][string];

/**
 * True for a relative path with forward slashes that stays in its folder. Links are followed, by intention.
 */
export function staysInside(path: string): boolean {
  if (path === "" || path.includes("\0") || path.includes("\\") || /^(\/|[A-Za-z]:)/.test(path)) return false;
  let depth = 0;
  for (const step of path.split("/")) {
    if (step === "..") depth--;
    else if (step !== "" && step !== ".") depth++;
    if (depth < 0) return false;
  }
  return depth > 0;
}

type Context = z.core.$RefinementCtx<Manifest>;

/**
 * Checks of entries against each other. Messages have what was expected; the rest is added where they are
 * printed.
 */
function crossCheck(manifest: Manifest, context: Context): void {
  const refuse = (path: PropertyKey[], message: string, input: unknown) =>
    context.addIssue({ code: "custom", path, message, input });

  const { energies, exposure, partialExposure = [], parts, stack, electrochemistry } = manifest;
  const direction = Math.sign(energies[1] - energies[0]);
  for (let i = 1; i < energies.length; i++) {
    if (Math.sign(energies[i] - energies[i - 1]) !== direction || direction === 0) {
      refuse(["energies", i], "strictly rising or strictly falling energies", energies[i]);
      break;
    }
  }

  const layers = stack.layers.map((one) => one.name);
  layers.forEach((one, i) => {
    if (layers.indexOf(one) < i)
      refuse(["stack", "layers", i, "name"], "a name that no other layer has", one);
  });
  if (stack.absorber !== undefined && !layers.includes(stack.absorber)) {
    refuse(["stack", "absorber"], `one of the layers ${layers.join(", ")}`, stack.absorber);
  }

  for (const [key, intervals] of Object.entries({ exposure, partialExposure })) {
    intervals.forEach(({ start, end }, i) => {
      if (start > end) refuse([key, i, "end"], `an end at or after its start ${start}`, end);
    });
  }
  const cells = electrochemistry?.comparisons?.map((one) => one.name) ?? [];
  cells.forEach((one, i) => {
    if (cells.indexOf(one) < i) {
      refuse(["electrochemistry", "comparisons", i, "name"], "a name that no other cell has", one);
    }
  });
  for (const [key, one] of Object.entries(parts)) {
    one.files.forEach(({ start, end }, i) => {
      if (start > end)
        refuse(["parts", key, "files", i, "end"], `an end at or after its start ${start}`, end);
    });
    for (const kind of ["dark", "flat", "foil"] as const) checkReference(manifest, key, kind, refuse);
  }
}

function checkReference(
  manifest: Manifest,
  key: string,
  kind: "dark" | "flat" | "foil",
  refuse: (path: PropertyKey[], message: string, input: unknown) => void,
): void {
  const { parts } = manifest;
  const part = parts[key];
  const reference = part[kind];
  const path = ["parts", key, kind];
  if (reference === undefined) {
    if (part.kind === "sample" && kind !== "dark") refuse(path, `the name of a ${kind} part`, reference);
    return;
  }
  const other = Object.hasOwn(parts, reference) ? parts[reference] : undefined;
  if (!other || other.kind !== kind || reference === key) {
    const names = Object.keys(parts).filter((one) => parts[one].kind === kind && one !== key);
    refuse(path, `the name of a ${kind} part (there are: ${names.join(", ") || "none"})`, reference);
    return;
  }
  const mode = (one: ManifestPart) => `${one.shape.join(" x ")} pixels of ${one.pixelSize} um`;
  if (mode(other) !== mode(part)) {
    refuse(path, `a part with ${mode(part)}, as ${key} itself`, `${reference} with ${mode(other)}`);
  }
}
