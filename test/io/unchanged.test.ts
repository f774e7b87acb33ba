// Files that somebody writes while they are read: the reading is refused, and never gives half of each.
import { copyFileSync, readFileSync, renameSync, rmSync, statSync, utimesSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { Cube, FileError, rockCell, writeEdf, writeHdf5 } from "operandose";
import { describe, expect, test } from "vitest";
import { noteLinked } from "../../lib/io/linked-files.js";
import { whileLoading, whileUnchanged } from "../../lib/io/unchanged.js";
import { fileError, put, temporaryFolder } from "./support.js";

const folder = temporaryFolder();

describe("whileUnchanged", () => {
  const changes: Record<string, (path: string) => void> = {
    "written in place, of equal length": (path) => writeFileSync(path, "new"),
    longer: (path) => writeFileSync(path, "older"),
    "replaced by another of equal length and time": (path) => {
      const { atime, mtime } = statSync(path);
      const other = put(folder, "other.dat", "new");
      utimesSync(other, atime, mtime);
      renameSync(other, path);
    },
    removed: (path) => rmSync(path),
  };
  test.each(Object.keys(changes))("a file that is %s meanwhile", async (what) => {
    const path = put(folder, "one.dat", "old");
    // Of yesterday: a file of this moment has the time of this moment twice.
    utimesSync(path, 1e9, 1e9);
    const error = await fileError(() =>
      whileUnchanged("read", [path], async () => {
        changes[what](path);
        return 1;
      }),
    );
    expect(error.message).toMatch(
      /^read: expected a file that stays as it is, got one that changed while it/,
    );
    expect(error.fields.path).toBe(path);
  });

  test("a file that is read, or copied by a backup", async () => {
    const path = put(folder, "two.dat", "old");
    const run = async () => {
      copyFileSync(path, join(folder, "backup.dat"));
      return readFileSync(path, "utf8");
    };
    expect(await whileUnchanged("read", [path], run)).toBe("old");
  });

  test("a file that has changed since it was loaded", async () => {
    const path = put(folder, "three.dat", "old");
    utimesSync(path, 1e9, 1e9);
    const { loaded } = whileLoading(path, () => 0);
    writeFileSync(path, "new");
    const error = await fileError(() => whileUnchanged("read", [path], async () => 1, loaded));
    expect(error.message).toMatch(/got one that changed since it was loaded/);
    // Of this moment: the next change may have the same time.
    const recent = whileLoading(path, () => 0).loaded;
    const { atime, mtime } = statSync(path);
    utimesSync(path, atime, mtime);
    const again = whileLoading(path, () => 0).loaded;
    writeFileSync(path, "NEW");
    utimesSync(path, atime, mtime);
    for (const one of [recent, again])
      await fileError(() => whileUnchanged("read", [path], async () => 1, one));
  });
});

describe("files that a file refers to", () => {
  test("are noted by the first reading, and those that change afterwards are refused", async () => {
    const path = put(folder, "master.dat", "main");
    const other = put(folder, "linked.dat", "old");
    let readings = 0;
    const { loaded, value } = whileLoading(path, () => {
      readings++;
      noteLinked(path, other);
      return readFileSync(other, "utf8");
    });
    // What was read before the link was known may be older than what was noted.
    expect([value, readings]).toEqual(["old", 2]);
    writeFileSync(other, "newer");
    const error = await fileError(() => whileUnchanged("read", [path], async () => 1, loaded));
    expect(error.fields.path).toBe(other);
    expect(error.message).toMatch(/changed since it was loaded/);
  });

  test("are held even where only the reading itself finds them", async () => {
    const path = put(folder, "master2.dat", "main");
    const other = put(folder, "linked2.dat", "old");
    const error = await fileError(() =>
      whileUnchanged("read", [path], async () => {
        noteLinked(path, other);
        writeFileSync(other, "newer");
      }),
    );
    expect(error.fields.path).toBe(other);
    expect(error.message).toMatch(/changed while it was read/);
  });

  test.each(["whole", "keep"])("a cube of a master file, %s", async (how) => {
    const incomplete = how === "keep" ? "keep" : "refuse";
    const [master, counts] = ["master.h5", "counts.h5"].map((name) => join(folder, `${how}-${name}`));
    const record = (level: number) =>
      writeHdf5(counts, {
        datasets: {
          "/entry/data": { data: new Uint16Array(24).fill(level), shape: [2, 3, 4] },
          "/entry/energy": { data: Float64Array.of(8300, 8340), attributes: { units: "eV" } },
        },
      });
    await record(1000);
    const { File, ready } = await import("h5wasm/node");
    await ready;
    const made = new File(master, "w");
    made.create_external_link(`${how}-counts.h5`, "/entry", "entry");
    made.close();
    const cube = Cube.load({ sample: master, incomplete });
    expect((await cube.spectrum()).values).toEqual(Float64Array.of(1000, 1000));
    await record(2000);
    await expect(cube.spectrum()).rejects.toThrow(`changed since it was loaded: ${counts}`);
    const again = Cube.load({ sample: master, incomplete });
    expect((await again.spectrum()).values).toEqual(Float64Array.of(2000, 2000));
  });
});

describe("recordings that are edited while they are read", () => {
  const shape = [64, 48] as const;
  const energies = [8300, 8320, 8340, 8360];
  const N = 6;
  const images = (level: number) =>
    energies.map((energy, k) => ({
      header: { energy },
      shape,
      data: new Uint16Array(64 * 48).fill(level + k),
    }));
  const recorders: Record<string, (path: string, level: number) => Promise<void>> = {
    edf: (path, level) => writeEdf(path, images(level)),
    hdf5: (path, level) =>
      writeHdf5(path, {
        datasets: {
          "/entry/data": {
            data: Uint16Array.from(images(level).flatMap(({ data }) => Array.from(data))),
            shape: [4, 64, 48],
          },
          "/entry/energy": { data: Float64Array.from(energies) },
        },
      }),
  };

  /** A series whose file t holds the counts (1000 t + 1000) + k, and a dark without counts. */
  async function series(format: string) {
    const files = Array.from({ length: N }, (_, t) => join(folder, `${format}-${t}.dat`));
    const [other, dark] = ["other", "dark"].map((name) => join(folder, `${format}-${name}.dat`));
    for (const [t, path] of files.entries()) await recorders[format](path, 1000 * (t + 1));
    await recorders[format](other, 60000);
    await writeEdf(dark, [{ shape, data: new Uint16Array(64 * 48) }]);
    for (const path of [...files, dark]) utimesSync(path, 1e9, 1e9);
    return { files, other, dark };
  }

  /** A signal that is never aborted; `at` runs when the work looks at it for the n-th time. */
  function whenReading(n: number, at: () => void): AbortSignal {
    const { signal } = new AbortController();
    let looks = 0;
    return Object.assign(signal, {
      throwIfAborted() {
        if (++looks === n) at();
      },
    });
  }

  /** First count of each file, or "refused". */
  async function levels(read: () => Promise<{ data: ArrayLike<number> }>): Promise<number[] | "refused"> {
    const found = await read().catch((error: unknown) => {
      expect(error).toBeInstanceOf(FileError);
      expect((error as FileError).message).toMatch(/that stays as it is|to stay as it is|has changed/);
      return undefined;
    });
    return found ? Array.from(found.data).filter((_, i) => i % energies.length === 0) : "refused";
  }

  test.each(Object.keys(recorders))("%s at every step: all old, all new, or refused", async (format) => {
    for (const workers of [1, 2]) {
      const outcomes = [];
      for (const where of [0, N - 1]) {
        for (let n = 1; n <= 6; n++) {
          const { files, other, dark } = await series(format);
          const old = files.map((_, t) => 1000 * (t + 1));
          const cube = Cube.load({ sample: files, dark });
          const signal = whenReading(n, () => {
            // In place, or by a rename.
            if (where > 0) writeFileSync(files[where], readFileSync(other));
            else {
              copyFileSync(other, `${other}.copy`);
              renameSync(`${other}.copy`, files[where]);
            }
          });
          const found = await levels(() => cube.spectra({ workers, signal }));
          expect([old, old.map((level, t) => (t === where ? 60000 : level)), "refused"]).toContainEqual(
            found,
          );
          outcomes.push(found);
        }
      }
      expect(outcomes).toContain("refused");
    }
  });

  test.each(Object.keys(recorders))("%s at any moment: all old, all new, or refused", async (format) => {
    for (const delay of [0, 1, 2, 4, 8, 16, 32, 64]) {
      const { files, other, dark } = await series(format);
      const old = files.map((_, t) => 1000 * (t + 1));
      const timer = setTimeout(() => {
        for (const path of files) writeFileSync(path, readFileSync(other));
      }, delay);
      const found = await levels(() => Cube.load({ sample: files, dark }).spectra({ workers: 2 }));
      clearTimeout(timer);
      expect([old, old.map(() => 60000), "refused"]).toContainEqual(found);
    }
  });

  test.each(Object.keys(recorders))(
    "%s after loading: refused, also for maps of its flat",
    async (format) => {
      const { files, other, dark } = await series(format);
      const cube = Cube.load({ sample: files[0], flat: other, dark, edge: "Ni K", flux: 1e12, pixelSize: 5 });
      const rate = cube.doseRate(rockCell());
      await recorders[format](files[0], 1000);
      const changed = /changed since it was loaded: .*; load it again/;
      await expect(cube.spectrum()).rejects.toThrow(changed);
      await expect(cube.absorb().spectrum()).rejects.toThrow(changed);
      await expect(rate.map("doseRate")).rejects.toThrow(changed);
      const loaded = Cube.load({ sample: files, dark });
      await recorders[format](join(folder, `${format}-${N}.dat`), 7000);
      expect((await loaded.spectra()).nRows).toBe(N);
    },
  );

  test("loading from a scan that is cut: refused when it grows", async () => {
    const path = join(folder, "cut.edf");
    await writeEdf(path, images(1000));
    const whole = readFileSync(path);
    writeFileSync(path, whole.subarray(0, Math.floor(0.8 * whole.length)));
    const cube = Cube.load({ sample: path, incomplete: "keep" });
    expect(cube.schema.energies).toEqual(energies.slice(0, 3));
    writeFileSync(path, whole);
    await expect(cube.spectrum()).rejects.toThrow("changed since it was loaded");
  });
});
