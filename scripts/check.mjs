// `npm run check -- [step ...]`: everything that can be said about the code without running it, or the named steps alone. Two steps
// run at a time, the longest first; a step that passes is one line, one that fails shows what its tool said.

import { spawn } from "node:child_process";
import process from "node:process";
import { layers } from "./layers.mjs";
import { install, root, tool, toolEnvironment } from "./workspace.mjs";

const stepsAtATime = 2;
const projects = [...Object.values(layers).map((layer) => layer.folder), "tests", "scripts"];

/**
 * Per step the command line of its tool, which exits with 0 only if there is nothing to say. `tsc` is the native one.
 *
 * @type {Record<string, string[]>}
 */
const steps = {
  lint: ["eslint", "."],
  packages: ["node", "scripts/check-packages.mjs"],
  docs: ["node", "scripts/docs.mjs", "--check"],
  deadcode: ["knip", "--no-progress", "--no-config-hints"],
  format: ["prettier", "--check", "--log-level=warn", "."],
  layers: ["depcruise", "--config", ".dependency-cruiser.js", "--output-type=err-long", "packages", "apps", "tests"],
  types: ["tsc", "-b", ...projects.map((folder) => `${folder}/tsconfig.json`)],
};

const waiting = chosenSteps();
/** @type {string[]} */
const failed = [];
install();
await build();
await Promise.all(Array.from({ length: stepsAtATime }, work));
console.log(failed.length === 0 ? "check passed" : `check failed: ${failed.join(", ")}`);
process.exitCode = failed.length === 0 ? 0 : 1;

/** Builds, since the packages see each other as built. What does not build fails the check, and the steps still say what they can. */
async function build() {
  const { passed, output } = await run(["turbo", "run", "build", "--continue", "--output-logs=errors-only"]);
  if (passed) return;
  failed.push("build");
  console.log(`FAIL  build\n${output}`);
}

/** Runs waiting steps, one after the other, until none is left. */
async function work() {
  for (let name = waiting.shift(); name !== undefined; name = waiting.shift()) {
    const startedMs = performance.now();
    const { passed, output } = await run(steps[name] ?? []);
    if (!passed) failed.push(name);
    const seconds = ((performance.now() - startedMs) / 1000).toFixed(1);
    console.log(`${passed ? "ok  " : "FAIL"}  ${name.padEnd(9)} ${seconds.padStart(5)} s`);
    if (!passed) console.log(output);
  }
}

/**
 * Runs a tool and collects what it prints.
 *
 * @param {string[]} commandLine
 * @returns {Promise<{ passed: boolean, output: string }>}
 */
function run([name = "", ...toolArguments]) {
  return new Promise((resolve) => {
    const shell = process.platform === "win32";
    const child = spawn(name === "node" ? process.execPath : tool(name), toolArguments, {
      cwd: root,
      env: toolEnvironment,
      shell,
    });
    let output = "";
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding("utf8").on("data", (/** @type {string} */ text) => (output += text));
    }
    child.on("error", (error) => resolve({ passed: false, output: error.message }));
    child.on("close", (code) => resolve({ passed: code === 0, output }));
  });
}

/** The steps that the command line names, or all of them. */
function chosenSteps() {
  const wanted = process.argv.slice(2);
  const unknown = wanted.filter((name) => !(name in steps));
  if (unknown.length > 0) {
    console.error(`No such step: ${unknown.join(", ")}. There are: ${Object.keys(steps).join(", ")}.`);
    process.exit(2);
  }
  return wanted.length > 0 ? wanted : Object.keys(steps);
}
