/** The manifest as a file: read with Redis's lines about what is wrong with it, and replaced as a whole. */

import { join } from "node:path";
import { closeQuietly, syncDirectory, writeAll } from "../file-steps.ts";
import { errorReason, type FileSystem } from "../file-system.ts";
import { readWholeFile } from "../whole-file.ts";
import { type AofLogger, refuse } from "./aof-format.ts";
import {
  type AofManifest,
  formatManifest,
  ManifestError,
  manifestName,
  parseManifest,
  temporaryManifestName,
} from "./manifest.ts";

/** More is no manifest. */
const MAX_MANIFEST_BYTES = 64 * 1024 * 1024;

/** `unsure`: the new manifest is there, but whether a power cut leaves it or the one before is not known. */
export type Persisted = "done" | "failed" | "unsure";

/** Reads a manifest. @throws AofError, which has been logged as Redis does */
export function readManifest(fileSystem: FileSystem, path: string, logger: AofLogger): AofManifest {
  let bytes: Uint8Array;
  try {
    bytes = readWholeFile(fileSystem, path, MAX_MANIFEST_BYTES);
  } catch (error) {
    const line = `Fatal error: can't open the AOF manifest file ${path} for reading: ${errorReason(error)}`;
    return refuse(logger, "io", line, error);
  }
  try {
    return parseManifest(bytes);
  } catch (error) {
    if (!(error instanceof ManifestError)) throw error;
    logger.warning("\n*** FATAL AOF MANIFEST FILE ERROR ***\n");
    if (error.line !== "") {
      logger.warning(`Reading the manifest file, at line ${String(error.lineNumber)}\n`);
      logger.warning(`>>> '${error.line}'\n`);
    }
    return refuse(logger, "manifest", `${error.message}\n`, error);
  }
}

/** Writes the manifest beside the old one and gives it its name: whatever fails, and is logged, one of the two is whole. */
export function replaceManifest(
  fileSystem: FileSystem,
  directory: string,
  fileName: string,
  manifest: AofManifest,
  logger: AofLogger,
): Persisted {
  const name = manifestName(fileName);
  const temporary = temporaryManifestName(fileName);
  const path = join(directory, temporary);
  let step = `Can't open the AOF manifest file ${temporary}`;
  let descriptor: number | null = null;
  let renamed = false;
  try {
    descriptor = fileSystem.open(path, "w");
    step = `Error trying to write the temporary AOF manifest file ${temporary}`;
    const bytes = formatManifest(manifest);
    writeAll(fileSystem, descriptor, bytes, 0, bytes.length);
    step = `Fail to fsync the temp AOF file ${temporary}`;
    fileSystem.fsync(descriptor);
    step = `Error trying to rename the temporary AOF manifest file ${temporary} into ${name}`;
    fileSystem.rename(path, join(directory, name));
    renamed = true;
    step = `Fail to fsync AOF directory ${directory}`;
    syncDirectory(fileSystem, directory);
    return "done";
  } catch (error) {
    logger.warning(`${step}: ${errorReason(error)}`);
    return renamed ? "unsure" : "failed";
  } finally {
    if (descriptor !== null) closeQuietly(fileSystem, descriptor);
  }
}
