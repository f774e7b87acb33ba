// Default figure of each kind of result.

import type { BandsResult, FeasibleComponents } from "../../cube/results/bands-result.js";
import type { ClusterResult } from "../../cube/results/cluster-result.js";
import type { Concentrations } from "../../cube/results/concentrations.js";
import type { DoseCurve } from "../../cube/results/dose-curve.js";
import type { EvolvingFactorsResult } from "../../cube/results/evolving-factors-result.js";
import type { FitResult } from "../../cube/results/fit-result.js";
import type { MapResult } from "../../cube/results/map.js";
import type { McrResult } from "../../cube/results/mcr-result.js";
import type { PcaResult } from "../../cube/results/pca-result.js";
import { type Result, registerView } from "../../cube/results/result.js";
import { timeAxis } from "../../cube/results/rows.js";
import type { ShiftsResult } from "../../cube/results/shifts.js";
import type { SpectraResult, SpectrumResult } from "../../cube/results/spectra.js";
import { registerDoseView } from "../../dose/display.js";
import type { Stack } from "../../dose/stack.js";
import type { StackDose } from "../../dose/stack-dose.js";
import { displayUnit } from "../../units.js";
import { afs } from "../kinds/afs.js";
import { bands } from "../kinds/bands.js";
import { curves } from "../kinds/curves.js";
import { map } from "../kinds/map.js";
import { spectra } from "../kinds/spectra.js";
import { stack } from "../kinds/stack.js";
import type { Figure } from "../parts/figure.js";
import { panel } from "../parts/panel.js";
import { edgeRange } from "./edge-range.js";
import { clustersView, evolvingFactorsView, pcaView } from "./pca-views.js";
import { speciesAgainstDose, speciesProfiles } from "./species-curves.js";
import { speciesMaps } from "./species-maps.js";

const yLabels = {
  counts: "Counts",
  absorbance: "Absorbance (natural logarithm)",
  normalized: "Normalized absorption",
};

/** A map in display units: kGy/s for dose rates, MGy for doses. */
function mapView(result: MapResult): Figure {
  const { values, width, height, pixelSize, label } = result;
  const { factor, unit } = displayUnit(result.unit);
  return map({ values, width, height, pixelSize, label, factor, ...(unit ? { unit } : {}) });
}

/** Spectra of components in the colors of the species. */
function componentsView(result: Concentrations): Figure {
  return spectra({
    energies: result.energies,
    spectra: result.S,
    labels: result.names,
    ...rangeOf(result),
  });
}

/** Profiles over time, or maps side by side. */
function concentrationsView(result: Concentrations): Figure {
  return result.rows.of === "time" ? speciesProfiles(result) : speciesMaps({ [result.kind]: result });
}

/** The way of the sample over the series, and within the mean scan where it is known. */
function shiftsView(result: ShiftsResult): Figure {
  const { times, energies, shifts, errors, pixelSize } = result;
  const [scale, unit] = pixelSize === undefined ? [1, "pixels"] : [pixelSize, "um"];
  const axis = timeAxis({ of: "time", times });
  const yLabel = `Shift of the sample (${unit})`;
  const mean = (list: readonly number[]): number => list.reduce((sum, v) => sum + v, 0) / list.length;
  const meansOf = (of: ShiftsResult["shifts"], over: "time" | "scan", i: 0 | 1, n: number): number[] =>
    Array.from({ length: n }, (_, at) =>
      mean(over === "time" ? of[at].map((one) => one[i]) : of.map((own) => own[at][i])),
    );
  const figureOf = (x: ArrayLike<number>, xLabel: string, over: "time" | "scan"): Figure => {
    const rows = ([0, 1] as const).flatMap((i) => {
      const at = meansOf(shifts, over, i, x.length).map((v) => scale * v);
      const error = meansOf(errors, over, i, x.length).map((v) => scale * v);
      return [at, at.map((v, t) => v - error[t]), at.map((v, t) => v + error[t])];
    });
    const isKnown = rows[1].some(Number.isFinite);
    const names = ["x", "y"].flatMap((one) => [one, `${one} - error`, `${one} + error`]);
    const kept = names.map((_, r) => r).filter((r) => isKnown || r % 3 === 0);
    return curves({ x, y: kept.map((r) => rows[r]), labels: kept.map((r) => names[r]), xLabel, yLabel });
  };
  const timeLabel = axis.unit ? `${axis.label} (${axis.unit})` : axis.label;
  const figures = [
    ...(times.length > 1 ? [figureOf(axis.values, timeLabel, "time")] : []),
    ...(energies.length > 1 ? [figureOf(energies, "Energy (eV)", "scan")] : []),
  ];
  return figures.length > 1 ? panel(figures) : (figures[0] ?? figureOf(axis.values, timeLabel, "time"));
}

/** Energy range at the edge as an option, where the edge is known. */
function rangeOf({ provenance }: Result): { range?: readonly [number, number] } {
  const range = edgeRange(provenance);
  return range ? { range } : {};
}

registerView<MapResult>("map", mapView);
registerView<SpectrumResult>("spectrum", (r) =>
  spectra({
    energies: r.energies,
    spectra: [r.values],
    labels: [`mean of ${r.nPixels} pixels`],
    yLabel: yLabels[r.quantity],
  }),
);
registerView<SpectraResult>("spectra", (r) => {
  const { values, ...label } =
    r.rows.of === "time"
      ? timeAxis(r.rows)
      : { values: Float64Array.from({ length: r.nRows }, (_, i) => i), label: "Pixel" };
  // For a whole image every n-th pixel, at most about sixty curves.
  const every = Math.ceil(r.nRows / 150);
  const chosen = Array.from({ length: Math.ceil(r.nRows / every) }, (_, i) => i * every);
  return spectra({
    energies: r.energies,
    spectra: chosen.map((i) => r.row(i)),
    series: { values: chosen.map((i) => values[i]), ...label },
    yLabel: yLabels[r.quantity],
    ...(r.quantity === "normalized" ? rangeOf(r) : {}),
  });
});
registerView<ShiftsResult>("shifts", shiftsView);
registerView<McrResult>("mcrAls", (r) =>
  panel([componentsView(r), concentrationsView(r)], { columns: r.rows.of === "time" ? 2 : 1 }),
);
registerView<FitResult>("fit", concentrationsView);
registerView<PcaResult>("pca", pcaView);
registerView<ClusterResult>("clusters", (r) =>
  clustersView(r, r.quantity === "normalized" ? edgeRange(r.provenance) : undefined),
);
registerView<EvolvingFactorsResult>("evolvingFactors", evolvingFactorsView);
registerView<DoseCurve>("doseCurve", (r) => speciesAgainstDose(r));
registerDoseView<Stack>("stack", (cell) => stack(cell));
registerDoseView<StackDose<Stack>>("dose", (doses) => stack(doses.stack, doses.beam));
registerView<FeasibleComponents>("feasibleComponents", (r) =>
  panel([componentsView(r), concentrationsView(r)], { columns: r.rows.of === "time" ? 2 : 1 }),
);
registerView<BandsResult>("bands", (r) => {
  const { resolved, names, area } = r;
  const of = (side: "C" | "S") =>
    Object.fromEntries(
      r.bands.components.map((band, k) => [names[k], { lower: band[side].low, upper: band[side].high }]),
    );
  const spectraOf = bands({
    energies: resolved.energies,
    components: Object.fromEntries(names.map((n) => [n, resolved.spectrum(n)])),
    bands: of("S"),
    ...rangeOf(resolved),
  });
  if (resolved.rows.of !== "time") return area ? panel([spectraOf, afs({ area, names })]) : spectraOf;
  const profilesOf = speciesProfiles(resolved, { bands: r });
  return panel([spectraOf, profilesOf, ...(area ? [afs({ area, names })] : [])]);
});
