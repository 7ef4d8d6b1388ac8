/** A folder for what a test writes. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach } from "vitest";

/** To be called at the top of a file or of a `describe`: an empty folder for each test, removed after it; read `.path` inside tests. */
export function useDirectory(): { readonly path: string } {
  const directory = { path: "" };
  beforeEach(() => {
    directory.path = mkdtempSync(join(tmpdir(), "sider-test-"));
  });
  afterEach(() => {
    rmSync(directory.path, { recursive: true, force: true });
  });
  return directory;
}
