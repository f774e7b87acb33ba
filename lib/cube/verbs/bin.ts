import { ArgumentError, quote, ShapeError } from "../../errors.js";
import { extend, type Plan, requireFrames } from "./verb.js";

/** Mean over factor x factor pixels, of the valid ones. */
export function bin(plan: Plan, factor: number): Plan {
  requireFrames(plan, "bin");
  if (!Number.isInteger(factor) || factor < 1) {
    throw new ArgumentError(`bin: expected a whole number >= 1, got ${quote(factor)}`, { value: factor });
  }
  const { height, width, pixelSize } = plan.schema;
  if (factor > height || factor > width) {
    throw new ShapeError(`bin: expected a factor that fits into ${height} x ${width} pixels, got ${factor}`, {
      factor,
      height,
      width,
    });
  }
  return extend(
    plan,
    { verb: "bin", factor },
    {
      height: Math.floor(height / factor),
      width: Math.floor(width / factor),
      pixelSize: pixelSize && pixelSize * factor,
    },
  );
}
