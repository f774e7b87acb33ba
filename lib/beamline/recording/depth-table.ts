// Optical depths against energy, tabulated once, and the part for each frame that the inner loop of the
// camera uses.
import { cellDepths, foilDepth, type OpticalDepth } from "../devices/cell.js";
import { ENERGY_RANGE } from "../devices/monochromator.js";

/** Optical depths of three pure components on a fine energy grid. */
export class DepthTable {
  /**
   * Step of the shifts in the table of a frame, eV; linear interpolation has an error of 1e-5 in the depth.
   */
  static readonly SHIFT_STEP = 0.02;
  /** Step of the fine grid, eV. */
  private static readonly SPACING = 0.01;
  /** depth of component 3, and of 1 and 2 minus it */
  private readonly columns: readonly Float64Array[];

  /**
   * @param depths of components 1, 2 and 3
   * @param first and last true energy, eV
   */
  constructor(
    depths: readonly OpticalDepth[],
    private readonly first: number,
    last: number,
  ) {
    const n = Math.ceil((last - first) / DepthTable.SPACING) + 2;
    const tabulate = (depth: OpticalDepth) =>
      Float64Array.from({ length: n }, (_, i) => depth(first + i * DepthTable.SPACING));
    const three = tabulate(depths[2]);
    const [one, two] = depths.slice(0, 2).map((depth) => (depth === depths[2] ? three : tabulate(depth)));
    this.columns = [three, one.map((d, i) => d - three[i]), two.map((d, i) => d - three[i])];
  }

  /**
   * The table of one frame.
   *
   * @param energy true energy at the lowest shift, eV
   * @param out three numbers per shift, see {@link FrameDepths.table}
   */
  frame(energy: number, out: Float64Array): void {
    const shifts = out.length / 3;
    for (let g = 0; g < shifts; g++) {
      const t = (energy + g * DepthTable.SHIFT_STEP - this.first) / DepthTable.SPACING;
      const i = Math.floor(t);
      const f = t - i;
      for (let j = 0; j < 3; j++) {
        const column = this.columns[j];
        out[3 * g + j] = column[i] + f * (column[i + 1] - column[i]);
      }
    }
  }
}

/**
 * Table of the cell with its electrode, or of the Ni foil (three times the same component); computed once.
 */
export function depthTable(kind: "sample" | "foil"): DepthTable {
  let table = tables.get(kind);
  if (!table) {
    const depths: OpticalDepth[] = kind === "foil" ? new Array(3).fill(foilDepth()) : cellDepths();
    const [high, low] = ENERGY_RANGE;
    table = new DepthTable(depths, low - MARGIN, high + MARGIN);
    tables.set(kind, table);
  }
  return table;
}

const tables = new Map<"sample" | "foil", DepthTable>();

/** Margin beyond the scan for shifts and jitter, eV. */
const MARGIN = 10;
