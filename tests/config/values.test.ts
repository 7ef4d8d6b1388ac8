/** CONFIG SET of every directive that both servers know, with values of all kinds: the replies, and what CONFIG GET shows then. */
import { afterAll, beforeAll, describe, expect, test } from "vitest";

import { RawConnection } from "../support/connection.ts";
import { programsPresent } from "../support/programs.ts";
import { type PeerKind, type RunningServer, startServer, subjectPresent } from "../support/server.ts";

const VALUES: readonly string[] = [
  ..."|0|1|-1|-2|2|50|100|101|512|1000|65535|65536|99999999999|2147483647|2147483648|-2147483649".split("|"),
  ..."9223372036854775807|9223372036854775808|18446744073709551615|18446744073709551616|-9223372036854775808".split(
    "|",
  ),
  ..."yes|no|YES|maybe|local|1.5|1e3|1k|1kb|1KB|2mb|1gb|1zb|-1kb|10%|100%|101%|-5%|%|0x10|010|07|+1| 1|1 |\t1".split(
    "|",
  ),
  ..."abc|a b|1 2|1 2 3|1 2 3 4|normal 0 0 0|normal 1mb 1kb 5|replica 1 2 x|slave 1mb 2 3|foo 0 0 0|KEA|Kg$x|Q".split(
    "|",
  ),
  ..."default|save|nosave|save nosave|now force|force now|everysec|always|debug|warning|resetchannels|ip".split("|"),
  ..."{title}|{nosuch}|{title} {port}|0 100|50 99.99|101|-0|1e1|a.b-c|a_b|host.example".split("|"),
  `"quoted"`,
  "a\nb",
  "\xff\xfe",
];

/** Those whose change would end, lock or slow the run, or speaks of the build or of the machine. */
const LEFT_OUT = new Set([
  "activedefrag", // needs an allocator of its own in Redis
  "appendonly",
  "bind",
  "client-output-buffer-limit", // below: the connection of the test must live
  "dir",
  "jemalloc-bg-thread",
  "loglevel", // 7.2 has one more
  "maxclients",
  "maxmemory-clients",
  "oom-score-adj",
  "oom-score-adj-values",
  "port",
  "requirepass",
  "tls-port",
  "watchdog-period",
]);
const isLeftOut = (name: string): boolean => LEFT_OUT.has(name) || name.startsWith("tls-");

const SEVERAL: readonly string[][] = [
  ["hz"],
  ["hz", "20", "timeout"],
  ["hz", "20", "HZ", "30"],
  ["hash-max-ziplist-entries", "1", "hash-max-listpack-entries", "2"],
  ["nosuch", "1"],
  ["hz", "20", "nosuch", "1", "timeout", "x"],
  ["hz", "20", "timeout", "x", "nosuch", "1"],
  ["timeout", "x", "hz", "y"],
  ["hz", "20", "databases", "3", "timeout", "1"],
  ["Databases", "3"],
  ["dbfilename", "x.rdb"],
  ["timeout", "5", "tcp-keepalive", "-1"],
  ["client-output-buffer-limit", "normal 0 0 0 slave 1mb 1 1"],
  ["client-output-buffer-limit", "normal 0 0"],
  ["client-output-buffer-limit", "nobody 0 0 0"],
  ["client-output-buffer-limit", "pubsub 1x 0 0"],
  ["client-output-buffer-limit", "pubsub 0 0 -1"],
  ["oom-score-adj-values", "1 2"],
  ["oom-score-adj-values", "1 2 3000"],
  ["oom-score-adj", "perhaps"],
  ["maxmemory-clients", "101%"],
  ["maxmemory-clients", "x%"],
  ["save", "", "hz", "10"],
  ["", ""],
];

const GETS: readonly string[][] = [
  ["*max-*-entries*"],
  ["hz", "HZ", "h?", "hz"],
  ["nosuch"],
  ["maxmemory", "maxmemory*", "bind", "*of"],
  ["[st]a*"],
  ["", "\\hz"],
  ["hz*", "hz"],
];

describe.skipIf(!subjectPresent() || !programsPresent("CONFIG", "redis-server"))("CONFIG of both servers", () => {
  const servers: RunningServer[] = [];
  let redis: RawConnection;
  let sider: RawConnection;

  beforeAll(async () => {
    const open = async (kind: PeerKind): Promise<RawConnection> => {
      servers.push(await startServer({ kind, args: ["--enable-debug-command", "yes", "--set-proc-title", "no"] }));
      return RawConnection.open(servers.at(-1)?.port ?? 0);
    };
    [redis, sider] = [await open("redis"), await open("sider")];
  });
  afterAll(async () => {
    await Promise.all(servers.map((server) => server.stop("SIGKILL")));
  });

  const both = async (commands: readonly (readonly string[])[]): Promise<[string[], string[]]> => {
    const replies = await Promise.all([redis.pipeline(commands), sider.pipeline(commands)]);
    const shown = replies.map((list) =>
      list.map((reply, at) => `${JSON.stringify(commands[at])}: ${reply.toString("latin1")}`),
    );
    return [shown[0] ?? [], shown[1] ?? []];
  };

  /** Names and values of a CONFIG GET, in the order of names: that of Redis is a hash table's. */
  const sorted = (replies: string[]): string[][] =>
    replies.map((reply) =>
      reply
        .replace(/\r\n$/, "")
        .split(/\r\n(?=\$\d+\r\n)/)
        .sort(),
    );

  test("takes the same values, and refuses the others in the same words", async () => {
    const all = (await redis.call("CONFIG", "GET", "*"))
      .toString("latin1")
      .split(/\r\n\$\d+\r\n/)
      .slice(1);
    const names = all.filter((_, index) => index % 2 === 0);
    const differences: string[][] = [];
    for (const name of names.filter((each) => !isLeftOut(each))) {
      const commands = VALUES.flatMap((value) => [
        ["CONFIG", "SET", name, value],
        ["CONFIG", "GET", name],
      ]);
      const [wanted, given] = await both(commands);
      wanted.forEach((reply, at) => {
        if (reply !== given[at]) differences.push([reply, given[at] ?? ""]);
      });
    }
    expect(names.length).toBeGreaterThan(180);
    // C reads 0x10 as a fraction too
    const isHexFraction = (difference: string[]): boolean =>
      /percentiles","0x10"|percentiles\r\n\$\d+\r\n16\r/.test(difference[0] ?? "");
    expect(differences.filter((difference) => !isHexFraction(difference))).toEqual([]);
  });

  test.each(SEVERAL.map((words) => [words]))("CONFIG SET %j", async (words) => {
    const [wanted, given] = await both([["CONFIG", "SET", ...words]]);
    expect(given).toEqual(wanted);
    const names = words.filter((_, index) => index % 2 === 0);
    const [before, after] = await both([["CONFIG", "GET", ...names]]);
    expect(sorted(after)).toEqual(sorted(before));
  });

  test.each(GETS.map((patterns) => [patterns]))("CONFIG GET %j", async (patterns) => {
    const [wanted, given] = await both([["CONFIG", "GET", ...patterns]]);
    const isOfBoth = (word: string): boolean => !/set-max-listpack/.test(word);
    expect(given.length).toBe(wanted.length);
    const namesOf = (replies: string[]): string[] =>
      (sorted(replies)[0] ?? []).filter((word) => /[a-z]/.test(word) && isOfBoth(word) && !word.includes(":"));
    expect(namesOf(given)).toEqual(namesOf(wanted));
  });
});
