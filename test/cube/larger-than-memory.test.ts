// A saved series of ten times the allowed memory. What is limited is the data of a child process (RLIMIT_DATA: heap
// of V8, array buffers, memory of WebAssembly, stacks of threads; all that is private and writable): what the library
// takes for a single time step, as a child measures, and ALLOWED more for the series.
import { execSync } from "node:child_process";
import { linkSync, mkdirSync, readdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { openZarrArray } from "../../lib/io/zarr.js";
import type { Json } from "../../lib/io/zarr-store.js";
import { writeZarr } from "../../lib/io/zarr-writer.js";
import { temporaryFolder } from "../io/support.js";

/** Bytes above what one time step takes. */
const ALLOWED = 40e6;
const [n, height, width, bandRows] = [80, 96, 128, 12];
const MANY = Math.ceil((10 * ALLOWED) / (4 * n * height * width));
const energies = Array.from({ length: n }, (_, k) => 8250 + 6 * k);
/** Edges at two energies, eV. */
const S = [8333, 8342].map((e0) => energies.map((e) => 0.5 + Math.atan((e - e0) / 3) / Math.PI));
const library = fileURLToPath(new URL("../../dist/cube/cube.js", import.meta.url));

/** Writes one time step; the others are links to it: ten times the memory is not ten times the disk. */
async function makeCube(path: string, nTimes: number): Promise<void> {
  const cube = {
    ...{ format: "operandose-cube", version: 1, name: "made", quantity: "normalized", layers: [] },
    times: Array.from({ length: nTimes }, (_, t) => ({ start: 660 * t, end: 660 * t + 600, cubes: 1 })),
    ...{ calibrated: true, masked: false, edge: { energy: 8333, from: "manifest" } },
    provenance: { invalid: { saturated: 0, nonPositive: 0, total: 0 } },
  };
  const shape = [nTimes, n, height, width];
  const dimensions = ["time", "energy", "y", "x"];
  const data = { type: "float32", shape, dimensions, chunks: [1, n, bandRows, width] } as const;
  const attributes = { operandose: cube as unknown as Json, energies };
  await writeZarr(path, { attributes, arrays: { data } }, async (temporary) => {
    const array = await openZarrArray(temporary, "data");
    const block = Float32Array.from({ length: n * height * width }, (_, at) => {
      const [k, p] = [Math.floor(at / (height * width)), at % (height * width)];
      const share = (p % 101) / 100;
      return (1 - share) * S[0][k] + share * S[1][k] + 0.01 * Math.sin(12.9898 * at);
    });
    await array.write(
      [
        [0, 1],
        [0, n],
        [0, height],
        [0, width],
      ],
      block,
    );
  });
  const chunks = readdirSync(join(path, "data", "c", "0"), { recursive: true, withFileTypes: true });
  for (const chunk of chunks.filter((entry) => entry.isFile())) {
    const from = join(chunk.parentPath, chunk.name);
    for (let t = 1; t < nTimes; t++) {
      const to = from.replace(join("data", "c", "0"), join("data", "c", `${t}`));
      mkdirSync(dirname(to), { recursive: true });
      linkSync(from, to);
    }
  }
}

/** Runs a script in a child with so many bytes of data at most. @returns what it prints */
function inChild(script: string, bytes?: number): string {
  const node = `"${process.execPath}" --max-old-space-size=64 --max-semi-space-size=2 --v8-pool-size=1`;
  const limit = bytes === undefined ? "" : `ulimit -d ${Math.floor(bytes / 1024)} && `;
  const env = { ...process.env, UV_THREADPOOL_SIZE: "1", OPERANDOSE_CACHE: "off" };
  return execSync(`${limit}exec ${node} "${script}"`, {
    encoding: "utf8",
    env,
    stdio: ["ignore", "pipe", "pipe"],
  });
}

test("principal components and fits of a saved cube of ten times the allowed memory", async (context) => {
  if (process.platform !== "linux")
    context.skip("the data of a process is limited and measured on Linux only");
  const folder = temporaryFolder();
  await makeCube(join(folder, "one.zarr"), 1);
  await makeCube(join(folder, "many.zarr"), MANY);
  const script = (name: string, cube: string, body: string): string => {
    const path = join(folder, `${name}.mjs`);
    const [load, to] = [join(folder, cube), join(folder, name)].map((one) => JSON.stringify(one));
    const begin = `const { Cube } = await import(${JSON.stringify(library)});
      const [cube, to, workers] = [Cube.load(${load}), ${to}, 1];`;
    writeFileSync(path, `import { readFileSync } from "node:fs";\n${begin}\n${body}`);
    return path;
  };
  const work = `let most = 0;
    setInterval(() => {
      most = Math.max(most, Number(/VmData:\\s+(\\d+)/.exec(readFileSync("/proc/self/status", "utf8"))[1]));
    }, 5).unref();
    const parts = await cube.pca({ to: to + "-pca.zarr", components: 2, workers });
    const fit = await cube.fit(${JSON.stringify(S)}, { to: to + "-fit.zarr", workers });
    const last = (await fit.at(fit.length - 1)).map("Cp2").statistics().mean;
    console.log(JSON.stringify([parts.nRows, parts.explainedVariance[0], last, 1024 * most]));`;
  const result = (output: string): number[] => JSON.parse(output.trim().split("\n").at(-1) as string);
  const one = result(inChild(script("one", "one.zarr", work)));
  const limit = one[3] + ALLOWED;
  const many = result(inChild(script("many", "many.zarr", work), limit));
  expect(one[0]).toBe(height * width);
  expect(many[0]).toBe(MANY * height * width);
  // All time steps are the same: only sums are rounded otherwise.
  expect(many[1]).toBeCloseTo(one[1], 9);
  expect(many[2]).toBe(one[2]);
  // The limit is one: all numbers at once do not fit.
  expect(() => inChild(script("whole", "many.zarr", "await cube.compute({ workers });"), limit)).toThrow();
}, 240_000);
