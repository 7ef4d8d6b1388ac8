// Makes a fresh clone usable: installs the dependencies when they are missing or not those of the lock file, and builds what is
// not built. Node and npm are all that has to be there: pnpm, in the version that package.json pins, comes through npx. Both
// steps say one line when they have something to do and nothing otherwise; together they take about 0.2 s when all is done.

import { spawn, spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { delimiter, join } from "node:path";
import process from "node:process";
import { fileURLToPath } from "node:url";

/** The root folder of the repository, without a slash at its end. */
export const root = join(fileURLToPath(import.meta.url), "..", "..");

const bin = join(root, "node_modules", ".bin");
const installStamp = join(root, "node_modules", ".sider-installed");
const onWindows = process.platform === "win32";

/** Environment of the tools: they find each other on PATH (turbo calls pnpm) and neither phone home nor ask questions. */
export const toolEnvironment = {
  ...process.env,
  PATH: bin + delimiter + (process.env["PATH"] ?? ""),
  TURBO_TELEMETRY_DISABLED: "1",
  TURBO_NO_UPDATE_NOTIFIER: "1",
  DO_NOT_TRACK: "1",
};

/** Installs, if need be, and builds. Ends the process with a message when either fails. */
export function prepare() {
  install();
  build();
}

/** Installs what the lock file says, unless the last install that finished was of this very lock file on this platform. */
export function install() {
  const wanted = lockFingerprint();
  if (existsSync(installStamp) && readFileSync(installStamp, "utf8") === wanted) return;
  const pnpm = readManifest().packageManager;
  console.error(`Installing dependencies with ${pnpm} ...`);
  const { status, error } = spawnSync("npx", ["--yes", pnpm, "install", "--frozen-lockfile", "--prod=false"], {
    cwd: root,
    env: { ...process.env, CI: "true" }, // asks nothing, also where node_modules has to be made anew
    stdio: ["ignore", 2, 2],
    shell: onWindows, // npx is a .cmd file there
  });
  if (status !== 0) fail(`The install failed${error ? `: ${error.message}` : ""}.`);
  writeFileSync(installStamp, wanted);
}

/** Builds every package whose sources changed, bottom up. Silent unless something fails or takes longer than a moment. */
function build() {
  if (!existsSync(join(root, "apps", "server", "dist"))) console.error("Building ...");
  const turbo = spawnSync(tool("turbo"), ["run", "build", "--output-logs=errors-only"], {
    cwd: root,
    env: toolEnvironment,
    encoding: "utf8",
    shell: onWindows,
  });
  if (turbo.status === 0) return;
  console.error(turbo.stdout, turbo.stderr);
  fail(`The build failed${turbo.error ? `: ${turbo.error.message}` : ""}.`);
}

/**
 * Path of a tool that a devDependency of the root brings.
 *
 * @param {string} name
 */
export function tool(name) {
  return join(bin, onWindows ? `${name}.cmd` : name);
}

/**
 * Runs a tool in the foreground, and ends this process as the tool ended.
 *
 * @param {string} name
 * @param {string[]} toolArguments
 * @returns {never | void}
 */
export function become(name, toolArguments) {
  const child = spawn(tool(name), toolArguments, {
    cwd: root,
    env: toolEnvironment,
    stdio: "inherit",
    shell: onWindows,
  });
  for (const signal of /** @type {const} */ (["SIGINT", "SIGTERM"])) process.on(signal, () => child.kill(signal));
  child.on("exit", (code) => process.exit(code ?? 1));
}

/** What decides whether an install is up to date: the lock file, and the platform whose binaries were fetched. */
function lockFingerprint() {
  const lock = createHash("sha256")
    .update(readFileSync(join(root, "pnpm-lock.yaml")))
    .digest("hex");
  return `${lock} ${process.platform} ${process.arch}\n`;
}

/** @returns {{ packageManager: string }} */
function readManifest() {
  /** @type {unknown} */
  const manifest = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));
  return /** @type {{ packageManager: string }} */ (manifest);
}

/**
 * @param {string} message
 * @returns {never}
 */
function fail(message) {
  console.error(message);
  process.exit(1);
}
