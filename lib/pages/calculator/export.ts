// What leaves the page: the stack as JSON for `operandose dose`, its command line, and a table.
import { csvComment, csvText } from "../../io/csv.js";
import type { Doses } from "./calculate.js";
import type { Form } from "./form.js";

/** Name of the exported file. */
export const STACK_FILE = "cell.json";

/** The stack as `operandose dose` reads it. */
export function stackFile({ stack }: Doses): string {
  return `${JSON.stringify(stack, null, 2)}\n`;
}

/** The command that computes the same doses. */
export function commandOf({ beam, convention }: Doses, form: Form["beam"]): string {
  const { lines } = beam;
  const energy =
    form.kind === "scan"
      ? [form.from, form.to, form.step].map(Number).join(":")
      : lines.map((line) => line.energy).join(",");
  const flux = beam.polychromatic
    ? lines.map((line) => exact(line.flux)).join(",")
    : exact(beam.flux as number);
  return [
    `npx operandose dose ${STACK_FILE}`,
    `--flux ${flux}`,
    `--energy ${energy}`,
    `--size ${beam.width}x${beam.height}`,
    `--exposure ${beam.exposure}`,
    ...(beam.polychromatic ? ["--polychromatic"] : []),
    `--convention ${convention}`,
  ].join(" ");
}

/** The shortest text of exactly this number. */
function exact(value: number): string {
  const [plain, power] = [String(value), value.toExponential()];
  return power.length < plain.length ? power.replace("e+", "e") : plain;
}

/** All doses as comma-separated values, one row per layer; names of columns contain the units. */
export function csvTable({ stack, beam, layers }: Doses): string {
  const columns = layers.columns();
  const names = Object.keys(columns);
  const rows = Array.from(layers, (_, i) =>
    names.map((name) => {
      const value = columns[name][i];
      return typeof value === "string" ? csvText(value) : value === null ? "" : String(value);
    }),
  );
  const about = [
    `Dose of each layer; absorber ${stack.absorber.name}; attenuation tables ${stack.tables}`,
    `Beam: ${beam.meanFlux} photons/s on ${beam.width} um x ${beam.height} um for ${beam.exposure} s`,
  ];
  return `${[...about.map(csvComment), names.map(withUnit).join(","), ...rows.map((row) => row.join(","))].join("\n")}\n`;
}

function withUnit(name: string): string {
  const unit = Object.entries(UNITS).find(([start]) => name.startsWith(start))?.[1];
  return unit ? `${name} (${unit})` : name;
}

const UNITS: Readonly<Record<string, string>> = {
  thickness: "um",
  transmittedFlux: "photons/s",
  absorbedPower: "W",
  doseRate: "Gy/s",
  dose: "Gy",
  porosity: "fraction",
  transmission: "fraction",
};
