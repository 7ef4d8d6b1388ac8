/**
 * The shape of one row of the command table, and the small constructors that keep a row a handful of lines.
 *
 * A row is data: what a command is called, how many arguments it takes, where its keys are, what its arguments mean.
 * What can be derived from that (implied ACL categories, the movablekeys flag, first/last/step, usage text) is not in
 * the row; `derived.ts`, `keys.ts` and `usage.ts` derive it. The words for facts (flag names, tips, key spec terms) are
 * those that Redis's COMMAND and COMMAND DOCS print, so that a reply is a walk over the row.
 */

export type CommandGroup =
  | "string"
  | "list"
  | "hash"
  | "set"
  | "sorted-set"
  | "stream"
  | "bitmap"
  | "hyperloglog"
  | "geo"
  | "generic"
  | "connection"
  | "transactions"
  | "pubsub"
  | "cluster"
  | "server";

/** Flags that COMMAND INFO prints. `movablekeys` is missing here on purpose: it follows from the key specs. */
export type PrintedFlag =
  | "write"
  | "readonly"
  | "denyoom"
  | "admin"
  | "pubsub"
  | "noscript"
  | "blocking"
  | "loading"
  | "stale"
  | "skip_monitor"
  | "skip_slowlog"
  | "asking"
  | "fast"
  | "no_auth"
  | "no_mandatory_keys"
  | "no_async_loading"
  | "no_multi"
  | "allow_busy";

/** Flags that the server acts on and that COMMAND INFO keeps to itself. */
export type HiddenFlag = "protected" | "may_replicate" | "touches_arbitrary_keys";

export type CommandFlag = PrintedFlag | HiddenFlag;

/** ACL categories without the leading `@`. A row names only those that its flags do not imply. */
export type AclCategory =
  | "keyspace"
  | "read"
  | "write"
  | "set"
  | "sortedset"
  | "list"
  | "hash"
  | "string"
  | "bitmap"
  | "hyperloglog"
  | "geo"
  | "stream"
  | "pubsub"
  | "admin"
  | "fast"
  | "slow"
  | "blocking"
  | "dangerous"
  | "connection"
  | "transaction"
  | "scripting";

/** Hints for clients and proxies, as COMMAND INFO prints them. */
export type CommandTip =
  | "nondeterministic_output"
  | "nondeterministic_output_order"
  | `request_policy:${"all_nodes" | "all_shards" | "multi_shard" | "special"}`
  | `response_policy:${"one_succeeded" | "all_succeeded" | "agg_sum" | "agg_min" | "agg_max" | "agg_logical_and" | "agg_logical_or" | "special"}`;

export type DocumentFlag = "deprecated" | "syscmd";

/** What a command does to a key: one of RO RW OW RM, then what it does to the data, then remarks about the spec itself. */
export type KeyFlag =
  "RO" | "RW" | "OW" | "RM" | "access" | "update" | "insert" | "delete" | "not_key" | "incomplete" | "variable_flags";

/** Where the keys begin: a position (the command name is 0), or after a keyword searched from a position (negative: from the end). */
export type BeginSearch =
  | { readonly type: "index"; readonly index: number }
  | { readonly type: "keyword"; readonly keyword: string; readonly startFrom: number }
  | { readonly type: "unknown" };

/**
 * Which arguments from there on are keys.
 * range: `lastKey` is relative to the first key when >= 0, else counted from the last argument (-1 is the last one);
 * `limit` > 1 with lastKey -1 means only the first 1/limit of the remaining arguments.
 * keynum: the argument `keyCountIndex` after the begin holds how many keys there are, the first is `firstKey` after the begin.
 */
export type FindKeys =
  | { readonly type: "range"; readonly lastKey: number; readonly keyStep: number; readonly limit: number }
  | { readonly type: "keynum"; readonly keyCountIndex: number; readonly firstKey: number; readonly keyStep: number }
  | { readonly type: "unknown" };

export interface KeySpec {
  readonly flags: readonly KeyFlag[];
  readonly beginSearch: BeginSearch;
  readonly findKeys: FindKeys;
  readonly notes?: string;
}

export type LeafType = "string" | "integer" | "double" | "key" | "pattern" | "unix-time" | "pure-token";

export interface ArgumentOptions {
  /** The literal word that goes before the value (or that is the whole argument, for a pure token). */
  readonly token?: string;
  readonly optional?: boolean;
  /** May be repeated, one or more times. */
  readonly multiple?: boolean;
  /** When repeated, the token is repeated too. */
  readonly multipleToken?: boolean;
  readonly since?: string;
  readonly deprecatedSince?: string;
  /** What usage texts show instead of the name. */
  readonly displayText?: string;
}

interface ArgumentBase extends ArgumentOptions {
  readonly name: string;
}
export interface LeafArgument extends ArgumentBase {
  readonly type: LeafType;
  /** Which of the row's key specs covers this argument. */
  readonly keySpecIndex?: number;
}
/** Exactly one of the parts. */
export interface OneOfArgument extends ArgumentBase {
  readonly type: "oneof";
  readonly arguments: readonly Argument[];
}
/** All of the parts, in order. */
export interface BlockArgument extends ArgumentBase {
  readonly type: "block";
  readonly arguments: readonly Argument[];
}
export type Argument = LeafArgument | OneOfArgument | BlockArgument;

/** A change of behaviour: the version that brought it, and what it was. */
export type HistoryEntry = readonly [since: string, change: string];

/** What rows of commands and of subcommands have in common. */
export interface SubcommandRow {
  readonly summary: string;
  readonly since: string;
  /** In O() notation where that says it; "" when unknown or meaningless. */
  readonly complexity: string;
  /** Number of arguments, the name (for subcommands: both names) included. Negative: at least that many. */
  readonly arity: number;
  readonly flags?: readonly CommandFlag[];
  readonly categories?: readonly AclCategory[];
  readonly tips?: readonly CommandTip[];
  readonly keys?: readonly KeySpec[];
  readonly arguments?: readonly Argument[];
  readonly history?: readonly HistoryEntry[];
  readonly documentFlags?: readonly DocumentFlag[];
  readonly deprecatedSince?: string;
  readonly replacedBy?: string;
  /** What comes back when it works, in a few words. */
  readonly reply: string;
}

export interface CommandRow extends SubcommandRow {
  readonly subcommands?: Readonly<Record<string, SubcommandRow>>;
}

/** The rows of one group: lower-case command name to row. */
export type CommandRows = Readonly<Record<string, CommandRow>>;
