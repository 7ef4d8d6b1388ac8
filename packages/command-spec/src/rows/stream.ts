/** Streams: logs of entries under ascending ids, and groups of consumers that share the reading of them. */

import { block, integer, key, MULTIPLE, oneOf, OPTIONAL, pureToken, string, unixTime, COUNT } from "../arguments.ts";
import { INSPECT_ONE_KEY, keyAt, READ_ONE_KEY, UPDATE_ONE_KEY, REMOVE_FROM_ONE_KEY } from "../key-specs.ts";
import type { CommandRows, KeySpec } from "../row.ts";

const READ_SUBCOMMAND_KEY: readonly KeySpec[] = [keyAt(2, ["RO", "access"])];
const INSERT_SUBCOMMAND_KEY: readonly KeySpec[] = [keyAt(2, ["RW", "insert"])];
const REMOVE_FROM_SUBCOMMAND_KEY: readonly KeySpec[] = [keyAt(2, ["RW", "delete"])];

/** Half of what follows the word STREAMS. */
function keysAfterStreams(startFrom: number): readonly KeySpec[] {
  return [
    {
      flags: ["RO", "access"],
      beginSearch: { type: "keyword", keyword: "STREAMS", startFrom },
      findKeys: { type: "range", lastKey: -1, keyStep: 1, limit: 2 },
    },
  ];
}

const TRIM_PARTS = [
  oneOf("strategy", [pureToken("MAXLEN"), pureToken("MINID", { since: "6.2.0" })]),
  oneOf("operator", [pureToken("=", { name: "equal" }), pureToken("~", { name: "approximately" })], OPTIONAL),
  string("threshold"),
  integer("count", { token: "LIMIT", optional: true, since: "6.2.0" }),
] as const;

const ID_OR_LAST = oneOf("id-selector", [string("id"), pureToken("$", { name: "new-id" })]);
const ENTRIES_READ = integer("entriesread", { token: "ENTRIESREAD", displayText: "entries-read", optional: true });
const STREAMS = block("streams", [key("key", 0, MULTIPLE), string("id", MULTIPLE)], { token: "STREAMS" });
const BLOCK = integer("milliseconds", { token: "BLOCK", optional: true });
const EXCLUSIVE_RANGES = [["6.2.0", "Ids of a range may be exclusive"]] as const;

export const streamRows = {
  xack: {
    summary: "Acknowledges messages that are pending in a consumer group",
    since: "5.0.0",
    complexity: "O(1) for each id",
    arity: -4,
    flags: ["write", "fast"],
    categories: ["stream"],
    keys: UPDATE_ONE_KEY,
    arguments: [key(), string("group"), string("id", MULTIPLE)],
    reply: "How many were pending",
  },

  xadd: {
    summary: "Appends an entry to a stream; creates the stream if there is none",
    since: "5.0.0",
    complexity: "O(1); O(N) when it trims, N = entries removed",
    arity: -5,
    flags: ["write", "denyoom", "fast"],
    categories: ["stream"],
    tips: ["nondeterministic_output"],
    keys: [keyAt(1, ["RW", "update"], "Updates rather than inserts because it may trim")],
    arguments: [
      key(),
      pureToken("NOMKSTREAM", { optional: true, since: "6.2.0" }),
      block("trim", TRIM_PARTS, OPTIONAL),
      oneOf("id-selector", [pureToken("*", { name: "auto-id" }), string("id")]),
      block("data", [string("field"), string("value")], MULTIPLE),
    ],
    history: [
      ["6.2.0", "NOMKSTREAM, MINID and LIMIT"],
      ["7.0.0", "Ids of the form <ms>-*"],
    ],
    reply: "The id of the entry; nil when NOMKSTREAM was given and there is no stream",
  },

  xautoclaim: {
    summary: "Makes messages that have been pending for long those of another consumer",
    since: "6.2.0",
    complexity: "O(1) for a small COUNT",
    arity: -6,
    flags: ["write", "fast"],
    categories: ["stream"],
    tips: ["nondeterministic_output"],
    keys: REMOVE_FROM_ONE_KEY,
    arguments: [
      key(),
      string("group"),
      string("consumer"),
      string("min-idle-time"),
      string("start"),
      COUNT,
      pureToken("JUSTID", OPTIONAL),
    ],
    history: [["7.0.0", "The reply tells which pending messages are deleted from the stream"]],
    reply: "The id to go on with, the claimed entries or their ids, and the ids of deleted entries",
  },

  xclaim: {
    summary: "Makes pending messages those of another consumer",
    since: "5.0.0",
    complexity: "O(log N), N = messages pending in the group",
    arity: -6,
    flags: ["write", "fast"],
    categories: ["stream"],
    tips: ["nondeterministic_output"],
    keys: UPDATE_ONE_KEY,
    arguments: [
      key(),
      string("group"),
      string("consumer"),
      string("min-idle-time"),
      string("id", MULTIPLE),
      integer("ms", { token: "IDLE", optional: true }),
      unixTime("unix-time-milliseconds", { token: "TIME", optional: true }),
      integer("count", { token: "RETRYCOUNT", optional: true }),
      pureToken("FORCE", OPTIONAL),
      pureToken("JUSTID", OPTIONAL),
      string("lastid", { token: "LASTID", optional: true }),
    ],
    reply: "The claimed entries, or their ids",
  },

  xdel: {
    summary: "Deletes entries of a stream",
    since: "5.0.0",
    complexity: "O(1) for each id, whatever the length of the stream",
    arity: -3,
    flags: ["write", "fast"],
    categories: ["stream"],
    keys: REMOVE_FROM_ONE_KEY,
    arguments: [key(), string("id", MULTIPLE)],
    reply: "How many were there",
  },

  xgroup: {
    summary: "Commands about consumer groups",
    since: "5.0.0",
    complexity: "Depends on subcommand.",
    arity: -2,
    reply: "Depends on the subcommand",
    subcommands: {
      create: {
        summary: "Makes a consumer group",
        since: "5.0.0",
        complexity: "O(1)",
        arity: -5,
        flags: ["write", "denyoom"],
        categories: ["stream"],
        keys: INSERT_SUBCOMMAND_KEY,
        arguments: [key(), string("group"), ID_OR_LAST, pureToken("MKSTREAM", OPTIONAL), ENTRIES_READ],
        history: [["7.0.0", "ENTRIESREAD"]],
        reply: "OK",
      },
      createconsumer: {
        summary: "Makes a consumer in a group",
        since: "6.2.0",
        complexity: "O(1)",
        arity: 5,
        flags: ["write", "denyoom"],
        categories: ["stream"],
        keys: INSERT_SUBCOMMAND_KEY,
        arguments: [key(), string("group"), string("consumer")],
        reply: "1 if it is new, otherwise 0",
      },
      delconsumer: {
        summary: "Deletes a consumer of a group",
        since: "5.0.0",
        complexity: "O(1)",
        arity: 5,
        flags: ["write"],
        categories: ["stream"],
        keys: REMOVE_FROM_SUBCOMMAND_KEY,
        arguments: [key(), string("group"), string("consumer")],
        reply: "How many messages were pending for it",
      },
      destroy: {
        summary: "Destroys a consumer group",
        since: "5.0.0",
        complexity: "O(N), N = messages pending in the group",
        arity: 4,
        flags: ["write"],
        categories: ["stream"],
        keys: REMOVE_FROM_SUBCOMMAND_KEY,
        arguments: [key(), string("group")],
        reply: "1 if there was one, otherwise 0",
      },
      help: {
        summary: "Lists the subcommands",
        since: "5.0.0",
        complexity: "O(1)",
        arity: 2,
        flags: ["loading", "stale"],
        categories: ["stream"],
        reply: "An array of lines",
      },
      setid: {
        summary: "Sets the id that a group delivered last",
        since: "5.0.0",
        complexity: "O(1)",
        arity: -5,
        flags: ["write"],
        categories: ["stream"],
        keys: [keyAt(2, ["RW", "update"])],
        arguments: [key(), string("group"), ID_OR_LAST, ENTRIES_READ],
        history: [["7.0.0", "ENTRIESREAD"]],
        reply: "OK",
      },
    },
  },

  xinfo: {
    summary: "Commands that tell about streams",
    since: "5.0.0",
    complexity: "Depends on subcommand.",
    arity: -2,
    reply: "Depends on the subcommand",
    subcommands: {
      consumers: {
        summary: "Lists the consumers of a group",
        since: "5.0.0",
        complexity: "O(1)",
        arity: 4,
        flags: ["readonly"],
        categories: ["stream"],
        tips: ["nondeterministic_output"],
        keys: READ_SUBCOMMAND_KEY,
        arguments: [key(), string("group")],
        history: [["7.2.0", "inactive"]],
        reply: "An array of maps",
      },
      groups: {
        summary: "Lists the consumer groups of a stream",
        since: "5.0.0",
        complexity: "O(1)",
        arity: 3,
        flags: ["readonly"],
        categories: ["stream"],
        keys: READ_SUBCOMMAND_KEY,
        arguments: [key()],
        history: [["7.0.0", "entries-read and lag"]],
        reply: "An array of maps",
      },
      help: {
        summary: "Lists the subcommands",
        since: "5.0.0",
        complexity: "O(1)",
        arity: 2,
        flags: ["loading", "stale"],
        categories: ["stream"],
        reply: "An array of lines",
      },
      stream: {
        summary: "Tells about a stream, on demand with its entries and groups",
        since: "5.0.0",
        complexity: "O(1)",
        arity: -3,
        flags: ["readonly"],
        categories: ["stream"],
        keys: READ_SUBCOMMAND_KEY,
        arguments: [key(), block("full-block", [pureToken("FULL"), COUNT], OPTIONAL)],
        history: [
          ["6.0.0", "FULL"],
          ["7.0.0", "max-deleted-entry-id, entries-added, recorded-first-entry-id, entries-read and lag"],
          ["7.2.0", "active-time; another meaning of seen-time"],
        ],
        reply: "A map",
      },
    },
  },

  xlen: {
    summary: "Returns the number of entries of a stream",
    since: "5.0.0",
    complexity: "O(1)",
    arity: 2,
    flags: ["readonly", "fast"],
    categories: ["stream"],
    keys: INSPECT_ONE_KEY,
    arguments: [key()],
    reply: "The number; 0 when there is no stream",
  },

  xpending: {
    summary: "Tells what is pending in a consumer group",
    since: "5.0.0",
    complexity: "O(N), N = messages returned; with IDLE, messages looked at; without a range, consumers",
    arity: -3,
    flags: ["readonly"],
    categories: ["stream"],
    tips: ["nondeterministic_output"],
    keys: READ_ONE_KEY,
    arguments: [
      key(),
      string("group"),
      block(
        "filters",
        [
          integer("min-idle-time", { token: "IDLE", optional: true, since: "6.2.0" }),
          string("start"),
          string("end"),
          integer("count"),
          string("consumer", OPTIONAL),
        ],
        OPTIONAL,
      ),
    ],
    history: [["6.2.0", "IDLE, and exclusive ids"]],
    reply: "A summary, or an array of messages with consumer, idle time and number of deliveries",
  },

  xrange: {
    summary: "Returns the entries of a range of ids",
    since: "5.0.0",
    complexity: "O(N), N = entries returned",
    arity: -4,
    flags: ["readonly"],
    categories: ["stream"],
    keys: READ_ONE_KEY,
    arguments: [key(), string("start"), string("end"), COUNT],
    history: EXCLUSIVE_RANGES,
    reply: "An array of entries",
  },

  xread: {
    summary: "Returns the entries behind an id of one or more streams; can wait for some",
    since: "5.0.0",
    complexity: "O(N) for each stream, N = entries returned; XADD pays O(M) for M clients that wait",
    arity: -4,
    flags: ["blocking", "readonly"],
    categories: ["stream"],
    keys: keysAfterStreams(1),
    arguments: [COUNT, BLOCK, STREAMS],
    reply: "A map of stream to entries; nil when there are none",
  },

  xreadgroup: {
    summary: "Returns new entries to a consumer of a group, or those pending for it; can wait for some",
    since: "5.0.0",
    complexity: "O(N) for each stream, N = entries returned; XADD pays O(M) for M clients that wait",
    arity: -7,
    flags: ["blocking", "write"],
    categories: ["stream"],
    keys: keysAfterStreams(4),
    arguments: [
      block("group-block", [string("group"), string("consumer")], { token: "GROUP" }),
      COUNT,
      BLOCK,
      pureToken("NOACK", OPTIONAL),
      STREAMS,
    ],
    reply: "A map of stream to entries; nil when there are none",
  },

  xrevrange: {
    summary: "Returns the entries of a range of ids, the last one first",
    since: "5.0.0",
    complexity: "O(N), N = entries returned",
    arity: -4,
    flags: ["readonly"],
    categories: ["stream"],
    keys: READ_ONE_KEY,
    arguments: [key(), string("end"), string("start"), COUNT],
    history: EXCLUSIVE_RANGES,
    reply: "An array of entries",
  },

  xsetid: {
    summary: "Sets what a stream remembers of its past, for replication",
    since: "5.0.0",
    complexity: "O(1)",
    arity: -3,
    flags: ["write", "denyoom", "fast"],
    categories: ["stream"],
    keys: UPDATE_ONE_KEY,
    arguments: [
      key(),
      string("last-id"),
      integer("entries-added", { token: "ENTRIESADDED", optional: true, since: "7.0.0" }),
      string("max-deleted-id", { token: "MAXDELETEDID", optional: true, since: "7.0.0" }),
    ],
    history: [["7.0.0", "ENTRIESADDED and MAXDELETEDID"]],
    reply: "OK",
  },

  xtrim: {
    summary: "Deletes the oldest entries of a stream",
    since: "5.0.0",
    complexity: "O(N), N = entries deleted, of which a node goes at once",
    arity: -4,
    flags: ["write"],
    categories: ["stream"],
    tips: ["nondeterministic_output"],
    keys: REMOVE_FROM_ONE_KEY,
    arguments: [key(), block("trim", TRIM_PARTS)],
    history: [["6.2.0", "MINID and LIMIT"]],
    reply: "How many were deleted",
  },
} as const satisfies CommandRows;
