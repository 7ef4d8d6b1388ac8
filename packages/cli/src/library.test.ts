/** The examples of the README, run as they stand there with the library as it was built: what they log is what they say they do. */
import { execFile } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { AUTHORITY, SERVER_CERTIFICATE, SERVER_KEY } from "./testing/certificates.ts";
import { freePort, redisCliPresent, startRedis, type Redis } from "./testing/redis.ts";
import { builtCli } from "./testing/shell.ts";

const README = readFileSync(new URL("../README.md", import.meta.url), "utf8");
const EXAMPLES = [...README.matchAll(/^```js\n(.*?)^```$/gms)].map(([, code = ""]) => code);

/** What stands behind each console.log, in the order in which the lines are. */
function promised(code: string): string[] {
  return [...code.matchAll(/console\.log\(.*\/\/ (.*)$/gm)].map(([, text = ""]) => text);
}

test("the README has examples, and they say what comes of them", () => {
  expect(EXAMPLES.length).toBeGreaterThanOrEqual(4);
  for (const code of EXAMPLES) expect(promised(code)).not.toEqual([]);
});

describe.skipIf(!redisCliPresent())("examples of the README", () => {
  const folder = mkdtempSync(join(tmpdir(), "sider-cli-"));
  let redis: Redis;
  let tlsPort = 0;

  beforeAll(async () => {
    builtCli();
    const files = { "ca.crt": AUTHORITY, "server.crt": SERVER_CERTIFICATE, "server.key": SERVER_KEY };
    for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
    tlsPort = await freePort();
    const secrets = ["--tls-cert-file", join(folder, "server.crt"), "--tls-key-file", join(folder, "server.key")];
    const authority = ["--tls-ca-cert-file", join(folder, "ca.crt"), "--tls-auth-clients", "no"];
    redis = await startRedis(["--tls-port", String(tlsPort), ...secrets, ...authority]);
  });
  afterAll(async () => {
    await redis.stop();
    rmSync(folder, { recursive: true });
  });

  test.each([...EXAMPLES.entries()])("number %i", async (_, code) => {
    const library = new URL("../dist/index.js", import.meta.url).href;
    const there = code.replaceAll('"@sider/cli"', JSON.stringify(library));
    const file = join(folder, "example.mjs");
    writeFileSync(file, there.replaceAll(":6379", `:${redis.port}`).replaceAll(":6380", `:${tlsPort}`));
    const { stdout, stderr } = await promisify(execFile)(process.execPath, [file], { cwd: folder });
    expect(stderr).toBe("");
    expect(stdout.trimEnd().split("\n").sort()).toEqual(promised(code).sort());
  });
});
