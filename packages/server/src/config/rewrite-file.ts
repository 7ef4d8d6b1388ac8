/** CONFIG REWRITE on the disk: the new text takes the file's place as a whole, or the old one stays. */
import { closeSync, fsyncSync, openSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import type { Configuration } from "./configuration.ts";
import { systemReason } from "./file-source.ts";
import { type RewriteOptions, rewriteText } from "./rewrite.ts";

/** Less what the umask takes. */
const PERMISSIONS = 0o644;

/** Writes the values into the file; one that is not there is made. Throws an Error whose message is the system's reason. */
export function rewriteFile(path: string, configuration: Configuration, options: RewriteOptions = {}): void {
  try {
    replaceFile(path, rewriteText(readIfThere(path), configuration, options));
  } catch (error) {
    throw new Error(systemReason(error), { cause: error });
  }
}

function readIfThere(path: string): string {
  try {
    return readFileSync(path, "latin1");
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return "";
    throw error;
  }
}

function replaceFile(path: string, text: string): void {
  const temporary = `${path}.${String(process.pid)}`;
  try {
    rmSync(temporary, { force: true });
    writeFileSync(temporary, text, { encoding: "latin1", mode: PERMISSIONS, flush: true });
    renameSync(temporary, path);
  } catch (error) {
    rmSync(temporary, { force: true });
    throw error;
  }
  syncFolder(dirname(path));
}

/** Makes the new name durable. */
function syncFolder(path: string): void {
  const descriptor = openSync(path, "r");
  try {
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
}
