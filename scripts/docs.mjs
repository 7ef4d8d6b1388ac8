// `npm run docs`: writes docs/configuration.md and apps/server/sider.conf from the table of directives. With `--check` it writes nothing,
// and fails where a file is not what it would write.

import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import process from "node:process";
import { format, resolveConfig } from "prettier";
import { prepare, root } from "./workspace.mjs";

prepare();

const { configurationFile, configurationPage } = await import("../packages/server/dist/config/manual-text.js");
const page = join(root, "docs", "configuration.md");
const files = {
  [page]: await format(configurationPage(), { ...(await resolveConfig(page)), filepath: page }),
  [join(root, "apps", "server", "sider.conf")]: configurationFile(),
};

for (const [path, text] of Object.entries(files)) {
  if (!process.argv.includes("--check")) writeFileSync(path, text);
  else if (read(path) !== text) {
    console.log(`${path} is not what the table of directives says: npm run docs`);
    process.exitCode = 1;
  }
}

/**
 * The text of a file; empty where there is none.
 *
 * @param {string} path
 */
function read(path) {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return "";
  }
}
