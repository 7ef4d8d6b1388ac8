// The layers of ARCHITECTURE.md, enforced on the imports as written. The diagram itself is scripts/layers.mjs.

import { layers, notShipped, pureFolders } from "./scripts/layers.mjs";

/** A layer may import, of the workspace, what stands under it in the diagram. */
const downwardsOnly = Object.entries(layers).map(([name, { folder, uses }]) => ({
  name: `layer ${folder}`,
  comment: `${name} may import ${uses.length > 0 ? `only ${uses.join(", ")}` : "no other package"}. Move the code to a layer above, or let the caller pass in what it needs.`,
  severity: "error",
  from: { path: `^${folder}/` },
  to: {
    path: "^(packages|apps|tests)/",
    pathNot: [folder, ...uses.map((used) => layers[used].folder)].map((allowed) => `^${allowed}/`),
  },
}));

/** @type {import("dependency-cruiser").IConfiguration} */
export default {
  forbidden: [
    ...downwardsOnly,
    {
      name: "no cycles",
      // A handler names the type of the context, which names the type of the server, which holds the handlers: types may go round.
      comment: "Files that import each other are one idea, or hide a third: move what both need to a file of its own.",
      severity: "error",
      from: {},
      to: { circular: true, viaOnly: { dependencyTypesNot: ["type-only"] } },
    },
    {
      name: "no deep imports",
      comment: "Import a package by its name: its files are private to it.",
      severity: "error",
      from: { path: "^((packages|apps)/[^/]+|tests|scripts)/" },
      to: {
        path: "^((packages|apps)/[^/]+|tests)/",
        pathNot: "^$1/",
        dependencyTypes: ["local"],
      },
    },
    {
      name: "no deep imports by name",
      comment: "Import a package by its name alone, as its `exports` offers it: its files are private to it.",
      severity: "error",
      from: {},
      to: { path: "^@sider/[^/]+/", couldNotResolve: true },
    },
    {
      name: "only declared imports",
      comment: "Add the package to this package's own package.json, if the layer diagram allows it.",
      severity: "error",
      from: { pathNot: "/bin/" }, // these import what the build makes
      to: { pathNot: "^@sider/[^/]+/", couldNotResolve: true },
    },
    {
      name: "no import beyond the manifest",
      comment: "Add the package to the dependencies of this package's own package.json.",
      severity: "error",
      from: { path: "^(packages|apps)/", pathNot: notShipped },
      to: { dependencyTypes: ["npm-no-pkg", "npm-unknown", "npm-dev"] },
    },
    {
      name: "pure layers without Node",
      comment:
        "This layer runs in a browser too: take files, sockets, the clock and randomness from the caller, or move the code to persistence, server, cli or apps.",
      severity: "error",
      from: { path: `^(${pureFolders.join("|")})/src/`, pathNot: notShipped },
      to: { dependencyTypes: ["core"] },
    },
    {
      name: "shipped code without test code",
      comment: "Tests, fuzzers, benches and what is under testing/ and comparison/ are not shipped.",
      severity: "error",
      from: { path: "^(packages|apps)/", pathNot: notShipped },
      to: { path: notShipped },
    },
  ],
  options: {
    doNotFollow: { path: ["node_modules", "/dist/"] },
    exclude: { path: ["^[^/]+/[^/]+/dist/.*\\.d\\.ts$"] },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: "tsconfig.base.json" },
    enhancedResolveOptions: {
      exportsFields: ["exports"],
      conditionNames: ["import", "node", "default"],
      mainFields: ["main"],
      extensions: [".ts", ".js", ".mjs", ".json"],
    },
  },
};
