/** Where things are in this checkout, found from this file wherever it was built to. */
import { existsSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

/** The folder that holds pnpm-workspace.yaml: the root of the checkout. */
export const repositoryRoot: string = findRepositoryRoot(dirname(fileURLToPath(import.meta.url)));

/** The built server program. */
export const siderServerProgram: string = join(repositoryRoot, "apps", "server", "dist", "main.js");

function findRepositoryRoot(start: string): string {
  for (let folder = start; ; folder = dirname(folder)) {
    if (existsSync(join(folder, "pnpm-workspace.yaml"))) return folder;
    if (folder === dirname(folder)) throw new Error(`no pnpm-workspace.yaml above ${start}`);
  }
}
