// The two experiments of the paper: the cell far from the focus, and closer to it.
import { ArgumentError, quote } from "../errors.js";
import { BEAMS, type BeamParameters } from "./parameters.js";

/** One placement of the cell, with its own cell. */
export interface Configuration {
  /** Short name; also names the random streams. */
  readonly name: string;
  readonly title: string;
  /** Field of view, pixels of 6.5 um: [rows, columns]. */
  readonly field: readonly [number, number];
  readonly beam: BeamParameters;
  /** How the cell's voltage differs from U(x): V = U(x) + offset (1 - exp(-x / 0.01)) + slope x, V. */
  readonly cell: { readonly offset: number; readonly slope: number };
}

const CONFIGURATIONS = {
  farther: {
    name: "farther",
    title: "LiNiO2 charged at C/4, farther focus (simulated)",
    field: [187, 512],
    beam: BEAMS.farther,
    cell: { offset: 0, slope: 0 },
  },
  closer: {
    name: "closer",
    title: "LiNiO2 charged at C/4, closer focus (simulated)",
    field: [187, 400],
    beam: BEAMS.closer,
    cell: { offset: 0.006, slope: 0.008 },
  },
} as const satisfies Record<string, Configuration>;

const ALIASES: Readonly<Record<string, keyof typeof CONFIGURATIONS>> = {
  farther: "farther",
  far: "farther",
  closer: "closer",
  near: "closer",
};

/** Names that {@link resolveConfiguration} knows, or a configuration of one's own. */
export type ConfigurationLike = "farther" | "far" | "closer" | "near" | Configuration;

/**
 * A configuration by name, or the object itself.
 *
 * @throws ArgumentError for another name, or for an object that is no configuration
 */
export function resolveConfiguration(config: ConfigurationLike, call = "simulate"): Configuration {
  if (typeof config === "string" && Object.hasOwn(ALIASES, config)) return CONFIGURATIONS[ALIASES[config]];
  if (isConfiguration(config)) return config;
  throw new ArgumentError(
    `${call}: expected config "farther", "closer" or { name, title, field, beam, cell }, got ${quote(config)}`,
    { config },
  );
}

function isConfiguration(value: unknown): value is Configuration {
  if (typeof value !== "object" || value === null) return false;
  const { name, title, field, beam, cell } = value as Partial<Configuration>;
  return (
    typeof name === "string" &&
    name !== "" &&
    typeof title === "string" &&
    Array.isArray(field) &&
    field.length === 2 &&
    field.every((n) => Number.isInteger(n) && n >= 4) &&
    typeof beam === "object" &&
    typeof cell === "object" &&
    Number.isFinite(cell?.offset) &&
    Number.isFinite(cell?.slope)
  );
}
