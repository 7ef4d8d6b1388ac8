import type * as childProcessModule from "node:child_process";

/** `node:child_process`, loaded only by who starts a program: it takes 3 ms and 2 MB, and most servers never do. */
export function childProcess(): typeof childProcessModule {
  return process.getBuiltinModule("node:child_process");
}
