import { blocksAround } from "../../compute/glitches/blocks.js";
import { GlitchFinder, type GlitchRules, leastEnergies } from "../../compute/glitches/glitch-finder.js";
import { ArgumentError, quote, SchemaError } from "../../errors.js";
import { checkOptions, oneOf, refuseNull } from "../../options.js";
import { sameWindow, type Window } from "../engine/window.js";
import type { FrameVerb, Images } from "./verb.js";

/** What becomes of a glitch. */
const REPLACE = ["missing", "interpolated"] as const;

/** How glitches are told from spectra, and what becomes of them. */
export interface DeglitchOptions {
  /**
   * "missing": no value (NaN); a pixel with one is left out of PCA, MCR-ALS and fits. "interpolated": the straight
   * line between the energies beside it. It has no default, because what is left out and what is invented is a
   * choice.
   */
  readonly replace: (typeof REPLACE)[number];
  /** Energies in a row that a glitch lasts at most; default 3. What lasts longer is kept. */
  readonly longest?: number;
  /** Largest extent of a glitch in the image, pixels; default 8. */
  readonly size?: number;
  /** Robust standard deviations from the surroundings that a glitch deviates by; default 5. */
  readonly sigmas?: number;
}

/** Replaces glitches of single pixels and energies, and energies without beam. */
export interface DeglitchStep extends GlitchRules {
  readonly verb: "deglitch";
  /** "count" writes 1 for a glitch and 0 otherwise, for a map of them; it is no option. */
  readonly replace: DeglitchOptions["replace"] | "count";
  /** Size of the image. */
  readonly height: number;
  readonly width: number;
  /** First recorded frame that is left. */
  readonly first: number;
  /** eV, of the frames that are left. */
  readonly energies: readonly number[];
}
declare module "../plan.js" {
  interface FrameSteps {
    deglitch: DeglitchStep;
  }
}

const NAMES = { replace: true, longest: true, size: true, sigmas: true } as const;

/**
 * Glitches of the diamond windows and of the monochromator, and energies at which the beam was lost: samples that
 * deviate for a few energies from what both sides of the energy axis and the pixels around them predict.
 */
export const deglitch: FrameVerb<DeglitchStep, [options: DeglitchOptions]> = {
  name: "deglitch",
  kind: "frame",
  once: true,
  ofSample: true,
  overlaps: true,

  add({ schema, steps }, given) {
    const options = refuseNull("deglitch", checkOptions("deglitch", given, NAMES));
    const { quantity, height, width, energies } = schema;
    if (quantity !== "absorbance") {
      throw new SchemaError(
        `deglitch: expected absorbance, got ${quantity}; call .absorb() first: a glitch that the flat field has, too, is none`,
        { quantity },
      );
    }
    if (options.replace === undefined) {
      throw new ArgumentError(
        `deglitch: expected { replace: ${REPLACE.map(quote).join(" | ")} }, got none; "missing" leaves pixels with a glitch out of MCR-ALS and fits, "interpolated" invents its value`,
        { option: "replace" },
      );
    }
    const replace = oneOf("deglitch", "replace", options.replace, REPLACE);
    const whole = (name: "longest" | "size", value: number, low: number, high: number): number => {
      if (Number.isInteger(value) && value >= low && value <= high) return value;
      throw new ArgumentError(
        `deglitch: expected ${name} as a whole number from ${low} to ${high}, got ${quote(value)}`,
        { option: name, value },
      );
    };
    const longest = whole("longest", options.longest ?? 3, 1, 20);
    if (energies.length < leastEnergies(longest)) {
      throw new SchemaError(
        `deglitch: expected at least ${leastEnergies(longest)} energies, beside glitches of ${longest}, got ${energies.length}; give a smaller { longest }, or call .deglitch() before .crop()`,
        { energies: energies.length },
      );
    }
    const size = whole("size", options.size ?? 8, 2, 64);
    const { sigmas = 5 } = options;
    if (!(typeof sigmas === "number" && sigmas >= 3 && sigmas <= 100)) {
      throw new ArgumentError(`deglitch: expected sigmas from 3 to 100, got ${quote(sigmas)}`, {
        option: "sigmas",
        value: sigmas,
      });
    }
    const first = steps.reduce((sum, step) => sum + (step.verb === "crop" ? step.frames[0] : 0), 0);
    const axis = { height, width, first, energies: [...energies] };
    return { step: { verb: "deglitch", replace, longest, size, sigmas, ...axis }, schema: {} };
  },

  again: ({ replace, longest, size, sigmas }) => [{ replace, longest, size, sigmas }],

  sentence: ({ replace, longest, size, sigmas }) =>
    `deglitch: samples that deviate by ${sigmas} robust standard deviations from both sides of the energy axis and from the pixels around them, over at most ${longest} energies and ${size} pixels, and energies without beam, are ${replace === "missing" ? "left without a value" : "interpolated along the energy"}`,

  windowBefore: (step, window) => blocksAround(window, step, step.size),

  evaluate(step, images, t, k, window, out) {
    const { part, finder } = finderOf(step, images, t, window);
    const own = k - step.first;
    const columns = part.right - part.left;
    const values = finder.frame(own);
    const glitches = finder.glitches(own);
    let found = 0;
    for (let y = window.top, at = 0; y < window.bottom; y++) {
      for (let x = window.left; x < window.right; x++, at++) {
        const p = (y - part.top) * columns + x - part.left;
        found += glitches[p];
        if (step.replace === "count") out[at] = glitches[p];
        else if (glitches[p] === 0) out[at] = values[p];
        else out[at] = step.replace === "missing" ? Number.NaN : finder.between(own, p);
      }
    }
    images.replaced(found);
  },
};

interface Kept {
  readonly t: number;
  readonly window: Window;
  readonly part: Window;
  readonly finder: GlitchFinder;
}

/** Frames are looked at in the order of their energies: those beside each are kept while the rest is the same. */
const kept = new WeakMap<Images, Kept>();

function finderOf(step: DeglitchStep, images: Images, t: number, window: Window): Kept {
  const known = kept.get(images);
  if (known && known.t === t && sameWindow(known.window, window)) return known;
  const part = blocksAround(window, step, step.size);
  const read = (k: number): Float32Array => images.frame(t, step.first + k, part);
  const own = { t, window, part, finder: new GlitchFinder(part, step, step.energies, step, read) };
  kept.set(images, own);
  return own;
}
