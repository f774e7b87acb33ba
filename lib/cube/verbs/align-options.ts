// The options of align(), checked when it is called.
import { ArgumentError, quote, SchemaError, ShapeError } from "../../errors.js";
import type { AlignOptions, AlignStep, Shift } from "./align-step.js";
import type { Plan } from "./verb.js";

/** Images with fewer rows or columns have too little structure to be compared. */
const LEAST = 16;

type Chosen = Pick<AlignStep, "to" | "pieces" | "maximum" | "shifts">;

/** What is measured when the plan runs. */
export function measured({ schema }: Plan, { to = "mean", pieces = 1, maximum }: AlignOptions): Chosen {
  const { height, width, times, energies } = schema;
  const side = Math.min(height, width);
  if (side < LEAST) {
    throw new ShapeError(
      `align: expected at least ${LEAST} x ${LEAST} pixels to compare, got ${width} x ${height}; align before .bin(), or give { shifts }`,
      { height, width },
    );
  }
  if (!Number.isInteger(pieces) || pieces < 1 || pieces > energies.length) {
    throw new ArgumentError(
      `align: expected pieces as a whole number from 1 to the ${energies.length} energies, got ${quote(pieces)}`,
      { option: "pieces", value: pieces },
    );
  }
  const most = maximum ?? Math.min(10, Math.floor(side / 4));
  if (typeof most !== "number" || !(most > 0 && most <= side / 2)) {
    throw new ArgumentError(
      `align: expected maximum in pixels above 0 and at most ${side / 2}, half of the image, got ${quote(most)}`,
      { option: "maximum", value: most },
    );
  }
  const target = targetOf(to, times.length, { height, width });
  if (times.length === 1 && pieces === 1 && typeof target !== "object") {
    throw new SchemaError(
      "align: expected several cubes, got one, which does not move against itself; give { pieces } for the drift within its scan, or { to: map }",
      { times: 1 },
    );
  }
  return { to: target, pieces, maximum: most };
}

function targetOf(
  to: AlignOptions["to"],
  nTimes: number,
  { height, width }: { readonly height: number; readonly width: number },
): AlignStep["to"] {
  if (to === "mean") return "mean";
  if (to === "first") return 0;
  if (Number.isInteger(to) && (to as number) >= 0 && (to as number) < nTimes) return to as number;
  if (typeof to !== "object" || to === null || !("values" in to)) {
    throw new ArgumentError(
      `align: expected to as "mean", "first", a time step from 0 to ${nTimes - 1}, or a map, got ${quote(to)}`,
      { option: "to", value: to },
    );
  }
  if (to.height !== height || to.width !== width || to.values.length !== height * width) {
    throw new ShapeError(
      `align: expected a map of ${width} x ${height} pixels, got ${to.width} x ${to.height}; make it with the same .bin() and .crop()`,
      { height, width },
    );
  }
  const values = Float32Array.from(to.values);
  if (!values.some(Number.isFinite)) {
    throw new ArgumentError("align: expected a map with values, got none that is a number", { option: "to" });
  }
  return { image: Buffer.from(values.buffer).toString("base64") };
}

/** The image that a step was given. */
export function floatsOf(image: string): Float32Array {
  const bytes = Buffer.from(image, "base64");
  return new Float32Array(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength));
}

/** Shifts that are given. */
export function known(
  { schema }: Plan,
  options: AlignOptions,
  given: NonNullable<AlignOptions["shifts"]>,
): Chosen {
  const { height, width, times, energies } = schema;
  const other = (["to", "pieces", "maximum"] as const).find((name) => options[name] !== undefined);
  if (other) {
    throw new ArgumentError(
      `align: expected { shifts } without { ${other} }, which says how to measure them, got ${quote(options[other])}; drop one`,
      { option: other },
    );
  }
  if (typeof given !== "object" || given === null) {
    throw new ArgumentError(
      `align: expected shifts as a list, or what shifts() returned, got ${quote(given)}`,
      {
        option: "shifts",
      },
    );
  }
  if ("shifts" in given && (given.height !== height || given.width !== width)) {
    throw new ShapeError(
      `align: expected shifts of images of ${width} x ${height} pixels, got those of ${given.width} x ${given.height}; measure them with the same .bin() and .crop()`,
      { height, width },
    );
  }
  const list: readonly unknown[] = "shifts" in given ? given.shifts : given;
  const refuse = (got: string): never => {
    throw new ArgumentError(
      `align: expected shifts as [dx, dy] in pixels, or a list of them for its pieces, for each of ${times.length} cubes, got ${got}`,
      { option: "shifts" },
    );
  };
  if (!Array.isArray(list)) return refuse(quote(list));
  if (list.length !== times.length) return refuse(`${list.length} of them`);
  const isShift = (one: unknown): one is Shift =>
    Array.isArray(one) && one.length === 2 && one.every((v) => Number.isFinite(v));
  const shifts = list.map((one): readonly Shift[] => {
    const own = isShift(one) ? [one] : one;
    if (!Array.isArray(own) || own.length === 0 || !own.every(isShift)) return refuse(quote(one));
    const far = own.find(([x, y]) => Math.abs(x) >= width || Math.abs(y) >= height);
    if (far) return refuse(`${quote(far)}, outside of ${width} x ${height} pixels`);
    return own.map(([x, y]) => [x, y] as const);
  });
  const pieces = shifts[0].length;
  if (pieces > energies.length || shifts.some((own) => own.length !== pieces)) {
    return refuse(`numbers of pieces ${[...new Set(shifts.map((own) => own.length))].join(", ")}`);
  }
  return { pieces, shifts };
}
