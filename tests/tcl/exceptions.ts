/**
 * Tests of the suite that Sider is not held to, by file and name, each under the reason. Everything else must pass.
 */
export interface ExceptionGroup {
  reason: string;
  /** File of the suite -> names of its tests; a name that begins with / is a regular expression. */
  tests: Readonly<Record<string, readonly string[]>>;
}

export const exceptions: readonly ExceptionGroup[] = [
  {
    reason: "Sets within set-max-listpack-entries are listpacks in 7.2; the tests ask for the encoding of 7.0",
    tests: {
      "unit/type/set": [
        "SMOVE basics - from regular set to intset",
        "SMOVE basics - from intset to regular set",
        "SMOVE non existing key",
        "SMOVE non existing src set",
        "SMOVE from regular set to non existing destination set",
        "SMOVE from intset to non existing destination set",
      ],
    },
  },
  {
    reason: "Takes a set that the tests of SMOVE before it, which are left out, would have made",
    tests: { "unit/type/set": ["SMOVE wrong dst key type"] },
  },
  {
    reason: "7.2 prints doubles with the fewest digits; the tests compare with all 17",
    tests: { "unit/type/zset": ["/^ZM?SCORE( after a DEBUG RELOAD)? - (listpack|skiplist)$"] },
  },
  {
    reason: "Looks into C's hash table: its size, its chains, and what it looks like while it is resized",
    tests: {
      "unit/type/set": ["SRANDMEMBER with a dict containing long chain"],
      "unit/other": ["Don't rehash if redis has child process"],
    },
  },
  {
    reason: "Node cannot give a process a title that is longer than its command line was",
    tests: { "unit/other": ["Process title set as expected"] },
  },
  {
    reason: "XREADGROUP makes its consumer in 7.2 before it waits; the test does not count it",
    tests: { "unit/type/stream-cgroups": ["Consumer without PEL is present in AOF after AOFRW"] },
  },
  {
    reason:
      "A client that waits in XREADGROUP is told in 7.2 what became of the key: NOGROUP or WRONGTYPE, as if it had asked then",
    tests: {
      "unit/type/stream-cgroups": [
        "Blocking XREADGROUP: key deleted",
        "/^Blocking XREADGROUP: key type changed with (SET|transaction)$",
        "Blocking XREADGROUP: flushed DB",
        "/^Blocking XREADGROUP: swapped DB, key (doesn't exist|is not a stream)$",
      ],
    },
  },
  {
    reason:
      "Payloads are checked whatever sanitize-dump-payload says: what redis-server takes without a check, to end with an assertion later, is refused",
    tests: {
      "integration/corrupt-dump": [
        "/^corrupt payload: listpack (too|very) long entry len$",
        "corrupt payload: hash listpack with duplicate records - convert",
        "/^corrupt payload: fuzzer findings - (NPD in streamIteratorGetID|listpack NPD on invalid stream|infinite loop)$",
        "/^corrupt payload: fuzzer findings - (stream bad lp_count - unsanitized|negative reply length)$",
        "/^corrupt payload: fuzzer findings - stream (with no records|listpack (lpPrev )?valgrind issue)$",
        "/^corrupt payload: fuzzer findings - (gcc asan reports false leak on assert|lpFind invalid access)$",
      ],
    },
  },
  {
    reason: "A list of numbers within list-max-listpack-size is a listpack in 7.2",
    tests: { "unit/aofrw": ["AOF rewrite of list with quicklist encoding, int data"] },
  },
  {
    reason: "Scripts are not there yet",
    tests: {
      "unit/tracking": [
        "Invalid keys should not be tracked for scripts in NOLOOP mode",
        "Tracking only occurs for scripts when a command calls a read-only command",
      ],
      "unit/acl": [
        "ACL CAT category - list all commands/subcommands that belong to category",
        "ACL requires explicit permission for scripting for EVAL_RO, EVALSHA_RO and FCALL_RO",
        "ACL LOG shows failed subcommand executions at toplevel",
        "ACL can log errors in the context of Lua scripting",
      ],
      "unit/info": ["errorstats: failed call within LUA", "errorstats: failed call NOSCRIPT error"],
      "unit/introspection-2": [
        "command stats for scripts",
        "/^COMMAND GETKEYS EVAL with(out)? keys$",
        "/^COMMAND LIST FILTERBY (ACLCAT|PATTERN) - list all commands/subcommands$",
        "EVAL command is marked with movablekeys",
      ],
      "unit/client-eviction": ["client evicted due to tracking redirection"],
      "unit/pause": [
        "Test scripts are blocked by pause RO",
        "/^Test (RO|read-only) scripts ",
        "Test write scripts in mutli-exec are blocked by pause RO",
        "Test may-replicate commands are rejected in RO scripts",
      ],
      "unit/latency-monitor": ["LATENCY of expire events are correctly collected"],
      "unit/introspection": ["/^MONITOR can log commands issued by (the scripting engine|functions)$"],
      "unit/aofrw": ["AOF rewrite functions"],
      "integration/aof": [
        "EVAL timeout with slow verbatim Lua script from AOF",
        "EVAL can process writes from AOF in read-only replicas",
      ],
      "integration/rdb": ["script won't load anymore if it's in rdb", "failed bgsave prevents writes"],
      "unit/sort": ["SORT sorted set BY nosort works as expected from scripts"],
      "unit/multi": ["/script timeout$"],
    },
  },
  {
    reason: "Replication is not there yet",
    tests: {
      "unit/pendingquerybuf": ["pending querybuf: check size of pending_querybuf after set a big value"],
      "unit/auth": ["MASTERAUTH test with binary password"],
      "unit/pubsubshard": ["setup replication for following tests"],
      "unit/tls": ["TLS: Verify tls-cert-file is also used as a client cert if none specified"],
      "integration/dismiss-mem": ["dismiss replication backlog"],
      "unit/oom-score-adj": ["CONFIG SET oom-score-adj works as expected"],
      "unit/networking": ["CONFIG SET bind-source-addr"],
      "unit/type/list": [
        "/^B?LMPOP propagate as pop with count command to replica$",
        "MULTI + LPUSH + EXPIRE + DEBUG SLEEP on blocked client, key already expired",
        "SWAPDB wants to wake blocked client, but the key already expired",
      ],
      "unit/type/stream-cgroups": [
        "/^Consumer group last ID propagation to slave",
        "/^Replication tests of XCLAIM with deleted entries",
      ],
      "unit/type/string": [
        "GETDEL propagate as DEL command to replica",
        "GETEX without argument does not propagate to replica",
      ],
      "unit/multi": [
        "MULTI / EXEC is not propagated (single write command)",
        "/^MULTI / EXEC is propagated correctly",
        "MULTI / EXEC with REPLICAOF",
        "exec with write commands and state change",
        "exec with read commands and stale replica state change",
        "MULTI with BGREWRITEAOF",
        "MULTI with config set appendonly",
        "/^MULTI propagation of (PUBLISH|SCRIPT LOAD|EVAL|SCRIPT FLUSH|XREADGROUP)$",
      ],
      "unit/maxmemory": [
        "slave buffer are counted correctly",
        "replica buffer don't induce eviction",
        "/^propagation with eviction( in MULTI)?$",
      ],
      "unit/bitfield": ["BITFIELD: setup slave", "BITFIELD: write on master, read on slave"],
      "unit/type/zset": ["/propagate as pop with count command to replica$"],
      "unit/expire": [
        "All TTL in commands are propagated as absolute timestamp in replication stream",
        "First server should have role slave after REPLICAOF",
        "For all replicated TTL-related commands, absolute expire times are identical on primary and replica",
        "expired key which is created in writeable replicas should be deleted by active expiry",
        "GETEX propagate as to replica as PERSIST, DEL, or nothing",
        "/^(SCAN|RANDOMKEY): Lazy-expire should not be wrapped in MULTI/EXEC$",
      ],
    },
  },
  {
    reason:
      "A client has no buffers of its own: what it sends is read into one buffer for all, and an incomplete request alone is kept",
    tests: {
      "unit/querybuf": ["/^query buffer resized correctly"],
      "unit/replybufsize": ["verify reply buffer limits"],
    },
  },
  {
    reason: "MIGRATE is not there yet",
    tests: {
      "unit/dump": ["/^MIGRATE "],
      "unit/introspection-2": ["MIGRATE command is marked with movablekeys"],
      "unit/slowlog": ["SLOWLOG - Some commands can redact sensitive fields"],
      "unit/introspection": ["MONITOR supports redacting command arguments"],
    },
  },
];

/** Tags of the suite whose tests a file is run without, where the file would not come to its end: it replicates outside of a test. */
export const excludedTags: Readonly<Record<string, readonly string[]>> = { "unit/pause": ["needs:repl"] };

/** The tests of a file that are left out. */
export function exceptionsOf(unit: string): string[] {
  return exceptions.flatMap((group) => group.tests[unit] ?? []);
}

/** True when a listed name stands for this test. */
export function isListedAs(listed: string, test: string): boolean {
  return listed.startsWith("/") ? new RegExp(listed.slice(1)).test(test) : listed === test;
}
