import { binRows } from "../../compute/image-rows.js";
import { ArgumentError, quote, ShapeError } from "../../errors.js";
import { absorb } from "./absorb.js";
import { type FrameVerb, isStep } from "./verb.js";

/** Mean over factor x factor pixels; incomplete bins at the right and lower border are left out. */
export interface BinStep {
  readonly verb: "bin";
  readonly factor: number;
}
declare module "../plan.js" {
  interface FrameSteps {
    bin: BinStep;
  }
}

/** Mean over factor x factor pixels, of the valid ones. */
export const bin: FrameVerb<BinStep, [factor: number]> = {
  name: "bin",
  kind: "frame",

  add({ schema: { height, width, pixelSize } }, factor) {
    if (!Number.isInteger(factor) || factor < 1) {
      throw new ArgumentError(`bin: expected a whole number >= 1, got ${quote(factor)}`, { value: factor });
    }
    if (factor > height || factor > width) {
      throw new ShapeError(
        `bin: expected a factor that fits into ${height} x ${width} pixels, got ${factor}`,
        { factor, height, width },
      );
    }
    return {
      step: { verb: "bin", factor },
      schema: {
        height: Math.floor(height / factor),
        width: Math.floor(width / factor),
        pixelSize: pixelSize && pixelSize * factor,
      },
    };
  },

  again: ({ factor }) => [factor],

  sentence({ factor }, before) {
    const words = `bin: mean of ${factor} x ${factor} pixels, of the valid ones`;
    if (!isStep(absorb, before)) return words;
    return `${words}
     at few counts the mean of logarithms makes absorbance too large, by 1 / (2 N) for N photons per pixel of the sample; results tell how much where it is above 0.01; remedy: .bin(${factor}).absorb(), or average more cubes first`;
  },

  factor: ({ factor }) => factor,

  windowBefore: ({ factor: f }, { top, bottom, left, right }) => ({
    top: top * f,
    bottom: bottom * f,
    left: left * f,
    right: right * f,
  }),

  reshape({ factor }, map) {
    const [height, width] = [Math.floor(map.height / factor), Math.floor(map.width / factor)];
    const values = new Float32Array(height * width);
    binRows(map.values, map.width, factor, height, values);
    return { values, height, width };
  },

  evaluate({ factor }, images, t, k, { top, bottom, left, right }, out) {
    const before = { top: top * factor, bottom: bottom * factor, left: left * factor, right: right * factor };
    binRows(images.frame(t, k, before), before.right - before.left, factor, bottom - top, out);
  },
};
