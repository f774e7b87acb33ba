// Options of mcrAls on a cube, which knows its energies: regions of spectra in eV become indices.
import type { McrConstraints, ZeroOptions } from "../../chemometrics/mcr/constraints/index.js";
import { parts } from "../../chemometrics/mcr/constraints/read.js";
import { ZERO_NAMES } from "../../chemometrics/mcr/constraints/zero.js";
import { type McrAlsOptions, mcrAlsNames } from "../../chemometrics/mcr/mcr-options.js";
import { ArgumentError, quote } from "../../errors.js";
import type { OptionNames } from "../../options.js";
import { type RunOptions, runNames } from "../engine/stream.js";
import type { Plan } from "../verbs/verb.js";

/** Zero regions as in `McrConstraints`; of spectra also by energy. */
export type CubeZeroOptions = ZeroOptions & {
  /** [from, to] in eV, both included: instead of `range`, with on: "S". */
  readonly energy?: readonly [number, number];
};

const NAMES: OptionNames<CubeZeroOptions> = { ...ZERO_NAMES, energy: true };

/** Options of `mcrAls` on a cube. */
export type CubeMcrOptions = Omit<McrAlsOptions, "components" | "initial" | "constraints"> & {
  /**
   * Other cubes that are resolved with this one, as one multiset: spectra in common, concentrations of their
   * own. In `zero` and in constraints on shapes this cube is block 0, the others follow; shapes hold in each
   * cube for itself.
   */
  readonly together?: readonly { readonly plan: Plan }[];
  readonly constraints?: Omit<McrConstraints, "zero"> & {
    readonly zero?: CubeZeroOptions | readonly CubeZeroOptions[];
  };
};

const { components: _, initial: __, ...ownNames } = mcrAlsNames;

/** All of them, and how the plan is run. */
export const cubeMcrNames: OptionNames<CubeMcrOptions & RunOptions> = {
  ...ownNames,
  together: true,
  ...runNames,
};

/**
 * The constraints with indices in place of energies.
 *
 * @param energies eV, in the order of the spectra
 * @throws ArgumentError for a region that is none, has no energy of the cube in it, or is given twice
 */
export function withIndices(
  constraints: NonNullable<CubeMcrOptions["constraints"]>,
  energies: Float64Array,
): McrConstraints {
  // What is no object is refused where constraints are read.
  if (typeof constraints !== "object" || constraints === null || constraints.zero === undefined) {
    return constraints as McrConstraints;
  }
  const { zero, ...others } = constraints;
  return { ...others, zero: parts("zero", zero, NAMES).map((part) => byIndex(part, energies)) };
}

function byIndex({ energy, ...part }: CubeZeroOptions, energies: Float64Array): ZeroOptions {
  if (energy === undefined) return part;
  const refuse = (expected: string): ArgumentError =>
    new ArgumentError(`mcrAls: expected zero.energy ${expected}, got ${quote(energy)}`, {
      option: "constraints.zero.energy",
      value: energy,
    });
  if (part.on !== "S") throw refuse('with on: "S" (rows of C have no energy)');
  if (part.range !== undefined) throw refuse("or range, not both");
  const [from, to] = energy ?? [];
  if (!(Array.isArray(energy) && energy.length === 2 && Number(from) <= Number(to))) {
    throw refuse("to be [from, to] in eV");
  }
  const inside = Array.from(energies.keys()).filter(
    (k) => energies[k] >= Number(from) && energies[k] <= Number(to),
  );
  if (inside.length === 0) {
    const [low, high] = [Math.min(...energies), Math.max(...energies)];
    throw refuse(`to hold energies of the cube, which has ${low.toFixed(1)} to ${high.toFixed(1)} eV`);
  }
  return { ...part, range: [inside[0], inside[inside.length - 1] + 1] };
}
