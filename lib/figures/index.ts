// One function a kind of figure; each takes plain data and returns a Figure.
export { type ConvergenceOptions, convergence } from "./convergence.js";
export { type DoseCurveOptions, doseCurve } from "./dose-curve.js";
export { type Caption, Figure } from "./figure.js";
export { type HistogramMark, type HistogramOptions, histogram } from "./histogram.js";
export type { ImageOptions, MaskOverlay } from "./image-block.js";
export { type MapOptions, map } from "./map.js";
export { type MapsOptions, maps } from "./maps.js";
export { type PanelOptions, panel } from "./panel.js";
export { type ProfilesOptions, profiles } from "./profiles.js";
export { type ResidualsOptions, residuals } from "./residuals.js";
export type { Scheme } from "./schemes.js";
export { type ScreeOptions, scree } from "./scree.js";
export { type Reference, type SeriesScale, type SpectraOptions, spectra } from "./spectra.js";
export { palette, theme } from "./theme.js";
