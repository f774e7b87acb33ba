// Known components fitted to every selected pixel, into a Zarr folder: the fit of `fit.ts`, a band at a time.
import type { FitOptions } from "../../../chemometrics/fit/fit-options.js";
import { shared } from "../shared.js";
import { fit as inMemory } from "./fit.js";
import { BandPlaces, imageWriter } from "./image-writer.js";
import type { RequestKind } from "./kind.js";
import type { SharedOutput } from "./request.js";

/** Results of a fit, in the order in which they are stored; "each" has one image per component. */
const RESULTS = [
  ["data", "concentration", "each"],
  ["unbounded", "unbounded", "each"],
  ["standardErrors", "standard error", "each"],
  ["rFactor", "R-factor", "one"],
  ["chiSquare", "chi-square", "one"],
  ["flags", "flag", "one"],
  ["glitches", "glitches", "one"],
] as const;

/** A result of a fit, and where its images begin. */
export interface FitQuantity {
  readonly name: (typeof RESULTS)[number][0];
  readonly label: string;
  readonly first: number;
  /** Images: the number of components, or one. */
  readonly count: number;
}

/** What the images of a stored fit are. */
export function fitQuantities(nComponents: number, options: FitOptions): FitQuantity[] {
  const absent: string[] = [
    ...(options.nonNegative === false ? ["unbounded"] : []),
    ...(options.robust ? [] : ["glitches"]),
    ...(options.sigma === undefined ? ["chiSquare"] : []),
  ];
  let first = 0;
  return RESULTS.filter(([name]) => !absent.includes(name)).map(([name, label, per]) => {
    const count = per === "each" ? nComponents : 1;
    first += count;
    return { name, label, first: first - count, count };
  });
}

/** data is empty. */
export const fitTo: RequestKind<"fitTo"> = {
  always: true,

  allocate: () => ({ data: shared(Float64Array, 0) }),

  async writer(job, target, { path, S, nComponents, options }) {
    const { bandRows, width, energies } = job;
    const quantities = fitQuantities(nComponents, options);
    const last = quantities[quantities.length - 1];
    const nSelected = bandRows * width;
    const request = { kind: "fit", S, nComponents, options } as const;
    const output = inMemory.allocate(request, { nTimes: 1, nSelected, nEnergies: energies.length });
    const places = new BandPlaces(target);
    const own = { request, place: places.place, nSelected, shared: output };
    const fitter = await inMemory.writer(job, own, request);
    return imageWriter(job, path, last.first + last.count, {
      begin: (from, to) => places.begin(from, to),
      tile: (tile) => fitter.tile({ ...tile, t: 0 }),
      end(images) {
        const { place, from, to } = places;
        for (const { name, first, count } of quantities) {
          const values = output[name as keyof SharedOutput] as Float64Array;
          for (let p = from; p < to; p++) {
            for (let a = 0; a < count && place[p] >= 0; a++) {
              images[(first + a) * (to - from) + p - from] = values[place[p] * count + a];
            }
          }
        }
      },
    });
  },
};
