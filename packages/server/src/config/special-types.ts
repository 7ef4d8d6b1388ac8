/**
 * The directives whose value is more than one number or word: save points, buffer limits, addresses and so on.
 * The texts and the error texts are those of Redis 7.2.
 */
import { ConfigurationError, parseLooseInteger, parseMemory, type ValueType } from "./value-types.ts";

/** Save the data set after `seconds` when at least `changes` keys changed. */
export interface SavePoint {
  readonly seconds: number;
  readonly changes: number;
}

/** `save <seconds> <changes> ...`, or an empty word for none. */
export const savePoints: ValueType<readonly SavePoint[]> = {
  kind: "special",
  values: "pairs of seconds and changes, or an empty word",
  parse(words, context) {
    const clears = words.length === 0 || (words.length === 1 && words[0] === "");
    const added = clears ? [] : parseSavePoints(words);
    const kept = context.appending && words.length > 0 && !clears ? (context.current ?? []) : [];
    const value = [...kept, ...added];
    return { value, text: value.map((point) => `${String(point.seconds)} ${String(point.changes)}`).join(" ") };
  },
};

function parseSavePoints(words: readonly string[]): SavePoint[] {
  const points: SavePoint[] = [];
  for (let at = 0; at < words.length; at += 2) {
    const seconds = parseLooseInteger(words[at] ?? "?");
    const changes = parseLooseInteger(words[at + 1] ?? "?");
    if (seconds === null || changes === null || seconds < 1n || changes < 0n) {
      throw new ConfigurationError("Invalid save parameters");
    }
    points.push({ seconds: Number(seconds), changes: Number(BigInt.asIntN(32, changes)) });
  }
  return points;
}

/** When a client's unsent replies close its connection: at once above the hard limit, after a while above the soft one. 0 = never. */
export interface OutputBufferLimit {
  readonly hardBytes: number;
  readonly softBytes: number;
  readonly softSeconds: number;
}

/** The limits of the three classes of clients. */
export interface OutputBufferLimits {
  readonly normal: OutputBufferLimit;
  readonly replica: OutputBufferLimit;
  readonly pubsub: OutputBufferLimit;
}

const NO_LIMIT: OutputBufferLimit = { hardBytes: 0, softBytes: 0, softSeconds: 0 };
const CLIENT_CLASSES = new Map<string, keyof OutputBufferLimits>([
  ["normal", "normal"],
  ["slave", "replica"],
  ["replica", "replica"],
  ["pubsub", "pubsub"],
]);

/** `client-output-buffer-limit <class> <hard> <soft> <soft seconds> ...`; classes that are not named keep their limits. */
export const outputBufferLimits: ValueType<OutputBufferLimits> = {
  kind: "special",
  values: "class, hard limit, soft limit, seconds, and so on",
  parse(words, context) {
    const limits = { ...(context.current ?? { normal: NO_LIMIT, replica: NO_LIMIT, pubsub: NO_LIMIT }) };
    if (words.length % 4 !== 0)
      throw new ConfigurationError("Wrong number of arguments in buffer limit configuration.");
    for (let at = 0; at < words.length; at += 4) {
      const clientClass = CLIENT_CLASSES.get((words[at] ?? "").toLowerCase());
      if (clientClass === undefined) {
        throw new ConfigurationError("Invalid client class specified in buffer limit configuration.");
      }
      limits[clientClass] = parseOutputBufferLimit(words[at + 1], words[at + 2], words[at + 3]);
    }
    const { normal, replica, pubsub } = limits;
    const text = `normal ${limitText(normal)} slave ${limitText(replica)} pubsub ${limitText(pubsub)}`;
    return { value: limits, text };
  },
};

function parseOutputBufferLimit(hard = "", soft = "", seconds = ""): OutputBufferLimit {
  const hardBytes = parseMemory(hard);
  const softBytes = parseMemory(soft);
  const exactSeconds = parseLooseInteger(seconds);
  const softSeconds = exactSeconds === null ? -1 : Number(BigInt.asIntN(32, exactSeconds));
  if (hardBytes === null || softBytes === null || softSeconds < 0) {
    throw new ConfigurationError("Error in hard, soft or soft_seconds setting in buffer limit configuration.");
  }
  return { hardBytes: Number(hardBytes), softBytes: Number(softBytes), softSeconds };
}

function limitText(limit: OutputBufferLimit): string {
  return `${String(BigInt(limit.hardBytes))} ${String(BigInt(limit.softBytes))} ${String(limit.softSeconds)}`;
}

/** Three numbers from -2000 to 2000: for a primary, a replica, a child process. */
export const oomScoreAdjustments: ValueType<readonly number[]> = {
  kind: "special",
  values: "three numbers, -2000 to 2000",
  parse(words) {
    if (words.length !== 3) throw new ConfigurationError("wrong number of arguments");
    const value = words.map((word) => {
      const exact = parseLooseInteger(word);
      if (exact === null || exact < -2000n || exact > 2000n) {
        throw new ConfigurationError("Invalid oom-score-adj-values, elements must be between -2000 and 2000.");
      }
      return Number(exact);
    });
    return { value, text: value.join(" ") };
  },
};

/** The bits of `notify-keyspace-events`. */
export const NOTIFY = {
  keyspace: 1,
  keyevent: 2,
  generic: 4,
  string: 8,
  list: 16,
  set: 32,
  hash: 64,
  sortedSet: 128,
  expired: 256,
  evicted: 512,
  stream: 1024,
  keyMiss: 2048,
  module: 8192,
  newKey: 16384,
} as const;

/** In the order in which CONFIG GET prints them; the classes that `A` stands for come first. */
const NOTIFY_LETTERS: readonly (readonly [string, number])[] = [
  ["g", NOTIFY.generic],
  ["$", NOTIFY.string],
  ["l", NOTIFY.list],
  ["s", NOTIFY.set],
  ["h", NOTIFY.hash],
  ["z", NOTIFY.sortedSet],
  ["x", NOTIFY.expired],
  ["e", NOTIFY.evicted],
  ["t", NOTIFY.stream],
  ["d", NOTIFY.module],
  ["n", NOTIFY.newKey],
  ["K", NOTIFY.keyspace],
  ["E", NOTIFY.keyevent],
  ["m", NOTIFY.keyMiss],
];
const NOTIFY_BITS: ReadonlyMap<string, number> = new Map(NOTIFY_LETTERS);

/** The bit of a class of events by its letter; 0 for a change that has no event. */
export function notifyBit(eventClass: string): number {
  return NOTIFY_BITS.get(eventClass) ?? 0;
}

const NOTIFY_ALL_LETTERS = "g$lshzxetd";
const NOTIFY_ALL = NOTIFY_LETTERS.filter(([letter]) => NOTIFY_ALL_LETTERS.includes(letter)).reduce(
  (all, [, bit]) => all | bit,
  0,
);

/** Letters that choose the classes of keyspace events; the value is an OR of `NOTIFY` bits. */
export const keyspaceEvents: ValueType<number> = {
  kind: "special",
  values: "letters of Ag$lshzxeKEtmdn",
  parse(words) {
    if (words.length !== 1) throw new ConfigurationError("wrong number of arguments");
    let flags = 0;
    for (const letter of words[0] ?? "") {
      const bit = letter === "A" ? NOTIFY_ALL : NOTIFY_LETTERS.find(([name]) => name === letter)?.[1];
      if (bit === undefined) {
        throw new ConfigurationError("Invalid event class character. Use 'Ag$lshzxeKEtmdn'.");
      }
      flags |= bit;
    }
    const all = (flags & NOTIFY_ALL) === NOTIFY_ALL;
    const shown = NOTIFY_LETTERS.filter(
      ([name, bit]) => (flags & bit) !== 0 && !(all && NOTIFY_ALL_LETTERS.includes(name)),
    );
    return { value: flags, text: (all ? "A" : "") + shown.map(([name]) => name).join("") };
  },
};

const MAXIMUM_BIND_ADDRESSES = 16;

/** Addresses to listen on; a leading `-` allows an address to be unavailable, `*` and `::*` mean all. */
export const addresses: ValueType<readonly string[]> = {
  kind: "special",
  values: "up to 16 addresses",
  parse(words) {
    if (words.length > MAXIMUM_BIND_ADDRESSES) throw new ConfigurationError("Too many bind addresses specified.");
    const value = words.length === 1 && words[0] === "" ? [] : [...words];
    return { value, text: value.join(" ") };
  },
};

/** The primary to follow. */
export interface Primary {
  readonly host: string;
  readonly port: number;
}

/** `replicaof <host> <port>`, or `no one`. */
export const primary: ValueType<Primary | null> = {
  kind: "special",
  values: "host and port, or no one",
  parse(words) {
    if (words.length === 0) return { value: null, text: "" };
    if (words.length !== 2) throw new ConfigurationError("wrong number of arguments");
    const [host = "", portText = ""] = words;
    if (host.toLowerCase() === "no" && portText.toLowerCase() === "one") return { value: null, text: "" };
    const port = parseLooseInteger(portText);
    if (port === null || port < 0n || port > 65535n) throw new ConfigurationError("Invalid master port");
    return { value: { host, port: Number(port) }, text: `${host} ${String(port)}` };
  },
};

/** Numbers from 0 to 100. */
export const percentiles: ValueType<readonly number[]> = {
  kind: "special",
  values: "numbers, 0 to 100",
  parse(words) {
    const given = words.length === 1 && words[0] === "" ? [] : words;
    const value = given.map((word) => {
      if (!/^[+-]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:e[+-]?[0-9]+)?$/i.test(word)) {
        throw new ConfigurationError("Invalid latency-tracking-info-percentiles parameters");
      }
      const percentile = Number(word);
      if (percentile > 100 || percentile < 0) {
        throw new ConfigurationError("latency-tracking-info-percentiles parameters should sit between [0.0,100.0]");
      }
      return percentile;
    });
    return { value, text: value.map(percentileText).join(" ") };
  },
};

/** A percentile as CONFIG GET and INFO print it: without zeros at the end. */
export function percentileText(percentile: number): string {
  const digits = percentile.toFixed(6).replace(/\.?0+$/, "");
  return Object.is(percentile, -0) ? `-${digits}` : digits;
}

/** The working directory. What is stored is what the caller's `resolveDirectory` made of the words. */
export const directory: ValueType<string> = {
  kind: "special",
  values: "a folder",
  parse(words) {
    if (words.length !== 1) throw new ConfigurationError("wrong number of arguments");
    const text = words[0] ?? "";
    return { value: text, text };
  },
};
