// What the programs are built with: all that one runs of all packages in a few files. Reading, linking and wrapping hundreds of modules one by
// one takes longer than everything else that a start does. The packages themselves are built and published as they are written.
//
// Names and lines stay as they are, so that a stack trace can be read; only comments are left out, which are a quarter of the text.

import { readFileSync } from "node:fs";
import { join } from "node:path";
import { defineConfig } from "rolldown";
import { layers } from "./layers.mjs";

const root = join(import.meta.dirname, "..");

/**
 * What can be imported of a package, and the source of it. Longer names come first: a name stands for all that begin with it.
 *
 * @param {[string, { folder: string }]} layer
 * @returns {[string, string][]}
 */
function sourcesOf([name, { folder }]) {
  /** @type {unknown} */
  const manifest = JSON.parse(readFileSync(join(root, folder, "package.json"), "utf8"));
  const { exports } = /** @type {{ exports: Record<string, string | { default: string }> }} */ (manifest);
  return Object.entries(exports)
    .flatMap(([path, target]) => (typeof target === "string" ? [] : [[path, target.default]]))
    .map(([path, built]) => [join(name, path), built.replace("/dist/", "/src/").replace(/\.js$/, ".ts")])
    .map(([path, source]) => /** @type {[string, string]} */ ([path, join(root, folder, source)]))
    .sort(([one], [other]) => other.length - one.length);
}

const sources = Object.fromEntries(Object.entries(layers).flatMap(sourcesOf));

/**
 * Bundles for Node: all but Node's own modules is in them. A module of CommonJS has to be told that it is strict.
 *
 * @param {string | Record<string, string>} input
 * @param {{ folder: string, fileNames?: string, format?: "es" | "cjs", cleanDir?: boolean }} output
 */
export function bundle(input, { folder, fileNames = "[name].js", format = "es", cleanDir = false }) {
  return defineConfig({
    input,
    preserveEntrySignatures: "allow-extension", // what is shared with files that are imported later may be in the first one
    platform: "node",
    external: /^node:/,
    logLevel: "warn",
    resolve: { alias: sources },
    onLog(level, log) {
      if (level === "warn") throw new Error(log.message); // such as an import that is not there
    },
    output: {
      dir: folder,
      cleanDir,
      format,
      banner: format === "cjs" ? '"use strict";' : "",
      entryFileNames: fileNames,
      chunkFileNames: "[name].js",
      comments: false,
      sourcemap: true,
    },
  });
}
