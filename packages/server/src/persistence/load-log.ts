/** Log lines about a dump while it is loaded. */
import type { LoadNotes } from "@sider/persistence";
import type { Logger } from "../log/index.ts";

const BYTES_A_MEGABYTE = 2 ** 20;

/** Notes that go to the log, in Redis's words where tools look for them. `nowMs` is Unix time. */
export function loadLog(log: Logger, nowMs: number): LoadNotes {
  return {
    fact(name, value) {
      if (name === "redis-ver") log.notice(`Loading RDB produced by version ${value}`);
      if (name === "ctime")
        log.notice(`RDB age ${String(Math.max(0, Math.floor(nowMs / 1000) - Number(value)))} seconds`);
      if (name === "used-mem") {
        log.notice(`RDB memory usage when created ${(Number(value) / BYTES_A_MEGABYTE).toFixed(2)} Mb`);
      }
    },
    leftOut(what) {
      log.warning(`Left out while loading the RDB file: ${what}`);
    },
  };
}
