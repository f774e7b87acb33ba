// One function per kind of figure; each takes plain data and returns a Figure.

export type { DrawingPart, DrawingPlan, DrawingShape } from "../drawing-plan.js";
export { type AfsOptions, afs } from "./kinds/afs.js";
export { type BandsOptions, bands } from "./kinds/bands.js";
export { type ClustersOptions, clusters, type LabelMapOptions, labelMap } from "./kinds/clusters.js";
export { type ConvergenceOptions, convergence } from "./kinds/convergence.js";
export { type CurvesOptions, curves } from "./kinds/curves.js";
export { type DoseCurveOptions, doseCurve } from "./kinds/dose-curve.js";
export { type DoseOverTimeOptions, doseOverTime } from "./kinds/dose-over-time.js";
export { type DrawingOptions, drawing } from "./kinds/drawing.js";
export { type EvolvingFactorsOptions, evolvingFactors } from "./kinds/evolving-factors.js";
export { type FeasibleRegionOptions, feasibleRegion } from "./kinds/feasible-region.js";
export { type ChargeCurve, type GalvanostaticOptions, galvanostatic } from "./kinds/galvanostatic.js";
export { type HistogramMark, type HistogramOptions, histogram } from "./kinds/histogram.js";
export { type LinearCombinationOptions, linearCombination } from "./kinds/linear-combination.js";
export { type MapOptions, map } from "./kinds/map.js";
export { type MapsOptions, maps } from "./kinds/maps.js";
export { type MaskOptions, mask } from "./kinds/mask.js";
export {
  type ProcedureArrow,
  type ProcedureNode,
  type ProcedureOptions,
  procedure,
} from "./kinds/procedure.js";
export type { NodePicture } from "./kinds/procedure-picture.js";
export { type ProfilesOptions, profiles } from "./kinds/profiles.js";
export { type ProximityFigureOptions, proximity } from "./kinds/proximity.js";
export { type ResidualsOptions, residuals } from "./kinds/residuals.js";
export { type ScreeOptions, scree } from "./kinds/scree.js";
export { type Reference, type SeriesScale, type SpectraOptions, spectra } from "./kinds/spectra.js";
export { type SpectraImageOptions, spectraImage } from "./kinds/spectra-image.js";
export { type StackFigureOptions, stack } from "./kinds/stack.js";
export { type TornadoOptions, tornado } from "./kinds/tornado.js";
export * from "./of-results/index.js";
export {
  type ContactSheetOptions,
  contactSheet,
  type PublishedFigure,
  publishedFigures,
  type SheetEntry,
} from "./parts/contact-sheet.js";
export type { FigureTable } from "./parts/data.js";
export { type Caption, Figure } from "./parts/figure.js";
export type { ImageOptions, MaskOverlay } from "./parts/image-block.js";
export { type PanelOptions, panel } from "./parts/panel.js";
export type { SaveOptions } from "./parts/save.js";
export type { Scheme } from "./parts/schemes.js";
export { palette, theme } from "./parts/theme.js";
