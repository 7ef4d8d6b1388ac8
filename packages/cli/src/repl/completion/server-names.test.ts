import { afterEach, expect, test } from "vitest";
import { Client } from "../../client/client.ts";
import { PRINTABLE } from "../../format/scalars.ts";
import { resp, startSmallServer, type Answer, type SmallServer } from "../../testing/small-server.ts";
import { ServerNames } from "./server-names.ts";

let server: SmallServer | undefined;
let names: ServerNames | undefined;
afterEach(async () => {
  names?.close();
  await server?.stop();
});

async function namesOf(answer: Answer): Promise<ServerNames> {
  const { port } = (server = await startSmallServer(answer));
  const address = { kind: "tcp", host: "127.0.0.1", port } as const;
  return (names = new ServerNames((signal) => Client.open({ address, signal, replies: PRINTABLE })));
}

test("keys: a walk over all of them, what was typed taken as it is, numbers in their order", async () => {
  const found = await namesOf(([, cursor]) => resp(cursor === "0" ? ["7", ["a*10", "a*2"]] : ["0", ["a*1", "other"]]));
  expect(await found.find({ kind: "keys", type: "hash" }, "a*")).toEqual(["a*1", "a*2", "a*10"]);
  expect(server?.requests).toEqual([
    "SCAN 0 MATCH a\\** COUNT 1000 TYPE hash",
    "SCAN 7 MATCH a\\** COUNT 1000 TYPE hash",
  ]);
});

test("a walk without end ends when enough was found", async () => {
  let next = 0;
  const found = await namesOf(() => resp([String(++next), Array.from({ length: 100 }, (_, at) => `key${next}-${at}`)]));
  expect(await found.find({ kind: "keys", type: null }, "key")).toHaveLength(500);
});

test.each<[Parameters<ServerNames["find"]>[0], string, string, string[]]>([
  [{ kind: "fields", key: "h" }, resp(["0", ["f1", "v", "f2", "v"]]), "HSCAN h 0 MATCH f* COUNT 1000", ["f1", "f2"]],
  [{ kind: "members", key: "s" }, resp(["0", ["f1"]]), "SSCAN s 0 MATCH f* COUNT 1000", ["f1"]],
  [{ kind: "scored", key: "z" }, resp(["0", ["f1", "1"]]), "ZSCAN z 0 MATCH f* COUNT 1000", ["f1"]],
  [{ kind: "users" }, resp(["default", "fred"]), "ACL USERS", ["fred"]],
  [{ kind: "parameters" }, resp(["f-limit", "1"]), "CONFIG GET f*", ["f-limit"]],
  [{ kind: "channels" }, resp(["flash"]), "PUBSUB CHANNELS f*", ["flash"]],
  [{ kind: "shardchannels" }, resp(["flash"]), "PUBSUB SHARDCHANNELS f*", ["flash"]],
  [{ kind: "groups", key: "x" }, resp([["name", "fans", "pending", 0]]), "XINFO GROUPS x", ["fans"]],
  [{ kind: "consumers", key: "x", group: "g" }, resp([["name", "fred"]]), "XINFO CONSUMERS x g", ["fred"]],
])("%j", async (query, reply, request, expected) => {
  const found = await namesOf(() => reply);
  expect(await found.find(query, "f")).toEqual(expected);
  expect(server?.requests).toEqual([request]);
});

test("an error, or something else than expected, is no name", async () => {
  const replies = ["-NOPERM no\r\n", resp("text"), resp([1, null])];
  const found = await namesOf(() => replies.shift() ?? null);
  for (let asked = 0; asked < 3; asked++) expect(await found.find({ kind: "keys", type: null }, "")).toEqual([]);
});

test("a server that does not answer has no names, and is asked anew on another connection", async () => {
  let isSlow = true;
  const found = await namesOf(() => (isSlow ? null : resp(["0", ["key"]])));
  expect(await found.find({ kind: "keys", type: null }, "")).toEqual([]);
  isSlow = false;
  expect(await found.find({ kind: "keys", type: null }, "")).toEqual(["key"]);
});

test("what was found before time is up counts", async () => {
  const found = await namesOf(([, cursor]) => (cursor === "0" ? resp(["1", ["key"]]) : null));
  expect(await found.find({ kind: "keys", type: null }, "")).toEqual(["key"]);
});

test("nobody listens: no names", async () => {
  const found = await namesOf(() => null);
  await server?.stop();
  expect(await found.find({ kind: "users" }, "")).toEqual([]);
  expect(await found.ask(["PING"])).toBeNull();
});
