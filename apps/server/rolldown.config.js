// How the program is built: what it runs of all packages in one file, and each thread in one. Reading, linking and wrapping 500 modules one by
// one takes longer than everything else that a start does. The packages themselves are built and published as they are written.
//
//     dist/main.js                   sets options of V8, then runs program.cjs
//     dist/program.cjs               the program and what it uses of the packages, from their sources
//     dist/<folder>/<x>-worker.js    threads, where `startThread` looks for them: in folders beside the module that starts them
//
// Names and lines stay as they are, so that a stack trace can be read; only comments are left out, which are a quarter of the text.

import { readdirSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { defineConfig } from "rolldown";
import { layers } from "../../scripts/layers.mjs";

const root = join(import.meta.dirname, "..", "..");
const persistence = join(root, layers["@sider/persistence"].folder, "src");

const sources = Object.entries(layers).map(([name, { folder }]) => [name, join(root, folder, "src", "index.ts")]);
const threads = readdirSync(persistence, { recursive: true }).filter((path) => path.endsWith("-worker.ts"));

/** A bundle for Node: all but Node's own modules is in it. A module of CommonJS has to be told that it is strict. */
function bundle(input, fileNames, format = "es") {
  return defineConfig({
    input,
    platform: "node",
    external: /^node:/,
    logLevel: "warn",
    resolve: { alias: Object.fromEntries(sources) },
    onwarn(warning) {
      throw new Error(warning.message); // such as an import that is not there
    },
    output: {
      dir: join(import.meta.dirname, "dist"),
      format,
      banner: format === "cjs" ? '"use strict";' : "",
      entryFileNames: fileNames,
      chunkFileNames: "[name].js",
      comments: false,
      sourcemap: true,
    },
  });
}

export default [
  bundle({ main: "src/main.ts", index: "src/index.ts" }, "[name].js"),
  bundle({ program: "src/program.ts" }, "[name].cjs", "cjs"),
  ...threads.map((path) => bundle(join(persistence, path), join(dirname(path), `${basename(path, ".ts")}.js`))),
];
