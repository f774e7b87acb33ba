import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: ["test/**/*.test.ts"],
    reporters: ["default", "./test/support/skipped.ts"],
    setupFiles: ["test/support/setup.ts"],
    testTimeout: 240_000,
    hookTimeout: 240_000,
    // Tests compute.
    env: { OPERANDOSE_CACHE: "off" },
  },
});
