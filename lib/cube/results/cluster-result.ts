// Spectra sorted into groups: a label for each row, a mean spectrum for each group.
import type { Clusters } from "../../chemometrics/diagnostics/clusters.js";
import { SchemaError } from "../../errors.js";
import type { Provenance } from "../provenance.js";
import { MapResult, places, spread } from "./map.js";
import { Result } from "./result.js";
import type { Rows } from "./rows.js";
import { timeColumn } from "./rows.js";
import type { Columns, Curves } from "./save.js";
import type { SpectraResult } from "./spectra.js";

/**
 * Groups of spectra that resemble one another.
 *
 * @example
 * const parts = await Cube.load({ part: "holdC" }).calibrate().absorb().bin(2).normalize().pca();
 * const groups = parts.clusters(2);
 * groups.map(); // the group of each pixel
 * groups.names; // ["1", "2"]
 */
export class ClusterResult extends Result {
  readonly kind = "clusters";
  /** Group of each row, from 0; ordered by the first score. */
  readonly labels: Clusters["labels"];
  /** Rows in each group. */
  readonly sizes: Clusters["sizes"];
  /** Share of the scatter of scores that groups do not explain: 0 none of it, 1 all. */
  readonly within: number;
  /** Mean spectrum of each group, [nClusters][nEnergies]. */
  readonly spectra: readonly Float64Array[];
  /** eV. */
  readonly energies: Float64Array;
  readonly rows: Rows;
  readonly quantity: SpectraResult["quantity"];

  constructor(provenance: Provenance, found: Clusters, data: SpectraResult) {
    super(provenance);
    this.labels = found.labels;
    this.sizes = found.sizes;
    this.within = found.within;
    this.energies = data.energies;
    this.rows = data.rows;
    this.quantity = data.quantity;
    const sums = Array.from(found.sizes, () => new Float64Array(data.energies.length));
    found.labels.forEach((label, i) => {
      const row = data.row(i);
      for (let k = 0; k < row.length; k++) sums[label][k] += row[k] / found.sizes[label];
    });
    this.spectra = sums;
  }

  /** Names of the groups: 1, 2, ... */
  get names(): string[] {
    return Array.from(this.sizes, (_, j) => String(j + 1));
  }

  /** The number of its group (from 1) in each pixel; NaN where a pixel is not selected. */
  map(): MapResult {
    const { rows } = this;
    if (rows.of !== "pixel") {
      throw new SchemaError(
        "map: expected one row per pixel, got one row per time step; analyze a single cube",
      );
    }
    const numbers = this.labels.map((label) => label + 1);
    return new MapResult(this.provenance, spread(numbers, rows.pixels, rows), rows, "Cluster", "");
  }

  summary(): string {
    const what = this.rows.of === "time" ? "time steps" : "pixels";
    return `Clusters: ${this.sizes.length} groups of ${Array.from(this.sizes).join(", ")} ${what}; ${(100 * this.within).toPrecision(2)} % of the scatter of the scores is within groups`;
  }

  columns(): Columns {
    const { rows } = this;
    const where: Columns = rows.of === "time" ? timeColumn(rows) : places(rows.pixels, rows);
    return { ...where, cluster: Array.from(this.labels, (label) => label + 1) };
  }

  override curves(): Curves {
    const spectra = Object.fromEntries(this.spectra.map((s, j) => [`cluster_${j + 1}`, s]));
    return { energies: this.energies, spectra };
  }
}
