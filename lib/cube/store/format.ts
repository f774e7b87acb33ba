// What a saved cube is on disk: a Zarr group with the array `data` [time, energy, y, x], its axes and its
// maps. The attributes hold what a chain needs to continue, and the provenance. Any Zarr reader can read the
// numbers.
import { z } from "zod";
import { MAP_NAMES } from "../maps.js";

/** A time step as it is stored. */
export const time = z.strictObject({
  start: z.number().optional(),
  end: z.number().optional(),
  cubes: z.int().positive(),
});

const edge = z.strictObject({
  energy: z.number().positive(),
  name: z.string().optional(),
  from: z.enum(["manifest", "option", "energies"]),
});

/** Attributes of the group, under the key `operandose`. */
export const storedCube = z.object({
  format: z.literal("operandose-cube"),
  version: z.literal(1),
  /** Displayed name of what was saved. */
  name: z.string(),
  quantity: z.enum(["counts", "absorbance", "normalized"]),
  times: z.array(time).min(1),
  /** um at the sample; absent where it is not known, as edge and times are. */
  pixelSize: z.number().positive().optional(),
  /** Names of the maps. */
  layers: z.array(z.enum(MAP_NAMES)),
  /** The energy shift has been applied: all pixels share the energy axis. */
  calibrated: z.boolean(),
  masked: z.boolean(),
  /** A number, eV, in cubes that were saved before the name of the edge was kept. */
  edge: z
    .union([
      edge,
      z
        .number()
        .positive()
        .transform((energy) => ({ energy, from: "manifest" as const })),
    ])
    .optional(),
  spot: z.string().optional(),
  exposure: z.array(z.strictObject({ spot: z.string(), start: z.number(), end: z.number() })).optional(),
  /** What its plan computes, as a hash ({@link fingerprintOfPlan}); absent in cubes of earlier versions. */
  plan: z.string().optional(),
  /** Time steps that could not be computed, whose numbers are NaN, and the reasons. */
  failed: z.array(z.strictObject({ step: z.int().nonnegative(), reason: z.string() })).optional(),
  /** The chain that made it, as results carry it. */
  provenance: z.unknown(),
});

/** The parsed attributes. */
export type StoredCube = z.output<typeof storedCube>;
