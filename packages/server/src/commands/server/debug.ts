/** DEBUG: subcommands for tests of servers and clients. Off unless `enable-debug-command` allows it. */
import type { CommandContext } from "../../dispatch/command-context.ts";
import { debugRewriteAll } from "./config.ts";
import { debugProtocol } from "./debug-protocol.ts";
import { debugDigest, debugDigestValue } from "./debug-digest.ts";
import { debugClientEviction, debugReplyBuffer } from "./debug-clients.ts";
import {
  debugAccept,
  debugError,
  debugLog,
  debugObject,
  debugPackedThreshold,
  debugSetActiveExpire,
  debugSleep,
  debugStringMatch,
  debugTableOfKey,
  debugTables,
} from "./debug-subcommands.ts";
import {
  debugAssert,
  debugCrash,
  debugFailSnapshot,
  debugFlushSleep,
  debugLoadLog,
  debugPauseTimer,
  debugPopulate,
  debugReload,
  debugSkipChecksums,
} from "./debug-persistence.ts";
import type { Handler } from "../../dispatch/handler.ts";
import { protectionRefusal } from "../../dispatch/protected-commands.ts";
import { wrongSubcommandArguments } from "../../dispatch/refusals.ts";

interface DebugSubcommand {
  readonly run: Handler;
  /** Arguments, DEBUG and the subcommand included. Negative: at least so many. */
  readonly count: number;
  readonly usage: string;
  readonly help: string;
}

const SUBCOMMANDS: Readonly<Record<string, DebugSubcommand>> = {
  "aof-flush-sleep": {
    run: debugFlushSleep,
    count: 3,
    usage: "AOF-FLUSH-SLEEP <microseconds>",
    help: "Sleep before each write of the append-only file.",
  },
  "config-rewrite-force-all": {
    run: debugRewriteAll,
    count: 2,
    usage: "CONFIG-REWRITE-FORCE-ALL",
    help: "Rewrite the configuration file, with a line for every directive.",
  },
  digest: { run: debugDigest, count: 2, usage: "DIGEST", help: "40 digits that stand for all keys and values." },
  "digest-value": {
    run: debugDigestValue,
    count: -3,
    usage: "DIGEST-VALUE <key> [<key> ...]",
    help: "40 digits for each value.",
  },
  error: { run: debugError, count: 3, usage: "ERROR <string>", help: "Reply with this error." },
  htstats: { run: debugTables, count: -3, usage: "HTSTATS <database> [full]", help: "The hash tables of a database." },
  "htstats-key": {
    run: debugTableOfKey,
    count: -3,
    usage: "HTSTATS-KEY <key> [full]",
    help: "The hash table of a value.",
  },
  "fail-snapshot": {
    run: debugFailSnapshot,
    count: 2,
    usage: "FAIL-SNAPSHOT",
    help: "Let the save that runs in the background fail.",
  },
  loadaof: { run: debugLoadLog, count: 2, usage: "LOADAOF", help: "Forget all keys, and load the append-only file." },
  log: { run: debugLog, count: 3, usage: "LOG <message>", help: "Write a line to the server's log." },
  object: { run: debugObject, count: 3, usage: "OBJECT <key>", help: "How the value of a key is stored." },
  "pause-cron": { run: debugPauseTimer, count: 3, usage: "PAUSE-CRON <0|1>", help: "Stop the server's timer." },
  populate: {
    run: debugPopulate,
    count: -3,
    usage: "POPULATE <count> [<prefix>] [<size>]",
    help: "Make so many strings, of so many bytes, under keys <prefix>:<number> that do not exist.",
  },
  protocol: { run: debugProtocol, count: 3, usage: "PROTOCOL <type>", help: "Reply with a value of this type." },
  "quicklist-packed-threshold": {
    run: debugPackedThreshold,
    count: 3,
    usage: "QUICKLIST-PACKED-THRESHOLD <size>",
    help: "From this size on an element of a large list is a node of its own (0: as if this was never said).",
  },
  reload: {
    run: debugReload,
    count: -2,
    usage: "RELOAD [MERGE] [NOFLUSH] [NOSAVE]",
    help: "Save, forget all keys, and load what was saved; without saving or forgetting; keys that exist are replaced.",
  },
  "client-eviction": {
    run: debugClientEviction,
    count: 2,
    usage: "CLIENT-EVICTION",
    help: "What clients take, by the size classes of maxmemory-clients.",
  },
  replybuffer: {
    run: debugReplyBuffer,
    count: 4,
    usage: "REPLYBUFFER <PEAK-RESET-TIME|RESIZING> <value>",
    help: "Accepted; clients have no reply buffers of their own that could be resized.",
  },
  assert: { run: debugAssert, count: 2, usage: "ASSERT", help: "Crash by an assertion that does not hold." },
  segfault: { run: debugCrash, count: 2, usage: "SEGFAULT", help: "Crash." },
  "set-active-expire": {
    run: debugSetActiveExpire,
    count: 3,
    usage: "SET-ACTIVE-EXPIRE <0|1>",
    help: "Whether keys expire although nobody asks for them (default: 1).",
  },
  "set-disable-deny-scripts": {
    run: debugAccept,
    count: 3,
    usage: "SET-DISABLE-DENY-SCRIPTS <0|1>",
    help: "Accepted; nothing is denied to scripts.",
  },
  "set-skip-checksum-validation": {
    run: debugSkipChecksums,
    count: 3,
    usage: "SET-SKIP-CHECKSUM-VALIDATION <0|1>",
    help: "Whether RESTORE takes payloads whose checksum is wrong (default: 0).",
  },
  sleep: { run: debugSleep, count: 3, usage: "SLEEP <seconds>", help: "Stop the whole server for a time." },
  "stringmatch-len": {
    run: debugStringMatch,
    count: 4,
    usage: "STRINGMATCH-LEN <length> <pattern>",
    help: "Match a pattern with so many letters a.",
  },
  help: { run: debugHelp, count: 2, usage: "HELP", help: "Print these lines." },
};

/** What only a C allocator, C's structures or a fork could answer. */
const IMPOSSIBLE: readonly string[] = [
  "leak",
  "listpack",
  "mallctl",
  "mallctl-str",
  "quicklist",
  "sdslen",
  "structsize",
  "ziplist",
];

/** DEBUG subcommand [argument ...] */
export function debug(context: CommandContext): void {
  const refusal = protectionRefusal(context.session, "debug");
  if (refusal !== null) return context.refuse(refusal);
  const name = context.text(1).toLowerCase();
  if (IMPOSSIBLE.includes(name)) {
    return context.refuse(
      `ERR DEBUG ${name.toUpperCase()} looks into memory of a program in C, which there is none of here`,
    );
  }
  const subcommand = SUBCOMMANDS[name];
  if (subcommand === undefined || !isCount(subcommand.count, context.count))
    return context.refuse(wrongSubcommandArguments(context, "DEBUG"));
  subcommand.run(context);
}

function isCount(wanted: number, count: number): boolean {
  return wanted < 0 ? count >= -wanted : count === wanted;
}

function debugHelp(context: CommandContext): void {
  const lines = Object.values(SUBCOMMANDS).flatMap(({ usage, help }) => [usage, `    ${help}`]);
  context.reply.arrayHeader(lines.length + 1);
  context.reply.simpleString("DEBUG <subcommand> [<argument> ...]. Subcommands:");
  for (const line of lines) context.reply.simpleString(line);
}
