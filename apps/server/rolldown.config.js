// How the program is built: what it runs of all packages in one file, and each thread in one.
//
//     dist/main.js                   sets options of V8, then runs program.cjs
//     dist/program.cjs               the program and what it uses of the packages, from their sources
//     dist/<folder>/<x>-worker.js    threads, where `startThread` looks for them: in folders beside the module that starts them

import { readdirSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { bundle } from "../../scripts/bundle.mjs";
import { layers } from "../../scripts/layers.mjs";

const folder = join(import.meta.dirname, "dist");
const persistence = join(import.meta.dirname, "..", "..", layers["@sider/persistence"].folder, "src");
const threads = readdirSync(persistence, { recursive: true }).filter((path) => path.endsWith("-worker.ts"));

export default [
  bundle({ main: "src/main.ts", index: "src/index.ts" }, { folder }),
  bundle({ program: "src/program.ts" }, { folder, fileNames: "[name].cjs", format: "cjs" }),
  ...threads.map((path) =>
    bundle(join(persistence, path), { folder, fileNames: join(dirname(path), `${basename(path, ".ts")}.js`) }),
  ),
];
