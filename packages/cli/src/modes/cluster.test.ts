/** --cluster beside redis-cli, at two masters and a replica. */
import { spawn } from "node:child_process";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { startCluster, type Cluster } from "../testing/cluster.ts";
import { freePort, redisCliPresent, runRedisCli, startRedis, type Redis } from "../testing/redis.ts";
import { bulk, startResponder } from "../testing/responder.ts";
import { runCli, type RunOptions } from "../testing/run-cli.ts";

const BIN = join(import.meta.dirname, "../../bin/sider-cli.js");

/** Both programs have the same things to say. */
async function compare(args: readonly string[], options: RunOptions = {}): Promise<string> {
  const [ours, theirs] = [await runCli(args, options), await runRedisCli(args, options)];
  expect(ours).toEqual(theirs);
  return ours.stdout;
}

describe.skipIf(!redisCliPresent())("beside redis-cli", () => {
  let cluster: Cluster;
  let replica: Redis;
  let address: string;
  beforeAll(async () => {
    const busPort = await freePort();
    const settings = ["--cluster-enabled", "yes", "--cluster-port", String(busPort), "--repl-diskless-sync-delay", "0"];
    [cluster, replica] = await Promise.all([startCluster(), startRedis(settings)]);
    address = `127.0.0.1:${cluster.lower.port}`;
    const { client } = cluster.lower;
    await client.call(["CLUSTER", "MEET", "127.0.0.1", String(replica.port), String(busPort)]);
    const masterId = (await client.call(["CLUSTER", "MYID"])) as string;
    await until(async () => (await replica.client.send(["CLUSTER", "REPLICATE", masterId])) === "OK");
    for (const node of [cluster.lower, cluster.upper, replica]) await until(async () => knowsReplica(node));
    for (const key of ["a", "b", "c", "d", "e"])
      await runCli(["-c", "-p", String(cluster.lower.port), "set", key, "value"]);
  });
  afterAll(() => Promise.all([cluster.stop(), replica.stop()]));

  test("info", async () => {
    const output = await compare(["--cluster", "info", address]);
    expect(output).toContain("[OK] 5 keys in 2 masters.");
    expect(await compare(["--cluster", "info", "127.0.0.1", String(cluster.upper.port)])).toContain("| 1 slaves.");
    await compare(["--cluster", "info", `127.0.0.1:${replica.port}`]);
  });

  test("check", async () => {
    const output = await compare(["--cluster", "check", address]);
    expect(output).toContain("1 additional replica(s)");
    expect(output).toContain("[OK] All 16384 slots covered.");
    await compare(["--cluster", "check", `127.0.0.1:${replica.port}`]);
    await compare(["--cluster", "check", `localhost:${cluster.upper.port}`], { env: { TERM: "xterm-256color" } });
  });

  test.each([
    [["ping"]],
    [["get", "a"]],
    [["cluster", "keyslot", "a b"]],
    [["nosuch"]],
    [["config", "get", "maxclients"]],
    [["echo", "two\nlines"]],
  ])("call %s", async (command) => {
    await compare(["--cluster", "call", address, ...command]);
  });

  test("call to masters, to replicas, and with an argument from standard input", async () => {
    const ports = (text: string): string[] => [...text.matchAll(/^127\.0\.0\.1:(\d+)/gm)].map(([, port]) => port);
    expect(ports(await compare(["--cluster", "call", address, "ping", "--cluster-only-masters"]))).toHaveLength(2);
    expect(ports(await compare(["--cluster", "call", address, "ping", "--cluster-only-replicas"]))).toEqual([
      String(replica.port),
    ]);
    await compare(["-x", "--cluster", "call", address, "echo"], { input: "typed\n" });
    await compare(["-X", "tag", "--cluster", "call", address, "echo", "tag"], { input: "typed" });
  });

  test("slots that are open, that have two owners, and that have none", async () => {
    const { lower, upper } = cluster;
    const upperId = (await upper.client.call(["CLUSTER", "MYID"])) as string;
    const lowerId = (await lower.client.call(["CLUSTER", "MYID"])) as string;
    for (const slot of ["0", "7", "123", "5000", "5001", "8000"]) {
      await lower.client.call(["CLUSTER", "SETSLOT", slot, "MIGRATING", upperId]);
      await upper.client.call(["CLUSTER", "SETSLOT", slot, "IMPORTING", lowerId]);
    }
    expect(await compare(["--cluster", "check", address])).toContain("slots in migrating state");
    for (const slot of ["0", "7", "123", "5000", "5001", "8000"]) {
      await lower.client.call(["CLUSTER", "SETSLOT", slot, "STABLE"]);
      await upper.client.call(["CLUSTER", "SETSLOT", slot, "STABLE"]);
    }
    expect(await compare(["--cluster", "check", address, "--cluster-search-multiple-owners"])).toContain(
      "[OK] No multiple owners found.",
    );
    await lower.client.call(["CLUSTER", "DELSLOTS", "8191"]);
    const output = await compare(["--cluster", "check", address]);
    expect(output).toContain("slots:[0-8190] (8191 slots)");
    expect(output).toContain("[ERR] Nodes don't agree about configuration!");
    expect(output).toContain("[ERR] Not all 16384 slots are covered by nodes.");
    await lower.client.call(["CLUSTER", "ADDSLOTS", "8191"]);
  });

  test("a node that wants a password", async () => {
    await cluster.upper.client.call(["CONFIG", "SET", "requirepass", "secret"]);
    await compare(["--cluster", "check", address]);
    await compare(["--cluster", "info", `127.0.0.1:${cluster.upper.port}`, "-a", "wrong", "--no-auth-warning"]);
    await compare(["--cluster", "info", `127.0.0.1:${cluster.upper.port}`]);
    await cluster.upper.client.call(["CONFIG", "SET", "requirepass", ""]);
  });

  test("what is no cluster, and wrong arguments", async () => {
    const single = await startRedis();
    await compare(["--cluster", "check", `127.0.0.1:${single.port}`]);
    await single.stop();
    await compare(["--cluster", "info", `127.0.0.1:${single.port}`]);
    await compare(["--cluster", "info", "nonsense"]);
    await compare(["--cluster", "info"]);
    await compare(["--cluster", "call", address]);
    await compare(["--cluster", "nosuch", address]);
    await compare(["-X", "tag", "--cluster", "call", address, "echo", "other"]);
  });

  test("a node that cannot be reached is left out", async () => {
    const nodes = (await cluster.lower.client.call(["CLUSTER", "NODES"])) as string;
    const gone = await freePort();
    const reply = nodes.replace(`:${replica.port}@`, `:${gone}@`);
    const server = await startResponder((input) => {
      if (/INFO/.test(input)) return bulk("cluster_enabled:1\r\n");
      return /NODES/.test(input) ? bulk(reply) : ":7\r\n";
    });
    await compare(["--cluster", "info", `127.0.0.1:${server.port}`]);
    await server.stop();
  });
});

test("what changes a cluster is not available", async () => {
  for (const args of [
    ["create", "127.0.0.1:1", "127.0.0.1:2", "--cluster-replicas", "1", "--cluster-yes"],
    ["rebalance", "127.0.0.1:1", "--cluster-weight", "a=1", "b=2", "--cluster-use-empty-masters"],
    ["del-node", "127.0.0.1:1", "abc"],
  ]) {
    const { code, stdout, stderr } = await runCli(["--cluster", ...args]);
    expect({ code, stdout }).toEqual({ code: 1, stdout: "" });
    expect(stderr).toBe(`[ERR] --cluster ${args[0]} is not available in sider-cli (info, check and call are)\n`);
  }
});

test("help lists all subcommands", async () => {
  const { code, stdout } = await runCli(["--cluster", "help"]);
  expect(code).toBe(1);
  for (const name of ["info", "check", "call", "create", "fix", "reshard", "backup"])
    expect(stdout).toContain(`  ${name} `);
});

test("a node that talks nonsense", async () => {
  const server = await startResponder((input) =>
    /INFO/.test(input) ? bulk("cluster_enabled:1\r\n") : bulk("nonsense\n"),
  );
  const { code, stderr } = await runCli(["--cluster", "check", `127.0.0.1:${server.port}`]);
  expect({ code, stderr }).toEqual({ code: 1, stderr: "Error: invalid CLUSTER NODES reply\n" });
  await server.stop();
});

test("the program ends where a node is no use", async () => {
  const server = await startResponder(() => bulk("cluster_enabled:0\r\n"));
  const args = [BIN, "--cluster", "info", `127.0.0.1:${server.port}`];
  const child = spawn(process.execPath, args, { stdio: "ignore", timeout: 10_000 });
  const code = await new Promise((resolve) => child.once("exit", resolve));
  expect(code).toBe(1);
  await server.stop();
});

async function knowsReplica({ client }: Redis): Promise<boolean> {
  const nodes = (await client.call(["CLUSTER", "NODES"])) as string;
  return nodes.includes("slave") && nodes.trim().split("\n").length === 3 && !/handshake|disconnected/.test(nodes);
}

async function until(isSo: () => Promise<boolean>): Promise<void> {
  for (let tries = 0; tries < 500; tries++) {
    if (await isSo()) return;
    await sleep(20);
  }
  throw new Error("The cluster does not become what it is to be");
}
