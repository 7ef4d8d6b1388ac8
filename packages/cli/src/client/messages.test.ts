import { ReplyError } from "@sider/resp-protocol/client";
import { afterEach, expect, test } from "vitest";
import { AUTHORITY, SERVER_CERTIFICATE, SERVER_KEY } from "../testing/certificates.ts";
import { startScriptedServer, type ScriptedServer } from "../testing/scripted-server.ts";
import { startTlsServer, type TlsServer } from "../testing/tls-server.ts";
import type { Client } from "./client.ts";
import { connect } from "./connect.ts";
import { messages } from "./messages.ts";

let server: ScriptedServer | TlsServer | undefined;
let client: Client | undefined;

afterEach(async () => {
  client?.close();
  await server?.stop();
  client = server = undefined;
});

async function open(answer: string, stays = true): Promise<Client> {
  server = await startScriptedServer(stays ? [answer, "+PONG\r\n"] : [answer], stays);
  return (client = await connect(`redis://127.0.0.1:${server.port}`));
}

test.each(["*1\r\n+one\r\n*1\r\n+two\r\n", ">1\r\n+one\r\n>1\r\n+two\r\n"])(
  "messages, then the end: %j",
  async (answer) => {
    const opened = await open(answer, false);
    const heard = messages(opened, ["SUBSCRIBE", "news"]);
    expect((await heard.next()).value).toEqual(["one"]);
    expect((await heard.next()).value).toEqual(["two"]);
    await expect(heard.next()).rejects.toMatchObject({ problem: "closed" });
  },
);

test("who leaves the loop closes the connection", async () => {
  const opened = await open("*1\r\n+one\r\n*1\r\n+two\r\n");
  for await (const message of messages(opened, ["MONITOR"])) {
    expect(message).toEqual(["one"]);
    break;
  }
  expect(opened.isOpen).toBe(false);
});

test("a refusal is thrown, and leaves the connection as it was", async () => {
  const opened = await open("-NOPERM no\r\n");
  await expect(messages(opened, ["SUBSCRIBE", "secret"]).next()).rejects.toEqual(new ReplyError("NOPERM no"));
  expect(await opened.call(["PING"])).toBe("PONG");
});

const MESSAGE = `*1\r\n$1000\r\n${"x".repeat(1000)}\r\n`;
const COUNT = 20_000;

test.each(["plain", "TLS"])("who is slow holds the server back, %s", async (kind) => {
  const flood = MESSAGE.repeat(COUNT);
  if (kind === "plain") await open(flood);
  else {
    server = await startTlsServer({ cert: SERVER_CERTIFICATE, key: SERVER_KEY }, flood);
    client = await connect(`rediss://127.0.0.1:${server.port}`, { tls: { ca: AUTHORITY } });
  }
  if (client === undefined) throw new Error("not connected");
  const opened = client;
  let paused = 0;
  const pause = opened.pause.bind(opened);
  opened.pause = () => {
    paused++;
    pause();
  };
  let count = 0;
  for await (const _ of messages(opened, ["MONITOR"], { mostWaiting: 100 })) {
    if (count++ % 500 === 0) await new Promise((resolve) => setTimeout(resolve, 1));
    if (count === COUNT) break;
  }
  expect(paused).toBeGreaterThan(10);
});
