// Thickness of a layer whose mass per area is known, as of an electrode that was weighed.
import { ArgumentError, quote } from "../errors.js";
import { type OptionNames, requireOptions } from "../options.js";
import { positive, within } from "./check.js";
import { Material, type MaterialOptions } from "./material.js";

/** Solid, mass loading and porosity of a layer. */
export interface LoadingOptions {
  readonly solid: Material | MaterialOptions;
  /** Mass of the solid per area, mg/cm2, without the liquid in the pores and without the current collector. */
  readonly loading: number;
  /** Volume fraction of the pores, 0 <= porosity < 1. */
  readonly porosity: number;
}

const NAMES: OptionNames<LoadingOptions> = { solid: true, loading: true, porosity: true };

/**
 * Thickness of a layer with the given mass of solid per area: loading / ((1 - porosity) density).
 *
 * The absorbed power per area and the doses `porous` and `phase` of such a layer hardly depend on the
 * porosity, because the mass of the solid is fixed.
 *
 * @returns um
 * @throws ArgumentError for a loading that is not above zero, a porosity outside [0, 1), or an invalid solid
 * @example
 * thicknessOfLoading({ solid: material("NMC811"), loading: 20, porosity: 0.35 }); // 64.6 um
 */
export function thicknessOfLoading(options: LoadingOptions): number {
  const call = "thicknessOfLoading";
  const { solid, loading, porosity } = requireOptions(call, options, NAMES);
  const material =
    solid instanceof Material ? solid : within(call, () => new Material(solid as MaterialOptions));
  if (!(typeof porosity === "number" && porosity >= 0 && porosity < 1)) {
    throw new ArgumentError(
      `${call}: expected 0 <= porosity < 1 (fraction of the volume, not percent), got ${quote(porosity)}`,
      { porosity },
    );
  }
  return (UM_PER_MG_CM2 * positive(call, "loading", loading, "mg/cm2")) / ((1 - porosity) * material.density);
}

/** Thickness of 1 mg/cm2 with a density of 1 g/cm3, um. */
const UM_PER_MG_CM2 = 10;
