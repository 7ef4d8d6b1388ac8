import { defineConfig } from "vitest/config";

/** Shared by every package: tests and short fuzz runs sit beside the source. */
export default defineConfig({
  test: {
    include: ["src/**/*.test.ts", "src/**/*.fuzz.ts"],
    benchmark: { include: ["src/**/*.bench.ts"] },
    testTimeout: 30_000,
  },
});
