/** The command line of bench:peers. */
import { parseArgs } from "node:util";

import type { PeerKind } from "../support/server.ts";
import { type TestName, testNames } from "./redis-benchmark.ts";

export interface BenchOptions {
  /** Rounds per cell; the median counts. */
  rounds: number;
  depths: number[];
  tests: TestName[];
  valueBytes: number[];
  keys: number;
  /** Requests per run; null picks by depth and value size, so that a run lasts one to two seconds. */
  requests: number | null;
  quick: boolean;
  jsonFile: string | null;
  /** What to put beside redis-server: Sider, or redis-server again, which shows the noise of the machine. */
  subject: PeerKind;
  /** Different elements of the tests on one key; 0: always the same one, as redis-benchmark does without -r. */
  keyspace: number;
  /** What to measure: throughput, how cost grows with a value, how much memory values take, what durability costs, messages, or hits. */
  mode: "throughput" | "growth" | "sizes" | "persistence" | "loads" | "deliveries" | "hit-rates";
  /** False leaves out the start, idle and memory measurements. */
  footprint: boolean;
}

export const usage = `npm run bench:peers -- [options]

  --rounds N            rounds per test; the median counts (5; --quick: 1)
  --depths 1,16,100     pipeline depths
  --tests SET,GET,...   of ${testNames.join(",")}
  --value-bytes 16,...  value sizes (16,1024,65536); above the first only SET and GET run
  --keys N              random keys (1000000; with --persistence and --loads: 2000000)
  --keyspace N          different elements for the tests on one key (0: always the same one)
  --growth              instead: CPU per request with 10 k and 1 M elements in one key
  --sizes               instead: memory of large values
  --loads               instead: the start with a dump file, by kind of data
  --persistence         instead: background saves under load, and the append-only file with each policy
  --deliveries          instead: messages to a thousand subscribers
  --hit-rates           instead: both as caches of a Zipf trace, by eviction policy
  --requests N          requests per run (by depth and size: a run of one to two seconds)
  --no-footprint        without start time, idle RSS and memory per key
  --quick               a tenth of the requests, one round, 16-byte values: a look, not a measurement
  --json FILE           writes every figure of every round too
  --subject redis       redis-server against itself: the noise of this machine`;

/** Reads the options; throws with a readable message on a bad one. */
export function parseOptions(args: string[]): BenchOptions {
  const { values } = parseArgs({
    args: args.filter((argument) => argument !== "--"),
    options: {
      rounds: { type: "string" },
      depths: { type: "string", default: "1,16,100" },
      tests: { type: "string", default: testNames.join(",") },
      "value-bytes": { type: "string" },
      keys: { type: "string" },
      requests: { type: "string" },
      keyspace: { type: "string", default: "0" },
      growth: { type: "boolean", default: false },
      sizes: { type: "boolean", default: false },
      persistence: { type: "boolean", default: false },
      loads: { type: "boolean", default: false },
      deliveries: { type: "boolean", default: false },
      "hit-rates": { type: "boolean", default: false },
      quick: { type: "boolean", default: false },
      json: { type: "string" },
      subject: { type: "string", default: "sider" },
      "no-footprint": { type: "boolean", default: false },
      help: { type: "boolean", default: false },
    },
  });
  if (values.help) {
    console.log(usage);
    process.exit(0);
  }
  return {
    rounds: positive("rounds", values.rounds ?? (values.quick ? "1" : "5")),
    depths: values.depths.split(",").map((depth) => positive("depths", depth)),
    tests: values.tests.split(",").map(testName),
    valueBytes: (values["value-bytes"] ?? (values.quick ? "16" : "16,1024,65536"))
      .split(",")
      .map((n) => positive("value-bytes", n)),
    keys: positive("keys", values.keys ?? (values.persistence || values.loads ? "2000000" : "1000000")),
    requests: values.requests === undefined ? null : positive("requests", values.requests),
    keyspace: Number(values.keyspace),
    mode: modeOf(values),
    quick: values.quick,
    jsonFile: values.json ?? null,
    subject: values.subject === "redis" ? "redis" : "sider",
    footprint: !values["no-footprint"],
  };
}

function modeOf(values: {
  growth: boolean;
  sizes: boolean;
  loads: boolean;
  deliveries: boolean;
  persistence: boolean;
  "hit-rates": boolean;
}): BenchOptions["mode"] {
  if (values.growth) return "growth";
  if (values.sizes) return "sizes";
  if (values.loads) return "loads";
  if (values.deliveries) return "deliveries";
  if (values["hit-rates"]) return "hit-rates";
  return values.persistence ? "persistence" : "throughput";
}

function positive(name: string, text: string): number {
  const value = Number(text);
  if (!Number.isSafeInteger(value) || value < 1) throw new Error(`--${name}: "${text}" is not a positive integer`);
  return value;
}

function testName(text: string): TestName {
  const name = testNames.find((candidate) => candidate === text.toUpperCase());
  if (name === undefined) throw new Error(`--tests: "${text}" is not one of ${testNames.join(",")}`);
  return name;
}
