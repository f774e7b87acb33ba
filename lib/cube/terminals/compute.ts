import { checkOptions, refuseNull } from "../../options.js";
import { run } from "../engine/run.js";
import { type RunOptions, runNames } from "../engine/stream.js";
import { CubeData } from "../results/cube-data.js";
import type { Plan } from "../verbs/verb.js";
import { provenanceOf } from "./provenance.js";

/** All numbers of the cube in memory, [nTimes, nEnergies, height, width]; NaN outside the mask. */
export async function compute(plan: Plan, options: RunOptions = {}): Promise<CubeData> {
  refuseNull("compute", checkOptions("compute", options, runNames));
  const { energies, height, width, times, quantity, pixelSize } = plan.schema;
  const output = await run(plan, { kind: "spectra" }, "compute", options);
  const nEnergies = energies.length;
  const area = height * width;
  const nSelected = output.pixels.length;
  const data = new Float32Array(times.length * nEnergies * area).fill(Number.NaN);
  for (let t = 0; t < times.length; t++) {
    for (let s = 0; s < nSelected; s++) {
      const from = (t * nSelected + s) * nEnergies;
      const to = t * nEnergies * area + output.pixels[s];
      for (let k = 0; k < nEnergies; k++) data[to + k * area] = output.data[from + k];
    }
  }
  const shape = [times.length, nEnergies, height, width] as const;
  return new CubeData(
    provenanceOf(plan, "compute"),
    data,
    shape,
    Float64Array.from(energies),
    times,
    quantity,
    pixelSize,
    output.invalid,
  );
}
