import { defineConfig } from "vitest/config";

/** The whole repository in one run: every package with its own configuration, then the tests of the running server. */
export default defineConfig({
  test: {
    projects: [
      "packages/*/vitest.config.ts",
      "apps/*/vitest.config.ts",
      { test: { name: "scripts", root: "scripts", include: ["*.test.ts"], testTimeout: 30_000 } },
      {
        // After the others: they start servers and measure time, and would be disturbed by fuzzers on the other core.
        extends: "./tests/vitest.config.ts",
        test: { name: "tests", root: "tests", sequence: { groupOrder: 1 } },
      },
    ],
    coverage: {
      provider: "v8",
      include: ["packages/*/src/**/*.ts", "apps/*/src/**/*.ts"],
      exclude: ["**/*.{test,fuzz,bench}.ts", "**/testing/**"],
      reporter: ["text-summary", "html", "lcovonly"],
      reportsDirectory: "coverage",
    },
  },
});
