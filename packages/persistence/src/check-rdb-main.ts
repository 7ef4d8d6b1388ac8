/** The program that bin/sider-check-rdb.js runs. Writes wait until all is written: a report may be piped into something slow. */
import { readFileSync, writeSync } from "node:fs";
import process from "node:process";
import { runCheckRdb } from "./check-rdb-program.ts";

const STANDARD_OUTPUT = 1;
const STANDARD_ERROR = 2;
/** The reader of our output has gone: the exit code of a program that SIGPIPE has killed. */
const BROKEN_PIPE_EXIT_CODE = 141;
const RETRY_MS = 5;

const pause = new Int32Array(new SharedArrayBuffer(4));

function write(descriptor: number, text: string): void {
  const bytes = Buffer.from(text);
  for (let at = 0; at < bytes.length;) {
    try {
      at += writeSync(descriptor, bytes, at);
    } catch (error) {
      const code = error instanceof Error && "code" in error ? error.code : "";
      if (code === "EPIPE") process.exit(BROKEN_PIPE_EXIT_CODE);
      if (code !== "EAGAIN") throw error;
      Atomics.wait(pause, 0, 0, RETRY_MS);
    }
  }
}

const { version } = JSON.parse(readFileSync(new URL("../package.json", import.meta.url), "utf8")) as {
  version: string;
};

process.exitCode = await runCheckRdb(process.argv.slice(2), {
  version,
  writeOutput: (text) => {
    write(STANDARD_OUTPUT, text);
  },
  writeError: (text) => {
    write(STANDARD_ERROR, text);
  },
  progressColumns: process.stderr.isTTY ? process.stderr.columns : 0,
});
