// Figures of results in the arrangement of the paper, for both configurations.
export { type ChamberSpectraOptions, chamberSpectra } from "./chamber-spectra.js";
export { type DoseMapsOptions, doseMaps } from "./dose-maps.js";
export { type FittedSeriesOptions, fittedSeries } from "./fitted-series.js";
export { type MapHistogramOptions, mapHistogram } from "./map-histogram.js";
export { type SeriesDecompositionOptions, seriesDecomposition } from "./series-decomposition.js";
export { type SeriesSpectraOptions, seriesSpectra } from "./series-spectra.js";
export {
  type SpeciesAgainstDoseOptions,
  type SpeciesProfilesOptions,
  speciesAgainstDose,
  speciesProfiles,
} from "./species-curves.js";
export { type ResultMapsOptions, rFactorMaps, speciesMaps } from "./species-maps.js";
