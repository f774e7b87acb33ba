// The beam of the form.
import { inRange } from "../../dose/attenuation.js";
import { Beam, type BeamOptions } from "../../dose/beam.js";
import { quote } from "../../errors.js";
import type { Form } from "./form.js";
import type { Reader } from "./reader.js";

/** Most energies of a scan or a spectrum. */
const MOST = 5000;

const SECONDS: Readonly<Record<string, number>> = { s: 1, min: 60, h: 3600 };

/** The beam; undefined where one of its fields has a problem. */
export function readBeam(reader: Reader, beam: Form["beam"]): Beam | undefined {
  const photons = readPhotons(reader, beam);
  const [flux, width, height, time] = (["flux", "width", "height", "exposure"] as const).map((name) =>
    reader.number(`beam.${name}`, beam[name]),
  );
  const unit = SECONDS[beam.unit];
  if (unit === undefined) return reader.wrong("beam.unit", `Expected s, min or h, got ${quote(beam.unit)}.`);
  if (!photons || flux === undefined || width === undefined || height === undefined || time === undefined)
    return undefined;
  if (!(flux > 0)) return reader.wrong("beam.flux", `Expected a flux above 0 photons/s, got ${flux}.`);
  const fields = {
    flux: "beam.flux",
    width: "beam.width",
    height: "beam.height",
    exposure: "beam.exposure",
    weights: "beam.spectrum",
  };
  const options: BeamOptions = { ...photons.options, flux, width, height, exposure: time * unit };
  return reader.attempt(() => new Beam(options), fields, photons.field);
}

/** Dose rate of the brightest pixel relative to the mean. */
export function readPeak(reader: Reader, text: string): number | undefined {
  const peak = reader.number("beam.peak", text);
  if (peak === undefined || peak >= 1) return peak;
  return reader.wrong("beam.peak", `Expected at least 1 (the brightest pixel), got ${peak}.`);
}

interface Photons {
  readonly options: Pick<BeamOptions, "energy" | "weights" | "polychromatic">;
  /** Field of errors about an energy. */
  readonly field: string;
}

function readPhotons(reader: Reader, beam: Form["beam"]): Photons | undefined {
  if (beam.kind === "scan") return readScan(reader, beam);
  if (beam.kind === "spectrum") return readSpectrum(reader, beam.spectrum);
  if (beam.kind !== "one") {
    return reader.wrong("beam.kind", `Expected one, scan or spectrum, got ${quote(beam.kind)}.`);
  }
  const energy = reader.number("beam.energy", beam.energy);
  return energy === undefined ? undefined : { options: { energy }, field: "beam.energy" };
}

function readScan(reader: Reader, beam: Form["beam"]): Photons | undefined {
  const [from, to, step] = (["from", "to", "step"] as const).map((name) =>
    reader.number(`beam.${name}`, beam[name]),
  );
  if (from === undefined || to === undefined || step === undefined) return undefined;
  if (!(step > 0)) return reader.wrong("beam.step", `Expected a step above 0 eV, got ${step}.`);
  if (!(to > from)) {
    return reader.wrong("beam.to", `Expected an energy above the first one, ${from} eV, got ${to}.`);
  }
  const inTables = (["from", "to"] as const).map((name) =>
    reader.attempt(() => inRange("Beam", Number(beam[name])), {}, `beam.${name}`),
  );
  if (inTables.includes(undefined)) return undefined;
  // As `operandose dose --energy FROM:TO:STEP` counts them.
  const count = Math.floor((to - from) / step + 1e-9) + 1;
  if (count > MOST) {
    return reader.wrong("beam.step", `Expected at most ${MOST} energies, got ${count}; take a larger step.`);
  }
  const energy = Array.from({ length: count }, (_, i) => from + i * step);
  return { options: { energy }, field: "beam.to" };
}

function readSpectrum(reader: Reader, text: string): Photons | undefined {
  const path = "beam.spectrum";
  if (reader.text(path, text) === undefined) return undefined;
  const lines = text.split(/\r?\n/).map((line) => line.trim());
  const energy: number[] = [];
  const weights: number[] = [];
  for (const [i, line] of lines.entries()) {
    if (line === "" || line.startsWith("#")) continue;
    const pair = line
      .split(/[\s,;]+/)
      .filter((part) => part !== "")
      .map(Number);
    if (pair.length !== 2 || !pair.every((value) => Number.isFinite(value) && value >= 0)) {
      return reader.wrong(
        path,
        `Line ${i + 1}: expected an energy in eV and a relative flux, got ${quote(line)}.`,
      );
    }
    energy.push(pair[0]);
    weights.push(pair[1]);
  }
  if (energy.length === 0 || energy.length > MOST) {
    return reader.wrong(path, `Expected 1 to ${MOST} lines with two numbers, got ${energy.length}.`);
  }
  return { options: { energy, weights, polychromatic: true }, field: path };
}
