/**
 * `--lru-test <keys>`: the load of a cache, to see how many hits a server with a limit of memory and an eviction policy has. Half of it
 * are writes, half reads, of keys `lru:<n>`; a fifth of the keys gets four fifths of it. Each second a line:
 *
 *     132000 Gets/sec | Hits: 118800 (90.00%) | Misses: 13200 (10.00%)
 */
import { ReplyError, type Reply } from "@sider/resp-protocol/client";
import { fixed } from "../format/fixed.ts";
import { systemClock, type Clock } from "../measure/clock.ts";
import { untilInterrupted } from "../measure/until-interrupted.ts";
import { ConnectionError } from "../client/connection-error.ts";
import type { ModeContext } from "./mode-context.ts";

const CYCLE_MS = 1000;
const PIPELINE = 250;
/** With this exponent a fifth of the numbers comes up four times in five. */
const EXPONENT = 6.2;

/** Runs until Ctrl-C, or until the server goes away or answers nothing but errors. */
export async function runLruTest(
  context: ModeContext,
  clock: Clock = systemClock,
  random: () => number = Math.random,
): Promise<number> {
  const { session, screen, options } = context;
  const keys = options.modeOptions.lruTestKeys;
  if (keys <= 0) {
    screen.warn(`--lru-test needs a number of keys above 0, not ${keys}`);
    return 1;
  }
  if (!(await session.connectForMode())) return 1;
  const load = new CacheLoad(context, keys, random);
  return untilInterrupted(context, async (signal) => {
    try {
      for (;;) if (!(await load.cycle(clock))) return 1;
    } catch (error) {
      if (!signal.aborted && error instanceof ConnectionError) {
        screen.warn("I/O error during LRU test");
        return 1;
      }
      throw error;
    }
  });
}

class CacheLoad {
  private readonly context: ModeContext;
  private readonly keyCount: number;
  private readonly random: () => number;

  constructor(context: ModeContext, keyCount: number, random: () => number) {
    this.context = context;
    this.keyCount = keyCount;
    this.random = random;
  }

  /** Writes and reads for a second, and tells of it. False when no read had a result: the next ones will not have one either. */
  async cycle(clock: Clock): Promise<boolean> {
    const { session, screen } = this.context;
    const startMs = Math.floor(clock.nowMs());
    const errors = new Set<string>();
    let [hits, misses] = [0, 0];
    while (Math.floor(clock.nowMs()) - startMs < CYCLE_MS) {
      // What a write is answered does not count: a server that is full refuses it, and goes on being read.
      await session.sendAll(this.requests(() => ["SET", this.key(), this.value()]));
      const replies = await session.sendAll(this.requests(() => ["GET", this.key()]));
      hits += replies.filter((reply) => isHit(reply)).length;
      misses += replies.filter((reply) => reply === null).length;
      for (const reply of replies) if (reply instanceof ReplyError) this.tellOnce(reply.message, errors);
    }
    if (hits + misses === 0) return false;
    screen.out.add(statisticsLine(hits, misses));
    screen.out.flush();
    return true;
  }

  /** An error that all of thousands of replies are is one line a cycle. */
  private tellOnce(error: string, told: Set<string>): void {
    if (told.has(error)) return;
    told.add(error);
    this.context.screen.warnBinary(error);
  }

  private requests(request: () => string[]): string[][] {
    return Array.from({ length: PIPELINE }, request);
  }

  private key(): string {
    return `lru:${powerLawInteger(this.keyCount, this.random())}`;
  }

  /** Five characters, as short as a value of a cache can be. */
  private value(): string {
    let text = "";
    for (let length = 0; length < 5; length++) text += String.fromCharCode(65 + Math.floor(this.random() * 57));
    return text;
  }
}

function isHit(reply: Reply): boolean {
  return reply !== null && !(reply instanceof ReplyError);
}

/** For a random number (0 to 1) an integer from 1 to the limit, small ones more often. */
function powerLawInteger(limit: number, random: number): number {
  const power = EXPONENT + 1;
  const drawn = (((limit + 1) ** power - 1) * random + 1) ** (1 / power);
  return limit + 1 - Math.min(limit, Math.floor(drawn));
}

function statisticsLine(hits: number, misses: number): string {
  const gets = hits + misses;
  const part = (count: number): string => `${count} (${fixed((count / gets) * 100, 2)}%)`;
  return `${gets} Gets/sec | Hits: ${part(hits)} | Misses: ${part(misses)}\n`;
}
