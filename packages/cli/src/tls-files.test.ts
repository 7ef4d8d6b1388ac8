/** --tls and its companions at servers that speak TLS, beside redis-cli where that is installed. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import * as certificates from "./testing/certificates.ts";
import { redisCliPresent, runRedisCli } from "./testing/redis.ts";
import { runCli } from "./testing/run-cli.ts";
import { startTlsServer, type TlsServer } from "./testing/tls-server.ts";

const { AUTHORITY, CLIENT_CERTIFICATE, CLIENT_KEY, ELSEWHERE_CERTIFICATE, ELSEWHERE_KEY } = certificates;
const hasRedisCli = redisCliPresent();

let folder: string;
const servers: TlsServer[] = [];

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "sider-cli-"));
  mkdirSync(join(folder, "authorities"));
  const files = {
    ca: AUTHORITY,
    "client.crt": CLIENT_CERTIFICATE,
    "client.key": CLIENT_KEY,
    "elsewhere.key": ELSEWHERE_KEY,
  };
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
  writeFileSync(join(folder, "authorities", "one"), AUTHORITY);
  writeFileSync(join(folder, "authorities", "README"), "no certificate");
  servers.push(
    await startTlsServer(),
    await startTlsServer({ cert: ELSEWHERE_CERTIFICATE, key: ELSEWHERE_KEY }),
    await startTlsServer({ ca: AUTHORITY, requestCert: true, rejectUnauthorized: true, maxVersion: "TLSv1.2" }),
  );
});

afterAll(async () => {
  for (const server of servers) await server.stop();
  rmSync(folder, { recursive: true });
});

/** Options with the names of files of the folder behind @. */
function argumentsOf(server: number, options: string): string[] {
  const words = options.split(" ").map((word) => word.replace(/^@/, `${folder}/`));
  return ["-p", String(servers[server]?.port), ...words, "ping"];
}

describe.each([
  [0, "--tls --cacert @ca"],
  [0, "--tls --insecure"],
  [0, "--tls --cacert @ca --sni localhost"],
  [0, "--tls --cacert @ca --tls-ciphers ECDHE-ECDSA-AES128-GCM-SHA256 --tls-ciphersuites TLS_AES_128_GCM_SHA256"],
  [1, "--tls --cacert @ca"],
  [2, "--tls --cacert @ca --cert @client.crt --key @client.key"],
  [0, "--tls"],
  [0, "--tls --cacert @missing"],
  [0, "--tls --cacert @client.key"],
  [0, "--tls --cacert @ca --cert @missing"],
  [0, "--tls --cacert @ca --cert @client.key"],
  [0, "--tls --cacert @ca --cert @client.crt --key @missing"],
  [0, "--tls --cacert @ca --cert @client.crt --key @elsewhere.key"],
  [0, "--tls --cacert @ca --tls-ciphers nonsense"],
  [0, "--tls --cacert @ca --tls-ciphersuites nonsense"],
  [2, "--tls --cacert @ca"],
])("server %i, %s", (server, options) => {
  test.skipIf(!hasRedisCli)("as redis-cli", async () => {
    const expected = await runRedisCli(argumentsOf(server, options));
    const actual = await runCli(argumentsOf(server, options));
    expect({ code: actual.code, stdout: actual.stdout }).toEqual({ code: expected.code, stdout: expected.stdout });
    // What redis-cli says, which says it twice, and why.
    const [firstLine = ""] = expected.stderr.split("\n");
    expect(actual.stderr.slice(0, firstLine.length)).toBe(firstLine);
  });
});

test("every file of --cacertdir counts", async () => {
  expect(await runCli(argumentsOf(0, "--tls --cacertdir @authorities"))).toEqual({
    code: 0,
    stdout: "PONG\n",
    stderr: "",
  });
  expect(await runCli(argumentsOf(0, "--tls --cacertdir @missing"))).toMatchObject({
    code: 1,
    stderr: `Could not negotiate a TLS connection: Invalid CA Certificate File/Directory (${folder}/missing: No such file or directory)\n`,
  });
});

test("rediss://", async () => {
  const uri = `rediss://localhost:${servers[0]?.port ?? 0}`;
  expect(await runCli(["-u", uri, "--cacert", join(folder, "ca"), "ping"])).toMatchObject({
    code: 0,
    stdout: "PONG\n",
  });
});

test("a script that cannot connect says so with each command", async () => {
  const { code, stderr } = await runCli(argumentsOf(0, "--tls --cacert @missing").slice(0, -1), { input: "ping\n" });
  expect(code).toBe(0);
  expect(stderr.match(/Could not negotiate a TLS connection/g)).toHaveLength(2);
});
