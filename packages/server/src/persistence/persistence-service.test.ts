import { ENCODING_NAMES, encodingOf, Key, lookupQuietly } from "@sider/keyspace-engine";
import { type FileSystem, nodeFileSystem, saveRdbFile, type RdbWriter } from "@sider/persistence";
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { createTestServer, type TestServer } from "../testing/test-client.ts";
import { PersistenceService } from "./persistence-service.ts";

let folder: string;
let path: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "sider-dump-"));
  path = join(folder, "dump.rdb");
});

afterEach(() => {
  rmSync(folder, { recursive: true });
});

function make(directives: Record<string, string> = {}): TestServer {
  return createTestServer({ dir: folder, ...directives });
}

function messages(test: TestServer): string[] {
  return test.logged.map((line) => line.replace(/^.*?(?=[*#] )/, "").trimEnd());
}

function writeFile(write: (writer: RdbWriter) => void): void {
  saveRdbFile(path, (writer) => {
    writer.header({ "redis-ver": "7.0.15" });
    write(writer);
  });
}

function put(writer: RdbWriter, key: string, value: string, expireAtMs = -1): void {
  const [keyBytes, valueBytes] = [new TextEncoder().encode(key), new TextEncoder().encode(value)];
  writer.entry(keyBytes, 0, keyBytes.length, valueBytes, 0, valueBytes.length, expireAtMs);
}

function encodingName({ server }: TestServer, name: string): string {
  const bytes = new TextEncoder().encode(name);
  const key = new Key().set(bytes, 0, bytes.length, server.keyspace.hash(bytes, 0, bytes.length));
  const entry = lookupQuietly(server.keyspace, server.keyspace.databases[0], key);
  return ENCODING_NAMES[encodingOf(server.keyspace.heap, entry)] ?? "";
}

const VALUES: Readonly<Record<string, [value: string, encoding: string]>> = {
  small: ["7", "int"],
  negative: ["-123456", "int"],
  safe: ["9007199254740991", "int"],
  largest: ["9223372036854775807", "int"],
  least: ["-9223372036854775808", "int"],
  empty: ["", "embstr"],
  text: ["hello\r\nworld\0\xff", "embstr"],
  leadingZero: ["007", "embstr"],
  inlineRaw: ["x".repeat(100), "raw"],
  outside: ["0123456789".repeat(1000), "raw"],
};

describe("a save and a load", () => {
  test.each(["10", "11"])("keep values, encodings, expiries and databases (version %s)", (version) => {
    const saved = make({ "rdb-version": version });
    const client = saved.connect();
    for (const [key, [value]] of Object.entries(VALUES)) client.send("SET", key, value);
    client.send("SET", "volatile", "v", "PX", 5000);
    client.send("SELECT", 9);
    for (let key = 0; key < 3000; key++) client.send("SET", `key${String(key)}`, key);
    expect(saved.server.persistence.changesSinceSave).toBe(Object.keys(VALUES).length + 1 + 3000);
    saved.clock.now += 1500;
    saved.server.persistence.save();
    expect(saved.server.persistence.changesSinceSave).toBe(0);
    expect(saved.server.persistence.saving).toMatchObject({
      lastOk: true,
      saves: 1,
      lastSaveUnixSeconds: Math.floor(saved.clock.now / 1000),
    });
    expect(readFileSync(path, "latin1").slice(0, 9)).toBe(`REDIS00${version}`);

    const loaded = make();
    loaded.clock.now = saved.clock.now + 1000;
    expect(loaded.server.persistence.load()).toBe(true);
    const reader = loaded.connect();
    for (const [key, [value, encoding]] of Object.entries(VALUES)) {
      expect(reader.send("GET", key)).toBe(`$${String(value.length)}\r\n${value}\r\n`);
      expect([key, encodingName(loaded, key)]).toEqual([key, encoding]);
    }
    const { keyspace, persistence } = loaded.server;
    expect(keyspace.expiresCount(keyspace.databases[0])).toBe(1);
    expect(keyspace.count(keyspace.databases[9])).toBe(3000);
    expect(persistence).toMatchObject({ changesSinceSave: 0, lastLoadKeysLoaded: 3011, lastLoadKeysExpired: 0 });
    loaded.clock.now = saved.clock.now + 3501;
    expect(reader.send("GET", "volatile")).toBe("$-1\r\n");
  });

  test("compression and checksum are as configured", () => {
    const { server, connect } = make({ rdbcompression: "no" });
    connect().send("SET", "a", "x".repeat(10_000));
    server.persistence.save();
    expect(readFileSync(path).length).toBeGreaterThan(10_000);
    server.configuration.assign("rdbcompression", ["yes"]);
    server.configuration.assign("rdbchecksum", ["no"]);
    server.persistence.save();
    expect(readFileSync(path).length).toBeLessThan(500);
    expect(readFileSync(path).subarray(-8)).toEqual(Buffer.alloc(8));
    const other = make();
    other.server.persistence.load();
    expect(messages(other)).toContain("# RDB file was saved with checksum disabled: no check performed.");
  });
});

describe("loading", () => {
  test("says what it loads as Redis does, and leaves out keys whose time has come", () => {
    const made = make();
    writeFile((writer) => {
      writer.auxField("ctime", String(made.clock.now / 1000 - 60));
      writer.auxField("used-mem", String(3 * 2 ** 20));
      put(writer, "past", "x", made.clock.now - 1);
      put(writer, "now", "x", made.clock.now);
      put(writer, "always", "x");
    });
    made.server.persistence.load();
    expect(messages(made).slice(0, -1)).toEqual([
      "* Loading RDB produced by version 7.0.15",
      "* RDB age 60 seconds",
      "* RDB memory usage when created 3.00 Mb",
      "* Done loading RDB, keys loaded: 2, keys expired: 1.",
    ]);
    expect(messages(made).at(-1)).toMatch(/^\* DB loaded from disk: \d\.\d{3} seconds$/);
    expect(made.connect().send("DBSIZE")).toBe(":2\r\n");
  });

  test("without a file there is nothing to do", () => {
    const made = make();
    expect([made.server.persistence.load(), made.logged]).toEqual([false, []]);
  });

  test("counts that lie cost no memory", () => {
    const { server } = make();
    const before = server.keyspace.heap.allocatedBytes;
    writeFile((writer) => {
      writer.selectDatabase(0);
      writer.resizeDatabase(2 ** 31, 2 ** 31);
      put(writer, "a", "x");
    });
    server.persistence.load();
    expect(server.keyspace.heap.allocatedBytes - before).toBeLessThan(10_000);
  });

  const broken: readonly [string, (writer: RdbWriter) => void, (bytes: Buffer) => Buffer, RegExp][] = [
    ["a truncated file", (writer) => put(writer, "a", "x"), (bytes) => bytes.subarray(0, -9), /RDB truncated at byte/],
    ["a flipped bit", (writer) => put(writer, "a", "x"), (bytes) => ((bytes[30] ^= 4), bytes), /RDB \w+ at byte/],
    ["no dump at all", () => undefined, () => Buffer.from("hello, I am a text file"), /RDB corrupt at byte 0/],
    ["an empty file", () => undefined, () => Buffer.alloc(0), /RDB truncated at byte 0/],
    [
      "a database too many",
      (writer) => {
        writer.selectDatabase(16);
        put(writer, "a", "x");
      },
      (bytes) => bytes,
      /it has a database 16, but this server has 16 \(directive databases\)/,
    ],
    [
      "a key twice",
      (writer) => {
        put(writer, "a", "x");
        put(writer, "a", "y");
      },
      (bytes) => bytes,
      /it has a key twice in database 0/,
    ],
  ];

  test.each(broken)("%s is an error that names the file and leaves it alone", (_, write, change, reason) => {
    writeFile(write);
    const bytes = change(readFileSync(path));
    writeFileSync(path, bytes);
    const { persistence } = make().server;
    expect(() => persistence.load()).toThrow(reason);
    expect(() => persistence.load()).toThrow(`Fatal error loading the DB: ${path}: `);
    expect(readFileSync(path)).toEqual(bytes);
    expect(readdirSync(folder)).toEqual(["dump.rdb"]);
    expect(persistence.loading).toBe(false);
  });
});

describe("a save that fails", () => {
  const failing: readonly [keyof FileSystem, RegExp][] = [
    ["open", /^# Failed opening the temp RDB file .*temp-\d+-save\.rdb \(in server root dir .*\) for saving: no luck$/],
    ["write", /^# Write error saving DB on disk\(write\): no luck$/],
    ["fsync", /^# Write error saving DB on disk\(sync\): no luck$/],
    [
      "rename",
      /^# Error moving temp DB file .* on the final destination .*dump\.rdb \(in server root dir .*\): no luck$/,
    ],
  ];

  test.each(failing)("in %s keeps the old file, says so, and the next one may succeed", (operation, line) => {
    const made = make();
    made.connect().send("SET", "a", "old");
    made.server.persistence.save();
    const old = readFileSync(path);
    made.connect().send("SET", "a", "new");
    let fails = true;
    const fileSystem: FileSystem = {
      ...nodeFileSystem,
      [operation]: (...args: never[]): unknown => {
        if (fails) throw new Error("no luck");
        const real: (...given: never[]) => unknown = nodeFileSystem[operation];
        return real(...args);
      },
    };
    const service = new PersistenceService(made.server, fileSystem);
    const savedAt = service.saving.lastSaveUnixSeconds;
    made.clock.now += 5000;
    expect(() => {
      service.save();
    }).toThrow("no luck");
    expect(messages(made).at(-1)).toMatch(line);
    expect(service.saving).toMatchObject({ lastSaveUnixSeconds: savedAt, saves: 1 });
    expect(service.changesSinceSave).toBe(1);
    expect(readFileSync(path)).toEqual(old);
    expect(readdirSync(folder)).toEqual(["dump.rdb"]);
    fails = false;
    service.save();
    expect(service.saving).toMatchObject({ lastOk: true, lastSaveUnixSeconds: savedAt + 5, saves: 2 });
    expect(service.changesSinceSave).toBe(0);
    expect(readFileSync(path)).not.toEqual(old);
  });
});
