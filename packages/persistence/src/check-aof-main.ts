/** The program sider-check-aof. */

import { readSync, writeSync } from "node:fs";
import { checkAof } from "./aof/check-aof.ts";
import { nodeFileSystem } from "./file-system.ts";

const STANDARD_INPUT = 0;
const STANDARD_OUTPUT = 1;

process.exitCode = checkAof(process.argv.slice(2), {
  fileSystem: nodeFileSystem,
  print: (text) => {
    writeSync(STANDARD_OUTPUT, text);
  },
  ask: () => {
    const bytes = new Uint8Array(256);
    try {
      return new TextDecoder().decode(bytes.subarray(0, readSync(STANDARD_INPUT, bytes)));
    } catch {
      return "";
    }
  },
});
