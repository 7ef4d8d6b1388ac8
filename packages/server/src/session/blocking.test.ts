import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { installTakingCommands } from "../testing/taking-commands.ts";
import { createTestServer } from "../testing/test-client.ts";
import type { TestClient, TestServer } from "../testing/test-client.ts";

let running: TestServer;
let admin: TestClient;

beforeEach(() => {
  vi.useFakeTimers();
  running = createTestServer();
  installTakingCommands(running.server);
  admin = running.connect();
});

afterEach(() => {
  expect(vi.getTimerCount()).toBe(running.server.executor.waiting.countWithTimeout);
  vi.useRealTimers();
});

function pass(ms: number): void {
  running.clock.now += ms;
  vi.advanceTimersByTime(ms);
}

/** Sends a command that must wait. */
function wait(client: TestClient, ...words: (string | number)[]): TestClient {
  expect(client.send(...words)).toBe("");
  return client;
}

function taken(key: string, value: string): string {
  return `*2\r\n$${String(key.length)}\r\n${key}\r\n$${String(value.length)}\r\n${value}\r\n`;
}

/** Nobody waits any more. */
function expectNobody(): void {
  const { waiting } = running.server.executor;
  expect([waiting.count, waiting.countWithTimeout, waiting.queues.keyCount]).toEqual([0, 0, 0]);
  expect(running.server.keyspace.watch).toBeNull();
}

describe("who is served", () => {
  test("those who came first, one for each value", () => {
    const clients = [1, 2, 3].map(() => wait(running.connect(), "GETDEL", "a", 0));
    expect(admin.send("SET", "a", "x")).toBe("+OK\r\n");
    expect(clients.map((client) => client.transport.take())).toEqual([taken("a", "x"), "", ""]);
    expect(admin.send("EXISTS", "a")).toBe(":0\r\n");
    expect(admin.sendRaw("SET a y\r\nSET a z\r\n")).toBe("+OK\r\n+OK\r\n");
    expect(clients.map((client) => client.transport.take())).toEqual(["", taken("a", "y"), taken("a", "z")]);
    expectNobody();
  });

  test("by any of several keys, once; a key named twice counts once", () => {
    const client = wait(running.connect(), "GETDEL", "a", "b", "a", 0);
    expect(running.server.executor.waiting.queues.keyCount).toBe(2);
    expect(admin.sendRaw("SET b 1\r\nSET a 2\r\n")).toBe("+OK\r\n+OK\r\n");
    expect(client.transport.take()).toBe(taken("b", "1"));
    expect(admin.send("GET", "a")).toBe("$1\r\n2\r\n");
    expectNobody();
  });

  test("by commands that serve others: a chain", () => {
    const last = wait(running.connect(), "GETDEL", "d", 0);
    const movers = ["c", "b", "a"].map((from) =>
      wait(running.connect(), "GETEX", from, String.fromCharCode(from.charCodeAt(0) + 1), 0),
    );
    admin.send("SET", "a", "far");
    expect(movers.map((client) => client.transport.take())).toEqual(["+OK\r\n", "+OK\r\n", "+OK\r\n"]);
    expect(last.transport.take()).toBe(taken("d", "far"));
    expectNobody();
  });

  test("of its database only", () => {
    const client = wait(running.connect(), "GETDEL", "a", 0);
    admin.sendRaw("SELECT 1\r\nSET a 1\r\n");
    expect(client.transport.take()).toBe("");
    admin.send("MOVE", "a", 0);
    expect(client.transport.take()).toBe(taken("a", "1"));
  });

  test.each([
    ["RENAME", "SET other 1\r\nRENAME other a\r\n"],
    ["COPY", "SET other 1\r\nCOPY other a\r\n"],
    ["SWAPDB", "SELECT 3\r\nSET a 1\r\nSWAPDB 0 3\r\n"],
    ["APPEND", "APPEND a 1\r\n"],
    ["a value over another", "SETBIT a 2 1\r\nSET a 1\r\n"],
  ])("by %s", (_, commands) => {
    const client = wait(running.connect(), "GETDEL", "a", 0);
    admin.sendRaw(commands);
    expect(client.transport.take()).toContain("$1\r\na\r\n");
    expectNobody();
  });

  test("a key that came and went serves nobody, and the wait goes on", () => {
    const client = wait(running.connect(), "GETDEL", "a", 0);
    const other = wait(running.connect(), "GETEX", "b", "a", 0);
    admin.sendRaw("SET x 1\r\nRENAME x b\r\n");
    expect([other, client].map((one) => one.transport.take())).toEqual(["+OK\r\n", taken("a", "1")]);
  });

  test("an error of the second run is the reply", () => {
    const number = running.server.table.numberOf("getdel");
    const client = wait(running.connect(), "GETDEL", "a", 0);
    running.server.table.handlers[number] = (context) => {
      context.refuse("ERR no more");
    };
    admin.send("SET", "a", 1);
    expect(client.transport.take()).toBe("-ERR no more\r\n");
    expect(running.server.table.failedCalls[number]).toBe(1);
    expect(running.server.table.calls[number]).toBe(1);
    expect(client.send("PING")).toBe("+PONG\r\n");
  });

  test("thousands on one key, each by its own value", () => {
    const count = 5000;
    const clients = Array.from({ length: count }, () => wait(running.connect(), "GETDEL", "a", 0));
    for (let at = 0; at < count; at++) {
      admin.send("SET", "a", at);
      expect(clients[at].transport.take()).toBe(taken("a", String(at)));
    }
    expectNobody();
  });
});

describe("a pipeline", () => {
  test("behind a command that waits is executed after it", () => {
    const client = running.connect();
    expect(client.sendRaw("SET x 1\r\nGETDEL a 0\r\nGET x\r\nGETDEL a 0\r\nGET x\r\n")).toBe("+OK\r\n");
    expect(client.sendRaw("PING\r")).toBe("");
    expect(client.sendRaw("\nPING\r\n")).toBe("");
    expect(client.transport.reading).toBe(true);
    admin.sendRaw("SET a 1\r\nSET x 2\r\n");
    expect(client.transport.take()).toBe(`${taken("a", "1")}$1\r\n2\r\n`);
    admin.send("SET", "a", 2);
    expect(client.transport.take()).toBe(`${taken("a", "2")}$1\r\n2\r\n+PONG\r\n+PONG\r\n`);
    expectNobody();
  });

  test("that is broken ends the session after its commands", () => {
    const client = running.connect();
    expect(client.sendRaw("GETDEL a 0\r\nPING\r\n*1\r\n!x\r\n")).toBe("");
    admin.send("SET", "a", 1);
    expect(client.transport.take()).toBe(`${taken("a", "1")}+PONG\r\n-ERR Protocol error: expected '$', got '!'\r\n`);
    expect(client.transport.closed).toBe(true);
  });

  test("that is long makes a session that waits stop reading", () => {
    const client = running.connect();
    client.sendRaw("GETDEL a 0\r\n");
    const piece = "PING\r\n".repeat(10_000);
    let sent = 0;
    while (client.transport.reading) {
      expect(client.sendRaw(piece)).toBe("");
      sent += 10_000;
    }
    expect(sent * 6).toBeLessThan(2 ** 20 + 60_000);
    admin.send("SET", "a", 1);
    expect(client.transport.take()).toBe(taken("a", "1") + "+PONG\r\n".repeat(sent));
    expect(client.transport.reading).toBe(true);
  });

  test("of sessions that wake each other may be long", () => {
    const count = 3000;
    const clients = Array.from({ length: count }, (_, at) => {
      const client = running.connect();
      client.sendRaw(`GETDEL k${String(at)} 0\r\nSET k${String(at + 1)} 1\r\n`);
      return client;
    });
    admin.send("SET", "k0", 1);
    expect(clients[count - 1].transport.take()).toContain("+OK\r\n");
    expect(admin.send("GET", `k${String(count)}`)).toBe("$1\r\n1\r\n");
  });
});

describe("the end of the time", () => {
  test("comes on its millisecond, though nothing happens", () => {
    const client = wait(running.connect(), "GETDEL", "a", "0.25");
    pass(249);
    expect(client.transport.take()).toBe("");
    pass(1);
    expect(client.transport.take()).toBe("*-1\r\n");
    expectNobody();
    expect(client.send("PING")).toBe("+PONG\r\n");
  });

  test("is told in the protocol of the session", () => {
    const client = running.connect();
    client.send("HELLO", 3);
    wait(client, "GETDEL", "a", 1);
    pass(1000);
    expect(client.transport.take()).toBe("_\r\n");
    const other = wait(running.connect(), "GETEX", "a", "b", 1);
    pass(1000);
    expect(other.transport.take()).toBe("$-1\r\n");
  });

  test("is kept over a second run that waits on", () => {
    const number = running.server.table.numberOf("getdel");
    const client = wait(running.connect(), "GETDEL", "a", 1);
    const second = wait(running.connect(), "GETDEL", "a", 5);
    const handler = running.server.table.handlers[number];
    running.server.table.handlers[number] = (context) => {
      context.waitForKeys(1, 1, 0, 9000, "nullArray");
    };
    pass(600);
    admin.send("SET", "a", 1);
    admin.send("DEL", "a");
    running.server.table.handlers[number] = handler;
    pass(200);
    admin.send("SET", "a", 2);
    expect([client, second].map((one) => one.transport.take())).toEqual([taken("a", "2"), ""]);
    pass(4200);
    expect(second.transport.take()).toBe("*-1\r\n");
  });

  test("lets the rest of the pipeline go on", () => {
    const client = running.connect();
    client.sendRaw("GETDEL a 0.1\r\nPING\r\n");
    pass(100);
    expect(client.transport.take()).toBe("*-1\r\n+PONG\r\n");
  });

  test.each([
    ["x", "not a float or out of range"],
    ["nan", "not a float or out of range"],
    ["", "not a float or out of range"],
    [" 1", "not a float or out of range"],
    ["1e5000", "not a float or out of range"],
    ["-1", "negative"],
    ["-0.01", "negative"],
    ["-inf", "negative"],
    ["inf", "out of range"],
    ["1e16", "out of range"],
    ["9223372036854775807", "out of range"],
  ])("%j is no time", (timeout, error) => {
    expect(admin.send("GETDEL", "a", timeout)).toMatch(`-ERR timeout is ${error}\r\n`);
  });

  test.each([
    ["0.001", 1],
    ["0.07", 70],
    ["1e-1", 100],
    ["0.0001", 1],
    ["1.0000001", 1001],
    ["0x10", 16_000],
    ["3", 3000],
  ])("%s seconds", (timeout, ms) => {
    const client = wait(running.connect(), "GETDEL", "a", timeout);
    pass(ms - 1);
    expect(client.transport.take()).toBe("");
    pass(1);
    expect(client.transport.take()).toBe("*-1\r\n");
  });

  test("never comes for 0", () => {
    for (const zero of ["0", "0.0", "-0", "-0.0000001", "-0.0009"]) wait(running.connect(), "GETDEL", "a", zero);
    expect(running.server.executor.waiting.countWithTimeout).toBe(0);
  });
});

describe("a session that ends while it waits", () => {
  test.each([
    ["the connection", (client: TestClient) => running.server.closeSession(client.session)],
    ["close", (client: TestClient) => client.session.close()],
    ["CLIENT KILL", (client: TestClient) => void admin.send("CLIENT", "KILL", "ID", client.session.id)],
  ])("by %s", (_, end) => {
    const [one, two] = [5, 0].map((timeout) => wait(running.connect(), "GETDEL", "a", "b", timeout));
    end(one);
    admin.send("SET", "a", 1);
    expect(one.transport.take()).toBe("");
    expect(two.transport.take()).toBe(taken("a", "1"));
    expectNobody();
  });
});

describe("CLIENT UNBLOCK", () => {
  test("as if the time were over, or with an error", () => {
    const [one, two] = [wait(running.connect(), "GETDEL", "a", 0), wait(running.connect(), "GETDEL", "a", 5)];
    expect(admin.send("CLIENT", "UNBLOCK", one.session.id)).toBe(":1\r\n");
    expect(one.transport.take()).toBe("*-1\r\n");
    expect(admin.send("CLIENT", "UNBLOCK", two.session.id, "error")).toBe(":1\r\n");
    expect(two.transport.take()).toBe("-UNBLOCKED client unblocked via CLIENT UNBLOCK\r\n");
    expectNobody();
    expect(admin.send("CLIENT", "UNBLOCK", two.session.id, "TIMEOUT")).toBe(":0\r\n");
    expect(admin.send("CLIENT", "UNBLOCK", 12345)).toBe(":0\r\n");
  });

  test("refuses what it does not know", () => {
    expect(admin.send("CLIENT", "UNBLOCK", 1, "x")).toBe("-ERR CLIENT UNBLOCK reason should be TIMEOUT or ERROR\r\n");
    expect(admin.send("CLIENT", "UNBLOCK", 1, "error", "x")).toBe(
      "-ERR unknown subcommand or wrong number of arguments for 'UNBLOCK'. Try CLIENT HELP.\r\n",
    );
    expect(admin.send("CLIENT", "UNBLOCK", "x")).toBe("-ERR value is not an integer or out of range\r\n");
  });
});

test("INFO and CLIENT LIST show who waits", () => {
  const client = wait(running.connect(), "GETDEL", "a", "b", 5);
  wait(running.connect(), "GETDEL", "a", 0);
  const info = admin.send("INFO", "clients");
  expect(info).toContain("blocked_clients:2\r\n");
  expect(info).toContain("clients_in_timeout_table:1\r\ntotal_blocking_keys:2\r\ntotal_blocking_keys_on_nokey:0\r\n");
  expect(admin.send("CLIENT", "LIST", "ID", client.session.id)).toMatch(/ flags=b .* cmd=getdel /);
});

test("CLIENT REPLY OFF and SKIP drop the reply that comes later", () => {
  const [off, skip] = [running.connect(), running.connect()];
  off.send("CLIENT", "REPLY", "OFF");
  skip.send("CLIENT", "REPLY", "SKIP");
  wait(off, "GETDEL", "a", 0);
  wait(skip, "GETDEL", "a", 0);
  admin.sendRaw("SET a 1\r\nSET a 2\r\n");
  expect(off.send("PING")).toBe("");
  expect(skip.send("PING")).toBe("+PONG\r\n");
  expectNobody();
});

test("keys that became ready before a pause serve after it", () => {
  const client = wait(running.connect(), "GETDEL", "a", 0);
  running.server.pauseSessions(running.clock.now + 100, false);
  running.server.keyspace.watch?.databaseChanged(running.server.keyspace.databases[0]);
  running.server.executor.serveWaiting();
  expect(running.server.executor.waiting.queues.hasReady).toBe(true);
  pass(100);
  expect(running.server.executor.waiting.queues.hasReady).toBe(false);
  admin.send("SET", "a", 1);
  expect(client.transport.take()).toBe(taken("a", "1"));
});

test("a request is kept as it was, with what replaceArgument replaced", () => {
  const number = running.server.table.numberOf("getdel");
  const seen: string[] = [];
  running.server.table.handlers[number] = (context) => {
    seen.push([0, 1, 2, 3].map((index) => context.text(index)).join(" "));
    if (seen.length > 1) return context.reply.ok();
    context.replaceArgument(2, "replaced");
    context.waitForKeys(1, 1, 0, 0, "null");
  };
  const client = wait(running.connect(), "GETDEL", "a", "$", "last");
  admin.send("SET", "a", "x".repeat(5000));
  expect(client.transport.take()).toBe("+OK\r\n");
  expect(seen).toEqual(["GETDEL a $ last", "GETDEL a replaced last"]);
});
