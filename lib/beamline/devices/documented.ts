// Calibrated numbers of the data files as parameters of their devices.
import {
  BEAMS,
  DOCUMENTED,
  type Documented,
  FIGURE_ERROR,
  OPEN_CIRCUIT,
  SPECTRA,
  type Stripe,
} from "../parameters.js";
import { type Quantities, quantity } from "./device.js";

/** Redox kinetics and damage. */
export function kineticQuantities(): Quantities {
  return fromFile(DOCUMENTED.kinetics);
}

/** Times of the experiment. */
export function protocolQuantities(): Quantities {
  return fromFile(DOCUMENTED.protocol);
}

/** Dose rate of the electrode, summed over the field of view. */
export function integralQuantity(): Quantities {
  return fromFile({ doseRateIntegral: DOCUMENTED.doseRateIntegral });
}

/** Potential of the electrode, and the spectra of its species and of the foil. */
export function materialQuantities(): Quantities {
  const out: Record<string, Quantities[string]> = {
    "U, lithium": quantity(OPEN_CIRCUIT.lithium, "1", "paper, Fig. 2", "Li removed at the points of U(x)"),
    "U, voltage": quantity(
      OPEN_CIRCUIT.voltage,
      "V",
      "paper, Fig. 2",
      "potential against Li at the points of U(x)",
    ),
  };
  for (const [name, { e0, width, gaussians, shells }] of Object.entries(SPECTRA)) {
    const add = (key: string, value: number | number[], unit: string, source: string, meaning: string) => {
      out[`${name}, ${key}`] = quantity(value, unit, source, meaning);
    };
    add("e0", e0, "eV", "assumed", "center of the arctangent edge");
    add("width", width, "eV", "assumed", "its width");
    const centers = gaussians.map(({ center }) => center);
    add("gaussian centers", centers, "eV", "assumed", "peaks at the edge");
    const amplitudes = gaussians.map(({ amplitude }) => amplitude);
    add("gaussian amplitudes", amplitudes, "1", "assumed", "in edge steps");
    const sigmas = gaussians.map(({ sigma }) => sigma);
    add("gaussian sigmas", sigmas, "eV", "assumed", "standard deviations");
    const bonds = name === "foil" ? "tables" : "paper (Ni-O), assumed (Ni-Ni)";
    const distances = shells.map(({ distance }) => distance);
    add("shell distances", distances, "A", bonds, "of the neighbors that scatter");
    const counts = shells.map(({ number }) => number);
    add("shell numbers", counts, "1", bonds, "of neighbors");
    const spreads = shells.map(({ sigma2 }) => sigma2);
    add("shell sigma2", spreads, "A2", "assumed", "mean square displacements");
    const strengths = shells.map(({ amplitude }) => amplitude);
    add("shell amplitudes", strengths, "1", "assumed", "backscattering");
    const phases = shells.map(({ phase }) => phase);
    add("shell phases", phases, "rad", "assumed", "of the backscattering");
  }
  return out;
}

/**
 * Shape of the two calibrated beams along one direction, and the stripes from figure errors of the mirrors.
 */
export function beamQuantities(axis: "x" | "y"): Quantities {
  const i = axis === "x" ? 0 : 1;
  const stripes = axis === "x" ? FIGURE_ERROR.horizontal : FIGURE_ERROR.vertical;
  const stripe = (key: keyof Stripe, unit: string, meaning: string) =>
    quantity(
      stripes.map((s) => s[key]),
      unit,
      "calibrated: shapes of the histograms (Figs. 5b and 10a)",
      `${meaning}, along ${axis}`,
    );
  const out: Record<string, Quantities[string]> = {
    "stripe amplitudes": stripe("amplitude", "1", "relative to the light"),
    "stripe periods": stripe("period", "mm", "where the stripe scale is 1"),
    "stripe phases": stripe("phase", "rad", "in the middle"),
  };
  for (const name of ["farther", "closer"] as const) {
    const { core, halo, stripeScale } = BEAMS[name];
    const add = (key: string, value: number, unit: string, meaning: string) => {
      out[`${name}, ${key}`] = quantity(value, unit, BEAM_CLAIMS[name], `${meaning}, along ${axis}`);
    };
    add("center", core.center[i], "mm", "middle of the core");
    if (core.kind === "slits") {
      add("half width", core.halfWidth[i], "mm", "of the evenly lit core");
      add("penumbra", core.penumbra[i], "mm", "of the core");
    } else {
      add("width", core.width[i], "mm", "of the core exp(-|u / width|^n / 2)");
      if (axis === "x") add("exponent", core.exponent, "1", "n of the core, the same along y");
    }
    add("halo width", halo.width[i], "mm", "sigma of the light that the mirrors scatter");
    add("stripe scale", stripeScale[i], "1", "of the stripes' periods");
  }
  return out;
}

/** Height of the halo and of the uniform floor, and the shadow at the top of the field. */
export function lightQuantities(): Quantities {
  const out: Record<string, Quantities[string]> = {};
  for (const name of ["farther", "closer"] as const) {
    const { halo, floor, shadow } = BEAMS[name];
    const add = (key: string, value: number | number[], unit: string, meaning: string) => {
      out[`${name}, ${key}`] = quantity(value, unit, BEAM_CLAIMS[name], meaning);
    };
    add("halo height", halo.height, "1", "scattered light in the middle, relative to the core");
    add("floor", floor, "1", "light that is the same everywhere, relative to the core");
    if (!shadow) continue;
    const meaning = "the two dim regions at the top of Fig. 7a";
    add("shadow corner", [...shadow.corner], "mm", meaning);
    add("shadow radius", [...shadow.radius], "mm", meaning);
    add("shadow softness", shadow.softness, "1", meaning);
    add("shadow floor", shadow.floor, "1", "light that is left in them");
  }
  return out;
}

const BEAM_CLAIMS = {
  farther: "calibrated: at most 7 kGy/s, about 7000 pixels in 0.7-1.0 kGy/s, bimodal histogram (Fig. 5b)",
  closer: "calibrated: at most 18.5 kGy/s, about 1500 pixels in 0.7-1.0 kGy/s, unimodal histogram (Fig. 10a)",
};

function fromFile(documented: Readonly<Record<string, Documented>>): Quantities {
  return Object.fromEntries(
    Object.entries(documented).map(([name, { value, unit, meaning, calibratedTo, source }]) => [
      name,
      quantity(value, unit, calibratedTo ? `calibrated: ${calibratedTo}` : (source ?? "assumed"), meaning),
    ]),
  );
}
