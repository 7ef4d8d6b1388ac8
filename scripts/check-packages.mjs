// Checks every package as npm would deliver it: publint holds the manifest against the files, arethetypeswrong resolves the types as
// an importer would. `node scripts/check-packages.mjs`, after a build. All packages in one process: loading the checkers costs the most.

import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import process from "node:process";
import { checkPackage, createPackageFromTarballData } from "@arethetypeswrong/core";
import { publint } from "publint";
import { formatMessage } from "publint/utils";
import { layers } from "./layers.mjs";
import { root } from "./workspace.mjs";

/** The packages are ESM only, for resolvers that know `exports`. */
const notSupported = ["node10", "node16-cjs"];

const scratch = mkdtempSync(join(tmpdir(), "sider-pack-"));
try {
  const folders = Object.values(layers).map((layer) => join(root, layer.folder));
  const tarballs = pack(folders);
  for (const [i, folder] of folders.entries()) {
    const tarball = new Uint8Array(readFileSync(tarballs[i] ?? ""));
    for (const problem of [...(await lint(tarball)), ...(await resolveTypes(tarball))]) {
      console.log(`${folder}: ${problem}`);
      process.exitCode = 1;
    }
  }
} finally {
  rmSync(scratch, { recursive: true, force: true });
}

/**
 * The paths of the tarballs, in the order of the folders.
 *
 * @param {string[]} folders
 */
function pack(folders) {
  const options = ["pack", "--json", "--ignore-scripts", "--pack-destination", scratch];
  const npm = spawnSync("npm", [...options, ...folders], { encoding: "utf8", shell: process.platform === "win32" });
  if (npm.status !== 0) throw new Error(`npm pack failed: ${npm.stderr}`);
  /** @type {unknown} */
  const packed = JSON.parse(npm.stdout);
  return /** @type {{ filename: string }[]} */ (packed).map(({ filename }) =>
    join(scratch, filename.replace("@", "").replace("/", "-")),
  );
}

/**
 * What publint says, suggestions left out.
 *
 * @param {Uint8Array<ArrayBuffer>} tarball
 */
async function lint(tarball) {
  const { messages, pkg } = await publint({ strict: true, pack: { tarball: tarball.buffer } });
  return messages
    .filter(({ type }) => type !== "suggestion")
    .map((message) => formatMessage(message, pkg, { color: false }));
}

/**
 * What arethetypeswrong says about the ways of importing that the package supports.
 *
 * @param {Uint8Array} tarball
 */
async function resolveTypes(tarball) {
  const analysis = await checkPackage(createPackageFromTarballData(tarball));
  if (analysis.types === false) return ["has no types"];
  return analysis.problems
    .filter((problem) => !("resolutionKind" in problem && notSupported.includes(problem.resolutionKind)))
    .map((problem) => `${problem.kind} ${JSON.stringify(problem)}`);
}
