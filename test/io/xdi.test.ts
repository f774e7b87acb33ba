import { readdirSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { readColumns } from "../../lib/io/columns.js";
import { readXdi } from "../../lib/io/xdi.js";
import { peer, shared } from "../support/peers.js";
import { fileError, put, temporaryFolder } from "./support.js";

const folder = temporaryFolder();
const read = (...lines: string[]) => readXdi(put(folder, "spectrum.xdi", `${lines.join("\n")}\n`));
const start = ["# XDI/1.0 GSE/1.0", "# Column.1: energy eV", "# Column.2: i0", "# Column.3: itrans"];
const table = ["# ///", "# a remark", "#-----", "# energy i0 itrans", "8300 200 100", "8301 300 100"];

describe("readXdi", () => {
  test("headers, remarks, labels and columns", async () => {
    const extra = [
      "# Element.symbol: Ni",
      "# Scan.start_time: 2001-06-26 21:46:07",
      "# Sample.name: <b>Ni</b>: foil",
      "# Sample.empty:",
    ];
    const xdi = await read(...start, ...extra, ...table);
    expect(xdi.headers).toMatchObject({
      "Element.symbol": "Ni",
      "Scan.start_time": "2001-06-26 21:46:07",
      "Sample.name": "<b>Ni</b>: foil",
      "Sample.empty": "",
      "Column.1": "energy eV",
    });
    expect(xdi.comments).toEqual(["a remark"]);
    expect(xdi.labels).toEqual(["energy", "i0", "itrans"]);
    expect(xdi.columns.map((column) => Array.from(column))).toEqual([
      [8300, 8301],
      [200, 300],
      [100, 100],
    ]);
    expect(Array.from(xdi.energy ?? [])).toEqual([8300, 8301]);
    expect(Array.from(xdi.mu ?? [])).toEqual([Math.log(2), Math.log(3)]);
  });

  test("labels from the line above the numbers where Column.N is missing", async () => {
    const xdi = await read("# XDI/1.0", "# ///", "# ---", "# energy  mutrans", "8300 1.5");
    expect(xdi.labels).toEqual(["energy", "mutrans"]);
    expect(Array.from(xdi.mu ?? [])).toEqual([1.5]);
    expect((await read("# XDI/1.0", "# Column.2: mu", "# ///", "# ---", "1 2")).labels).toEqual([
      "column1",
      "mu",
    ]);
  });

  test.each(["mutrans", "mufluor", "mu", "xmu", "XMU"])(
    "absorption from %s, before any ratio",
    async (label) => {
      const xdi = await read(
        "# XDI/1.0",
        "# Column.1: energy",
        "# Column.2: i0",
        "# Column.3: itrans",
        `# Column.4: ${label}`,
        "# ///",
        "# ---",
        "8300 2 1 0.25",
      );
      expect(Array.from(xdi.mu ?? [])).toEqual([0.25]);
    },
  );

  test("energies in keV, and from angles by Bragg's law", async () => {
    expect(
      Array.from((await read("# XDI/1.0", "# Column.1: energy keV", "# ---", "8.333")).energy ?? []),
    ).toEqual([8333]);
    // At 30 deg 2 d sin(theta) is d itself, at 90 deg twice that; h c = 12398.4198 eV A.
    const angles = ["# Column.1: angle degrees", "# Mono.d_spacing: 3.1356"];
    const { energy = new Float64Array() } = await read("# XDI/1.0", ...angles, "# ---", "30", "90");
    expect(energy[0]).toBeCloseTo(12398.4198 / 3.1356, 3);
    expect(energy[1]).toBeCloseTo(12398.4198 / 6.2712, 3);
    const radian = await read(
      "# XDI/1.0",
      "# Column.1: angle radians",
      angles[1],
      "# ---",
      String(Math.PI / 6),
    );
    expect(radian.energy?.[0]).toBeCloseTo(energy[0], 6);
  });

  test("no energy and no absorption where the file has none", async () => {
    const xdi = await read("# XDI/1.0", "# Column.1: time", "# Column.2: current", "# ---", "1 2");
    expect("energy" in xdi || "mu" in xdi).toBe(false);
  });

  test.each<[string, string[], RegExp]>([
    [
      "plain columns",
      ["# energy mu", "1 2"],
      /expected "# XDI\/1\.0", got "# energy mu" in line 1 .*use readColumns/,
    ],
    [
      "a remark among the headers",
      ["# XDI/1.0", "# just words", "# ---", "1 2"],
      /expected "Namespace\.key: value", got "just words" in line 2/,
    ],
    ["no numbers", [...start, "# ///", "# ---", "# energy i0 itrans"], /expected rows of numbers, got none/],
    ["a row cut short", [...start, ...table, "8302 300"], /expected 3 columns, got 2 in line 11/],
    ["a word", [...start, ...table, "8302 300 x"], /expected a number, got "x" in column 3/],
    [
      "more Column.N than columns",
      [...start, "# Column.4: irefer", ...table],
      /expected a column for Column\.4, got 3 columns/,
    ],
    [
      "angles without spacing",
      ["# XDI/1.0", "# Column.1: angle", "# ---", "13"],
      /expected Mono\.d_spacing with a column of angles, got none/,
    ],
  ])("refuses %s", async (_, lines, message) => {
    const error = await fileError(() => read(...lines));
    expect(error.message).toMatch(message);
    expect(error.fields.path).toBe(join(folder, "spectrum.xdi"));
  });
});

describe("real files", () => {
  test("agree with their plain columns", async (context) => {
    const folder = "../shared/spectra";
    peer(folder)(context);
    for (const name of readdirSync(shared(folder)).filter((name) => name.endsWith(".xdi"))) {
      const xdi = await readXdi(shared(`${folder}/${name}`));
      expect(xdi.headers["Element.symbol"]).toBe("Ni");
      const plain = await readColumns(shared(`${folder}/${name.replace(".xdi", ".csv")}`));
      // Duplicate energies were dropped from the plain files.
      const mu = new Map(Array.from(xdi.energy ?? [], (energy, i) => [energy, xdi.mu?.[i] ?? Number.NaN]));
      const kept = plain.columns[0].filter(
        (energy, i) => Math.abs((mu.get(energy) ?? 99) - plain.columns[1][i]) < 1e-6,
      );
      expect(kept.length).toBeGreaterThanOrEqual(plain.columns[0].length - 3);
    }
  });
});
