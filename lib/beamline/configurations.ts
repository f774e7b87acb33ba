// The two experiments of the paper, with the cell farther from the focus and closer to it, and their possible
// changes.
import { ArgumentError, quote } from "../errors.js";
import { checkOptions, type OptionNames } from "../options.js";
import { type DamageLike, resolveDamage } from "./damage/index.js";
import { checkDrift, checkTexture, type Drift, type Texture } from "./devices/drift.js";
import { FRAME_RATE } from "./devices/monochromator.js";
import { beamAt } from "./devices/toroidal-mirror.js";
import { BEAMS, type SpotBeam } from "./parameters.js";
import { checkVariation, PAPER_C_RATE, type Variation, variationTitle } from "./plans/protocol.js";

/** Possible changes of an experiment. Undefined values are those of the paper. */
export interface Changes {
  /** Position of the cell, m from the source, 28 to 31.5. The spot is smaller near the focus at 32.68 m. */
  readonly sampleDistance?: number;
  /** Fraction of the beam at 8390 eV that aluminum in front of the cell absorbs, 0 to below 1. */
  readonly attenuation?: number;
  /** Exposure time of a frame, s, at most the 4.37 ms between frames. */
  readonly exposure?: number;
  /** C-rate, 1/h, 0.01 to 5: a charge at C/4 takes four hours for one Li; current and duration follow. */
  readonly cRate?: number;
  /** Variation of the protocol: fewer cubes, bursts, or other spots for the charge. */
  readonly protocol?: Variation;
  /** Drift of the sample while the beam stands still; default none. */
  readonly drift?: Drift;
  /** Variations of the electrode's thickness; default none. */
  readonly texture?: Texture;
  /** Model of the beam damage. */
  readonly damage?: DamageLike;
}

/** One position of the cell, with its own cell. */
export interface Configuration extends Changes {
  /** Short name, also a key of the random streams. */
  readonly name: string;
  readonly title: string;
  /** Field of view, pixels of 6.5 um: [rows, columns]. */
  readonly field: readonly [number, number];
  readonly beam: SpotBeam;
  /** Deviation of the voltage of the cell from U(x): V = U(x) + offset (1 - exp(-x / 0.01)) + slope x, V. */
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

/** Names of {@link resolveConfiguration}, or another configuration. */
export type ConfigurationLike = "farther" | "far" | "closer" | "near" | Configuration;

/**
 * A configuration by name, or the object itself.
 *
 * @throws ArgumentError for an unknown name, an invalid configuration, or an invalid change
 */
export function resolveConfiguration(config: ConfigurationLike, call = "simulate"): Configuration {
  if (typeof config === "string" && Object.hasOwn(ALIASES, config)) return CONFIGURATIONS[ALIASES[config]];
  if (isConfiguration(config)) {
    checkOptions(`${call}, config`, config, CONFIGURATION);
    checkChanges(config, call);
    return config;
  }
  throw new ArgumentError(
    `${call}: expected config "farther", "closer" or { name, title, field, beam, cell }, got ${quote(config)}`,
    { config },
  );
}

/**
 * A changed experiment: `configure("farther", { attenuation: 0.9 })`. Everything else stays the same,
 * including the random numbers, so that two recordings differ by the change alone.
 *
 * @returns a configuration for `simulate`; values equal to the paper's are left out
 * @throws ArgumentError for an unknown config or change, or an invalid value
 * @example
 * const dimmed = configure("farther", { attenuation: 0.5 }); // half of the flux
 * await simulate(dimmed, { scale: "tiny", seed: 1, out: "recordings/dimmed", only: ["flatStatic"] });
 */
export function configure(config: ConfigurationLike, changes: Changes): Configuration {
  const call = "configure";
  const base = resolveConfiguration(config, call);
  if (typeof changes !== "object" || changes === null || Array.isArray(changes)) {
    throw new ArgumentError(`${call}: expected changes as { ${KNOBS.join(", ")} }, got ${quote(changes)}`);
  }
  checkOptions(call, changes, CHANGES);
  checkChanges(changes, call);
  const all = { ...base, ...changes };
  if (changes.sampleDistance !== undefined) all.beam = beamAt(changes.sampleDistance);
  for (const name of KNOBS) if (all[name] === undefined || all[name] === UNCHANGED[name]) delete all[name];
  return { ...all, title: titled(all) };
}

/** The title states the changes except the damage model, which is unknown at a real beamline. */
function titled(configuration: Configuration): string {
  const [title] = configuration.title.split(CHANGED);
  const changed = (Object.keys(LABELS) as (keyof typeof LABELS)[])
    .filter((name) => configuration[name] !== undefined)
    .map((name) => LABELS[name](configuration[name] as never));
  return changed.length === 0 ? title : `${title}${CHANGED}${changed.join(", ")}`;
}

/** Separates a title from the changes. */
const CHANGED = "; changed: ";

const LABELS = {
  sampleDistance: (m: number) => `cell at ${m} m`,
  attenuation: (fraction: number) => `beam attenuated by ${Number((100 * fraction).toFixed(3))} %`,
  exposure: (s: number) => `${Number((1000 * s).toFixed(4))} ms per frame`,
  cRate: (rate: number) => `C-rate ${rate} 1/h`,
  protocol: variationTitle,
  drift: ({ velocity, scan }: Drift) =>
    [
      velocity && `sample drifts by [${velocity.join(", ")}] um/h`,
      scan && `sample moves by [${scan.join(", ")}] um within each scan`,
    ]
      .filter(Boolean)
      .join(", "),
  texture: ({ rms, length }: Texture) =>
    `thickness varies by ${Number((100 * rms).toFixed(3))} % over ${length} um`,
};

/** Longest exposure of a frame, s: the time between frames. */
const FRAME_TIME = 1 / FRAME_RATE;

const CHANGES: OptionNames<Changes> = {
  sampleDistance: true,
  attenuation: true,
  exposure: true,
  cRate: true,
  protocol: true,
  drift: true,
  texture: true,
  damage: true,
};
const KNOBS = Object.keys(CHANGES) as (keyof Changes)[];
const CONFIGURATION: OptionNames<Configuration> = {
  name: true,
  title: true,
  field: true,
  beam: true,
  cell: true,
  ...CHANGES,
};

/** Values of the paper; the position of the cell is in the beam of the configuration. */
const UNCHANGED: Changes = {
  attenuation: 0,
  exposure: FRAME_TIME,
  cRate: PAPER_C_RATE,
  damage: "calibrated",
};

/** The allowed values of each number, and their text in messages. */
const RANGES = {
  sampleDistance: [(m: number) => m >= 28 && m <= 31.5, "m from the source, 28 to 31.5"],
  attenuation: [(fraction: number) => fraction >= 0 && fraction < 1, "a fraction of the beam, 0 to below 1"],
  exposure: [(s: number) => s > 0 && s <= FRAME_TIME * (1 + 1e-9), "s above 0 and at most 1/228.6"],
  cRate: [(rate: number) => rate >= 0.01 && rate <= 5, "1/h, 0.01 to 5"],
} as const;

function checkChanges(changes: Changes, call: string): void {
  for (const [name, [holds, expected]] of Object.entries(RANGES)) {
    const value = changes[name as keyof typeof RANGES];
    if (value === undefined || (typeof value === "number" && holds(value))) continue;
    throw new ArgumentError(`${call}: expected ${name} in ${expected}, got ${quote(value)}`, {
      [name]: value,
    });
  }
  if (changes.protocol !== undefined) checkVariation(changes.protocol, call);
  if (changes.drift !== undefined) checkDrift(changes.drift, call);
  if (changes.texture !== undefined) checkTexture(changes.texture, call);
  if (changes.damage !== undefined) resolveDamage(changes.damage, call);
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
    beam !== null &&
    ("parts" in beam || ["core", "halo", "stripeScale"].every((key) => key in beam)) &&
    typeof cell === "object" &&
    Number.isFinite(cell?.offset) &&
    Number.isFinite(cell?.slope)
  );
}
