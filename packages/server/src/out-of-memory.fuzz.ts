/**
 * Commands of all types on a heap that fails: a refused command has changed nothing, no handler trips over what it did not get, the
 * heap adds up, and when all keys are gone all memory is back.
 */
import { createHeap, heapStatistics, verifyHeap } from "@sider/datastructures";
import type { Checks } from "@sider/datastructures";
import { seededRandom } from "@sider/keyspace-engine";
import { expect, test } from "vitest";
import { fuzzScale, fuzzSeed } from "./testing/fuzzing.ts";
import { RandomCommands } from "./testing/random-commands.ts";
import { SMALL_ENCODINGS } from "./testing/small-encodings.ts";
import { createTestServer } from "./testing/test-client.ts";

const steps = Math.ceil(6000 * fuzzScale);
const CAPACITY_BYTES = 32 * 2 ** 20;
/** Beyond so many keys and elements a round begins anew, so that digests stay cheap. */
const STEPS_PER_ROUND = 1500;

const DIRECTIVES = { ...SMALL_ENCODINGS, "enable-debug-command": "yes" };
const OUT_OF_MEMORY = "-OOM ";
const INTERNAL_ERROR = /^-ERR internal|^-ERR.*internal error/i;

/** Words of the longest form with one element. With several these keep what came before the element that found no memory. */
const WORDS_OF_ONE: Readonly<Record<string, number>> = { mset: 3, msetnx: 3, hset: 4, sadd: 3, zadd: 4 };

test.each([1, 2, 3])(
  `what is refused for want of memory changes nothing (SIDER_SEED=${String(fuzzSeed)}, run %i)`,
  (run) => {
    const random = seededRandom(fuzzSeed + run);
    const heap = createHeap({ capacityBytes: CAPACITY_BYTES, checks: true });
    const guard = heap.guard as Checks;
    const { server, clock, connect, logged } = createTestServer(DIRECTIVES, fuzzSeed, heap);
    const client = connect();
    const commands = new RandomCommands(random);
    const digest = (): string => client.send("DEBUG", "DIGEST") + client.send("DBSIZE");
    let before = 0;
    let refused = 0;
    for (let step = 0; step < steps; step++) {
      if (step % STEPS_PER_ROUND === 0) {
        client.send("FLUSHALL");
        server.keyspace.lazyFree.freeAll();
        guard.drain();
        verifyHeap(heap);
        const now = heapStatistics(heap).allocatedBytes;
        if (step === 0) before = now;
        else expect(now - before, `leak before step ${String(step)}`).toBe(0);
      }
      clock.now += random(5);
      const words = commands.next();
      const isFailing = random(2) === 0;
      const [digestBefore, granted] = [isFailing ? digest() : "", random(5)];
      if (isFailing) guard.remainingAllocations = granted;
      const reply = client.send(...words);
      guard.remainingAllocations = Infinity;
      const what = `step ${String(step)}: ${JSON.stringify(words).slice(0, 300)} with ${String(granted)} allocations: ${reply}`;
      if (INTERNAL_ERROR.test(reply)) expect.fail(`${what} ${logged.slice(-3).join("\n")}`);
      if (!reply.startsWith(OUT_OF_MEMORY)) continue;
      refused++;
      if (words.length > (WORDS_OF_ONE[words[0]] ?? Infinity)) continue;
      if (digest() !== digestBefore) expect.fail(`${what} has changed something`);
    }
    expect(refused).toBeGreaterThan(steps / 100);
  },
);
