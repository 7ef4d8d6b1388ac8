/**
 * What is in a dump, as plain objects: what `readRdb` gives and `writeRdb` takes. Keys, members and so on are bytes, since Redis's strings
 * are; a writer takes text as well, as UTF-8.
 */

/** A value by its type. Elements stand in the order of the dump. */
export type RdbValue<Text = Uint8Array> =
  | { readonly type: "string"; readonly value: Text }
  | { readonly type: "list"; readonly value: readonly Text[] }
  | { readonly type: "set"; readonly value: readonly Text[] }
  | { readonly type: "zset"; readonly value: readonly (readonly [member: Text, score: number])[] }
  | { readonly type: "hash"; readonly value: readonly (readonly [field: Text, value: Text])[] }
  | { readonly type: "stream"; readonly value: RdbStream<Text> };

/** Ids of streams are text, "1700000000000-0". */
export interface RdbStream<Text = Uint8Array> {
  readonly entries: readonly RdbStreamEntry<Text>[];
  readonly lastId: string;
  readonly firstId: string;
  /** The largest id that was ever deleted, "0-0" when none was or the dump does not say. */
  readonly maximalDeletedId: string;
  readonly entriesAdded: number;
  readonly groups: readonly RdbStreamGroup<Text>[];
}

export interface RdbStreamEntry<Text = Uint8Array> {
  readonly id: string;
  readonly fields: readonly (readonly [field: Text, value: Text])[];
}

export interface RdbStreamGroup<Text = Uint8Array> {
  readonly name: Text;
  readonly lastId: string;
  /** How many entries of the stream the group has read; null: not known. */
  readonly entriesRead: number | null;
  /** What was delivered and not acknowledged, in ascending order of ids. */
  readonly pending: readonly { readonly id: string; readonly deliveredAtMs: number; readonly deliveries: number }[];
  readonly consumers: readonly RdbStreamConsumer<Text>[];
}

export interface RdbStreamConsumer<Text = Uint8Array> {
  readonly name: Text;
  readonly seenAtMs: number;
  readonly activeAtMs: number;
  /** Which of the group's pending entries are this consumer's. */
  readonly pending: readonly string[];
}

/** A key with its value. */
export type RdbEntry = RdbValue & {
  readonly kind: "entry";
  readonly database: number;
  readonly key: Uint8Array;
  /** Unix time in milliseconds. */
  readonly expiresAtMs: number | null;
  /** Seconds since the last access: in dumps of servers that evict by it. */
  readonly idleSeconds: number | null;
  /** The LFU counter, 0 to 255: likewise. */
  readonly frequency: number | null;
  /** How the dump has the value, such as "hash (listpack)". */
  readonly encoding: string;
};

/** A key for a writer: what is not said is database 0, and null. */
export type WritableRdbEntry = RdbValue<Uint8Array | string> & {
  readonly kind: "entry";
  readonly key: Uint8Array | string;
  readonly database?: number;
  readonly expiresAtMs?: number | null;
  readonly idleSeconds?: number | null;
  readonly frequency?: number | null;
};

/** A fact about the writer of the dump: redis-ver, redis-bits, ctime (Unix seconds), used-mem, ... */
export interface RdbAuxField {
  readonly kind: "aux";
  readonly name: string;
  readonly value: string;
}

/** A function library: its code, as FUNCTION LOAD takes it. */
export interface RdbFunctionLibrary {
  readonly kind: "function";
  readonly code: Uint8Array;
}

/** A hint before the entries of a database: how many there are, and how many of them expire. */
export interface RdbDatabase {
  readonly kind: "database";
  readonly database: number;
  readonly keyCount: number;
  readonly expireCount: number;
}

/** Something that only a Redis module could read, and that was left out: what, and where in the dump it began. */
export interface RdbSkipped {
  readonly kind: "skipped";
  readonly what: string;
  readonly offset: number;
}

/** One thing out of a dump. */
export type RdbItem = RdbEntry | RdbAuxField | RdbFunctionLibrary | RdbDatabase | RdbSkipped;

/** One thing to be written. What was skipped when it was read is skipped again. */
export type WritableRdbItem = WritableRdbEntry | RdbAuxField | RdbFunctionLibrary | RdbDatabase | RdbSkipped;
