/** The client at servers that speak TLS, rightly and wrongly. */
import type { TlsOptions } from "node:tls";
import { afterEach, expect, test } from "vitest";
import * as certificates from "../testing/certificates.ts";
import { startScriptedServer, type ScriptedServer } from "../testing/scripted-server.ts";
import { startTlsServer, type TlsServer } from "../testing/tls-server.ts";
import type { Client } from "./client.ts";
import { connect, type ConnectOptions } from "./connect.ts";
import type { TlsConnectOptions } from "./tls-options.ts";

const { AUTHORITY, CLIENT_CERTIFICATE, CLIENT_KEY, SERVER_KEY, STRANGER_CERTIFICATE, STRANGER_KEY } = certificates;
const ELSEWHERE = { cert: certificates.ELSEWHERE_CERTIFICATE, key: certificates.ELSEWHERE_KEY };
const STRANGER = { cert: STRANGER_CERTIFICATE, key: STRANGER_KEY };
const FOR_CLIENTS = { ca: AUTHORITY, requestCert: true, rejectUnauthorized: true };

let server: TlsServer | ScriptedServer | undefined;
let client: Client | undefined;

afterEach(async () => {
  client?.close();
  await server?.stop();
  client = server = undefined;
});

async function open(tls: TlsConnectOptions, more: ConnectOptions = {}): Promise<Client> {
  return (client = await connect(`rediss://127.0.0.1:${server?.port ?? 0}`, { ...more, tls }));
}

const served: [string, TlsOptions, TlsConnectOptions][] = [
  ["an authority that is trusted", {}, { ca: AUTHORITY }],
  ["any certificate at all", STRANGER, { rejectUnauthorized: false }],
  ["any name, of a trusted authority", ELSEWHERE, { ca: AUTHORITY, checksServerName: false }],
  ["another name than the host's", ELSEWHERE, { ca: AUTHORITY, servername: "elsewhere.example" }],
  ["a certificate of the client", FOR_CLIENTS, { ca: AUTHORITY, cert: CLIENT_CERTIFICATE, key: CLIENT_KEY }],
];

test.each(served)("a connection with %s", async (_, forServer, tls) => {
  server = await startTlsServer(forServer);
  const opened = await open(tls);
  expect(await opened.call(["PING"])).toBe("PONG");
  expect(server.agreed[0]?.servername).toBe(tls.servername ?? false);
});

test("versions and ciphers", async () => {
  server = await startTlsServer();
  const older: TlsConnectOptions = { maxVersion: "TLSv1.2", ciphers: "ECDHE-ECDSA-AES256-GCM-SHA384" };
  for (const chosen of [{ ciphers: "TLS_AES_128_GCM_SHA256" }, older]) {
    const opened = await open({ ca: AUTHORITY, ...chosen });
    await opened.call(["PING"]);
    opened.close();
  }
  const ciphers = server.agreed.map(({ cipher }) => cipher);
  expect(ciphers).toEqual(["TLS_AES_128_GCM_SHA256", "ECDHE-ECDSA-AES256-GCM-SHA384"]);
});

test("replies larger than a record", async () => {
  const value = "0123456789".repeat(100_000);
  server = await startTlsServer({}, `$${value.length}\r\n${value}\r\n`);
  const opened = await open({ ca: AUTHORITY });
  expect(await opened.call(["GET", "x"])).toBe(value);
});

const refused: [string, TlsOptions, TlsConnectOptions, RegExp][] = [
  ["nobody trusts", {}, {}, /^SSL_connect failed: certificate verify failed \(unable to verify/],
  ["nobody signed", STRANGER, { ca: AUTHORITY }, /^SSL_connect failed: certificate verify failed \(self-signed/],
  ["is of another name", ELSEWHERE, { ca: AUTHORITY }, /^SSL_connect failed: certificate verify failed \(Hostname\/IP/],
];

test.each(refused)("a server's certificate that %s", async (_, forServer, tls, message) => {
  server = await startTlsServer(forServer);
  await expect(open(tls)).rejects.toMatchObject({
    problem: "unreachable",
    message: expect.stringMatching(message) as string,
  });
});

test("no protocol in common", async () => {
  server = await startTlsServer({ minVersion: "TLSv1.3" });
  await expect(open({ ca: AUTHORITY, maxVersion: "TLSv1.2" })).rejects.toMatchObject({
    problem: "unreachable",
    message: "SSL_connect failed: tlsv1 alert protocol version",
  });
});

test("a server that wants a certificate says so to whom has none", async () => {
  server = await startTlsServer(FOR_CLIENTS);
  const opened = await open({ ca: AUTHORITY });
  await expect(opened.send(["PING"])).rejects.toMatchObject({
    problem: "closed",
    message: "tlsv13 alert certificate required",
  });
});

const wrong: [TlsConnectOptions, string][] = [
  [{ ca: "nonsense" }, "Invalid CA Certificate File/Directory"],
  [{ cert: "nonsense" }, "Invalid client certificate"],
  [{ cert: CLIENT_CERTIFICATE, key: "nonsense" }, "Invalid private key"],
  [{ cert: CLIENT_CERTIFICATE, key: SERVER_KEY }, "Invalid private key (key values mismatch)"],
  [{ ciphers: "nonsense" }, "Error while configuring ciphers"],
  [{ ciphers: "TLS_NONSENSE" }, "Error while setting cypher suites"],
];

test.each(wrong)("options that are wrong: %j", async (tls, message) => {
  server = await startTlsServer();
  await expect(open(tls)).rejects.toMatchObject({
    problem: "options",
    message: expect.stringContaining(message) as string,
  });
});

test.each([
  ["-ERR this is not TLS\r\n", "SSL_connect failed: wrong version number"],
  ["", "SSL_connect failed: Server closed the connection"],
])("a server that speaks no TLS and answers %j", async (answer, message) => {
  server = await startScriptedServer([answer]);
  await expect(open({ ca: AUTHORITY })).rejects.toMatchObject({ problem: "unreachable", message });
});

test("a handshake that stalls, and a server that accepts and says nothing", async () => {
  server = await startScriptedServer([], true);
  const late = { problem: "unreachable", message: expect.stringMatching(/^SSL_connect failed: no answer/) as string };
  await expect(open({ ca: AUTHORITY }, { connectTimeoutMs: 50 })).rejects.toMatchObject(late);
  const greeted = connect(`redis://:p@127.0.0.1:${server.port}`, { connectTimeoutMs: 50 });
  await expect(greeted).rejects.toMatchObject({ problem: "unreachable", message: "Connection timed out" });
});
