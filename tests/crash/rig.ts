/**
 * The crash rig: a server under load is killed at a random moment and started again in its directory, round after round. What
 * it then holds must be what its policy promises: the first so many steps of every writer, whole, and enough of them.
 */
import { appendFileSync, cpSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";

import { RawConnection } from "../support/connection.ts";
import { Random } from "../support/random.ts";
import { type PeerKind, type RunningServer, startServer } from "../support/server.ts";
import { Load } from "./load.ts";
import { policies, type PolicyName } from "./policies.ts";
import { possibleSaves, saveNowAndThen, type SaveWindow } from "./saves.ts";
import { endsWhole } from "./torn.ts";
import { ask, shown, type Writer } from "./writer.ts";
import { makeWriters } from "./writers.ts";

export interface RoundReport {
  /** Acknowledged in this round, and how many of them were not there after it. */
  acknowledged: number;
  lost: number;
  /** Saves or rewrites that were begun, and the start after the end. */
  saves: number;
  restartMs: number;
  /** What was done to the files while nothing ran; empty if nothing. */
  damage: string;
}

export interface RigOptions {
  kind: PeerKind;
  policy: PolicyName;
  seed: number;
  /** What happens to the files after the end of a server, to see that the rig sees it. */
  sabotage?: (directory: string) => void;
}

/** Bytes that a power cut may leave behind what was written: the beginning of a command, or zeros where a file system filled a block. */
const tornCommand = "*3\r\n$3\r\nSET\r\n$9\r\nnever:whol";
const zeroBlock = "\0".repeat(4096);

export class CrashRig {
  readonly directory: string = mkdtempSync(join(tmpdir(), "sider-crash-"));
  readonly #options: RigOptions;
  readonly #random: Random;
  readonly #writers: Writer[];
  /** Steps that the data on disk is known to hold, writer by writer. */
  #held: number[];
  #server: RunningServer | null = null;

  constructor(options: RigOptions) {
    this.#options = options;
    this.#random = new Random(options.seed);
    this.#writers = makeWriters(options.seed);
    this.#held = this.#writers.map(() => 0);
  }

  /** One round; throws with what is wrong. The directory stays as it is then. */
  async round(): Promise<RoundReport> {
    const policy = policies[this.#options.policy];
    const server = await this.#start();
    const load = new Load(this.#writers, this.#held, this.#random);
    const begun = this.#held;
    const [windows, killedAtMs] = await this.#loadAndKill(server, load, policy.mostLoadMs);
    if (load.refusals.length > 0) throw new Error(`refused: ${load.refusals.join("\n")}`);
    const damage = this.#damageTail();
    this.#options.sabotage?.(this.directory);

    const again = await this.#start();
    this.#held = await checkedSteps(again.port, this.#writers);
    this.#checkBounds(load, windows, begun, killedAtMs);
    const lost = load.acknowledged().map((steps, at) => Math.max(0, steps - (this.#held[at] ?? 0)));
    return {
      acknowledged: sum(load.acknowledged()) - sum(begun),
      lost: sum(lost),
      saves: windows.length - 1,
      restartMs: again.startMs,
      damage,
    };
  }

  /** Starts another server on a copy of the directory as it is now, and lets it be looked at. */
  async elsewhere<T>(kind: PeerKind, look: (port: number) => Promise<T>): Promise<T> {
    const directory = mkdtempSync(join(tmpdir(), "sider-crash-copy-"));
    cpSync(this.directory, directory, { recursive: true });
    const args = policies[this.#options.policy].args(kind, this.#random);
    try {
      const server = await startServer({ kind, directory, args });
      try {
        return await look(server.port);
      } finally {
        await server.stop("SIGKILL");
      }
    } finally {
      rmSync(directory, { recursive: true });
    }
  }

  /** Throws unless a server holds the same steps as this one did after its last round. */
  async checkSame(port: number): Promise<void> {
    const steps = await checkedSteps(port, this.#writers);
    if (String(steps) !== String(this.#held)) throw new Error(`steps ${String(steps)}, not ${String(this.#held)}`);
  }

  /** Ends what runs; the server is gone then, its files are not. */
  async kill(): Promise<void> {
    await this.#server?.stop("SIGKILL");
    this.#server = null;
  }

  async end(): Promise<void> {
    await this.kill();
    rmSync(this.directory, { recursive: true, force: true });
  }

  async #start(): Promise<RunningServer> {
    if (this.#server !== null) return this.#server;
    const { kind, policy } = this.#options;
    const args = policies[policy].args(kind, this.#random);
    this.#server = await startServer({ kind, directory: this.directory, args });
    return this.#server;
  }

  async #loadAndKill(server: RunningServer, load: Load, mostMs: number): Promise<[SaveWindow[], number]> {
    const command = this.#options.policy === "rdb" ? "BGSAVE" : "BGREWRITEAOF";
    const before: SaveWindow = { least: this.#held, most: this.#held, isDone: true };
    const running = load.run(server.port);
    const saving =
      this.#options.policy === "rdb" || this.#random.chance(0.5)
        ? saveNowAndThen(server.port, load, this.#random, command)
        : Promise.resolve([]);
    await sleep(this.#random.integer(20, mostMs));
    const killedAtMs = performance.now();
    await this.kill();
    await running;
    return [[before, ...(await saving)], killedAtMs];
  }

  /** Every fourth time a command that was cut off stands at the end of the log, or (Sider alone heals that) a block of zeros. */
  #damageTail(): string {
    if (this.#options.policy === "rdb" || !this.#random.chance(0.25)) return "";
    const folder = join(this.directory, "appendonlydir");
    const number = (name: string): number => Number(/\.(\d+)\.incr\.aof$/.exec(name)?.[1] ?? 0);
    const last = readdirSync(folder)
      .filter((name) => number(name) > 0)
      .sort((a, b) => number(a) - number(b))
      .at(-1);
    if (last === undefined) return "";
    // a kill in the middle of a write has torn it already
    if (!endsWhole(readFileSync(join(folder, last)))) return "torn";
    const zeros = this.#options.kind === "sider" && this.#random.chance(0.5);
    appendFileSync(join(folder, last), zeros ? zeroBlock : tornCommand);
    return zeros ? "zeros" : "torn";
  }

  #checkBounds(load: Load, windows: readonly SaveWindow[], begun: readonly number[], killedAtMs: number): void {
    const { mayLoseMs } = policies[this.#options.policy];
    const possible: SaveWindow[] =
      mayLoseMs === null
        ? possibleSaves(windows)
        : [
            {
              least: atLeast(begun, load.acknowledged(promisedUntil(killedAtMs, mayLoseMs))),
              most: load.sent(),
              isDone: true,
            },
          ];
    const bounds = possible.map(({ least, most }) => ({ least, most: most ?? load.sent() }));
    const fits = ({ least, most }: (typeof bounds)[number]): boolean =>
      this.#held.every((steps, at) => steps >= (least[at] ?? 0) && steps <= (most[at] ?? 0));
    if (bounds.some(fits)) return;
    const lines = bounds.map(({ least, most }) => `  from ${String(least)}\n  to   ${String(most)}`);
    throw new Error(
      `steps ${this.#writers.map((writer) => writer.name).join()}\n  are  ${String(this.#held)}\n${lines.join("\n")}`,
    );
  }
}

/** Steps that a server holds, after every key has been found to be what it is after so many steps. */
async function checkedSteps(port: number, writers: readonly Writer[]): Promise<number[]> {
  const connection = await RawConnection.open(port);
  try {
    const steps: number[] = [];
    for (const writer of writers) steps.push(await writer.held(connection));
    for (const [at, writer] of writers.entries()) {
      for (const { query, answer } of writer.expected(steps[at] ?? 0)) {
        const found = shown(query, await ask(connection, ...query));
        if (found !== answer) throw new Error(describe(writer, steps[at] ?? 0, query, found, answer));
      }
    }
    return steps;
  } finally {
    connection.close();
  }
}

function describe(writer: Writer, steps: number, query: readonly string[], found: string, answer: string): string {
  let at = 0;
  while (at < answer.length && found[at] === answer[at]) at++;
  const near = (text: string): string => JSON.stringify(text.slice(Math.max(0, at - 60), at + 60));
  return `${writer.name} after ${steps} steps, ${query.slice(0, 3).join(" ")}:\n  is        ${near(found)}\n  should be ${near(answer)}`;
}

/** With nothing to lose, all that was acknowledged at any time; else what was so long before the end. */
function promisedUntil(killedAtMs: number, mayLoseMs: number): number {
  return mayLoseMs === 0 ? Infinity : killedAtMs - mayLoseMs;
}

function atLeast(these: readonly number[], those: readonly number[]): number[] {
  return these.map((value, at) => Math.max(value, those[at] ?? 0));
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
