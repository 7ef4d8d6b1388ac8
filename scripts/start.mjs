// `npm start -- [redis.conf] [--option value ...]`: installs and builds what is missing, then becomes the server, in this very
// process, so that signals and the exit code are the server's own. Data goes to data/ unless the arguments say otherwise.

import { mkdirSync } from "node:fs";
import { join } from "node:path";
import process from "node:process";
import { pathToFileURL } from "node:url";
import { prepare, root } from "./workspace.mjs";

const PARENT_INTERVAL_MS = 100;

prepare();

const main = join(root, "apps", "server", "dist", "main.js");
process.argv = [process.execPath, main, ...withDirectory(process.argv.slice(2))];
if (process.env["npm_lifecycle_event"] === "start") endWithParent();
await import(pathToFileURL(main).href);

/**
 * SIGTERM of npm ends npm and the shell that it has started, which does not pass the signal on: so the server is told when its parent
 * is gone. Nobody else has a parent that matters.
 */
function endWithParent() {
  const parent = process.ppid;
  const timer = setInterval(() => {
    if (process.ppid === parent) return;
    clearInterval(timer);
    process.kill(process.pid, "SIGTERM");
  }, PARENT_INTERVAL_MS);
  timer.unref();
}

/**
 * Puts `--dir data` in front of the options, unless they name a directory or a configuration file that may, or only ask for help.
 *
 * @param {string[]} options
 */
function withDirectory(options) {
  const first = options[0] ?? "--";
  if (!first.startsWith("--") || first === "--version" || first === "--help") return options;
  if (options.some((option) => option.toLowerCase() === "--dir")) return options;
  const data = join(root, "data");
  mkdirSync(data, { recursive: true });
  return ["--dir", data, ...options];
}
