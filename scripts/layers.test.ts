/**
 * Proves that the layer rules bite: each forbidden import, written into a miniature of the repository (dependency-cruiser) or
 * handed to the linter as the text of a file that does not exist (eslint), fails with the rule that is meant to catch it. And
 * the manifests and project references say what the diagram says.
 */

import { spawnSync } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { ESLint } from "eslint";
import tseslint from "typescript-eslint";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { layers } from "./layers.mjs";

const root = join(import.meta.dirname, "..");

describe("the manifests follow the diagram", () => {
  test.each(Object.entries(layers))("%s", (name, { folder, uses }) => {
    // A program that is bundled needs the packages under it only where it is built.
    type Manifest = { name: string; dependencies?: object; devDependencies?: object };
    const manifest = readJson<Manifest>(`${folder}/package.json`);
    const build = readJson<{ references: { path: string }[] }>(`${folder}/tsconfig.build.json`);
    const declared = { ...manifest.dependencies, ...manifest.devDependencies };
    const dependencies = Object.keys(declared).filter((used) => used.startsWith("@sider/"));
    const references = build.references.map((reference) => dirname(join(folder, reference.path)));
    expect(manifest.name).toBe(name);
    expect(uses).toEqual(expect.arrayContaining(dependencies));
    expect(references.sort()).toEqual(dependencies.map((used) => layers[used]?.folder).sort());
  });
});

/** What is imported, by which layer, and the rule that refuses it; null where the import is fine. */
const imports: [what: string, layer: string, specifier: string, rule: string | null][] = [
  ["an import upwards", "datastructures", "../../keyspace-engine/src/index.ts", "layer packages/datastructures"],
  ["an import sideways", "resp-protocol", "../../datastructures/src/index.ts", "layer packages/resp-protocol"],
  ["a file of another package", "keyspace-engine", "../../datastructures/src/index.ts", "no deep imports"],
  ["such a file by name", "keyspace-engine", "@sider/datastructures/src/index.ts", "no deep imports by name"],
  ["an undeclared package", "datastructures", "@sider/keyspace-engine", "only declared imports"],
  ["a Node builtin in a pure layer", "command-spec", "node:fs", "pure layers without Node"],
  ["a bare Node builtin in a pure layer", "resp-protocol", "net", "pure layers without Node"],
  ["test code in shipped code", "server", "./index.test.ts", "shipped code without test code"],
  ["a cycle", "server", "./circle.ts", "no cycles"],
  ["a declared package below", "keyspace-engine", "@sider/datastructures", null],
  ["a file of its own", "datastructures", "./index.ts", null],
  ["a Node builtin where there is a Node", "persistence", "node:fs", null],
];

describe("dependency-cruiser", () => {
  const miniature = makeMiniature();
  let violations: Violation[] = [];
  beforeAll(() => {
    imports.forEach(([, layer, specifier], i) => {
      writeFileSync(join(miniature, "packages", layer, "src", `probe-${i}.ts`), `import "${specifier}";\n`);
      if (specifier === "./circle.ts") {
        writeFileSync(join(miniature, "packages", layer, "src", "circle.ts"), `import "./probe-${i}.ts";\n`);
      }
    });
    violations = cruise(miniature);
  });
  afterAll(() => rmSync(miniature, { recursive: true, force: true }));

  test.each(imports)("%s, in %s: %s", (_what, layer, specifier, rule) => {
    const probe = imports.findIndex((row) => row[1] === layer && row[2] === specifier);
    const rules = violations
      .filter(({ from, cycle }) =>
        [from, ...(cycle ?? []).map((file) => file.name)].some((file) => file.endsWith(`/probe-${probe}.ts`)),
      )
      .map((violation) => violation.rule.name);
    if (rule === null) expect(rules).toEqual([]);
    else expect(rules).toContain(rule);
  });
});

describe("eslint", () => {
  const eslint = new ESLint({ cwd: root, overrideConfig: tseslint.configs.disableTypeChecked });
  test.each([
    ["a Node builtin", "packages/resp-protocol", `import { readFileSync } from "node:fs";`, /takes files, sockets/],
    ["a bare Node builtin", "packages/command-spec", `import { connect } from "net";`, /takes files, sockets/],
    [
      "Buffer",
      "packages/datastructures",
      `export const size = (b: unknown) => Buffer.isBuffer(b);`,
      /plain Uint8Array/,
    ],
    ["the clock", "packages/keyspace-engine", `export const now = () => Date.now();`, /take the time/],
    ["randomness", "packages/keyspace-engine", `export const dice = () => Math.random();`, /take a seed/],
    ["an enum", "packages/server", `export enum Kind { A }`, /as const/],
  ])("refuses %s and says what to do instead", async (_what, folder, code, advice) => {
    const [result] = await eslint.lintText(code, { filePath: join(root, folder, "src", "probe.ts") });
    expect(result?.messages.map((message) => message.message).join("\n")).toMatch(advice);
  });
});

interface Violation {
  from: string;
  cycle?: { name: string }[];
  rule: { name: string };
}

/** Runs dependency-cruiser with the rules of this repository. It exits with the number of errors that it found. */
function cruise(folder: string): Violation[] {
  const program = join(root, "node_modules/dependency-cruiser/bin/dependency-cruise.mjs");
  const options = ["--config", join(root, ".dependency-cruiser.js"), "--output-type", "json", "packages"];
  const { stdout } = spawnSync(process.execPath, [program, ...options], { cwd: folder, encoding: "utf8" });
  return (JSON.parse(stdout) as { summary: { violations: Violation[] } }).summary.violations;
}

/** The folders, manifests and links between packages of this repository, with empty sources. */
function makeMiniature(): string {
  const miniature = mkdtempSync(join(tmpdir(), "sider-layers-"));
  cpSync(join(root, "tsconfig.base.json"), join(miniature, "tsconfig.base.json"));
  cpSync(join(root, "package.json"), join(miniature, "package.json"));
  for (const { folder, uses } of Object.values(layers)) {
    for (const made of ["src", "dist", "node_modules/@sider"])
      mkdirSync(join(miniature, folder, made), { recursive: true });
    cpSync(join(root, folder, "package.json"), join(miniature, folder, "package.json"));
    for (const file of ["src/index.ts", "src/index.test.ts", "dist/index.js"]) {
      writeFileSync(join(miniature, folder, file), "export {};\n");
    }
    for (const used of uses) {
      symlinkSync(
        join(miniature, layers[used]?.folder ?? ""),
        join(miniature, folder, "node_modules", used),
        "junction",
      );
    }
  }
  return miniature;
}

function readJson<Shape>(path: string): Shape {
  return JSON.parse(readFileSync(join(root, path), "utf8")) as Shape;
}
