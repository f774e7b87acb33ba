// operandose dose: power and dose of each layer of a stack in a beam, as a table, as JSON, or as a drawing.
import { readFile } from "node:fs/promises";
import { parseArgs } from "node:util";
import {
  type AttenuationTables,
  Beam,
  FileError,
  figures,
  OperandoseError,
  Stack,
  type StackDose,
  type StackJson,
} from "operandose";
import type { Command } from "./command.js";
import { conventionOf, doseTable } from "./dose-table.js";
import { energies, number, numbers, size } from "./numbers.js";
import { UsageError } from "./usage-error.js";

/** The command `dose`. */
export const doseCommand: Command = {
  summary: "dose rates of all layers of a cell",
  help: `usage: operandose dose STACK.json --flux PH/S --energy EV [options]

What each layer of a stack takes up from a beam. Prints a table; writes a drawing with --svg.

  --flux N            photons per second on the first layer; one, or one for each energy: 1e12,2e12
  --energy E          eV; one, several (8266,8390) or a range (8266:8878:1): a scan, the same time at each
  --size WxH          of the beam, um; default 1000x1000
  --exposure S        s; default 1
  --polychromatic     all energies at once; one --flux is then that of all together
  --convention C      dense, composite, porous or phase, in the table and in the drawing; default: all, porous is drawn
  --tables T          elam (default) or chantler
  --absorber NAME     layer whose dose is computed; default: the absorber of the file, or the last layer
  --reversed          the beam comes from the other side
  --svg FILE          writes the drawing (.svg, .png, .pdf or .html)
  --to-scale          draws thicknesses to scale
  --json              prints JSON instead of the table

STACK.json holds layers in the order of the beam; thickness in um, density in g/cm3, porosity 0..1:

  { "layers": [
      { "name": "Window", "solid": { "formula": "C", "density": 3.5 }, "thickness": 145 },
      { "name": "Cathode", "solid": { "formula": "LiNiO2", "density": 4.716 },
        "liquid": { "formula": "C4H8O3", "density": 1.01 }, "thickness": 10, "porosity": 0.36 } ],
    "absorber": "Cathode" }`,

  async run(args) {
    const { path, values } = read(args);
    const stack = await readStack(path, values);
    const flux = numbers("--flux", required("--flux", values.flux));
    const [width, height] = size("--size", values.size ?? "1000x1000");
    const beam = new Beam({
      energy: energies("--energy", required("--energy", values.energy)),
      flux: flux.length === 1 ? flux[0] : flux,
      width,
      height,
      exposure: number("--exposure", values.exposure ?? "1"),
      polychromatic: values.polychromatic ?? false,
    });
    const convention = conventionOf("--convention", values.convention);
    const doses = stack.dose(beam);
    if (values.svg !== undefined) {
      await figures.stack(stack, beam, { convention, toScale: values["to-scale"] }).save(values.svg);
    }
    return values.json ? json(doses) : doseTable(doses, convention);
  },
};

type Values = ReturnType<typeof read>["values"];

function read(args: readonly string[]) {
  const parsed = parse(args);
  const [path, ...more] = parsed.positionals;
  if (path === undefined || more.length > 0) {
    throw new UsageError(`expected one STACK.json, got ${parsed.positionals.length || "none"}`);
  }
  return { path, values: parsed.values };
}

function parse(args: readonly string[]) {
  const text = { type: "string" } as const;
  const flag = { type: "boolean" } as const;
  try {
    return parseArgs({
      args: [...args],
      allowPositionals: true,
      options: {
        flux: text,
        energy: text,
        size: text,
        exposure: text,
        polychromatic: flag,
        convention: text,
        tables: text,
        absorber: text,
        reversed: flag,
        svg: text,
        "to-scale": flag,
        json: flag,
      },
    });
  } catch (error) {
    throw new UsageError((error as Error).message);
  }
}

function required(option: string, value: string | undefined): string {
  if (value !== undefined) return value;
  throw new UsageError(`expected ${option}, got none`);
}

async function readStack(path: string, values: Values): Promise<Stack> {
  const plain = await readJson(path);
  let stack: Stack;
  try {
    // Stack.from checks the data.
    stack = Stack.from(plain as StackJson);
  } catch (error) {
    if (error instanceof OperandoseError) {
      throw new FileError(`${path}: ${error.message}`, { ...error.fields, path }, { cause: error });
    }
    throw error;
  }
  if (values.absorber !== undefined) stack = stack.with({ absorber: values.absorber });
  if (values.tables !== undefined) stack = stack.with({ tables: values.tables as AttenuationTables });
  return values.reversed ? stack.reversed() : stack;
}

async function readJson(path: string): Promise<unknown> {
  try {
    return JSON.parse(await readFile(path, "utf8"));
  } catch (cause) {
    const what = cause instanceof SyntaxError ? "JSON" : "a readable file";
    throw new FileError(`${path}: expected ${what}, got ${(cause as Error).message}`, { path }, { cause });
  }
}

function json(doses: StackDose): string {
  const { stack, beam } = doses;
  const layers = Array.from(doses, (entry, i) => ({ ...entry, escape: stack.escape(beam)[i].total }));
  // JSON has no NaN: the dose of a missing liquid is null.
  return JSON.stringify({ stack, beam, layers }, null, 2);
}
