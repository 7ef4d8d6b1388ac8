/**
 * Random commands of all types, transactions, commands that wait and keys that expire: what a feed was told, executed by an empty server,
 * gives the same data; no propagated command is refused.
 */
import { runExpiryCycle, seededRandom } from "@sider/keyspace-engine";
import type { Random } from "@sider/keyspace-engine";
import { expect, test } from "vitest";
import { CollectingFeed } from "../testing/collecting-feed.ts";
import { fuzzScale, fuzzSeed } from "../testing/fuzzing.ts";
import { RandomCommands } from "../testing/random-commands.ts";
import { SMALL_ENCODINGS } from "../testing/small-encodings.ts";
import { createTestServer } from "../testing/test-client.ts";
import type { TestClient, TestServer } from "../testing/test-client.ts";
import { addFeed } from "./index.ts";

const steps = Math.ceil(3000 * fuzzScale);
const STEPS_PER_ROUND = 250;
const CLIENTS = 4;
/** An error, also one among the replies of a transaction. */
const ERROR = /(^|\r\n)-[A-Z]{3,} /;

const DIRECTIVES = { ...SMALL_ENCODINGS, "enable-debug-command": "yes" };

class Run {
  readonly testServer: TestServer;
  readonly feed = new CollectingFeed();
  private readonly random: Random;
  private readonly commands: RandomCommands;
  private readonly clients: TestClient[];

  constructor(runSeed: number) {
    this.random = seededRandom(runSeed);
    const isLazy = this.random(2) === 0 ? "yes" : "no";
    this.testServer = createTestServer({
      ...DIRECTIVES,
      "lazyfree-lazy-expire": isLazy,
      "lazyfree-lazy-user-del": isLazy,
    });
    const { clock, connect, server } = this.testServer;
    addFeed(server, this.feed);
    this.commands = new RandomCommands(this.random, () => clock.now);
    this.clients = Array.from({ length: CLIENTS }, connect);
  }

  step(): void {
    const { random } = this;
    const { clock, server } = this.testServer;
    clock.now += random(20) === 0 ? random(20_000) : random(20);
    if (random(500) === 0) this.testServer.connect().send(random(2) === 0 ? "FLUSHALL" : "FLUSHDB");
    if (random(50) === 0) runExpiryCycle(server.keyspace, { periodMs: 1000, effort: 1, nowMs: () => 0 });
    const free = this.clients.filter(({ session }) => session.waiter === null);
    if (free.length === 0) this.clients.splice(0, this.clients.length, ...this.freshClients());
    else this.send(free[random(free.length)]);
  }

  private freshClients(): TestClient[] {
    for (const { session } of this.clients) session.close();
    return this.clients.map(() => this.testServer.connect());
  }

  private send(client: TestClient): void {
    if (this.random(10) === 0) client.send("SELECT", this.random(2));
    if (this.random(10) !== 0) return void client.send(...this.commands.next());
    client.send("MULTI");
    for (let left = this.random(5); left > 0; left--) client.send(...this.commands.next());
    client.send("EXEC");
  }

  /** An empty server after all that was propagated; throws when it refuses any of it. */
  replay(): TestServer {
    const copy = createTestServer(DIRECTIVES, 2);
    copy.clock.now = this.testServer.clock.now;
    copy.server.keyspace.lazyExpiry = false;
    const client = copy.connect();
    let selected = 0;
    this.feed.commands.forEach((words, at) => {
      const database = this.feed.databases[at];
      if (database !== selected) client.send("SELECT", database);
      selected = database;
      const reply = client.send(...words);
      if (ERROR.test(reply)) throw new Error(`${words.join(" ")}: ${reply}`);
    });
    return copy;
  }
}

/** All that commands show of the data, the times at which consumers were seen aside. */
function describe(testServer: TestServer): string[] {
  testServer.server.keyspace.lazyExpiry = false;
  const client = testServer.connect();
  return [0, 1].flatMap((database) => {
    client.send("SELECT", database);
    const keys = [...client.send("KEYS", "*").matchAll(/\r\n([a-z]\d)(?=\r\n)/g)].map(([, key]) => key).sort();
    return keys.map((key) =>
      [
        database,
        key,
        client.send("DEBUG", "DIGEST-VALUE", key),
        client.send("PEXPIRETIME", key),
        streamOf(client, key),
      ].join(" "),
    );
  });
}

function streamOf(client: TestClient, key: string): string {
  const text = client.send("XINFO", "STREAM", key, "FULL", "COUNT", 0);
  if (text.startsWith("-")) return "";
  return text
    .replaceAll(/(seen-time|active-time)\r\n:-?\d+/g, "$1")
    .replaceAll(/radix-tree-(keys|nodes)\r\n:\d+/g, "")
    .replaceAll("\r\n", " ");
}

test(`what is propagated gives the same data (SIDER_SEED=${String(fuzzSeed)})`, () => {
  for (let round = 0; round * STEPS_PER_ROUND < steps; round++) {
    const run = new Run(fuzzSeed + round);
    for (let step = 0; step < STEPS_PER_ROUND; step++) run.step();
    const copy = run.replay();
    expect(describe(copy), `round ${String(round)}`).toEqual(describe(run.testServer));
    expect(copy.connect().send("DEBUG", "DIGEST")).toBe(run.testServer.connect().send("DEBUG", "DIGEST"));
  }
});
