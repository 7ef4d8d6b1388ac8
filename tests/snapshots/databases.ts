/**
 * Two databases of pages that are all of one edition: rewritten in transactions, flushed and filled again, and swapped, which a counter
 * in database 0 counts.
 */
import type { RawConnection } from "../support/connection.ts";
import type { Random } from "../support/random.ts";
import { askAll, atomically, type Command, type Invariant, textsOf, upTo } from "./invariant.ts";

const pages = 150;
const pageNames = upTo(pages).map((at) => `page:${at}`);
const sides = ["left", "right"] as const;

export class Databases implements Invariant {
  readonly name = "databases";
  readonly connections = 1;
  #swaps = 0;
  #edition = 0;

  setUp(): Command[] {
    return [1, 2].flatMap((database) => [["SELECT", String(database)], ...this.#filled(database), ["SELECT", "0"]]);
  }

  next(random: Random): Command[] {
    const database = random.integer(1, 2);
    const flush = ["FLUSHDB", random.pick(["SYNC", "ASYNC"])];
    const filled = this.#filled(database);
    const select = ["SELECT", String(database)];
    switch (random.integer(0, 3)) {
      case 0:
        this.#swaps++;
        return [["SELECT", "0"], ...atomically(["INCR", "databases:swaps"], ["SWAPDB", "1", "2"])];
      case 1:
        return atomically(select, flush, ...filled);
      case 2:
        return [select, flush, ...atomically(...filled)];
      default:
        return atomically(select, ...filled);
    }
  }

  async fault(server: RawConnection): Promise<string | null> {
    const [swaps] = await askAll(server, [["GET", "databases:swaps"]]);
    const swapped = swaps === undefined || swaps.type === "_" ? 0 : Number(swaps.text);
    for (const database of [1, 2]) {
      const [, size, side, held] = await askAll(server, [
        ["SELECT", String(database)],
        ["DBSIZE"],
        ["GET", "side"],
        ["MGET", ...pageNames],
        ["SELECT", "0"],
      ]);
      if (size?.text === "0") continue;
      const expected = sideIn(database, swapped);
      const editions = new Set(held === undefined ? [] : textsOf(held));
      if (side?.text !== expected) return `${side?.text} is in database ${database} after ${swapped} swaps`;
      if (editions.size !== 1 || Number(size?.text) !== pages + 1) {
        return `database ${database}: ${size?.text} keys of the editions ${[...editions].join()}`;
      }
    }
    return null;
  }

  #filled(database: number): Command[] {
    const edition = String(++this.#edition);
    return [["SET", "side", sideIn(database, this.#swaps)], ...pageNames.map((name) => ["SET", name, edition])];
  }
}

/** Which side a database holds after so many swaps. */
function sideIn(database: number, swaps: number): string {
  return sides[(database - 1 + swaps) % 2] ?? "";
}
