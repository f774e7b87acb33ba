import { inspect } from "node:util";
import { expect, test } from "vitest";
import { lazily } from "../../lib/compute/lazily.js";

test("a late value is computed once, when it is read, and printing does not read it", () => {
  let computed = 0;
  const fit = lazily({ experimental: 4 }, { pca: () => 2 + computed++ });
  expect(inspect(fit, { getters: true })).toBe("{ experimental: 4, pca: [computed when read] }");
  expect(inspect({ deep: { fit } }, { getters: true, depth: 5 })).toContain("pca: [computed when read]");
  expect(computed).toBe(0);
  expect([fit.pca, fit.pca, computed]).toEqual([2, 2, 1]);
  expect(inspect(fit)).toBe("{ experimental: 4, pca: 2 }");
  expect(Object.keys(fit)).toEqual(["experimental", "pca"]);
  expect(JSON.stringify(fit)).toBe('{"experimental":4,"pca":2}');
  expect(() => Object.assign(fit, { pca: 1 })).toThrow(TypeError);
});

test("a late value that fails is computed again at the next reading", () => {
  let fails = true;
  const late = lazily(
    {},
    {
      value: () => {
        if (fails) throw new RangeError("not yet");
        return 1;
      },
    },
  );
  expect(() => late.value).toThrow("not yet");
  expect(inspect(late)).toBe("{ value: [computed when read] }");
  fails = false;
  expect(late.value).toBe(1);
});
