// All fields of the form: label, unit, and what an empty field needs. Layer fields have paths such as
// `layers.2.thickness`.
import type { BeamField, LayerForm, LimitField, PlanField, SpreadField } from "./form.js";

/** One field. */
export interface Field {
  readonly label: string;
  readonly unit?: string;
  /** What an empty field needs, after "needs"; absent where the field may remain empty. */
  readonly needs?: string;
  /** What is meant, in one sentence. */
  readonly hint?: string;
}

const density = { label: "Density without pores", unit: "g/cm³", needs: "the density in g/cm³" };
const formula = { label: "Formula", needs: "a formula, such as LiFePO4" };

/** Fields of a layer. */
const layerFields: Readonly<Record<keyof LayerForm, Field>> = {
  name: { label: "Name", needs: "a name, such as Cathode" },
  solid: { label: "Material", needs: "a material of the list, or its formula and density" },
  formula,
  density,
  by: { label: "Given by" },
  thickness: { label: "Thickness", unit: "µm", needs: "the thickness in µm" },
  loading: {
    label: "Mass loading",
    unit: "mg/cm²",
    needs: "the mass of this solid per area in mg/cm²",
    hint: "Mass of this solid per area, without liquid and current collector.",
  },
  porosity: {
    label: "Porosity",
    unit: "0 to 1",
    needs: "the volume fraction of the pores; 0 for a layer without pores",
  },
  liquid: { label: "Liquid in the pores" },
  liquidFormula: { ...formula, label: "Formula of the liquid", needs: "a formula, such as C4H8O3" },
  liquidDensity: { ...density, label: "Density of the liquid" },
};

/** Fields of the beam. */
const beamFields: Readonly<Record<BeamField, Field>> = {
  kind: { label: "Photons" },
  energy: { label: "Energy", unit: "eV", needs: "the photon energy in eV" },
  from: { label: "From", unit: "eV", needs: "the first energy of the scan in eV" },
  to: { label: "To", unit: "eV", needs: "the last energy of the scan in eV" },
  step: { label: "Step", unit: "eV", needs: "the distance of two energies in eV" },
  spectrum: {
    label: "Spectrum: energy (eV) and relative flux, one pair per line",
    needs: "at least one line with an energy in eV and a relative flux",
  },
  flux: { label: "Flux on the first layer", unit: "photons/s", needs: "the flux of the whole beam" },
  width: { label: "Beam width", unit: "µm", needs: "the width of the beam in µm" },
  height: { label: "Beam height", unit: "µm", needs: "the height of the beam in µm" },
  exposure: { label: "Time of beam", needs: "the time for which the beam is on the spot" },
  unit: { label: "Unit of the time" },
  peak: {
    label: "Brightest pixel / mean",
    needs: "the dose rate of the brightest pixel relative to the mean; 1 for a uniform beam",
    hint: "Used for the time limit and the plan.",
  },
};

/** Standard uncertainties. An input without one is not in the budget. */
export const spreadFields: Readonly<Record<SpreadField, Field>> = {
  flux: { label: "Flux", unit: "%" },
  area: { label: "Beam area", unit: "%" },
  exposure: { label: "Time of beam", unit: "%" },
  thickness: { label: "Thickness of the absorber", unit: "%" },
  density: { label: "Density of its solid", unit: "%" },
  porosity: { label: "Its porosity", unit: "absolute" },
  upstream: { label: "Thickness of each other layer", unit: "%" },
  tables: { label: "Attenuation coefficients", unit: "%" },
};

/** The dose limit. */
const limitFields: Readonly<Record<LimitField, Field>> = {
  kind: { label: "Dose limit" },
  id: { label: "Published threshold", needs: "one of the published thresholds" },
  loss: {
    label: "Loss of the response",
    unit: "%",
    needs: "the fraction of the response that is lost at this dose, such as 5",
  },
  dose: { label: "Dose", unit: "MGy", needs: "the dose in MGy" },
  low: { label: "Lower limit", unit: "MGy", needs: "the lower limit of this dose in MGy" },
  high: { label: "Upper limit", unit: "MGy", needs: "the upper limit of this dose in MGy" },
  source: { label: "Source", needs: "the source of this dose, so that others can judge it" },
};

/** The measurement, for signal and noise. */
export const planFields: Readonly<Record<PlanField, Field>> = {
  edge: { label: "Edge of the absorber", unit: "eV", needs: "the energy of an edge of the absorber in eV" },
  cubes: {
    label: "Scans during the time of beam",
    needs: "the number of scans (cubes) during the time of beam",
  },
  image: { label: "Exposure of one image", unit: "s", needs: "the exposure time of one image in s" },
  average: { label: "Scans averaged into a spectrum", needs: "the number of scans that are averaged" },
  flats: {
    label: "Flat fields averaged",
    needs: "the number of flat-field scans (without sample) that are averaged",
  },
  pixel: {
    label: "Pixel size at the sample",
    unit: "µm",
    needs: "the size of a pixel at the sample, after binning, in µm",
  },
  efficiency: {
    label: "Quanta counted per photon",
    needs: "the number of quanta (such as electrons) that are counted per photon in the pixel",
  },
  behind: {
    label: "Transmission behind the cell",
    unit: "0 to 1",
    needs: "the transmission of windows and air behind the cell; 1 for none",
  },
  excess: {
    label: "Excess variance",
    needs: "the variance in excess of counting statistics; 0 for independent quanta",
  },
  noise: { label: "Read noise", unit: "quanta rms", needs: "the read noise; 0 for a counting detector" },
  binned: { label: "Raw pixels per pixel", needs: "the number of raw pixels per pixel; 1 without binning" },
  signal: { label: "Required edge step / noise", hint: "Empty: any signal is sufficient." },
  margin: {
    label: "Fraction of the limit that is used",
    unit: "0 to 1",
    needs: "the fraction of the limit that is used; 1 for all of it",
  },
};

const groups: Readonly<Record<string, Readonly<Record<string, Field>>>> = {
  beam: beamFields,
  spread: spreadFields,
  limit: limitFields,
  plan: planFields,
};

/** The field of a path such as `beam.flux` or `layers.0.name`. */
export function fieldAt(path: string): Field {
  if (path === "convention") return { label: "Convention" };
  const parts = path.split(".");
  const name = parts[parts.length - 1];
  return parts[0] === "layers" ? layerFields[name as keyof LayerForm] : (groups[parts[0]]?.[name] ?? { label: name }); // biome-ignore format: one line
}
