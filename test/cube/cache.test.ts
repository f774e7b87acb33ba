// The cache works only in a built library and on recordings that are worth it: it is tested through the built one, in a
// process of its own.
import { execFile, execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { deserialize, serialize } from "node:v8";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { EdfWriter } from "../../lib/io/edf.js";

const built = resolve(import.meta.dirname, "../../dist/index.js");
const folder = mkdtempSync(join(tmpdir(), "operandose-cache-"));
const cache = join(folder, "cache");
afterAll(() => rmSync(folder, { recursive: true, force: true }));

// 16 energies x 1024 x 1024 x 2 files x 2 bytes = 67 MB.
const record = (name: string, level: number): void => {
  const writer = EdfWriter.create(join(folder, name));
  for (let k = 0; k < 16; k++) {
    const data = new Uint16Array(1024 * 1024).fill(level + k);
    writer.append({ header: { energy: 8300 + k }, shape: [1024, 1024], data });
  }
  writer.finish();
};

beforeAll(() => {
  record("flat.edf", 2000);
  record("sample.edf", 1000);
});

/** First absorbance, as a process of its own finds it. */
function ask(environment: Record<string, string> = {}): number {
  const code = `
import { Cube } from ${JSON.stringify(built)};
const { values } = await Cube.load({ sample: "sample.edf", flat: "flat.edf" }).absorb().bin(64).spectrum({ workers: 1 });
console.log(values[0]);`;
  const env = { ...process.env, OPERANDOSE_CACHE: cache, ...environment };
  return Number(
    execFileSync(process.execPath, ["--input-type=module", "-e", code], {
      cwd: folder,
      env,
      encoding: "utf8",
    }),
  );
}

/** Makes a kept answer say something else. */
function forge(path: string, value: number): void {
  const answer = deserialize(readFileSync(path).subarray(32));
  answer.data[0] = value;
  const content = serialize(answer);
  writeFileSync(path, Buffer.concat([createHash("sha256").update(content).digest(), content]));
}

describe.skipIf(!existsSync(built))(
  "the cache (skipped where the library is not built)",
  { timeout: 240_000 },
  () => {
    test("answers once more without reading; notices another file, damage, and being switched off", () => {
      expect(ask()).toBeCloseTo(Math.log(2), 6);
      const [file, ...others] = readdirSync(cache);
      expect(others).toEqual([]);
      forge(join(cache, file), 17);
      expect(ask()).toBe(17);
      writeFileSync(join(cache, file), readFileSync(join(cache, file)).subarray(0, -5));
      expect(ask()).toBeCloseTo(Math.log(2), 6);
      record("sample.edf", 500);
      expect(ask()).toBeCloseTo(Math.log(4), 6);
      expect(readdirSync(cache).length).toBe(2);
      rmSync(cache, { recursive: true });
      ask({ OPERANDOSE_CACHE: "off" });
      expect(existsSync(cache)).toBe(false);
    });

    test("several processes that fill one cache at once", async () => {
      rmSync(cache, { recursive: true, force: true });
      const code = `
import { Cube } from ${JSON.stringify(built)};
const cube = Cube.load({ sample: "sample.edf", flat: "flat.edf" }).absorb();
// The same questions, in another order in each process.
const order = [64, 128, 256].map((_, i, all) => all[(i + Number(process.argv[1])) % 3]);
const values = {};
for (const n of order) values[n] = (await cube.bin(n).spectrum({ workers: 1 })).values[0];
console.log(JSON.stringify(values));`;
      record("sample.edf", 500);
      // The times of a file that was written a moment ago are not trusted.
      await new Promise((later) => setTimeout(later, 3500));
      const answers = await Promise.all(
        [0, 1, 2].map(
          (k) =>
            new Promise<Record<string, number>>((done, failed) => {
              const options = { cwd: folder, env: { ...process.env, OPERANDOSE_CACHE: cache } };
              execFile(
                process.execPath,
                ["--input-type=module", "-e", code, String(k)],
                options,
                (error, said) => (error ? failed(error) : done(JSON.parse(said))),
              );
            }),
        ),
      );
      for (const values of answers) {
        for (const n of [64, 128, 256]) expect(values[n]).toBeCloseTo(Math.log(4), 6);
      }
      // One whole answer for each question, and nothing that was left half-written.
      const files = readdirSync(cache);
      expect(files.filter((name) => !/^[0-9a-f]{64}\.bin$/.test(name))).toEqual([]);
      expect(files.length).toBe(3);
      for (const file of files) {
        const bytes = readFileSync(join(cache, file));
        expect(createHash("sha256").update(bytes.subarray(32)).digest()).toEqual(bytes.subarray(0, 32));
      }
      rmSync(cache, { recursive: true });
    });

    test("keeps to its size", () => {
      ask({ OPERANDOSE_CACHE_MB: "0.0001" });
      expect(readdirSync(cache)).toEqual([]);
    });
  },
);
