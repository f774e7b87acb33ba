// What all kernels share: numbers two by two in float64, whatever precision they are stored in.

/** Two neighboring numbers as float64. */
export function pair<T>(at: usize): v128 {
  if (sizeof<T>() === 8) return v128.load(at);
  return f64x2.promote_low_f32x4(v128.load64_zero(at));
}

/** One number as float64. */
export function one<T>(at: usize): f64 {
  return <f64>load<T>(at);
}

/** Both numbers added. */
export function total(v: v128): f64 {
  return f64x2.extract_lane(v, 0) + f64x2.extract_lane(v, 1);
}

/** a b + sum, two by two; rounded after each step as everywhere, so that results do not depend on the processor. */
export function addProduct(sum: v128, a: v128, b: v128): v128 {
  return f64x2.add(sum, f64x2.mul(a, b));
}
