// `npm test -- [vitest arguments]`: every package's tests and the tests of the running server, in one vitest run. The last line
// says `N passed, N failed`, and `, N skipped` where some were; the exit code is 0 only if at least one ran and none failed.

import { spawn } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import process from "node:process";
import { prepare, root, tool, toolEnvironment } from "./workspace.mjs";

prepare();

const scratch = mkdtempSync(join(tmpdir(), "sider-test-"));
const countsFile = join(scratch, "counts.json");
const reporters = ["--reporter=default", `--reporter=${join(root, "scripts", "count-reporter.mjs")}`];
const vitest = spawn(tool("vitest"), ["run", ...reporters, ...process.argv.slice(2)], {
  cwd: root,
  env: { ...toolEnvironment, SIDER_TEST_COUNTS: countsFile },
  stdio: "inherit",
  shell: process.platform === "win32",
});
for (const signal of /** @type {const} */ (["SIGINT", "SIGTERM"])) process.on(signal, () => vitest.kill(signal));
vitest.on("exit", (code) => {
  const { passed, failed, skipped } = readCounts(code);
  rmSync(scratch, { recursive: true, force: true });
  process.exitCode = code === 0 && failed === 0 ? 0 : 1;
  console.log(`${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ""}`);
});

/**
 * What the run counted. A run that broke off, or that vitest calls failed although no test did, is one failure.
 *
 * @param {number | null} code
 */
function readCounts(code) {
  const counts = { passed: 0, failed: 0, skipped: 0 };
  try {
    Object.assign(counts, JSON.parse(readFileSync(countsFile, "utf8")));
  } catch {
    counts.failed = 1;
  }
  if (code !== 0 && counts.failed === 0) counts.failed = 1;
  return counts;
}
