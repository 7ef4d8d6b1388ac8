import { ReplyError, type Reply } from "@sider/resp-protocol/client";
import { afterEach, expect, test } from "vitest";
import { startAnsweringServer, type AnsweringServer } from "../testing/answering-server.ts";
import type { Client } from "./client.ts";
import { connect } from "./connect.ts";
import { pipeline, type Request } from "./pipeline.ts";

let server: AnsweringServer | undefined;
let client: Client | undefined;
/** Requests that have come, and those that have their answer. */
let [come, answered] = [0, 0];

afterEach(async () => {
  client?.close();
  await server?.stop();
  client = server = undefined;
  come = answered = 0;
});

/** A server that answers with the last argument; "close" and "no" are answered by that, "later" when told. */
async function open(later?: Promise<void>): Promise<Client> {
  server = await startAnsweringServer(async (args) => {
    come++;
    const last = args.at(-1) ?? "";
    if (last === "later") await later;
    answered++;
    return last === "close" ? null : last === "no" ? "-ERR no\r\n" : `$${last.length}\r\n${last}\r\n`;
  });
  return (client = await connect(`redis://127.0.0.1:${server.port}`));
}

async function collect(replies: AsyncIterable<Reply>): Promise<Reply[]> {
  const all: Reply[] = [];
  for await (const reply of replies) all.push(reply);
  return all;
}

function* numbers(count: number): Generator<Request> {
  for (let number = 0; number < count; number++) yield ["ECHO", String(number)];
}

async function* laterNumbers(count: number): AsyncGenerator<Request> {
  for (const request of numbers(count)) {
    await new Promise(setImmediate);
    yield request;
  }
}

test("replies come in order, errors as values, from a list, a generator and an async one", async () => {
  const opened = await open();
  expect(await collect(pipeline(opened, [["A", "1"], ["B", "no"], ["C"]]))).toEqual([
    "1",
    new ReplyError("ERR no"),
    "C",
  ]);
  expect(await collect(pipeline(opened, []))).toEqual([]);
  const expected = Array.from({ length: 5000 }, (_, index) => String(index));
  expect(await collect(pipeline(opened, numbers(5000)))).toEqual(expected);
  expect(await collect(pipeline(opened, numbers(50), { mostWaiting: 1 }))).toEqual(expected.slice(0, 50));
  expect(await collect(pipeline(opened, laterNumbers(500), { mostWaiting: 7 }))).toEqual(expected.slice(0, 500));
});

test("no more than so many are under way", async () => {
  const opened = await open();
  let most = 0;
  const counted = (function* (): Generator<Request> {
    for (const request of numbers(200)) {
      yield request;
      most = Math.max(most, come - answered);
    }
  })();
  let sent = 0;
  for await (const _ of pipeline(opened, counted, { mostWaiting: 10 })) {
    sent++;
    expect(come).toBeLessThanOrEqual(sent + 10);
  }
  expect(sent).toBe(200);
});

test("large requests wait for the network", async () => {
  const opened = await open();
  const value = "x".repeat(300_000);
  let most = 0;
  const large = (function* (): Generator<Request> {
    for (let count = 0; count < 200; count++) {
      yield ["ECHO", value];
      most = Math.max(most, opened.backlogBytes);
    }
  })();
  for await (const reply of pipeline(opened, large)) expect(reply).toHaveLength(value.length);
  expect(most).toBeLessThan(2_000_000);
});

test("a reply does not wait for the next request", async () => {
  const opened = await open();
  let ask = (): void => undefined;
  const slow = (async function* (): AsyncGenerator<Request> {
    yield ["ECHO", "first"];
    await new Promise<void>((resolve) => (ask = resolve));
    yield ["ECHO", "second"];
  })();
  const replies = pipeline(opened, slow);
  expect((await replies.next()).value).toBe("first");
  ask();
  expect((await replies.next()).value).toBe("second");
  expect((await replies.next()).done).toBe(true);
});

test("who stops early can go on with the connection, and the source is told", async () => {
  const opened = await open();
  let isClosed = false;
  const source = (function* (): Generator<Request> {
    try {
      yield* numbers(100);
    } finally {
      isClosed = true;
    }
  })();
  for await (const reply of pipeline(opened, source)) if (reply === "5") break;
  expect(isClosed).toBe(true);
  expect(await opened.call(["ECHO", "after"])).toBe("after");
});

test("a connection that ends, and a source that fails", async () => {
  const opened = await open();
  const failing = (async function* (): AsyncGenerator<Request> {
    yield* laterNumbers(3);
    throw new Error("no more");
  })();
  await expect(collect(pipeline(opened, failing))).rejects.toThrow("no more");
  const requests: Request[] = [...numbers(10), ["close"], ...numbers(10)];
  await expect(collect(pipeline(opened, requests))).rejects.toMatchObject({ problem: "closed" });
  await expect(collect(pipeline(opened, numbers(1)))).rejects.toMatchObject({ problem: "closed" });
});
