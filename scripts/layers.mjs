// The layer diagram of ARCHITECTURE.md as data. Everything that enforces it (dependency-cruiser, eslint, the manifests' test)
// reads this table, so that a layer is added or moved in one place.

/**
 * Layers from the bottom up. `uses`: the only workspace packages that a layer may import. `pure`: runs in a browser too, so no
 * Node builtin, no Buffer, no clock and no randomness of its own.
 *
 * @type {Record<string, { folder: string, uses: string[], pure: boolean }>}
 */
export const layers = {
  "@sider/command-spec": { folder: "packages/command-spec", uses: [], pure: true },
  "@sider/resp-protocol": { folder: "packages/resp-protocol", uses: [], pure: true },
  "@sider/datastructures": { folder: "packages/datastructures", uses: [], pure: true },
  "@sider/keyspace-engine": { folder: "packages/keyspace-engine", uses: ["@sider/datastructures"], pure: true },
  "@sider/persistence": {
    folder: "packages/persistence",
    uses: ["@sider/datastructures", "@sider/keyspace-engine"],
    pure: false,
  },
  "@sider/server": {
    folder: "packages/server",
    uses: [
      "@sider/command-spec",
      "@sider/resp-protocol",
      "@sider/datastructures",
      "@sider/keyspace-engine",
      "@sider/persistence",
    ],
    pure: false,
  },
  "@sider/cli": { folder: "packages/cli", uses: ["@sider/command-spec", "@sider/resp-protocol"], pure: false },
  "@sider/sider-server": { folder: "apps/server", uses: ["@sider/server"], pure: false },
};

/** Files beside the source that are not shipped, and so may use what the tools and Node offer. */
export const notShipped = String.raw`\.(test|fuzz|bench)\.ts$|/(testing|comparison)/|/bench/|/(vitest|rolldown)\.config\.[jt]s$`;

/** Folders of the layers that must run without Node. */
export const pureFolders = Object.values(layers)
  .filter((layer) => layer.pure)
  .map((layer) => layer.folder);
