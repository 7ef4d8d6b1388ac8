/** What sider-cli does instead of a command or the prompt: a file for each mode, loaded when it is asked for. */
import type { Mode } from "../options/options.ts";
import type { RunMode } from "./mode-context.ts";

const LOADERS: Readonly<Record<Mode, () => Promise<RunMode>>> = {
  cluster: async () => (await import("./cluster.ts")).runCluster,
  "intrinsic-latency": async () => (await import("./intrinsic-latency.ts")).runIntrinsicLatency,
  latency: async () => (await import("./latency.ts")).runLatency,
  "latency-dist": async () => (await import("./latency-dist.ts")).runLatencyDist,
  "lru-test": async () => (await import("./lru-test.ts")).runLruTest,
  stat: async () => (await import("./stat.ts")).runStat,
  eval: async () => (await import("./eval.ts")).runEval,
  replica: async () => (await import("./replica.ts")).runReplica,
  rdb: async () => (await import("./rdb.ts")).runRdb,
  pipe: async () => (await import("./pipe.ts")).runPipe,
  scan: async () => (await import("./scan.ts")).runScan,
  bigkeys: async () => (await import("./big-keys.ts")).runBigKeys,
  memkeys: async () => (await import("./big-keys.ts")).runMemoryKeys,
  hotkeys: async () => (await import("./hot-keys.ts")).runHotKeys,
};

/** The function of a mode. */
export function loadMode(mode: Mode): Promise<RunMode> {
  return LOADERS[mode]();
}
