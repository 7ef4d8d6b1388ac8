/** What the append-only file costs, beside redis-server: throughput and CPU of a few commands with each policy, and without. */
import { RawConnection } from "../support/connection.ts";
import { cpuMicroseconds } from "../support/processes.ts";
import { type PeerKind, type RunningServer, startServer } from "../support/server.ts";
import { renderTable } from "../support/table.ts";
import { runRedisBenchmark, type TestName } from "./redis-benchmark.ts";
import { median } from "./rounds.ts";

const depths = [1, 16];
const policies = ["off", "no", "everysec", "always"] as const;
const tests: readonly TestName[] = ["SET", "LPUSH", "HSET"];
const valueBytes = 16;
const warmUpRequests = 50_000;
const keys = 100_000;

export interface AppendOnlyOptions {
  subject: PeerKind;
  /** Requests of a run at depth 16 without fsync; less at depth 1 and with `always`. */
  requests: number;
  rounds: number;
}

interface Run {
  requestsPerSecond: number;
  cpuUs: number;
  p99Ms: number;
}

/** Prints the table. */
export async function measureAppendOnly({ subject, requests, rounds }: AppendOnlyOptions): Promise<void> {
  const rows: string[][] = [];
  for (const policy of policies) {
    const servers = [await start("redis", policy), await start(subject, policy)];
    try {
      for (const [test, depth] of tests.flatMap((name) => depths.map((of) => [name, of] as const))) {
        const count = Math.ceil(requests / (depth === 1 ? 5 : 1) / (policy === "always" ? 10 : 1));
        rows.push([policy, test, String(depth), ...(await compare(servers, test, depth, count, rounds))]);
        console.error(rows.at(-1)?.join("  "));
      }
    } finally {
      for (const server of servers) await server.stop("SIGKILL");
    }
  }
  const heading = [
    "appendfsync",
    "test",
    "depth",
    "redis req/s",
    `${subject} req/s`,
    "ratio",
    "redis us",
    `${subject} us`,
  ];
  console.log(`\n50 connections, ${valueBytes}-byte values; CPU is user+sys of the server process per request\n`);
  console.log(renderTable([...heading, "ratio", "redis p99", `${subject} p99`], rows));
}

function start(kind: PeerKind, policy: (typeof policies)[number]): Promise<RunningServer> {
  const rewrites = ["--auto-aof-rewrite-percentage", "0"];
  const args = policy === "off" ? [] : ["--appendonly", "yes", "--appendfsync", policy, ...rewrites];
  return startServer({ kind, args });
}

async function compare(
  servers: readonly RunningServer[],
  test: TestName,
  depth: number,
  requests: number,
  rounds: number,
): Promise<string[]> {
  const runs: Run[][] = servers.map(() => []);
  for (const server of servers) await warmUp(server, test);
  for (let round = 0; round < rounds; round++) {
    const order = round % 2 === 0 ? [0, 1] : [1, 0];
    for (const at of order) {
      const server = servers[at];
      if (server !== undefined) runs[at]?.push(await measureRun(server, test, depth, requests));
    }
  }
  const both = (figure: keyof Run): [number, number] => [
    median((runs[0] ?? []).map((run) => run[figure])),
    median((runs[1] ?? []).map((run) => run[figure])),
  ];
  const [theirRate, ourRate] = both("requestsPerSecond");
  const [theirCpu, ourCpu] = both("cpuUs");
  return [
    ...[theirRate, ourRate].map((rate) => rate.toFixed(0)),
    `${(ourRate / theirRate).toFixed(2)}x`,
    ...[theirCpu, ourCpu].map((us) => us.toFixed(2)),
    `${(ourCpu / theirCpu).toFixed(2)}x`,
    ...both("p99Ms").map((ms) => ms.toFixed(3)),
  ];
}

/** Enough for what compiles as it runs. With `always` it would take minutes, and a few requests would be measured cold. */
async function warmUp(server: RunningServer, test: TestName): Promise<void> {
  const connection = await RawConnection.open(server.port);
  const policy = (await connection.callText("CONFIG", "GET", "appendfsync")).split("\r\n")[4] ?? "";
  await connection.call("CONFIG", "SET", "appendfsync", "no");
  for (const depth of depths) await measureRun(server, test, depth, warmUpRequests);
  await connection.call("CONFIG", "SET", "appendfsync", policy);
  connection.close();
}

async function measureRun(server: RunningServer, test: TestName, depth: number, requests: number): Promise<Run> {
  const before = cpuMicroseconds(server.pid);
  const figures = await runRedisBenchmark({ port: server.port, test, depth, requests, valueBytes, keys });
  return { ...figures, cpuUs: (cpuMicroseconds(server.pid) - before) / requests };
}
