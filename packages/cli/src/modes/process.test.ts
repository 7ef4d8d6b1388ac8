/** Modes as processes: real files, pipes and devices as their streams, beside redis-cli. */
import { spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { redisCliPresent, startRedis, type Redis } from "../testing/redis.ts";
import { builtCli, runShell } from "../testing/shell.ts";

const PING = "*1\\r\\n$4\\r\\nPING\\r\\n";
const KEYS = 300_000;
/** Node itself takes some 50 MB; all names together are 20 MB. */
const MOST_KILOBYTES = 110_000;

describe.skipIf(!redisCliPresent())("modes as processes", () => {
  let redis: Redis;

  beforeAll(async () => {
    redis = await startRedis();
    await redis.client.send(["DEBUG", "POPULATE", String(KEYS), "key-with-a-name-that-is-not-short-at-all", "1"]);
  });
  afterAll(() => redis.stop());

  /** Runs a line in which $p stands for the port. */
  async function compare(line: string): Promise<void> {
    const run = (program: string): ReturnType<typeof runShell> => runShell(`p="-p ${redis.port}"; ${line}`, program);
    const [expected, actual] = await Promise.all([run("redis-cli"), run(builtCli())]);
    expect(actual).toEqual(expected);
  }

  test.each([
    ["requests from a file", `printf '${PING}${PING}' > $$.requests; cli $p --pipe < $$.requests; rm $$.requests`],
    ["requests from a pipe", `printf '${PING}${PING}' | cli $p --pipe`],
    ["requests in pieces", `(printf '*1\\r\\n$4\\r\\nPI'; sleep 0.1; printf 'NG\\r\\n') | cli $p --pipe`],
    ["no requests", "cli $p --pipe < /dev/null"],
    ["a folder instead of requests", "cli $p --pipe < /; echo $?"],
    ["a reader that has enough", "cli $p --scan | head -3; echo ${PIPESTATUS[0]}"],
    ["a reader of a dump that has enough", "cli $p --rdb - 2> /dev/null | head -c 9; echo ${PIPESTATUS[0]}"],
    ["a script and a pipe", "echo ping | cli $p --eval <(echo 'return ARGV[1]') , argument"],
  ])("%s", async (_, line) => {
    await compare(line);
  });

  test("a dump that there is no room for leaves nothing behind", async () => {
    const line = `cd "$(mktemp -d)"; (ulimit -f 10; trap '' XFSZ; cli -p ${redis.port} --rdb dump.rdb; echo $?; ls); rm -r "$PWD"`;
    const { stdout, stderr } = await runShell(line, builtCli());
    expect(stdout).toBe("1\n");
    expect(stderr).toMatch(/\nError writing data to file: File too large\n$/);
  });

  test("--scan takes no more memory for more keys, however slow the reader is", async () => {
    const [file = "", bin = ""] = builtCli().replaceAll("'", "").split(" ");
    const child = spawn(file, [bin, "-p", String(redis.port), "--scan"], { stdio: ["ignore", "pipe", "inherit"] });
    let keys = 0;
    let kilobytes = 0;
    for await (const chunk of child.stdout as AsyncIterable<Uint8Array>) {
      for (const byte of chunk) if (byte === 10) keys++;
      if (keys < KEYS) kilobytes = Math.max(kilobytes, peakKilobytes(child.pid ?? 0));
    }
    expect(keys).toBe(KEYS);
    expect(kilobytes).toBeGreaterThan(0);
    expect(kilobytes).toBeLessThan(MOST_KILOBYTES);
  });
});

/** The most memory that a process has had. Linux only, as these tests are. */
function peakKilobytes(processId: number): number {
  try {
    return Number(/VmHWM:\s+(\d+) kB/.exec(readFileSync(`/proc/${processId}/status`, "utf8"))?.[1] ?? 0);
  } catch {
    return 0;
  }
}
