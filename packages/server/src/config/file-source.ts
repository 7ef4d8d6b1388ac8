/**
 * Configuration text from the file system, and folders for `dir`: the only part of the configuration that touches files.
 */
import { readdirSync, readFileSync, statSync } from "node:fs";
import { join, resolve } from "node:path";
import { textOfBytes } from "../dispatch/utf8.ts";
import type { ConfigurationSource } from "./load.ts";
import { ConfigurationError } from "./value-types.ts";

/** Files of this machine; relative paths start at the process's working directory. */
export const fileSource: ConfigurationSource = {
  absolutePath: (path) => resolve(path),
  readText(path) {
    try {
      return textOfBytes(readFileSync(path));
    } catch (error) {
      throw new Error(systemReason(error), { cause: error });
    }
  },
  expand(pattern) {
    const segments = pattern.split("/");
    const absolute = segments[0] === "";
    return expandSegments(absolute ? "/" : "", absolute ? segments.slice(1) : segments);
  },
};

/** The absolute path of a folder that exists. Throws `ConfigurationError` with the system's reason. For `ConfigurationOptions`. */
export function resolveExistingDirectory(path: string, currentDirectory: string): string {
  const absolute = resolve(currentDirectory, path);
  try {
    if (path !== "" && statSync(absolute).isDirectory()) return absolute;
  } catch (error) {
    throw new ConfigurationError(systemReason(error), { cause: error });
  }
  throw new ConfigurationError(path === "" ? "No such file or directory" : "Not a directory");
}

function expandSegments(base: string, segments: readonly string[]): string[] {
  const [segment = "", ...rest] = segments;
  const names = /[*?[]/.test(segment) ? matchingNames(base, segment) : [segment];
  const paths = names.map((name) => join(base, name));
  if (rest.length === 0) return paths.filter((path) => statSync(path, { throwIfNoEntry: false }) !== undefined);
  return paths.flatMap((path) => expandSegments(path, rest));
}

function matchingNames(folder: string, pattern: string): string[] {
  const expression = new RegExp(`^${shellPatternSource(pattern)}$`, "s");
  try {
    const names = readdirSync(folder === "" ? "." : folder).sort();
    return names.filter((name) => expression.test(name) && (pattern.startsWith(".") || !name.startsWith(".")));
  } catch {
    return []; // a folder that cannot be listed has no matches
  }
}

function shellPatternSource(pattern: string): string {
  return pattern.replace(/\[!?[^\]]*\]|[\s\S]/g, (part) => {
    if (part === "*") return ".*";
    if (part === "?") return ".";
    if (part.length > 1) return part.replace("[!", "[^").replace(/\\/g, "\\\\");
    return part.replace(/[\\^$.+()[\]{}|]/, "\\$&");
  });
}

const REASONS: Readonly<Record<string, string>> = {
  ENOENT: "No such file or directory",
  EACCES: "Permission denied",
  EISDIR: "Is a directory",
  ENOTDIR: "Not a directory",
  EMFILE: "Too many open files",
  ELOOP: "Too many levels of symbolic links",
  ENAMETOOLONG: "File name too long",
  ENOSPC: "No space left on device",
  EROFS: "Read-only file system",
  EPERM: "Operation not permitted",
  EBUSY: "Device or resource busy",
};

/** The system's words for an error of a file. */
export function systemReason(error: unknown): string {
  const code = error instanceof Error && "code" in error ? String(error.code) : "";
  return REASONS[code] ?? (error instanceof Error ? error.message : String(error));
}
