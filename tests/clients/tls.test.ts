/** Clients over TLS, with certificates and users: ioredis, node-redis, redis-cli and redis-benchmark. */
import { Redis } from "ioredis";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createClient } from "redis";
import { afterAll, beforeAll, describe, expect, test } from "vitest";

import { type Certificates, makeCertificates } from "../support/certificates.ts";
import { programsPresent } from "../support/programs.ts";
import { runProgram } from "../support/run-program.ts";
import { freePort, type RunningServer, startServer, subjectKind, subjectPresent } from "../support/server.ts";

describe.skipIf(!subjectPresent() || !programsPresent("clients over TLS", "openssl", "redis-cli", "redis-benchmark"))(
  "over TLS",
  () => {
    const folder = mkdtempSync(join(tmpdir(), "sider-certificates-"));
    let certificates: Certificates;
    let server: RunningServer;
    let port: number;

    beforeAll(async () => {
      certificates = await makeCertificates(folder);
      port = await freePort();
      const args = ["--tls-port", String(port), "--tls-cert-file", certificates.server.certificate];
      args.push("--tls-key-file", certificates.server.key, "--tls-ca-cert-file", certificates.authority);
      args.push("--user", "app", "on", ">secret", "~app:*", "&app:*", "+@all", "-@dangerous", "+info");
      server = await startServer({ kind: subjectKind, args });
    });
    afterAll(async () => {
      await server.stop("SIGKILL");
      rmSync(folder, { recursive: true });
    });

    /** What a client presents, and whom it believes. */
    function secrets(): { ca: Buffer; cert: Buffer; key: Buffer } {
      const { authority, client } = certificates;
      return { ca: readFileSync(authority), cert: readFileSync(client.certificate), key: readFileSync(client.key) };
    }

    test("ioredis, as a user with few rights", async () => {
      const redis = new Redis({ port, host: "127.0.0.1", tls: secrets(), username: "app", password: "secret" });
      expect(await redis.set("app:a", "x".repeat(100_000))).toBe("OK");
      expect(await redis.strlen("app:a")).toBe(100_000);
      await expect(redis.get("other")).rejects.toThrow("NOPERM No permissions to access a key");
      await expect(redis.flushall()).rejects.toThrow("User app has no permissions to run the 'flushall' command");
      await expect(redis.publish("other", "x")).rejects.toThrow("NOPERM No permissions to access a channel");
      const replies = await redis.multi().incr("app:n").incr("app:n").exec();
      expect(replies?.map(([, reply]) => reply)).toEqual([1, 2]);
      redis.disconnect();
    });

    test("ioredis without a certificate is turned away", async () => {
      const redis = new Redis({
        port,
        host: "127.0.0.1",
        tls: { ca: secrets().ca },
        retryStrategy: () => null,
        maxRetriesPerRequest: 0,
      });
      redis.on("error", () => undefined);
      await expect(redis.ping()).rejects.toThrow();
      redis.disconnect();
    });

    test.each([2, 3] as const)("node-redis, RESP%i", async (RESP) => {
      const client = createClient({
        RESP,
        username: "app",
        password: "secret",
        socket: { port, host: "127.0.0.1", tls: true, ...secrets() },
      });
      await client.connect();
      const writes = Array.from({ length: 1000 }, (_, index) => client.set(`app:${index}`, String(index)));
      expect(new Set(await Promise.all(writes))).toEqual(new Set(["OK"]));
      expect(await client.get("app:999")).toBe("999");
      await expect(client.get("other")).rejects.toThrow("NOPERM");
      client.destroy();
    });

    test("redis-cli and redis-benchmark", async () => {
      const { authority, client } = certificates;
      const options = ["-p", String(port), "--tls", "--cacert", authority];
      options.push("--cert", client.certificate, "--key", client.key);
      const cli = async (...args: string[]): Promise<string> =>
        (await runProgram(["redis-cli", ...options, ...args])).output;
      expect(await cli("SET", "a", "1")).toBe("OK\n");
      expect(await cli("--user", "app", "--pass", "secret", "--no-auth-warning", "ACL", "WHOAMI")).toBe("app\n");
      expect(await cli("--user", "app", "--pass", "secret", "--no-auth-warning", "GET", "a")).toMatch(/^NOPERM/);
      const rates = await runProgram(["redis-benchmark", ...options, "-n", "2000", "-P", "16", "-t", "set", "--csv"]);
      expect(rates.output).toMatch(/"SET","\d/);
    });
  },
);
