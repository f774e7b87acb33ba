import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { commands } from "../../kernel/cli/commands.js";
import { energies } from "../../kernel/cli/numbers.js";
import { rockCell } from "../../lib/dose/rock-cell.js";
import { run } from "./run-command.js";

const folder = mkdtempSync(join(tmpdir(), "operandose-cli-"));
afterAll(() => rmSync(folder, { recursive: true }));
const file = (name: string, content: unknown): string => {
  const path = join(folder, name);
  writeFileSync(path, typeof content === "string" ? content : JSON.stringify(content));
  return path;
};
const cell = file("stack.json", rockCell());
const beam = ["--flux", "1.041e12", "--energy", "8390", "--size", "3315x1202.5"];

describe("operandose dose", () => {
  test("prints the SI's calculation", async () => {
    const { code, out, error } = await run("dose", cell, ...beam);
    expect([code, error]).toEqual([0, ""]);
    const cathode = out.split("\n").find((line) => line.startsWith("Cathode ")) as string;
    expect(cathode.trim().split(/\s+/)).toEqual([
      "Cathode",
      "10",
      "0.5488",
      "4.500e+11",
      "497.4",
      "2646",
      "3690",
      "4134",
      "4118",
      "135.3",
    ]);
    expect(out).toContain("Cathode: 8.201e+11 ph/s arrive; 26.0 % of the absorbed power leaves");
    expect(out).toContain("beam: 1.041e+12 ph/s, 8390 eV, 3315 x 1202.5 um, 1 s; tables: elam");
    expect(out).toMatch(/^layer +thickness um +transmission +ph\/s behind +absorbed uW +dense/m);
  });

  test("--json is the result of stack.dose, and can be read again", async () => {
    const { out } = await run("dose", cell, ...beam, "--json", "--exposure", "60");
    const { stack, beam: light, layers } = JSON.parse(out);
    expect(stack).toEqual(rockCell().toJSON());
    const expected = rockCell().dose(light);
    expect(layers[3].doseRate).toEqual(expected[3].doseRate);
    expect(layers[3].dose.porous).toBeCloseTo(60 * expected[3].doseRate.porous, 6);
    expect(layers[0].doseRate.phase.liquid).toBeNull();
    expect(layers[3].escape).toBeCloseTo(0.26, 2);
  });

  test("--svg writes the drawing beside the table", async () => {
    const path = join(folder, "cell.svg");
    const { code, out } = await run(
      "dose",
      cell,
      ...beam,
      "--svg",
      path,
      "--to-scale",
      "--convention",
      "dense",
    );
    expect(code).toBe(0);
    expect(out).toContain("2646");
    expect(out).not.toContain("4134");
    const svg = readFileSync(path, "utf8");
    expect(svg).toContain("Dose convention: dense");
    expect(svg).toContain("drawn to scale");
  });

  test("scans, spectra, tables, absorber and direction", async () => {
    const json = async (...more: string[]) =>
      JSON.parse((await run("dose", cell, "--flux", "1e12", ...more, "--json")).out);
    const scan = await json("--energy", "8266:8270:2");
    expect(scan.beam.energy).toEqual([8266, 8268, 8270]);
    const at = await json("--energy", "8300,8400", "--polychromatic");
    expect(at.beam.polychromatic).toBe(true);
    expect((await json("--energy", "8390", "--tables", "chantler")).stack.tables).toBe("chantler");
    const back = await json("--energy", "8390", "--reversed", "--absorber", "Separator");
    expect(back.stack.absorber).toBe("Separator");
    expect(back.layers[0].layer).toBe("Cathode");
  });

  test.each([
    [["dose", ...beam], 2, "operandose dose: missing required argument 'STACK.json'"],
    [["dose", cell, cell, ...beam], 2, "too many arguments for 'dose'. Expected 1 argument but got 2"],
    [["dose", cell, "--energy", "8390"], 2, "required option '--flux <N>' not specified"],
    [["dose", cell, "--flux", "many", "--energy", "8390"], 2, "expected --flux as a number, got many"],
    [
      ["dose", cell, "--flux", "1e12", "--energy", "8:9"],
      2,
      "expected --energy as E, E,E or FIRST:LAST:STEP in eV, got 8:9",
    ],
    [["dose", cell, ...beam, "--size", "12"], 2, "expected --size as WIDTHxHEIGHT in um, got 12"],
    [["dose", cell, ...beam, "--porous"], 2, "unknown option '--porous'"],
    [
      ["dose", cell, ...beam, "--convention", "wet"],
      2,
      "option '--convention <NAME>' argument 'wet' is invalid. Allowed choices are dense, composite, porous, phase.",
    ],
    [
      ["dose", cell, "--flux", "1e12", "--energy", "8.39"],
      1,
      "Beam: expected energy in eV, from 200 to 1000000, got 8.39; this looks like keV; did you mean 8390?",
    ],
    [["dose", cell, ...beam, "--absorber", "Anode"], 1, "expected absorber to be one of"],
    [["dose", cell, ...beam, "--svg", "cell.gif"], 1, "figure.save: expected a path that ends in .svg"],
    [["dose", join(folder, "none.json"), ...beam], 1, "none.json: expected a readable file, got ENOENT"],
    [["dose", file("broken.json", "{ layers"), ...beam], 1, "broken.json: expected JSON, got"],
    [
      ["dose", file("empty.json", { layers: [] }), ...beam],
      1,
      "empty.json: Stack: expected an array of at least one Layer",
    ],
    [
      [
        "dose",
        file("unit.json", {
          layers: [{ name: "Cathode", solid: { formula: "LiNiO2", density: 4.7 }, thickness: "10 um" }],
        }),
        ...beam,
      ],
      1,
      'unit.json: Stack, layer 1: Layer Cathode: expected thickness > 0 um, got "10 um"',
    ],
    [
      [
        "dose",
        file("formula.json", {
          layers: [{ name: "Cathode", solid: { formula: "LiNi3+O2", density: 4.7 }, thickness: 10 }],
        }),
        ...beam,
      ],
      1,
      'formula.json: Stack, layer 1: Layer Cathode, solid: formula "LiNi3+O2": expected a neutral formula',
    ],
    [["does"], 2, "operandose: unknown command 'does' (Did you mean dose?)"],
  ])("%j fails with exit code %i", async (args, code, message) => {
    const got = await run(...args);
    expect(got.out).toBe("");
    expect(got.error).toContain(message);
    expect(got.code).toBe(code);
  });

  test("names from a file cannot steer the terminal", async () => {
    const layers = [{ name: "a\u001b[2Jb", solid: { formula: "C", density: 1 }, thickness: 10 }];
    const { out } = await run("dose", file("hostile.json", { layers }), ...beam);
    expect(out).not.toContain("\u001b");
  });
});

describe("help", () => {
  test("without arguments it is printed, and is wrong use", async () => {
    const { code, out } = await run();
    expect(code).toBe(2);
    expect(out).toContain("Usage: operandose COMMAND [options]");
    expect(out).toContain("Exit codes: 0 done; 1 failed, or something is missing; 2 wrong arguments");
    for (const { name, group } of commands) {
      expect(out).toMatch(new RegExp(`^ {2}${name} {2}`, "m"));
      expect(out).toContain(`\n${group}\n`);
    }
  });

  test.each(commands.map(({ name }) => name))("of %s, in both ways", async (name) => {
    const { code, out } = await run(name, "--help");
    expect([code, out.startsWith(`Usage: operandose ${name}`)]).toEqual([0, true]);
    expect((await run("help", name)).out).toBe(out);
    expect(out.split("\n").filter((line) => line.length > 110)).toEqual([]);
  });
});

test("the command is known to npm, and its launcher is there", () => {
  const root = resolve(import.meta.dirname, "../..");
  const { bin } = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));
  expect(readFileSync(join(root, bin.operandose), "utf8")).toMatch(/^#!\/usr\/bin\/env node\n/);
});

test("ranges hold both ends", () => {
  expect(energies("--energy", "8266:8878:1")).toHaveLength(613);
  expect(energies("--energy", "1000:1001:0.1")).toHaveLength(11);
  expect(energies("--energy", "8390")).toBe(8390);
  expect(() => energies("--energy", "1000:100000:0.0001")).toThrow("expected at most 100000 energies");
});
