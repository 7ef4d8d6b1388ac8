/**
 * The same command to redis-server and to the server under test, one after the other on the same sample keys: replies are compared,
 * and whether anything has changed, and what. Differences are collected, so that one run shows all of them.
 */
import { afterAll, beforeAll } from "vitest";

import { intendedDifference } from "../diff/differences.ts";
import { repliesAgree } from "../diff/normalise.ts";
import { type Peers, readingCommands, Side } from "../diff/peers.ts";
import { quote } from "../diff/steps.ts";
import { subjectKind } from "../support/server.ts";
import { sampleKeys } from "./invocations.ts";

const common = ["--rdbcompression", "no", "--enable-debug-command", "yes"];
/** Their groups and times are no part of a digest: the keys are made anew after each of them that works. */
const changesUnseen = /^(xgroup|xreadgroup|xack|xclaim|xautoclaim|xsetid|expire|pexpire|expireat|pexpireat|persist)/i;
const mostShown = 40;

export class Sweep {
  readonly #peers: Peers;
  readonly #differences: string[] = [];
  #before: string[] = [];
  /** How many commands have been compared. */
  compared = 0;

  private constructor(peers: Peers) {
    this.#peers = peers;
  }

  static async start(): Promise<Sweep> {
    const subjectArgs = subjectKind === "sider" ? [...common, "--rdb-version", "10"] : common;
    const reference = await Side.start("redis", common);
    const sweep = new Sweep({ reference, subject: await Side.start(subjectKind, subjectArgs) });
    await sweep.renew();
    return sweep;
  }

  async stop(): Promise<void> {
    await this.#peers.reference.stop();
    await this.#peers.subject.stop();
  }

  /** A DUMP payload that redis-server wrote. */
  async payload(): Promise<string> {
    return (await this.#peers.reference.dump("string:1")) ?? "";
  }

  /** Sends one command to both, without a look at the reply. */
  async both(...args: string[]): Promise<void> {
    await this.#replies([args]);
  }

  /** Sends one command to both and compares; what is refused must not have changed anything. */
  async compare(args: readonly string[]): Promise<void> {
    this.compared++;
    const shown = await this.#replies([args, ["DEBUG", "DIGEST"]]);
    const [reference = Buffer.alloc(0), subject = Buffer.alloc(0)] = shown.map(([reply]) => reply);
    const changed = shown.map(([, digest], side) => digest?.toString() !== this.#before[side]);
    const known = intendedDifference(args, reference, subject);
    if (known === null && !repliesAgree(args, reference, subject)) this.#note(args, reference, subject);
    if (subject[0] === 0x2d && changed[1]) this.#differences.push(`${print(args)}: refused, but has changed something`);
    if (known === null && changed[0] !== changed[1])
      this.#differences.push(`${print(args)}: changed keys: ${changed.join(" and ")}`);
    if (changed[0] && changed[1]) await this.#compareKeys(args);
    const isUnseen = subject[0] !== 0x2d && changesUnseen.test(args[0] ?? "");
    if (changed.includes(true) || isUnseen || reference.toString().startsWith("no reply")) await this.renew();
  }

  /** All differences since the last report, as one text. */
  report(): string {
    const found = this.#differences.splice(0);
    const more = found.length - mostShown;
    return [...found.slice(0, mostShown), ...(more > 0 ? [`and ${more} more`] : [])].join("\n");
  }

  /** Makes the sample keys anew. */
  async renew(): Promise<void> {
    const shown = await this.#replies([["SELECT", "0"], ["FLUSHALL"], ...sampleKeys(), ["DEBUG", "DIGEST"]]);
    this.#before = shown.map((replies) => replies.at(-1)?.toString() ?? "");
  }

  async #compareKeys(args: readonly string[]): Promise<void> {
    if (/^spop$/i.test(args[0] ?? "")) return;
    const keys = [...new Set(args.filter((word) => /^[a-z-]+:\d$/.test(word)))];
    const commands = keys.flatMap((key) => [["EXISTS", key], ["TYPE", key], ["PTTL", key], ...readingCommands(key)]);
    const [reference = [], subject = []] = await this.#replies(commands);
    for (const [at, command] of commands.entries()) {
      const [expected, found] = [reference[at] ?? Buffer.alloc(0), subject[at] ?? Buffer.alloc(0)];
      if (!repliesAgree(command, expected, found)) this.#note([...args, "; then", ...command], expected, found);
    }
  }

  #replies(commands: readonly (readonly string[])[]): Promise<Buffer[][]> {
    const { reference, subject } = this.#peers;
    return Promise.all([reference.replies(commands), subject.replies(commands)]);
  }

  #note(args: readonly string[], reference: Buffer, subject: Buffer): void {
    this.#differences.push(`${print(args)}\n  redis: ${show(reference)}\n  sider: ${show(subject)}`);
  }
}

/** A sweep for all tests of the surrounding describe, and a DUMP payload for them; to be read inside tests. */
export function useSweep(): { readonly current: Sweep; readonly payload: string } {
  let sweep: Sweep | null = null;
  let payload = "";
  beforeAll(async () => {
    sweep = await Sweep.start();
    payload = await sweep.payload();
  });
  afterAll(() => sweep?.stop());
  return {
    get current(): Sweep {
      if (sweep === null) throw new Error("the servers have not started");
      return sweep;
    },
    get payload(): string {
      return payload;
    },
  };
}

const print = (args: readonly string[]): string => args.map((word) => quote(word.slice(0, 100))).join(" ");
const show = (reply: Buffer): string => JSON.stringify(reply.toString("latin1", 0, 300));
