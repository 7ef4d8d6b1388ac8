/** Why a dump could not be written, as a line of the log in Redis's words. */
import { FileError } from "@sider/persistence";
import { dirname } from "node:path";

/** @param path the dump file */
export function describeSaveFailure(error: unknown, path: string): string {
  if (!(error instanceof FileError)) return `Write error saving DB on disk: ${String(error)}`;
  const reason = error.cause instanceof Error ? error.cause.message : error.message;
  const where = `(in server root dir ${dirname(path)})`;
  switch (error.operation) {
    case "create":
      return `Failed opening the temp RDB file ${error.path} ${where} for saving: ${reason}`;
    case "rename to its final name":
      return `Error moving temp DB file ${error.path} on the final destination ${path} ${where}: ${reason}`;
    default:
      return `Write error saving DB on disk(${error.operation}): ${reason}`;
  }
}
