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

  test.each<[string, string, number]>([
    ["energy eV || BL:energy.readback", "8333", 8333],
    ["energy (keV)", "8.333", 8333],
    ["energy, eV", "8333", 8333],
    ["energy [KEV]", "8.333", 8333],
    ["energy Ryd", "612.4641", 612.4641 * 13.605693122994],
    ["angle deg", "13.7", 12398.41984332 / (6.2712 * Math.sin((13.7 * Math.PI) / 180))],
    ["angle rad", "0.24", 12398.41984332 / (6.2712 * Math.sin(0.24))],
    ["angle mrad", "240", 12398.41984332 / (6.2712 * Math.sin(0.24))],
    ["angle", "13.7", 12398.41984332 / (6.2712 * Math.sin((13.7 * Math.PI) / 180))],
  ])("Column.1: %s", async (column, value, expected) => {
    for (const spacing of ["3.1356", "3.1356 A", "3.1356 angstrom", "0.31356 nm", "313.56 pm"]) {
      const header = [`# Column.1: ${column}`, `# Mono.d_spacing: ${spacing}`];
      const { energy } = await read("# XDI/1.0", ...header, "# ---", value);
      expect(energy?.[0]).toBeCloseTo(expected, 8);
    }
  });

  test("repeated fields, empty # lines, nicknames in the line above the numbers", async () => {
    const xdi = await read(
      ...start,
      "#",
      "# Sample.prep: pressed",
      "# Sample.prep: with BN",
      "# Column.2: i0",
      "# ///",
      "# ---",
      "# E (eV) I0 I1",
      "8300 2 1",
      "8301 2 0",
    );
    expect(xdi.headers["Sample.prep"]).toBe("pressed\nwith BN");
    expect(xdi.labels).toEqual(["energy", "i0", "itrans"]);
    expect(Array.from(xdi.mu ?? [])).toEqual([Math.log(2), Number.NaN]);
  });

  test.each<[string, string[], RegExp]>([
    [
      "an unknown unit of energy",
      ["# Column.1: energy pixel"],
      /expected energy in eV, keV, .*got "pixel" in column 1/,
    ],
    [
      "an unknown unit of angle",
      ["# Column.1: angle steps", "# Mono.d_spacing: 3.1"],
      /expected angle in deg, .*got "steps"/,
    ],
    [
      "energies that are hardly eV",
      ["# Column.1: energy"],
      /a unit in Column.1, got none, with numbers from 8.3 to 8.3 that are hardly eV/,
    ],
    [
      "a spacing in words",
      ["# Column.1: angle deg", "# Mono.d_spacing: Si(111)"],
      /Mono.d_spacing in angstrom .* got "Si\(111\)"/,
    ],
    ["a spacing with a comma", ["# Column.1: angle deg", "# Mono.d_spacing: 3,1356"], /got "3,1356"/],
    ["a spacing in inches", ["# Column.1: angle deg", "# Mono.d_spacing: 3 in"], /got "3 in"/],
    [
      "degrees that are said to be radians",
      ["# Column.1: angle rad", "# Mono.d_spacing: 3.1356"],
      /angles above 0 to 90 degrees, got 8.3 rad/,
    ],
    [
      "labels that contradict",
      ["# Column.1: i0", "# ///", "# ---", "# energy"],
      /one name for column 1, got "i0" in Column.1 and "energy" above/,
    ],
    [
      "two values of one field",
      ["# Column.1: energy eV", "# column.1: energy keV"],
      /one value of column.1, got "energy eV" and "energy keV" in line 3/,
    ],
    ["no element", ["# Element.symbol: Nickel"], /Element.symbol as a chemical symbol, got "Nickel"/],
    ["no edge", ["# Element.edge: 8333"], /Element.edge as K, .* got "8333"/],
  ])("refuses %s", async (_, header, message) => {
    expect((await fileError(() => read("# XDI/1.0", ...header, "8.3"))).message).toMatch(message);
  });

  test("energies beside angles agree with them, or are refused", async () => {
    const columns = ["# Column.1: energy eV", "# Column.2: angle deg", "# Mono.d_spacing: 3.1356"];
    const rows = (angle: number) => ["# ///", "# ---", `8333 ${angle}`, `8334 ${angle - 2e-3}`];
    // 13.722 degrees of Si(111) are 8333 eV; 14 are 8172, the offset of an encoder.
    for (const angle of [13.722, 14]) {
      const { energy } = await read("# XDI/1.0", ...columns, ...rows(angle));
      expect(Array.from(energy ?? [])).toEqual([8333, 8334]);
    }
    // The angle of Si(311).
    expect((await fileError(() => read("# XDI/1.0", ...columns, ...rows(27.02)))).message).toMatch(
      /energies and angles that agree, got 8333 eV beside an angle of 43\d\d/,
    );
  });

  test.each<[string, string, string, RegExp]>([
    ["energy eV", "", "8.3", /got 8.3 eV from 8.3 eV.*did you mean keV\?/],
    ["energy keV", "", "8300", /got 8300000 eV from 8300 keV.*did you mean eV\?/],
    ["angle deg", "3.1356", "0.24", /eV from 0.24 deg.*did you mean rad\?/],
    ["angle deg", "0.31356", "13.7", /looks like nm; did you mean 3.1356\?/],
    ["angle deg", "313.56", "13.7", /looks like pm; did you mean 3.1356\?/],
  ])(
    "refuses numbers that %s with a spacing of %s cannot have: %s",
    async (column, spacing, value, message) => {
      const header = [`# Column.1: ${column}`, ...(spacing ? [`# Mono.d_spacing: ${spacing}`] : [])];
      expect((await fileError(() => read("# XDI/1.0", ...header, "# ---", value))).message).toMatch(message);
    },
  );

  test("refuses two columns of one name", async () => {
    const lines = ["# Column.1: energy eV", "# Column.2: energy eV", "# ---", "8300 8301"];
    expect((await fileError(() => read("# XDI/1.0", ...lines))).message).toMatch(
      /one column energy, got columns 1 and 2/,
    );
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
