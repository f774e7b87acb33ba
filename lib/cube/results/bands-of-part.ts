// Bands of a multiset as they concern one of its cubes: all rows decide what is feasible, those of the cube
// are shown.
import type { Matrix } from "ml-matrix";
import {
  type FeasibleBands,
  type FeasibleBandsOptions,
  feasibleBands,
  feasibleBandsNames,
  type Quantity,
} from "../../chemometrics/bands/feasible-bands.js";
import type { McrAls } from "../../chemometrics/mcr/mcr-als.js";
import { checkOptions, refuseNull } from "../../options.js";

/** Where one cube's rows lie in the fit of several. */
export interface PartOfWhole {
  readonly whole: McrAls;
  readonly first: number;
  readonly rows: number;
}

/** Feasible bands of the whole, with C cut to the cube's rows; `quantities` are given the cube's C. */
export function bandsOfPart(
  { whole, first, rows }: PartOfWhole,
  options: FeasibleBandsOptions,
): FeasibleBands {
  refuseNull("feasibleBands", checkOptions("feasibleBands", options, feasibleBandsNames));
  const own = (C: Matrix): Matrix => C.subMatrix(first, first + rows - 1, 0, C.columns - 1);
  const cut = <Solution extends { readonly C: Matrix }>(solution: Solution): Solution => ({
    ...solution,
    C: own(solution.C),
  });
  const quantities = Object.entries(options.quantities ?? {}).map(([name, quantity]): [string, Quantity] => [
    name,
    (C, S) => quantity(own(C), S),
  ]);
  const bands = feasibleBands(whole, { ...options, quantities: Object.fromEntries(quantities) });
  return {
    ...bands,
    components: bands.components.map((band) => ({
      ...band,
      minimum: cut(band.minimum),
      maximum: cut(band.maximum),
      C: { low: band.C.low.slice(first, first + rows), high: band.C.high.slice(first, first + rows) },
    })),
    quantities: Object.fromEntries(
      Object.entries(bands.quantities).map(([name, range]) => [
        name,
        { ...range, minimum: cut(range.minimum), maximum: cut(range.maximum) },
      ]),
    ),
  };
}
