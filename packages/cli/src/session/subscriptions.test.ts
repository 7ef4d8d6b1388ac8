import { afterEach, expect, test } from "vitest";
import { Client } from "../client/client.ts";
import { changesSubscriptions, Subscriptions } from "./subscriptions.ts";
import { resp, startSmallServer, type SmallServer } from "../testing/small-server.ts";
import type { Reply } from "@sider/resp-protocol/client";

let server: SmallServer | undefined;
let client: Client | undefined;
afterEach(async () => {
  client?.close();
  await server?.stop();
});

test("which commands change subscriptions", () => {
  for (const name of ["SUBSCRIBE", "psubscribe", "sunsubscribe"]) expect(changesSubscriptions([name, "a"])).toBe(true);
  for (const name of ["publish", "pubsub", "get"]) expect(changesSubscriptions([name, "a"])).toBe(false);
});

test("how many confirmations there will be", () => {
  const subscriptions = new Subscriptions();
  expect(subscriptions.confirmationsOf(["subscribe", "a", "b"])).toBe(2);
  expect(subscriptions.confirmationsOf(["unsubscribe"])).toBe(1);
  expect(subscriptions.note(["subscribe", "a", 1])).toBe(true);
  expect(subscriptions.note(["subscribe", "b", 2])).toBe(true);
  expect(subscriptions.note(["message", "a", "text"])).toBe(true);
  expect(subscriptions.note(["invalidate", ["key"]])).toBe(false);
  expect(subscriptions.confirmationsOf(["unsubscribe"])).toBe(2);
  expect(subscriptions.confirmationsOf(["punsubscribe"])).toBe(1);
  expect(subscriptions.isAny).toBe(true);
  subscriptions.note(["unsubscribe", "a", 1]);
  subscriptions.note(["unsubscribe", "b", 0]);
  subscriptions.note(["unsubscribe", null, 0]);
  expect(subscriptions.isAny).toBe(false);
});

test.each([
  ["RESP2", "*"],
  ["RESP3", ">"],
])("%s: messages and replies on one connection", async (_, sign) => {
  const push = (...elements: (string | number)[]): string => resp(elements).replace("*", sign);
  server = await startSmallServer(([name = "", ...channels]) => {
    if (name === "PING") return push("message", "a", "before") + (sign === "*" ? resp(["pong", ""]) : "+PONG\r\n");
    if (name === "LIST") return resp(["message", "x", "y"]);
    if (channels[0] === "forbidden") return "-NOPERM\r\n";
    return channels.map((channel, at) => push(name.toLowerCase(), channel, name === "SUBSCRIBE" ? at + 1 : 0)).join("");
  });
  const messages: Reply[][] = [];
  const address = { kind: "tcp", host: "127.0.0.1", port: server.port } as const;
  client = await Client.open({ address, onPush: (message) => messages.push(message) });
  expect(await client.subscribe(["SUBSCRIBE", "a", "b"], 2)).toBeNull();
  const [pong, refusal] = await Promise.all([client.send(["PING"]), client.subscribe(["SUBSCRIBE", "forbidden"], 1)]);
  expect(pong).toEqual(sign === "*" ? ["pong", ""] : "PONG");
  expect(refusal).toMatchObject({ message: "NOPERM" });
  expect(await client.subscribe(["UNSUBSCRIBE", "a"], 1)).toBeNull();
  // What looks like a message is a reply when there are no subscriptions.
  expect(await client.send(["LIST"])).toEqual(["message", "x", "y"]);
  expect(messages.map(([kind]) => kind)).toEqual(["subscribe", "subscribe", "message", "unsubscribe"]);
});
