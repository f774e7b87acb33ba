// Table of all parameters of the simulated beamline for docs/simulated-beamline.md, generated from the
// devices.
import type { Value } from "./devices/device.js";
import { rock } from "./rock.js";

/** All parameters and signals of all devices as Markdown: one table per device, in the order of the beam. */
export function parameterTables(): string {
  const beamline = rock();
  const sections = beamline.devices.map((device) => {
    const [readings, descriptions] = [device.read(), device.describe()];
    const rows = Object.entries(descriptions).map(([name, { unit, source, meaning, kind }]) => {
      const value = kind === "signal" ? `*${source}*` : text(readings[name].value);
      const from = kind === "signal" ? "signal" : source;
      return `| ${[name, value, unit, from, meaning].map(escaped).join(" | ")} |`;
    });
    return [`### ${device.name}`, "", HEADER, ...rows].join("\n");
  });
  return sections.join("\n\n");
}

const HEADER = "| parameter | value | unit | source | meaning |\n| --- | --- | --- | --- | --- |";

function text(value: Value): string {
  if (typeof value === "object") return value.map(text).join(", ");
  return typeof value === "number" ? String(Number(value.toPrecision(5))) : value;
}

function escaped(cell: string): string {
  return cell.replaceAll("|", "\\|");
}
