// A series in blocks of time steps gives the bits of the whole series, whatever the bands.
import { rmSync } from "node:fs";
import { afterAll, beforeAll, expect, test } from "vitest";
import { Cube } from "../../lib/cube/cube.js";
import { BandRunner } from "../../lib/cube/engine/band.js";
import { blocksOf, finishBlock } from "../../lib/cube/engine/blocks.js";
import { INVALID, type Job } from "../../lib/cube/engine/job.js";
import { prepare } from "../../lib/cube/engine/prepare.js";
import { shareRecordings } from "../../lib/cube/engine/shared-recordings.js";
import { type SmallExperiment, smallExperiment } from "../support/small-experiment.js";

let small: SmallExperiment;
beforeAll(() => {
  small = smallExperiment({ height: 41, width: 30, nTimes: 5 });
});
afterAll(() => rmSync(small.folder, { recursive: true }));

function withBands(job: Job, bandRows = job.bandRows): Job {
  const nBands = Math.ceil(job.height / bandRows);
  return { ...job, bandRows, nBands, invalid: new Float64Array(3 * nBands), bytes: new Float64Array(nBands) };
}

async function run(job: Job, timesOfBlock: number): Promise<void> {
  for (const block of blocksOf(job, timesOfBlock)) {
    const runner = new BandRunner(await shareRecordings(block, async () => {}), async () => {});
    for (let band = 0; band < job.nBands; band++) await runner.run(band);
    runner.close();
    finishBlock(job, block);
  }
}

test.each([
  ["single cubes", (c: Cube) => c.absorb().bin(2).normalize()],
  ["means of two", (c: Cube) => c.average(2).absorb().bin(2).normalize()],
])("blocks and bands change no bit and no count: %s", async (_, chain) => {
  const { plan } = chain(Cube.load(small.folder));
  const { height, width, times } = plan.schema;
  // Narrower than the image, so that rows of the flat are cut.
  const select = Uint8Array.from({ length: height * width }, (_, p) =>
    Number(p % width > 3 && p % width < 9),
  );
  const results: unknown[] = [];
  for (const bandRows of [undefined, 1, 5]) {
    for (const length of [times.length, 2, 1]) {
      const queries = [
        { request: { kind: "mean" } as const },
        { request: { kind: "feature", feature: "edgeStep", e0: 8333, reach: 4 } as const, select },
      ];
      const job = withBands(prepare(plan, queries), bandRows);
      await run(job, length);
      const sums = Array.from({ length: INVALID }, (_, i) =>
        job.invalid.filter((_, at) => at % INVALID === i).reduce((a, b) => a + b, 0),
      );
      const { least, greatest } = job.edgeSteps as NonNullable<Job["edgeSteps"]>;
      const arrays = [...job.targets.map(({ shared }) => shared.data), least, greatest];
      results.push([arrays.map((a) => Array.from(a)), sums]);
    }
  }
  for (const other of results.slice(1)) expect(other).toEqual(results[0]);
});
