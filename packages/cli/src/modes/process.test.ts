/** Modes as processes: real files, pipes and devices as their streams, beside redis-cli. */
import { spawn } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { AUTHORITY, SERVER_CERTIFICATE, SERVER_KEY } from "../testing/certificates.ts";
import { freePort, redisCliPresent, startRedis, type Redis } from "../testing/redis.ts";
import { builtCli, runShell } from "../testing/shell.ts";

const PING = "*1\\r\\n$4\\r\\nPING\\r\\n";
const KEYS = 200_000;
/** Node itself takes some 50 MB; all names together are 20 MB. */
const MOST_KILOBYTES = 110_000;

describe.skipIf(!redisCliPresent())("modes as processes", () => {
  let redis: Redis;
  let tlsPort: number;
  const folder = mkdtempSync(join(tmpdir(), "sider-modes-"));

  beforeAll(async () => {
    const file = (name: string, text: string): string => {
      writeFileSync(join(folder, name), text);
      return join(folder, name);
    };
    tlsPort = await freePort();
    const certificate = [
      "--tls-cert-file",
      file("server.crt", SERVER_CERTIFICATE),
      "--tls-key-file",
      file("key", SERVER_KEY),
    ];
    const tls = [
      "--tls-port",
      String(tlsPort),
      "--tls-auth-clients",
      "no",
      "--tls-ca-cert-file",
      file("ca.crt", AUTHORITY),
    ];
    redis = await startRedis([...tls, ...certificate, "--repl-diskless-sync-delay", "0"]);
    await redis.client.send(["DEBUG", "POPULATE", String(KEYS), "key-with-a-name-that-is-not-short-at-all", "1"]);
  });
  afterAll(async () => {
    await redis.stop();
    rmSync(folder, { recursive: true });
  });

  /** Runs a line in which $p stands for the port, and $tls for the one of TLS. */
  async function compare(line: string): Promise<void> {
    const options = `p="-p ${redis.port}"; tls="-p ${tlsPort} --tls --cacert ${folder}/ca.crt"`;
    const run = (program: string): ReturnType<typeof runShell> => runShell(`${options}; ${line}`, program);
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
    ["requests over TLS", `printf '${PING}${PING}' | cli $tls --pipe`],
    ["keys over TLS", "cli $tls --scan | cksum"],
    ["a dump over TLS", "cli $tls --rdb - 2> /dev/null | head -c 9; echo ${PIPESTATUS[0]}"],
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
