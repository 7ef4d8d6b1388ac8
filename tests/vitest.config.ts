import { defineConfig } from "vitest/config";

/** These tests start servers and talk to them over sockets: few files at a time, generous timeouts. */
export default defineConfig({
  test: {
    include: ["**/*.test.ts"],
    exclude: ["dist/**", "node_modules/**"],
    testTimeout: 30_000,
    hookTimeout: 30_000,
    maxWorkers: 2,
  },
});
