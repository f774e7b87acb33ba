// Results with numbers for each pixel of each time step on disk: a Zarr group with the array `values` [time,
// quantity, y, x] of float64, NaN where a pixel is not selected, and the means of each quantity over the pixels.
// They are written band by band and read time step by time step: they need not fit into memory.
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import { ArgumentError, FileError, quote } from "../../errors.js";
import { openZarrArray, readZarr, type ZarrBlocks, type ZarrContent } from "../../io/zarr.js";
import { isZarr, type Json } from "../../io/zarr-store.js";
import { writeZarr, type ZarrInput } from "../../io/zarr-writer.js";
import type { Output } from "../engine/job.js";
import { bandRowsOf } from "../engine/prepare.js";
import type { InvalidCount } from "../invalid.js";
import type { TimeStep } from "../plan.js";
import type { Provenance } from "../provenance.js";
import type { MapShape } from "../results/map.js";
import type { Plan } from "../verbs/verb.js";
import { time } from "./format.js";

/** Attributes of the group, under the key `operandose`. */
const stored = z.object({
  format: z.literal("operandose-images"),
  version: z.literal(1),
  kind: z.enum(["fit", "pca"]),
  quantities: z.array(z.string()).min(1),
  times: z.array(time).min(1),
  pixelSize: z.number().positive().optional(),
  /** What the kind of result needs besides. */
  details: z.record(z.string(), z.json()),
  provenance: z.unknown(),
  invalid: z.unknown(),
});

/** What is on the disk besides the images. */
export interface ImagesHeader {
  readonly kind: "fit" | "pca";
  /** What the images of a time step are. */
  readonly quantities: readonly string[];
  /** Small arrays: spectra, energies. */
  readonly arrays: Readonly<Record<string, ZarrInput>>;
  readonly details: Readonly<Record<string, Json>>;
  readonly provenance: Provenance;
}

/** @throws ArgumentError for what is no path of a Zarr folder */
export function requireZarrPath(call: string, path: unknown): string {
  if (typeof path === "string" && path.endsWith(".zarr")) return path;
  throw new ArgumentError(`${call}: expected the path of a folder that ends in .zarr, got ${quote(path)}`, {
    option: "to",
    value: path,
  });
}

/**
 * Writes images of a plan's pixels; the folder is there completely or not at all.
 *
 * @param fill writes `values` into the folder that it is given
 */
export async function writeImages(
  call: string,
  path: string,
  plan: Plan,
  { kind, quantities, arrays, details, provenance }: ImagesHeader,
  fill: (temporary: string) => Promise<Output>,
): Promise<void> {
  const { times, height, width, pixelSize } = plan.schema;
  const n = quantities.length;
  const attributesOf = (invalid: InvalidCount | null): Record<string, Json> => ({
    operandose: {
      format: "operandose-images",
      version: 1,
      kind,
      quantities: [...quantities],
      times: times.map((step) => ({ ...step })),
      ...(pixelSize !== undefined && { pixelSize }),
      details,
      provenance,
      invalid,
    } as unknown as Json,
  });
  const values: ZarrInput = {
    type: "float64",
    shape: [times.length, n, height, width],
    dimensions: ["time", "quantity", "y", "x"],
    chunks: [1, n, bandRowsOf(plan), width],
    attributes: { quantities: [...quantities] },
  };
  const means: ZarrInput = { type: "float64", shape: [times.length, n], dimensions: ["time", "quantity"] };
  await writeZarr(
    path,
    { attributes: attributesOf(null), arrays: { values, means, ...arrays } },
    async (temporary) => {
      const { invalid } = await fill(temporary);
      const array = await openZarrArray(temporary, "values");
      const found = new Float64Array(times.length * n);
      for (let t = 0; t < times.length; t++) {
        found.set(meansOf(await imagesAt(array, t), n), t * n);
      }
      const whole = [
        [0, times.length],
        [0, n],
      ] as const;
      await (await openZarrArray(temporary, "means")).write(whole, found);
      // What the spectra lack is known only now.
      const file = join(temporary, "zarr.json");
      const group = JSON.parse(readFileSync(file, "utf8"));
      writeFileSync(file, JSON.stringify({ ...group, attributes: attributesOf(invalid) }));
    },
    call,
  );
}

/** The images of one time step, [nQuantities, height, width]. */
async function imagesAt(array: ZarrBlocks, t: number): Promise<Float64Array> {
  const [, n, height, width] = array.shape;
  return (await array.read([
    [t, t + 1],
    [0, n],
    [0, height],
    [0, width],
  ])) as Float64Array;
}

/** Mean of each image over the pixels with a number; NaN where there is none. */
function meansOf(images: Float64Array, n: number): Float64Array {
  const area = images.length / n;
  return Float64Array.from({ length: n }, (_, a) => {
    let [sum, count] = [0, 0];
    for (let at = a * area; at < (a + 1) * area; at++) {
      if (!Number.isFinite(images[at])) continue;
      sum += images[at];
      count++;
    }
    return sum / count;
  });
}

/** Images that are read time step by time step. */
export class StoredImages implements MapShape {
  private constructor(
    readonly path: string,
    readonly height: number,
    readonly width: number,
    readonly pixelSize: number | undefined,
    readonly times: readonly TimeStep[],
    readonly quantities: readonly string[],
    /** [nTimes, nQuantities] */
    readonly means: Float64Array,
    readonly arrays: Readonly<Record<string, ZarrContent>>,
    readonly details: Readonly<Record<string, Json>>,
    readonly provenance: Provenance,
    readonly invalid: InvalidCount,
    private readonly array: ZarrBlocks,
  ) {}

  /** @throws FileError where there are no images of this kind */
  static async open(
    call: string,
    path: string,
    kind: ImagesHeader["kind"],
    names: readonly string[],
  ): Promise<StoredImages> {
    if (typeof path !== "string") {
      throw new ArgumentError(`${call}: expected the path of a folder, got ${quote(path)}`, { value: path });
    }
    const refuse = (got: string): FileError =>
      new FileError(
        `${call}: expected a folder that was written with { to }, got ${got} at ${path}; compute it again`,
        { path },
      );
    if (!isZarr(path)) throw refuse("no Zarr folder");
    const { attributes } = await readZarr(path, []);
    const parsed = stored.safeParse(attributes.operandose);
    if (!parsed.success || parsed.data.kind !== kind) throw refuse("another Zarr folder");
    const { arrays } = await readZarr(path, ["means", ...names]);
    const array = await openZarrArray(path, "values");
    const { times, quantities, pixelSize, details, provenance, invalid } = parsed.data;
    const [nTimes, n, height, width] = array.shape;
    if (array.shape.length !== 4 || nTimes !== times.length || n !== quantities.length) {
      throw refuse(`an array of ${array.shape.join(" x ")} for ${times.length} times`);
    }
    return new StoredImages(
      path,
      height,
      width,
      pixelSize,
      times,
      quantities,
      arrays.means.data as Float64Array,
      arrays,
      details as Record<string, Json>,
      provenance as Provenance,
      invalid as InvalidCount,
      array,
    );
  }

  /**
   * The images of one time step, [nQuantities, height, width].
   *
   * @throws ArgumentError for a time step that there is not
   */
  async at(call: string, t: number): Promise<Float64Array> {
    const { length } = this.times;
    if (Number.isInteger(t) && t >= 0 && t < length) return imagesAt(this.array, t);
    throw new ArgumentError(`${call}: expected a time step 0 to ${length - 1}, got ${quote(t)}`, {
      value: t,
    });
  }

  /** Means of one quantity over the pixels, one per time step. */
  meansOf(quantity: number): Float64Array {
    const n = this.quantities.length;
    return this.means.filter((_, at) => at % n === quantity);
  }
}
