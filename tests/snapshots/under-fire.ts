/**
 * Snapshots under fire: a server whose keys of all types are changed by many clients takes one snapshot after the other, as dumps and as
 * bases of the append-only file. Each is loaded into a second server, which must hold one point in time: every invariant is whole, and
 * the counters stand where they stood when the snapshot began.
 */
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";

import { feed, feedCommands } from "../bench-peers/feed.ts";
import { RawConnection } from "../support/connection.ts";
import { Random } from "../support/random.ts";
import { whenSaved } from "../support/saves.ts";
import { type PeerKind, type RunningServer, startServer } from "../support/server.ts";
import { Chain } from "./chain.ts";
import { Databases } from "./databases.ts";
import { type Command, type Invariant, upTo } from "./invariant.ts";
import { LargeValues } from "./large-values.ts";
import { baseFile, Reader } from "./reader.ts";
import { Transfers } from "./transfers.ts";
import { Wanderers } from "./wanderers.ts";

export interface FireOptions {
  kind: PeerKind;
  seed: number;
  snapshots: number;
  /** Keys that nobody changes, so that a snapshot takes a while. */
  fillers: number;
  /** Elements of each of the large values. */
  largeElements: number;
}

export interface FireReport {
  snapshots: number;
  /** Commands that were answered while snapshots were taken and between them. */
  commands: number;
  /** Changes of the counters between the request for a snapshot and its end, all together: how much was to be kept out. */
  changesMeanwhile: number;
  /** What was wrong with which snapshot; null if nothing. */
  failure: string | null;
}

/** How the next snapshot is taken. */
interface Method {
  command: "BGSAVE" | "BGREWRITEAOF";
  settings: readonly Command[];
}

const chains = 3;
/** Snapshots between two lines of progress. */
const progressEvery = 25;
const mostAtOnce = 60;
/** Microseconds that a snapshot rests after a key. */
const restsMicroseconds = ["0", "0", "2", "20"];
const errorReply = /(?:^|\n)-[A-Z]{3,} [^\r]*/;

/** Takes the snapshots until one is wrong. Throws where a server cannot do what it is asked to. */
export async function runUnderFire(
  options: FireOptions,
  onLine: (line: string) => void = () => undefined,
): Promise<FireReport> {
  const args = ["--appendonly", "yes", "--appendfsync", "no", "--auto-aof-rewrite-percentage", "0"];
  const server = await startServer({ kind: options.kind, args });
  try {
    const reader = await Reader.start(options.kind);
    try {
      return await new Fire(options, server, reader, onLine).run();
    } finally {
      await reader.stop();
    }
  } finally {
    await server.stop("SIGKILL");
  }
}

class Fire {
  readonly #options: FireOptions;
  readonly #onLine: (line: string) => void;
  readonly #server: RunningServer;
  readonly #reader: Reader;
  readonly #random: Random;
  readonly #invariants: readonly Invariant[];
  readonly #report: FireReport = { snapshots: 0, commands: 0, changesMeanwhile: 0, failure: null };
  #isOver = false;
  /** The clients rest until this resolves, while a snapshot is checked. */
  #mayChange: Promise<void> = Promise.resolve();

  constructor(options: FireOptions, server: RunningServer, reader: Reader, onLine: (line: string) => void) {
    this.#options = options;
    this.#onLine = onLine;
    this.#server = server;
    this.#reader = reader;
    this.#random = new Random(options.seed);
    this.#invariants = makeInvariants(options.largeElements, this.#random);
  }

  async run(): Promise<FireReport> {
    await this.#setUp();
    const clients = this.#invariants.flatMap((invariant) =>
      upTo(invariant.connections).map(() => this.#change(invariant)),
    );
    const work = this.#takeSnapshots().finally(() => (this.#isOver = true));
    await Promise.all([work, ...clients]);
    return this.#report;
  }

  async #setUp(): Promise<void> {
    const { port } = this.#server;
    const { fillers } = this.#options;
    await feed(port, fillers, (at) => ["SET", `filler:${at}`, `value:${at}`]);
    for (const invariant of this.#invariants) await feedCommands(port, invariant.setUp());
  }

  /** One client: sends changes in bursts until all is over. */
  async #change(invariant: Invariant): Promise<void> {
    const connection = await RawConnection.open(this.#server.port);
    const random = new Random(this.#random.integer(0, 2 ** 31));
    for (; !this.#isOver; await this.#mayChange) {
      const commands = upTo(random.integer(1, mostAtOnce)).flatMap(() => invariant.next(random));
      const replies = await connection.pipeline(commands);
      invariant.answered?.();
      this.#report.commands += commands.length;
      for (const reply of replies) {
        const error = errorReply.exec(reply.toString("latin1"));
        if (error !== null) throw new Error(`${invariant.name}: ${error[0]}`);
      }
    }
    connection.close();
  }

  async #takeSnapshots(): Promise<void> {
    const connection = await RawConnection.open(this.#server.port);
    while (this.#report.snapshots < this.#options.snapshots && this.#report.failure === null) {
      await sleep(this.#random.integer(0, 20));
      this.#report.failure = await this.#takeOne(connection);
      const { snapshots, changesMeanwhile } = this.#report;
      if (++this.#report.snapshots % progressEvery === 0)
        this.#onLine(`${snapshots + 1} snapshots, ${changesMeanwhile} changes meanwhile`);
    }
    connection.close();
  }

  /** Gives what is wrong with it, or null. */
  async #takeOne(connection: RawConnection): Promise<string | null> {
    const method = chooseMethod(this.#random);
    for (const setting of method.settings) await connection.call("CONFIG", "SET", ...setting);
    const least = this.#progress().map((bounds) => bounds.least);
    const reply = (await connection.call(method.command)).toString("latin1");
    const most = this.#progress().map((bounds) => bounds.most);
    if (reply.startsWith("-")) throw new Error(`${method.command}: ${reply}`);
    await saved(connection);
    this.#report.changesMeanwhile += this.#progress().reduce(
      (total, { most: now }, at) => total + now - (most[at] ?? 0),
      0,
    );
    const check = this.#check(method.command, least, most);
    this.#mayChange = check.then(
      () => undefined,
      () => undefined,
    );
    return check;
  }

  async #check(command: Method["command"], least: readonly number[], most: readonly number[]): Promise<string | null> {
    const { directory } = this.#server;
    await this.#reader.load(command === "BGSAVE" ? join(directory, "dump.rdb") : baseFile(directory));
    for (const [at, invariant] of this.#invariants.entries()) {
      const fault = await invariant.fault(this.#reader.connection, least[at] ?? 0, most[at] ?? 0);
      if (fault !== null) return `snapshot ${this.#report.snapshots + 1} (${command}), ${invariant.name}: ${fault}`;
    }
    return null;
  }

  #progress(): { least: number; most: number }[] {
    return this.#invariants.map((invariant) => invariant.progress?.() ?? { least: 0, most: 0 });
  }
}

export function makeInvariants(largeElements: number, random: Random): Invariant[] {
  return [
    new Transfers(),
    new Databases(),
    new Wanderers(),
    new LargeValues(largeElements),
    ...upTo(chains).map((at) => new Chain(`chain:${at}`, random)),
  ];
}

function chooseMethod(random: Random): Method {
  return {
    command: random.pick(["BGSAVE", "BGREWRITEAOF"]),
    settings: [
      ["rdb-key-save-delay", random.pick(restsMicroseconds)],
      ["aof-use-rdb-preamble", random.pick(["yes", "no"])],
      ["rdbcompression", random.pick(["yes", "no"])],
    ],
  };
}

/** Waits until nothing is being saved. Throws when the server says that it failed. */
async function saved(connection: RawConnection): Promise<void> {
  const info = await whenSaved(connection);
  if (!/rdb_last_bgsave_status:ok[^]*aof_last_bgrewrite_status:ok/.test(info)) throw new Error(info);
}
