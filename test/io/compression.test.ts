// Compressed files that stand for much more than they are: unpacking stops at a stated size.
import { execFileSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { gzipSync } from "node:zlib";
import { describe, expect, test } from "vitest";
import { memoryBytes } from "../../lib/io/disk.js";
import { readEdf, writeEdf } from "../../lib/io/edf.js";
import { fileError, put, temporaryFolder } from "./support.js";

const folder = temporaryFolder();
const dist = resolve(import.meta.dirname, "../../dist/io/edf.js");
const MB = 2 ** 20;

async function edf(frames = 1): Promise<Buffer> {
  const path = join(folder, "plain.edf");
  await writeEdf(
    path,
    Array.from({ length: frames }, (_, k) => ({
      header: { energy: 8300 + k },
      shape: [2, 3] as const,
      data: Uint16Array.of(1, 2, 3, 4, 5, k),
    })),
  );
  return readFileSync(path);
}

test("what follows the last frame is not unpacked beyond the longest header", async () => {
  const bomb = Buffer.concat([gzipSync(await edf(3)), gzipSync(Buffer.alloc(64 * MB, 0x20))]);
  const { message, fields } = await fileError(() => readEdf(put(folder, "tail.edf.gz", bomb)));
  expect(message).toMatch(
    /^readEdf: expected at most 1\.1 MB of content, by its headers and the memory, got more in .*; the file is damaged/,
  );
  expect(fields.offset).toBeLessThan(2 * MB);
});

test("content that is no EDF stops at its first bytes", async () => {
  const zeros = put(folder, "zeros.edf.gz", gzipSync(Buffer.alloc(64 * MB)));
  expect((await fileError(() => readEdf(zeros))).message).toMatch(/expected at most 1\.0 MB of content/);
});

test("a header that promises more than half of the memory is refused", async () => {
  const rows = Math.ceil(memoryBytes() / 2 / 1e6) + 1;
  const lines = ["ByteOrder = LowByteFirst", "DataType = UnsignedByte", "Dim_1 = 1000000", `Dim_2 = ${rows}`];
  const header = `{\n${lines.map((line) => `${line} ;\n`).join("")}`.padEnd(510);
  const cut = put(folder, "promise.edf.gz", gzipSync(Buffer.from(`${header}}\n`)));
  // Nothing follows: what the header says is enough for the true reason.
  expect((await fileError(() => readEdf(cut))).message).toMatch(/bytes of data, got 0 in frame 0/);
});

test("many frames in several members are read as before", async () => {
  const bytes = await edf(300);
  const members = [0, 1000, 1001, 70_000, bytes.length].map((end, i, all) =>
    bytes.subarray(all[i - 1] ?? 0, end),
  );
  const { frames } = await readEdf(
    put(folder, "many.edf.gz", Buffer.concat(members.map((part) => gzipSync(part)))),
  );
  expect(frames.map(({ data }) => data[5])).toEqual(Array.from({ length: 300 }, (_, k) => k));
});

describe.skipIf(!existsSync(dist))("memory (skipped where the library is not built)", () => {
  test("a bomb of 1 GB takes a few tens of MB", async () => {
    const one = gzipSync(Buffer.alloc(64 * MB, 0x20), { level: 9 });
    const path = put(folder, "bomb.edf.gz", Buffer.concat([gzipSync(await edf()), ...Array(16).fill(one)]));
    const code = `
const { readEdf } = await import(process.argv[1]);
const before = process.memoryUsage().rss;
try { await readEdf(process.argv[2]); } catch (error) {
  console.log(JSON.stringify([error.name, (process.resourceUsage().maxRSS * 1024 - before) / 2 ** 20]));
}`;
    const said = execFileSync(process.execPath, ["--input-type=module", "-e", code, dist, path], {
      encoding: "utf8",
    });
    const [name, used] = JSON.parse(said);
    expect(name).toBe("FileError");
    // 16 MB of buffers and what the collector has not yet taken back; the bomb has 1024.
    expect(used).toBeLessThan(150);
  });
});
