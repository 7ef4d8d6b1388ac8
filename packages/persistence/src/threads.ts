/**
 * Threads of this package. A thread that imports its modules opens dozens of files at once, and a server among as many clients as it may
 * have has few descriptors left: so a thread requires them, which reads one file after the other.
 */
import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { Worker, type WorkerOptions } from "node:worker_threads";

/**
 * Starts a module of this package as a thread.
 * @param path of the built module, from the folder that this one is in
 */
export function startThread(path: string, options: WorkerOptions): Worker {
  const code = `require(${JSON.stringify(fileURLToPath(builtModule(path)))})`;
  return new Worker(code, { ...options, eval: true, execArgv: ["--disable-warning=ExperimentalWarning"] });
}

/** The built module, also where this one runs from its source, as in tests. */
function builtModule(path: string): URL {
  const beside = new URL(path, import.meta.url);
  return existsSync(fileURLToPath(beside)) ? beside : new URL(`../dist/${path}`, import.meta.url);
}
