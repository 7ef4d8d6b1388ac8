/**
 * How long the longest single insert takes while a keyspace grows: `node bench/insert-latency.mjs [keys]` (default 10 million),
 * on the built package. Beside it, as a yardstick for what the machine itself does, the same loop without the insert.
 *
 * Keys are made outside the measured time. All memory is fresh: its page faults are in the figures. Where other programs want
 * the processor too, an insert seems to take the milliseconds that they were given; so the processor time of every 16 inserts
 * bounds each of them ("cpu"). Garbage collection and compilation in other threads are in that bound, never out of it.
 */
import { createHeap, hashTableBytes, isResizing } from "@sider/datastructures";
import { emptyDatabase, Key, Keyspace, NO_EXPIRY, setString, Slice } from "@sider/keyspace-engine";

const keyCount = Number(process.argv[2] ?? 10_000_000);
const KEY_LENGTH = 16;
const TOP = 8;
const INSERTS_A_SAMPLE = 16;
const WARM_UP_KEYS = 320_000;

const keyspace = new Keyspace({ heap: createHeap({ capacityBytes: 8 * 2 ** 30 }) });
const database = keyspace.databases[0];
const key = new Key();
const bytes = new TextEncoder().encode("key:000000000000");
const value = new Slice().set(new TextEncoder().encode("value:0123456789"), 0, 16);

/** Writes the number into the key's last digits. */
function name(number) {
  let rest = number;
  for (let at = KEY_LENGTH - 1; at >= 4; at--) {
    bytes[at] = 48 + (rest % 10);
    rest = Math.floor(rest / 10);
  }
}

function insert() {
  key.set(bytes, 0, KEY_LENGTH, keyspace.hash(bytes, 0, KEY_LENGTH));
  setString(keyspace, database, key, 0, value, NO_EXPIRY);
}

/** Durations in steps of a quarter of a microsecond up to 4 ms, and the longest of all. */
class Latencies {
  counts = new Int32Array(16_384);
  total = 0;
  longest = [];

  add(us, at) {
    this.counts[Math.min(this.counts.length - 1, Math.floor(us * 4))]++;
    this.total++;
    if (this.longest.length === TOP && us <= this.longest[TOP - 1].us) return;
    this.longest.push({ us, at, resizing: isResizing(keyspace.heap, database.entries) });
    this.longest.sort((a, b) => b.us - a.us);
    this.longest.length = Math.min(TOP, this.longest.length);
  }

  percentile(share) {
    let left = this.total * (1 - share);
    for (let step = this.counts.length - 1; step >= 0; step--) {
      left -= this.counts[step];
      if (left < 0) return (step + 1) / 4;
    }
    return 0;
  }

  print(title) {
    const figures = [0.5, 0.99, 0.999, 0.9999, 0.99999].map(
      (share) => `p${Number((share * 100).toFixed(3))} ${this.percentile(share)}`,
    );
    console.log(`${title}: ${figures.join(", ")}, max ${this.longest[0].us.toFixed(0)} us`);
    const longest = this.longest.map((one) => `${one.us.toFixed(0)} at ${one.at}${one.resizing ? " (resizing)" : ""}`);
    console.log(`  longest: ${longest.join(", ")}`);
  }
}

function cpuUs() {
  const { user, system } = process.cpuUsage();
  return user + system;
}

function measure(work, count) {
  const wall = new Latencies();
  const cpu = new Latencies();
  const durations = new Float64Array(INSERTS_A_SAMPLE);
  const startMs = performance.now();
  for (let number = 0; number < count; number += INSERTS_A_SAMPLE) {
    const cpuBefore = cpuUs();
    for (let index = 0; index < INSERTS_A_SAMPLE; index++) {
      name(number + index);
      const before = performance.now();
      work();
      durations[index] = (performance.now() - before) * 1000;
    }
    const bound = cpuUs() - cpuBefore;
    for (let index = 0; index < INSERTS_A_SAMPLE; index++) {
      wall.add(durations[index], number + index);
      cpu.add(Math.min(durations[index], bound), number + index);
    }
  }
  return { wall, cpu, seconds: (performance.now() - startMs) / 1000 };
}

/** Compiles everything, the measuring included, on keys that go again. */
function warmUp() {
  for (let round = 0; round < 3; round++) {
    measure(() => {}, WARM_UP_KEYS);
    measure(insert, WARM_UP_KEYS);
    emptyDatabase(keyspace, database);
  }
}

warmUp();
const nothing = measure(() => {}, keyCount);
const inserts = measure(insert, keyCount);
nothing.wall.print("nothing, wall");
nothing.cpu.print("nothing, cpu ");
inserts.wall.print("insert,  wall");
inserts.cpu.print("insert,  cpu ");
const tableBytes = hashTableBytes(keyspace.heap, database.entries);
console.log(
  `${keyCount} keys in ${inserts.seconds.toFixed(1)} s with the measuring, ${(keyspace.heap.allocatedBytes / keyCount).toFixed(1)} bytes a key, of which index ${(tableBytes / keyCount).toFixed(1)}`,
);
