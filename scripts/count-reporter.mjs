// A vitest reporter that writes the number of tests per outcome into the file that SIDER_TEST_COUNTS names, for scripts/test.mjs.

import { writeFileSync } from "node:fs";
import process from "node:process";

/** @typedef {{ passed: number, failed: number, skipped: number }} Counts */

export default class CountReporter {
  /**
   * A module that could not be loaded, and an error that no test owns, count as one failure each.
   *
   * @param {readonly import("vitest/node").TestModule[]} modules
   * @param {readonly unknown[]} unhandledErrors
   */
  onTestRunEnd(modules, unhandledErrors) {
    /** @type {Counts} */
    const counts = { passed: 0, failed: unhandledErrors.length, skipped: 0 };
    for (const module of modules) {
      for (const test of module.children.allTests()) {
        const state = test.result().state;
        counts[state === "pending" ? "skipped" : state] += 1;
      }
      if (module.errors().length > 0) counts.failed += 1;
      for (const suite of module.children.allSuites()) if (suite.errors().length > 0) counts.failed += 1;
    }
    const file = process.env["SIDER_TEST_COUNTS"];
    if (file !== undefined) writeFileSync(file, JSON.stringify(counts));
  }
}
