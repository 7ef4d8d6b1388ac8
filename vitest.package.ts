import { defineConfig } from "vitest/config";

/** What every package's vitest.config.ts is: tests, short fuzz runs and small benches sit beside the source. */
export default defineConfig({
  test: {
    include: ["src/**/*.test.ts", "src/**/*.fuzz.ts"],
    benchmark: { include: ["src/**/*.bench.ts"] },
    testTimeout: 30_000,
  },
});
