import { describe, expect, it, test } from "vitest";
import { Configuration } from "./configuration.ts";
import { DIRECTIVES } from "./directives.ts";
import { NOTIFY } from "./special-types.ts";
import { ConfigurationError } from "./value-types.ts";
import { WITHOUT_EFFECT } from "./without-effect.ts";

const failed = (name: string, reason: string): string =>
  `ERR CONFIG SET failed (possibly related to argument '${name}') - ${reason}`;

describe("values", () => {
  it("have the defaults of Redis 7.2, typed", () => {
    const configuration = new Configuration({ workingDirectory: "/data" });
    expect(configuration.get("port")).toBe(6379);
    expect(configuration.get("protected-mode")).toBe(true);
    expect(configuration.get("maxmemory-policy")).toBe("noeviction");
    expect(configuration.get("proto-max-bulk-len")).toBe(512 * 1024 * 1024);
    expect(configuration.get("save")).toEqual([
      { seconds: 3600, changes: 1 },
      { seconds: 300, changes: 100 },
      { seconds: 60, changes: 10000 },
    ]);
    expect(configuration.get("client-output-buffer-limit").replica.softSeconds).toBe(60);
    expect(configuration.get("dir")).toBe("/data");
    expect(configuration.get("rdb-version")).toBe(11);
  });

  it.each([
    ["save", "3600 1 300 100 60 10000"],
    ["client-output-buffer-limit", "normal 0 0 0 slave 268435456 67108864 60 pubsub 33554432 8388608 60"],
    ["bind", "* -::*"],
    ["client-query-buffer-limit", "1073741824"],
    ["latency-tracking-info-percentiles", "50 99 99.9"],
    ["oom-score-adj-values", "0 200 800"],
    ["shutdown-on-sigterm", "default"],
    ["unixsocketperm", "0"],
    ["replicaof", ""],
    ["slave-priority", "100"],
  ])("%s is shown as %s", (name, text) => {
    expect(new Configuration().match([name])).toEqual([name, text]);
  });

  it.each([
    ["maxmemory", "100mb", "104857600"],
    ["maxmemory", "2K", "2000"],
    ["maxmemory", "18446744073709551615", "18446744073709551615"],
    ["maxmemory-clients", "5%", "5%"],
    ["slowlog-log-slower-than", "9223372036854775807", "9223372036854775807"],
    ["hz", "5000", "500"],
    ["appendonly", "YES", "yes"],
    ["oom-score-adj", "relative", "yes"],
    ["shutdown-on-sigterm", "force now", "now force"],
    ["notify-keyspace-events", "Kg$lshzxetdE", "AKE"],
    ["client-output-buffer-limit", "replica 1mb 1kb 5", "normal 0 0 0 slave 1048576 1024 5 pubsub 33554432 8388608 60"],
    ["save", "", ""],
    ["bind", "", ""],
    ["repl-backlog-size", "1", "16384"],
  ])("%s %s becomes %s", (name, value, text) => {
    const configuration = new Configuration();
    expect(configuration.set([name, value])).toBe(null);
    expect(configuration.match([name])).toEqual([name, text]);
  });

  it("of keyspace events are bits", () => {
    const configuration = new Configuration();
    configuration.set(["notify-keyspace-events", "Kx"]);
    expect(configuration.get("notify-keyspace-events")).toBe(NOTIFY.keyspace | NOTIFY.expired);
  });
});

describe("CONFIG SET", () => {
  it.each([
    [["appendonly", "maybe"], failed("appendonly", "argument must be 'yes' or 'no'")],
    [["port", "65536"], failed("port", "argument must be between 0 and 65535 inclusive")],
    [["timeout", "07"], failed("timeout", "argument couldn't be parsed into an integer")],
    [["maxmemory", "1x"], failed("maxmemory", "argument must be a memory value")],
    [["maxmemory-clients", "101%"], failed("maxmemory-clients", "percentage argument must be less or equal to 100")],
    [["databases", "3"], failed("databases", "can't set immutable config")],
    [["dbfilename", "x"], failed("dbfilename", "can't set protected config")],
    [["hz", "1", "HZ", "2"], failed("HZ", "duplicate parameter")],
    [["hz", "1", "foo", "2"], "ERR Unknown option or number of arguments for CONFIG SET - 'foo'"],
    [
      ["loglevel", "loud"],
      failed("loglevel", "argument(s) must be one of the following: debug, verbose, notice, warning, nothing"),
    ],
    [["save", "60"], failed("save", "Invalid save parameters")],
    [
      ["shutdown-on-sigint", "save nosave"],
      failed("shutdown-on-sigint", "shutdown options SAVE and NOSAVE can't be used simultaneously"),
    ],
    [["hz"], "ERR syntax error"],
  ])("%j is refused", (pairs, error) => {
    const configuration = new Configuration();
    const before = configuration.match(["*"]);
    expect(configuration.set(pairs)).toBe(error);
    expect(configuration.match(["*"])).toEqual(before);
  });

  it("takes the value that heap-capacity has, though no other: tools set again what CONFIG GET gave", () => {
    const configuration = new Configuration();
    configuration.assign("heap-capacity", ["64mb"]);
    const set = configuration.match(["heap-capacity"]);
    expect(configuration.set([...set, "hz", "20"])).toBeNull();
    expect(configuration.match(["heap-capacity", "hz"])).toEqual([...set, "hz", "20"]);
    expect(configuration.set(["heap-capacity", "128mb"])).toBe(failed("heap-capacity", "can't set immutable config"));
  });

  it("changes nothing when one value is wrong", () => {
    const configuration = new Configuration();
    expect(configuration.set(["hz", "20", "timeout", "x"])).toContain("'timeout'");
    expect(configuration.get("hz")).toBe(10);
  });

  it("follows who may change protected directives, and loading", () => {
    const configuration = new Configuration();
    configuration.assign("enable-protected-configs", ["local"]);
    expect(configuration.set(["dbfilename", "x.rdb"], { local: true })).toBe(null);
    expect(configuration.set(["dbfilename", "x.rdb"])).toBe(failed("dbfilename", "can't set protected config"));
    expect(configuration.set(["dbfilename", "a/b"], { local: true })).toBe(
      failed("dbfilename", "dbfilename can't be a path, just a filename"),
    );
    expect(configuration.set(["appendonly", "yes"], { loading: true })).toMatch(/^LOADING /);
  });
});

describe("listeners", () => {
  it("hear of changes only, and may end", () => {
    const configuration = new Configuration();
    const heard: [number, number][] = [];
    const stop = configuration.onChange("hz", (value, previous) => heard.push([value, previous]));
    configuration.set(["hz", "10"]);
    configuration.set(["hz", "20", "timeout", "3"]);
    stop();
    configuration.set(["hz", "30"]);
    expect(heard).toEqual([[20, 10]]);
  });

  it("may refuse: everything goes back, and those already told hear the old value", () => {
    const configuration = new Configuration();
    const heard: number[] = [];
    configuration.onChange("hz", (value) => heard.push(value));
    configuration.onChange("port", (value) => {
      if (value === 1) throw new ConfigurationError("Unable to listen on this port. Check server logs.");
    });
    expect(configuration.set(["hz", "20", "port", "1"])).toBe(
      failed("port", "Unable to listen on this port. Check server logs."),
    );
    expect(heard).toEqual([20, 10]);
    expect(configuration.get("hz")).toBe(10);
    expect(configuration.get("port")).toBe(6379);
  });
});

describe("CONFIG GET", () => {
  it("takes several patterns, each name once, without regard to case", () => {
    const configuration = new Configuration();
    expect(configuration.match(["HZ", "hz", "h?", "no-such"])).toEqual(["HZ", "10"]);
    expect(configuration.match(["*MAX-INTSET*"])).toEqual(["set-max-intset-entries", "512"]);
    expect(configuration.match(["hash-max-[lz]i*-value"])).toEqual([
      "hash-max-listpack-value",
      "64",
      "hash-max-ziplist-value",
      "64",
    ]);
  });

  it("shows hidden directives only by name", () => {
    const configuration = new Configuration();
    expect(configuration.match(["key-load-dela*"])).toEqual([]);
    expect(configuration.match(["key-load-delay"])).toEqual(["key-load-delay", "0"]);
    const hidden = Object.values(DIRECTIVES).filter((directive) => "hidden" in directive).length;
    const aliases = Object.values(DIRECTIVES).filter((directive) => "alias" in directive).length;
    expect(configuration.match(["*"])).toHaveLength(2 * (Object.keys(DIRECTIVES).length + aliases - hidden));
  });
});

test("what has no effect has a reason, and nothing else has", () => {
  const noted = Object.entries(DIRECTIVES).flatMap(([name, { support }]) => (support === "noted" ? [name] : []));
  expect(Object.keys(WITHOUT_EFFECT).sort()).toEqual(noted.sort());
});
