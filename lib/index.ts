// The public names, nothing else. Importing this module also teaches results how to draw themselves.
import "./figures/of-results/views.js";
import "./explore/attach.js";

export {
  beamline,
  cellGeometry,
  configure,
  type DrawingPlan,
  damageModels,
  dryRun,
  estimateBytes,
  frameGeometry,
  holderGeometry,
  messages,
  planOf,
  plans,
  runPlan,
  setupGeometry,
  simulate,
  simulatedClock,
  thresholdDamage,
} from "./beamline/index.js";
export {
  type FeasibleBands,
  type FeasibleBandsOptions,
  feasibleBands,
} from "./chemometrics/bands/feasible-bands.js";
export {
  type EvolvingFactorOptions,
  type EvolvingFactors,
  evolvingFactorAnalysis,
} from "./chemometrics/diagnostics/evolving-factors.js";
export { matchComponents, spectralAngle } from "./chemometrics/diagnostics/match.js";
export {
  type OutlierDiagnostics,
  type OutlierOptions,
  outlierDiagnostics,
} from "./chemometrics/diagnostics/outliers.js";
export {
  type ComponentFit,
  FitFlag,
  type FitOptions,
  fitComponents,
  type Glitches,
  type RobustOptions,
  type TallMatrix,
} from "./chemometrics/fit/fit-components.js";
export type { McrConstraints } from "./chemometrics/mcr/constraints/index.js";
export { type McrAls, mcrAls } from "./chemometrics/mcr/mcr-als.js";
export { type McrErrors, type McrErrorsOptions, mcrErrors } from "./chemometrics/mcr/mcr-errors.js";
export type { McrAlsOptions } from "./chemometrics/mcr/mcr-options.js";
export { pureEnds } from "./chemometrics/mcr/pure-ends.js";
export { type McrRestarts, type McrRestartsOptions, mcrRestarts } from "./chemometrics/mcr/restarts.js";
export { type Mlpca, mlpca } from "./chemometrics/pca/mlpca.js";
export { type FlatRows, type Pca, type PcaOptions, pca, type RankEstimate } from "./chemometrics/pca/pca.js";
export { crossing, interpolate, maximum, peaks } from "./compute/curves.js";
export { type ProgressSink, setProgress } from "./compute/progress.js";
export type { CubeExploreOptions } from "./cube/cube.js";
export { Cube } from "./cube/cube.js";
export { type Description, describe } from "./cube/describe.js";
export type { Explorer } from "./cube/explorer.js";
export type { MapName } from "./cube/maps.js";
export type { Quantity, Schema, Step, TimeStep } from "./cube/plan.js";
export type { Provenance } from "./cube/provenance.js";
export type { BandsResult } from "./cube/results/bands-result.js";
export type { ClusterResult } from "./cube/results/cluster-result.js";
export type { ConcentrationsExploreOptions } from "./cube/results/concentrations.js";
export type { CubeData } from "./cube/results/cube-data.js";
export type { DoseCurve } from "./cube/results/dose-curve.js";
export type { EvolvingFactorsResult } from "./cube/results/evolving-factors-result.js";
export type { FitResult } from "./cube/results/fit-result.js";
export { FitSeries } from "./cube/results/fit-series.js";
export type { MapResult } from "./cube/results/map.js";
export type { McrResult } from "./cube/results/mcr-result.js";
export type { PcaResult } from "./cube/results/pca-result.js";
export { PcaSeries } from "./cube/results/pca-series.js";
export type { ShiftsResult } from "./cube/results/shifts.js";
export type { SpectraExploreOptions, SpectraResult, SpectrumResult } from "./cube/results/spectra.js";
export { demonstrationFolder } from "./cube/source.js";
export type { CubeMcrOptions, CubeZeroOptions } from "./cube/terminals/mcr-options.js";
export {
  type AttenuationKind,
  type AttenuationOptions,
  type AttenuationTables,
  massAttenuation,
} from "./dose/attenuation.js";
export { type AttenuatorOptions, attenuator } from "./dose/attenuator.js";
export { Beam, type BeamOptions } from "./dose/beam.js";
export { type BenchmarkDose, type BenchmarkOptions, benchmarkDose } from "./dose/benchmark-dose.js";
export {
  type BudgetedThreshold,
  type DoseBudget,
  type DoseBudgetOptions,
  doseBudget,
  thresholdWithBudget,
} from "./dose/budget/index.js";
export { type Departure, type DepartureOptions, departureDose } from "./dose/departure.js";
export { doseRateMap } from "./dose/dose-rate-map.js";
export type { Escape } from "./dose/escape.js";
export { exposureTime } from "./dose/exposure.js";
export { Layer, type LayerOptions } from "./dose/layer.js";
export type { LayerDose, LayerEscape } from "./dose/layer-dose.js";
export { type LoadingOptions, thicknessOfLoading } from "./dose/loading.js";
export { Mask } from "./dose/mask.js";
export { type Histogram, histogram, intervalMask } from "./dose/masks.js";
export { Material, type MaterialOptions } from "./dose/material.js";
export { type LibraryMaterial, material, materials } from "./dose/materials.js";
export {
  type Plan,
  type PlanOptions,
  planExperiment,
  publishedThresholds,
  signalToNoise,
} from "./dose/planner/index.js";
export { type Proximity, type ProximityOptions, type ProximitySet, proximity } from "./dose/proximity.js";
export { type RegionStatistics, regionStatistics } from "./dose/regions.js";
export { rockCell } from "./dose/rock-cell.js";
export { type Convention, Stack, type StackJson } from "./dose/stack.js";
export type { StackDose } from "./dose/stack-dose.js";
export {
  type DoseThreshold,
  doseThreshold,
  type MapLike,
  type ResponseBand,
  type ThresholdOptions,
} from "./dose/threshold.js";
export { type TimeToDose, type TimeToDoseOptions, timeToDose } from "./dose/time-to-dose.js";
export { ArgumentError, DataError, FileError, OperandoseError, SchemaError, ShapeError } from "./errors.js";
export * as figures from "./figures/index.js";
export { readAthena, writeAthena } from "./io/athena.js";
export { loadSpectra } from "./io/chamber-spectra.js";
export { readColumns, writeColumns } from "./io/columns.js";
export {
  type HalfCycle,
  type HalfCycleOptions,
  halfCycles,
  type IncrementalCapacity,
  type IncrementalCapacityOptions,
  incrementalCapacity,
} from "./io/cycling.js";
export { readEdf, writeEdf } from "./io/edf.js";
export {
  type Electrochemistry,
  type ElectrochemistryOptions,
  loadElectrochemistry,
} from "./io/electrochemistry.js";
export { openExperiment, writeExperiment } from "./io/experiment.js";
export { type GalvanostaticPart, galvanostaticPart } from "./io/galvanostatic.js";
export { readHdf5 } from "./io/hdf5.js";
export { writeHdf5 } from "./io/hdf5-writer.js";
export type { ManifestInput } from "./io/manifest.js";
export { readMpt, writeMpt } from "./io/mpt.js";
export { type FileContent, type ReadOptions, read } from "./io/read.js";
export { readTiff } from "./io/tiff.js";
export { readXdi } from "./io/xdi.js";
export { writeXdi } from "./io/xdi-writer.js";
export { readXrm } from "./io/xrm.js";
export { claim } from "./notebook/claim.js";
export { type ClaimCounts, type ClaimRow, claimRows, countClaims } from "./notebook/claim-rows.js";
export {
  type Claim,
  type ClaimKind,
  claims,
  type Measurement,
  readMeasurements,
  type Verdict,
} from "./notebook/claims.js";
export { type Answer, check, type ExerciseOptions } from "./notebook/exercise.js";
export { finding } from "./notebook/finding.js";
export { type Publishable, type PublishOptions, publish } from "./notebook/publish.js";
export { braggAngle, braggEnergy } from "./xas/bragg.js";
export { calibrateFoil } from "./xas/calibrate-foil.js";
export { findE0, firstInflection } from "./xas/edge.js";
export { normalize } from "./xas/normalize.js";
export { type RemainingChangeOptions, remainingChange } from "./xas/remaining-change.js";
