/** The writers at work: a connection each, steps in bursts, and the record of what was sent and what was acknowledged when. */
import { RawConnection } from "../support/connection.ts";
import type { Random } from "../support/random.ts";
import type { Writer } from "./writer.ts";

const mostStepsInBurst = 16;

/** How far one writer is. */
interface Progress {
  sent: number;
  acknowledged: number;
  /** Pairs of a time (`performance.now()`) and what was acknowledged then. */
  readonly history: { atMs: number; acknowledged: number }[];
}

export class Load {
  readonly #writers: readonly Writer[];
  readonly #progress: Progress[];
  readonly #random: Random;
  #isStopping = false;
  /** What a server answered that was no acknowledgement. */
  readonly refusals: string[] = [];

  /** The writers go on after the steps that the server holds. */
  constructor(writers: readonly Writer[], held: readonly number[], random: Random) {
    this.#writers = writers;
    this.#random = random;
    this.#progress = writers.map((_, at) => ({ sent: held[at] ?? 0, acknowledged: held[at] ?? 0, history: [] }));
  }

  /** Runs until the connections end, which is the end of the server, or until `stop`. */
  async run(port: number): Promise<void> {
    await Promise.all(this.#writers.map((writer, at) => this.#write(port, writer, at)));
  }

  /** Every writer ends its burst and then itself. */
  stop(): void {
    this.#isStopping = true;
  }

  /** Steps that were sent, writer by writer. */
  sent(): number[] {
    return this.#progress.map(({ sent }) => sent);
  }

  /** Steps whose replies have come; with a time, those whose replies had come then. */
  acknowledged(atMs = Infinity): number[] {
    return this.#progress.map(({ acknowledged, history }) => {
      if (atMs === Infinity) return acknowledged;
      return history.findLast((entry) => entry.atMs <= atMs)?.acknowledged ?? 0;
    });
  }

  async #write(port: number, writer: Writer, at: number): Promise<void> {
    const connection = await RawConnection.open(port);
    try {
      while (!this.#isStopping && this.refusals.length === 0) await this.#burst(connection, writer, at);
    } catch {
      // The server has ended.
    }
    connection.close();
  }

  async #burst(connection: RawConnection, writer: Writer, at: number): Promise<void> {
    const progress = this.#progress[at];
    if (progress === undefined) return;
    const steps = this.#random.integer(1, mostStepsInBurst);
    const units = Array.from({ length: steps }, (_, offset) => inTransaction(writer.step(progress.sent + offset + 1)));
    const replies = units.map((commands) => lastReply(connection, commands.length));
    progress.sent += steps;
    connection.sendCommands(units.flat());
    for (const [number, reply] of replies.entries()) {
      const text = (await reply).toString("latin1");
      if (/^-|\r\n-/.test(text)) this.refusals.push(`${units[number]?.flat().join(" ").slice(0, 200)}: ${text}`);
      progress.acknowledged++;
    }
    progress.history.push({ atMs: performance.now(), acknowledged: progress.acknowledged });
  }
}

function inTransaction(commands: string[][]): string[][] {
  return commands.length === 1 ? commands : [["MULTI"], ...commands, ["EXEC"]];
}

/** The last of some replies: of a transaction the one to EXEC. The earlier ones fail when it fails. */
function lastReply(connection: RawConnection, count: number): Promise<Buffer> {
  const replies = Array.from({ length: count }, () => connection.nextReply());
  const last = Promise.all(replies).then((all) => all.at(-1) ?? Buffer.alloc(0));
  last.catch(() => undefined);
  return last;
}
