// One function a kind of figure; each takes plain data and returns a Figure.

export type { DrawingPart, DrawingPlan, DrawingShape } from "../drawing-plan.js";
export { type AfsOptions, afs } from "./afs.js";
export { type BandsOptions, bands } from "./bands.js";
export { type ClustersOptions, clusters, type LabelMapOptions, labelMap } from "./clusters.js";
export {
  type ContactSheetOptions,
  contactSheet,
  type PublishedFigure,
  publishedFigures,
  type SheetEntry,
} from "./contact-sheet.js";
export { type ConvergenceOptions, convergence } from "./convergence.js";
export { type CurvesOptions, curves } from "./curves.js";
export type { FigureTable } from "./data.js";
export { type DoseCurveOptions, doseCurve } from "./dose-curve.js";
export { type DrawingOptions, drawing } from "./drawing.js";
export { type EvolvingFactorsOptions, evolvingFactors } from "./evolving-factors.js";
export { type FeasibleRegionOptions, feasibleRegion } from "./feasible-region.js";
export { type Caption, Figure } from "./figure.js";
export { type ChargeCurve, type GalvanostaticOptions, galvanostatic } from "./galvanostatic.js";
export { type HistogramMark, type HistogramOptions, histogram } from "./histogram.js";
export type { ImageOptions, MaskOverlay } from "./image-block.js";
export { type LinearCombinationOptions, linearCombination } from "./linear-combination.js";
export { type MapOptions, map } from "./map.js";
export { type MapsOptions, maps } from "./maps.js";
export { type MaskOptions, mask } from "./mask.js";
export * from "./of-results/index.js";
export { type PanelOptions, panel } from "./panel.js";
export { type ProcedureArrow, type ProcedureNode, type ProcedureOptions, procedure } from "./procedure.js";
export type { NodePicture } from "./procedure-picture.js";
export { type ProfilesOptions, profiles } from "./profiles.js";
export { type ProximityFigureOptions, proximity } from "./proximity.js";
export { type ResidualsOptions, residuals } from "./residuals.js";
export type { SaveOptions } from "./save.js";
export type { Scheme } from "./schemes.js";
export { type ScreeOptions, scree } from "./scree.js";
export { type Reference, type SeriesScale, type SpectraOptions, spectra } from "./spectra.js";
export { type SpectraImageOptions, spectraImage } from "./spectra-image.js";
export { type StackFigureOptions, stack } from "./stack.js";
export { palette, theme } from "./theme.js";
export { type TornadoOptions, tornado } from "./tornado.js";
