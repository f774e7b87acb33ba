// Chemometrics of every pixel of every time step, with { to }: the cube is read band by band, and what there is for
// each pixel goes to the disk. Memory does not grow with the series.
import type { FitOptions } from "../../chemometrics/fit/fit-options.js";
import { type PcaOptions, pcaOfSums } from "../../chemometrics/pca/pca.js";
import { RowSums } from "../../chemometrics/pca/row-sums.js";
import type { Json } from "../../io/zarr-store.js";
import type { ZarrInput } from "../../io/zarr-writer.js";
import { fitQuantities } from "../engine/requests/fit-to.js";
import { run, runAnew } from "../engine/run.js";
import type { RunOptions } from "../engine/stream.js";
import { FitSeries } from "../results/fit-series.js";
import { PcaSeries } from "../results/pca-series.js";
import { requireZarrPath, writeImages } from "../store/images.js";
import type { Plan } from "../verbs/verb.js";
import { provenanceOf } from "./provenance.js";

/** Where a result goes that need not fit into memory. */
export interface ToOption {
  /**
   * Path of a folder that ends in .zarr: each pixel of each time step counts as a row, also of a series, and what
   * there is for each row is written there. Memory does not grow with the series: at most about 300 MB per
   * thread, and for `pca` 8 bytes for each pair of energies and band.
   */
  readonly to: string;
}

/** Known components fitted to every pixel of every time step. */
export async function fitEachPixel(
  plan: Plan,
  S: Float64Array,
  nComponents: number,
  { to, signal, workers, ...options }: FitOptions & RunOptions & ToOption,
): Promise<FitSeries> {
  const path = requireZarrPath("fit", to);
  const energies = Float64Array.from(plan.schema.energies);
  const shape = [nComponents, energies.length];
  const quantities = fitQuantities(nComponents, options).flatMap(({ label, count }) =>
    Array.from({ length: count }, (_, j) =>
      count === 1 && label !== "concentration" ? label : `Cp${j + 1} ${label}`,
    ),
  );
  const header = {
    kind: "fit",
    quantities,
    arrays: { S: { data: S, shape, dimensions: ["component", "energy"] }, energy: axis(energies) },
    details: {
      ...(options.nonNegative === false && { nonNegative: false }),
      ...(options.sigma !== undefined && { sigma: true }),
      robust: Boolean(options.robust),
    },
    provenance: provenanceOf(plan, "fit"),
  } as const;
  await writeImages("fit", path, plan, header, (temporary) => {
    const request = { kind: "fitTo", path: temporary, S, nComponents, options } as const;
    return runAnew(plan, request, "fit", { signal, workers });
  });
  return FitSeries.open(path);
}

/** Principal components of every pixel of every time step: sums in one pass, scores in another. */
export async function pcaEachPixel(
  plan: Plan,
  { to, signal, workers, ...options }: PcaOptions & RunOptions & ToOption,
): Promise<PcaSeries> {
  const path = requireZarrPath("pca", to);
  const energies = Float64Array.from(plan.schema.energies);
  const { whole, pixels, nTimes } = await run(plan, { kind: "rowSums" }, "pca", { signal, workers });
  const sums = new RowSums(energies.length, (whole as Float64Array).slice());
  const { loadings, mean, scaling } = pcaOfSums(sums, options);
  const nComponents = loadings.rows;
  const names = Array.from({ length: nComponents }, (_, a) => `PC${a + 1}`);
  const { memory } = sums;
  const header = {
    kind: "pca",
    quantities: [...names, "Q"],
    arrays: { energy: axis(energies), sums: { data: memory, shape: [memory.length], dimensions: ["sum"] } },
    details: {
      options: Object.fromEntries(Object.entries(options).filter(([, v]) => v !== undefined)) as Json,
      dropped: nTimes * pixels.length - sums.rows,
    },
    provenance: provenanceOf(plan, "pca"),
  } as const;
  await writeImages("pca", path, plan, header, (temporary) => {
    const flat = Float64Array.from(loadings.to1DArray());
    const request = {
      kind: "scoresTo",
      path: temporary,
      loadings: flat,
      nComponents,
      mean,
      scaling,
    } as const;
    return runAnew(plan, request, "pca, scores", { signal, workers });
  });
  return PcaSeries.open(path);
}

function axis(energies: Float64Array): ZarrInput {
  return { data: energies, shape: [energies.length], dimensions: ["energy"], attributes: { units: "eV" } };
}
