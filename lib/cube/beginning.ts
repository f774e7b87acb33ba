// The plan of a source before any step.
import { freeze } from "./plan.js";
import type { Source } from "./recorded.js";
import { storeSource } from "./store/source.js";
import type { Plan } from "./verbs/verb.js";

/** The plan of a source without steps. A saved cube is what it was when it was saved. */
export function beginningOf(source: Source): Plan {
  if (source.store) return { source, steps: [], schema: freeze(storeSource(source.store.path).schema) };
  const { energies, height, width, pixelSize, edge, sample } = source;
  const schema = {
    quantity: "counts",
    energies: [...energies],
    height,
    width,
    pixelSize,
    edge,
    times: sample.files.map(({ start, end, cubes }) => ({ start, end, cubes })),
    maps: [],
    calibrated: false,
    masked: false,
  } as const;
  return { source, steps: [], schema: freeze(schema) };
}
