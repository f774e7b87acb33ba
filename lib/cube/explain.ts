// A plan as text.

import { short } from "../compute/format.js";
import { estimate } from "./engine/estimate.js";
import type { Source } from "./recorded.js";
import { verbOf } from "./verbs/index.js";
import type { Plan } from "./verbs/verb.js";

/** The plan as text: what is read, each step with its parameters and its reason, and what comes out. */
export function explain(plan: Plan): string {
  const { source, steps } = plan;
  const { files, dark } = source.sample;
  const references = Object.entries({ dark: dark.length > 0, flat: source.flat, foil: source.foil });
  const what = source.store ? "time step" : "file";
  const origin = source.store
    ? `  saved after ${source.store.provenance.steps.map((step) => step.verb).join(", ") || "no step"}, from ${source.store.provenance.source}`
    : `  references: ${references.map(([name, there]) => `${name} ${there ? "yes" : "none"}`).join(", ")}; ${dark.length > 0 ? "the dark is subtracted, " : ""}frames are scaled to one exposure and ring current where headers name them`;
  const lines = [
    `${source.name}: ${files.length} ${what}${files.length === 1 ? "" : "s"}, ${source.energies.length} energies x ${source.height} x ${source.width} pixels${sizeWords(source.pixelSize)}; ${edgeWords(source)}`,
    origin,
    ...(source.store?.failed
      ? [
          `  incomplete: ${source.store.failed.length} of ${files.length} time steps could not be computed and are NaN (${source.store.failed[0].reason})`,
        ]
      : []),
    ...(source.leftOut
      ? [`  incomplete: ${source.leftOut} energies left out, because not every file has their image`]
      : []),
    ...steps.map((step, i) => `  ${i + 1}. ${verbOf(step).sentence(step, steps[i - 1])}`),
    `  = ${schemaLine(plan)}`,
    `  ${cost(plan)}`,
  ];
  return lines.join("\n");
}

/** The estimated cost on one line. */
function cost(plan: Plan): string {
  const { bytes, total, atMost, memory, workers, seconds } = estimate(plan);
  const parts = Object.entries({ ...bytes, "dose rate": bytes.doseRate, doseRate: 0 }).flatMap(([name, n]) =>
    n > 0 ? [`${name} ${size(n)}`] : [],
  );
  const threads = `${workers} thread${workers === 1 ? "" : "s"}`;
  return (
    `estimated: reads ${atMost ? "at most " : ""}${size(total)} (${parts.join(", ")}), ` +
    `${size(memory.threads + memory.shared)} of memory beside the results, ` +
    `${seconds < 1 ? "less than a second" : `about ${short(seconds, 1)} s`} on ${threads}; less where it was read before`
  );
}

function size(bytes: number): string {
  const [unit, scale] = bytes >= 1e9 ? ["GB", 1e9] : bytes >= 1e6 ? ["MB", 1e6] : ["kB", 1e3];
  return `${short(bytes / (scale as number))} ${unit}`;
}

/** What comes out, on one line. */
export function schemaLine({ schema }: Plan): string {
  const { quantity, energies, height, width, pixelSize, times, maps, masked, calibrated } = schema;
  const [first, last] = [energies[0], energies[energies.length - 1]];
  return [
    `${quantity}, ${times.length} time step${times.length === 1 ? "" : "s"}`,
    `${energies.length} energies ${first.toFixed(1)} to ${last.toFixed(1)} eV${calibrated ? " (calibrated)" : ""}`,
    `${width} x ${height} pixels${sizeWords(pixelSize)}${masked ? " (masked)" : ""}`,
    ...(maps.length > 0 ? [`maps ${maps.join(", ")}`] : []),
  ].join(", ");
}

/** The size of a pixel; empty where it is not known. */
function sizeWords(pixelSize: number | undefined): string {
  return pixelSize === undefined ? "" : ` of ${short(pixelSize, 6)} um`;
}

/** The edge and its origin. */
function edgeWords({ edge }: Source): string {
  if (!edge) return "edge not known";
  const { name, energy, from } = edge;
  const how = { manifest: "", option: "", energies: ", the only K or L3 edge within the energies" }[from];
  return `edge ${name ? `${name}, ` : ""}${short(energy, 6)} eV${how}`;
}
