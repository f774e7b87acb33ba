// operandose dose: power and dose of each layer of a stack in a beam, as a table, as JSON, or as a drawing.
import { readFile } from "node:fs/promises";
import { Option } from "commander";
import type { AttenuationTables, Stack, StackDose, StackJson } from "operandose";
import type { CommandFile } from "./command.js";
import { energies, number, numbers, size } from "./numbers.js";

interface Options {
  flux: string;
  energy: string;
  size: string;
  exposure: string;
  polychromatic?: boolean;
  convention?: "dense" | "composite" | "porous" | "phase";
  tables?: AttenuationTables;
  absorber?: string;
  reversed?: boolean;
  svg?: string;
  toScale?: boolean;
  json?: boolean;
}

/** The command `dose`. */
export const doseCommand: CommandFile = {
  name: "dose",
  group: "Files and doses",
  define(command, context) {
    command
      .description("dose rates of all layers of a cell")
      .argument("<STACK.json>", "layers of the cell")
      .requiredOption(
        "--flux <N>",
        "photons per second on the first layer; one, or one for each energy: 1e12,2e12",
      )
      .requiredOption(
        "--energy <EV>",
        "one, several (8266,8390) or a range (8266:8878:1): a scan, the same time at each",
      )
      .option("--size <WxH>", "of the beam, um", "1000x1000")
      .option("--exposure <S>", "s", "1")
      .option("--polychromatic", "all energies at once; one --flux is then that of all together")
      .addOption(
        new Option("--convention <NAME>", "of the density; default: all, porous is drawn").choices([
          "dense",
          "composite",
          "porous",
          "phase",
        ]),
      )
      .option("--tables <NAME>", "elam (default) or chantler")
      .option(
        "--absorber <NAME>",
        "layer whose dose is computed; default: that of the file, or the last layer",
      )
      .option("--reversed", "the beam comes from the other side")
      .option("--svg <FILE>", "writes the drawing (.svg, .png, .pdf or .html)")
      .option("--to-scale", "draws thicknesses to scale")
      .option("--json", "prints JSON instead of the table")
      .addHelpText("after", EXAMPLE)
      .action(async (path: string, options: Options) => {
        const flux = numbers("--flux", options.flux);
        const energy = energies("--energy", options.energy);
        const [width, height] = size("--size", options.size);
        const exposure = number("--exposure", options.exposure);
        const { Beam, figures } = await import("operandose");
        const { doseTable } = await import("./dose-table.js");
        const stack = await readStack(path, options);
        const beam = new Beam({
          energy,
          flux: flux.length === 1 ? flux[0] : flux,
          width,
          height,
          exposure,
          polychromatic: options.polychromatic ?? false,
        });
        const { convention, svg, toScale } = options;
        const doses = stack.dose(beam);
        if (svg !== undefined) await figures.stack(stack, beam, { convention, toScale }).save(svg);
        context.out(`${options.json ? json(doses) : doseTable(doses, convention)}\n`);
      });
  },
};

const EXAMPLE = `
STACK.json holds layers in the order of the beam; thickness in um, density in g/cm3, porosity 0..1.
The paper's cell is data/rock-cell.json of this package.

  { "layers": [
      { "name": "Window", "solid": { "formula": "C", "density": 3.5 }, "thickness": 145 },
      { "name": "Cathode", "solid": { "formula": "LiNiO2", "density": 4.716 },
        "liquid": { "formula": "C4H8O3", "density": 1.01 }, "thickness": 10, "porosity": 0.36 } ],
    "absorber": "Cathode" }`;

async function readStack(path: string, { absorber, tables, reversed }: Options): Promise<Stack> {
  const { FileError, OperandoseError, Stack } = await import("operandose");
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
  if (absorber !== undefined) stack = stack.with({ absorber });
  if (tables !== undefined) stack = stack.with({ tables });
  return reversed ? stack.reversed() : stack;
}

async function readJson(path: string): Promise<unknown> {
  try {
    return JSON.parse(await readFile(path, "utf8"));
  } catch (cause) {
    const { FileError } = await import("operandose");
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
