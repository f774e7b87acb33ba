// All data of a page as one base64 text, which cannot be read as markup.
import { deflateSync } from "node:zlib";
import { timeAxis } from "../cube/results/rows.js";
import { ramp, rampColors } from "../figures/parts/schemes.js";
import { palette, theme } from "../figures/parts/theme.js";
import type { Block, Header } from "./page/format.js";
import { code, noiseOf, stepFor } from "./quantize.js";
import { hasEdge, type ViewModel } from "./view-model.js";

/** The text, and what the rounding did. */
export interface Packed {
  readonly base64: string;
  readonly step: number;
  readonly largestError: number;
  /** Standard deviation of the noise of one value, as estimated. */
  readonly noise: number;
  readonly leftOut: number;
  /** Whether the step is coarser than the noise requires, to meet the size. */
  readonly coarser: boolean;
}

/** Labels of the values, with unit. */
export const quantities = {
  counts: "Counts",
  absorbance: "Absorbance (natural logarithm)",
  normalized: "Normalized absorption",
} as const;

/** Packs a model; the step of the spectra grows until the text is at most `maxBytes` long. */
export function pack(model: ViewModel, maxBytes: number): Packed {
  const { spectra, energies } = model;
  const noise = noiseOf(spectra, energies.length);
  const finest = stepFor(spectra, noise);
  for (let step = finest; ; step = coarser(step)) {
    const coded = code(spectra, energies.length, step);
    const base64 = text(model, step, coded.bytes);
    // Rounded to its own size nothing is left of a signal: then the rest of the page is what is too large.
    if (base64.length <= maxBytes || step > 1e6 * finest) {
      const { largestError, leftOut } = coded;
      return { base64, step, largestError, noise, leftOut, coarser: step > finest };
    }
  }
}

/** The next of 1, 2, 5, 10, ... */
function coarser(step: number): number {
  const [digit, exponent] = step.toExponential(0).split("e");
  const next = { "1": "2", "2": "5", "5": "10" }[digit] ?? "10";
  return Number(`${next}e${exponent}`);
}

function text(model: ViewModel, step: number, spectra: Uint8Array): string {
  const { species, maps, energies, times } = model;
  const parts: Record<string, Uint8Array> = {
    energies: bytesOf(energies),
    spectra,
    colors: Uint8Array.from(rampColors(ramp("explore", "viridis"), 256).flat()),
    ...Object.fromEntries(maps.map(({ values }, i) => [`map${i}`, bytesOf(values)])),
    ...(species && {
      basis: bytesOf(species.S),
      concentrations: bytesOf(species.concentrations),
      rFactor: bytesOf(species.rFactor),
    }),
  };
  const blocks: Record<string, Block> = {};
  let at = 0;
  for (const [name, { length }] of Object.entries(parts)) {
    blocks[name] = { at, bytes: length };
    at += length;
  }
  const axis = timeAxis({ of: "time", times });
  const header: Header = {
    width: model.width,
    height: model.height,
    pixelSize: model.pixelSize,
    nEnergies: energies.length,
    times: Array.from(axis.values),
    timeUnit: axis.unit,
    quantity: quantities[model.quantity],
    step,
    edge: model.edge,
    maps: maps.map(({ label, unit, scale, code: verb }) => ({ label, unit, scale, code: verb })),
    names: species?.names ?? [],
    code: model.code,
    hasEdge: hasEdge(model),
    palette,
    noData: theme.noData,
    blocks,
  };
  const json = Buffer.from(JSON.stringify(header));
  const length = Buffer.alloc(4);
  length.writeUInt32LE(json.length);
  return deflateSync(Buffer.concat([length, json, ...Object.values(parts)])).toString("base64");
}

function bytesOf(values: Float32Array | Float64Array): Uint8Array {
  return new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
}
