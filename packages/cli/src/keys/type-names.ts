/**
 * Names in the order in which redis-cli lists them: that of the hash table it keeps them in (SipHash-1-2 without a key, chains that
 * grow at their head, a table twice as large that is filled a bucket at each look-up). A summary that is compared or parsed line by
 * line has to have that order, with the types of modules too, whose names are not known before.
 */
import { Buffer } from "node:buffer";

const FIRST_BUCKETS = 4;
/** So many empty buckets are passed in one step of filling the larger table. */
const EMPTY_VISITS = 10;
const MASK_64 = (1n << 64n) - 1n;

interface Entry<Value> {
  readonly hash: bigint;
  readonly value: Value;
}

/** Per bucket its chain; the newest entry comes first. */
type Buckets<Value> = Entry<Value>[][];

export class TypeNames<Value> {
  private current: Buckets<Value> = bucketsOf(FIRST_BUCKETS);
  /** The larger table, while it is being filled. */
  private next: Buckets<Value> | null = null;
  private nextBucket = 0;
  private readonly byName = new Map<string, Value>();

  /** Adds a name (binary text) that is not there yet. */
  add(name: string, value: Value): void {
    this.step();
    if (this.next === null && this.byName.size >= this.current.length) {
      this.next = bucketsOf(this.current.length * 2);
      this.nextBucket = 0;
    }
    insert(this.next ?? this.current, { hash: sipHash(name), value });
    this.byName.set(name, value);
  }

  find(name: string): Value | undefined {
    this.step();
    return this.byName.get(name);
  }

  values(): Value[] {
    return [...this.current, ...(this.next ?? [])].flat().map(({ value }) => value);
  }

  /** Moves one bucket to the larger table. */
  private step(): void {
    if (this.next === null) return;
    for (let visits = 1; this.current[this.nextBucket]?.length === 0; visits++) {
      this.nextBucket++;
      if (visits === EMPTY_VISITS) return;
    }
    for (const entry of this.current[this.nextBucket] ?? []) insert(this.next, entry);
    this.current[this.nextBucket++] = [];
    if (this.current.some((chain) => chain.length > 0)) return;
    this.current = this.next;
    this.next = null;
  }
}

function bucketsOf<Value>(count: number): Buckets<Value> {
  return Array.from({ length: count }, () => []);
}

function insert<Value>(buckets: Buckets<Value>, entry: Entry<Value>): void {
  buckets[Number(entry.hash % BigInt(buckets.length))]?.unshift(entry);
}

/** SipHash-1-2 with a key of zeros. */
function sipHash(name: string): bigint {
  const bytes = Buffer.from(name, "latin1");
  const state: SipState = [0x736f6d6570736575n, 0x646f72616e646f6dn, 0x6c7967656e657261n, 0x7465646279746573n];
  const words = Math.floor(bytes.length / 8);
  for (let index = 0; index < words; index++) absorb(state, bytes.readBigUInt64LE(index * 8));
  const rest = Buffer.alloc(8);
  bytes.copy(rest, 0, words * 8);
  rest[7] = bytes.length & 0xff;
  absorb(state, rest.readBigUInt64LE(0));
  state[2] ^= 0xffn;
  round(round(state));
  return state[0] ^ state[1] ^ state[2] ^ state[3];
}

type SipState = [bigint, bigint, bigint, bigint];

function absorb(state: SipState, word: bigint): void {
  state[3] ^= word;
  round(state);
  state[0] ^= word;
}

function round(state: SipState): SipState {
  let [a, b, c, d] = state;
  a = (a + b) & MASK_64;
  b = rotated(b, 13n) ^ a;
  a = rotated(a, 32n);
  c = (c + d) & MASK_64;
  d = rotated(d, 16n) ^ c;
  a = (a + d) & MASK_64;
  d = rotated(d, 21n) ^ a;
  c = (c + b) & MASK_64;
  b = rotated(b, 17n) ^ c;
  c = rotated(c, 32n);
  [state[0], state[1], state[2], state[3]] = [a, b, c, d];
  return state;
}

function rotated(word: bigint, bits: bigint): bigint {
  return ((word << bits) | (word >> (64n - bits))) & MASK_64;
}
