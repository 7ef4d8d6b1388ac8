/** What is remembered and logged about a dump while it is loaded. */
import type { LoadNotes } from "@sider/persistence";
import type { Logger } from "../log/index.ts";

const BYTES_A_MEGABYTE = 2 ** 20;

export interface LoadLog extends LoadNotes {
  /** What the data took in the memory of the server that wrote it; 0 until the dump has said it. */
  usedMemoryBytes: number;
}

/** Notes that go to the log, in Redis's words where tools look for them. `nowMs` is Unix time. */
export function loadLog(log: Logger, nowMs: number): LoadLog {
  return {
    usedMemoryBytes: 0,
    fact(name, value) {
      if (name === "redis-ver") log.notice(`Loading RDB produced by version ${value}`);
      if (name === "ctime")
        log.notice(`RDB age ${String(Math.max(0, Math.floor(nowMs / 1000) - Number(value)))} seconds`);
      if (name === "used-mem") {
        this.usedMemoryBytes = Number(value);
        log.notice(`RDB memory usage when created ${(Number(value) / BYTES_A_MEGABYTE).toFixed(2)} Mb`);
      }
      if (name === "aof-base" && value === "1") log.notice("RDB is base AOF");
    },
    leftOut(what) {
      log.warning(`Left out while loading the RDB file: ${what}`);
    },
  };
}
