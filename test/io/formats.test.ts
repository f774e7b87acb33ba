// The contract of every reader: iterates the registry, so that a new format is tested the day it is added.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { writeColumns } from "../../lib/io/columns.js";
import { writeEdf } from "../../lib/io/edf.js";
import { formatOf, formats } from "../../lib/io/formats.js";
import { writeHdf5 } from "../../lib/io/hdf5.js";
import { writeMpt } from "../../lib/io/mpt.js";
import { fileError, put, temporaryFolder } from "./support.js";

const folder = temporaryFolder();

// One valid file of each format. A new format needs a line here, or its tests fail.
const samples: Record<string, (path: string) => unknown> = {
  edf: (path) => writeEdf(path, [{ shape: [1, 4], data: Uint16Array.of(1, 2, 3, 4) }]),
  hdf5: (path) =>
    writeHdf5(path, { datasets: { "/entry/data": { data: Uint16Array.of(1, 2, 3, 4), shape: [2, 2] } } }),
  mpt: (path) => writeMpt(path, { columns: { "time/s": [0, 1.25], "Ewe/V": [3.5, 3.75] } }),
  xdi: (path) =>
    put(
      folder,
      path.slice(folder.length + 1),
      "# XDI/1.0\n# Column.1: energy\n# ///\n# ---\n8300 12\n8301 13\n",
    ),
  columns: (path) =>
    writeColumns(path, {
      labels: ["energy", "mu"],
      columns: [
        [8300, 8301],
        [1.5, 2.5],
      ],
    }),
};

describe.each(formats.map((format) => ({ format, name: format.name })))("$name", ({ format, name }) => {
  async function sample(): Promise<Buffer> {
    const path = join(folder, `sample.${name}`);
    await samples[name](path);
    return readFileSync(path);
  }

  test("reads a valid file, and is found by its content whatever its name", async () => {
    const path = put(folder, `${name}-sample.bin`, await sample());
    expect(await format.read(path)).toBeTypeOf("object");
    expect((await formatOf(path)).name).toBe(name);
  });

  test.each(["empty", "missing", "truncated", "a folder", "binary noise"])(
    "refuses a file that is %s",
    async (what) => {
      const path = what === "a folder" ? folder : join(folder, `${name}-${what}.dat`);
      if (what === "empty") put(folder, `${name}-empty.dat`, "");
      // The last row of a text loses its last column, with the separator: shorter numbers are numbers too.
      if (what === "truncated") put(folder, `${name}-truncated.dat`, withoutEnd(await sample()));
      if (what === "binary noise")
        put(
          folder,
          `${name}-binary noise.dat`,
          Uint8Array.from({ length: 999 }, (_, i) => (i * i * 7) % 251),
        );
      const error = await fileError(() => format.read(path));
      expect(error.message).toContain(path);
      expect(error.message).toMatch(/^\w+: expected .*, got .*; /s);
      expect(error.fields.path).toBe(path);
    },
  );
});

function withoutEnd(bytes: Buffer): Buffer {
  const text = bytes.toString("latin1").trimEnd();
  return bytes.subarray(
    0,
    text.search(/\s\S+$/) > text.length - 20 ? text.search(/\s\S+$/) : bytes.length - 3,
  );
}

test("formatOf refuses what is missing, empty or unknown", async () => {
  expect((await fileError(() => formatOf(join(folder, "none.x")))).message).toMatch(
    /^formatOf: .*got no such file/,
  );
  expect((await fileError(() => formatOf(put(folder, "empty.x", "")))).message).toMatch(/got an empty file/);
  const binary = put(folder, "binary.x", Uint8Array.of(0x89, 0x48, 0x44, 0x46, 0, 1, 2));
  expect((await fileError(() => formatOf(binary))).message).toMatch(
    /expected one of edf, hdf5, mpt, xdi, columns, got/,
  );
});
