import { beforeEach, describe, expect, test } from "vitest";
import { CommandCollector, LogLines, request } from "../testing/aof.ts";
import { dumpOf, entry, joined, latin1 } from "../testing/dumps.ts";
import { SimulatedDisk } from "../testing/simulated-disk.ts";
import { AofFiles } from "./aof-files.ts";
import { AofError } from "./aof-format.ts";
import { AofLoader } from "./aof-loader.ts";

const SET = request("SET", "foo", "hello");
const FIRST = "a.aof.1.incr.aof";
const SECOND = "a.aof.2.incr.aof";
const ONE = `file ${FIRST} seq 1 type i\n`;
const TWO = `${ONE}file ${SECOND} seq 2 type i\n`;

let disk = new SimulatedDisk();
let log = new LogLines();
beforeEach(() => {
  disk = new SimulatedDisk();
  log = new LogLines();
  disk.makeDirectory("/dir");
  disk.makeDirectory("/dir/aof");
});

function load(manifest: string, files: Readonly<Record<string, Uint8Array>>, loadTruncated = true): CommandCollector {
  if (manifest !== "") disk.place("/dir/aof/a.aof.manifest", joined(manifest));
  for (const [name, bytes] of Object.entries(files)) disk.place(`/dir/aof/${name}`, bytes);
  const aof = new AofFiles({
    fileSystem: disk,
    logger: log,
    directory: "/dir",
    directoryName: "aof",
    fileName: "a.aof",
  });
  aof.load();
  aof.upgrade();
  const collector = new CommandCollector();
  try {
    new AofLoader(aof, collector, { loadTruncated, nowMs: () => 0 }).run();
  } finally {
    expect(disk.openDescriptors).toBe(0);
  }
  return collector;
}

function refusal(action: () => unknown): AofError {
  try {
    action();
  } catch (error) {
    if (error instanceof AofError) return error;
    throw error;
  }
  throw new Error("it did not refuse");
}

test("base and increments in their order; annotations are passed over", () => {
  const base = "file a.aof.1.base.rdb seq 1 type b\n";
  const dump = joined(dumpOf([entry("a", "b")]), request("PING"));
  const found = load(base + TWO, { "a.aof.1.base.rdb": dump, [FIRST]: joined("#TS:1\r\n", SET), [SECOND]: SET });
  expect(found.dump.entries.length).toBe(1);
  expect(found.commands).toEqual(["PING", "SET foo hello", "SET foo hello"]);
  expect(found.files).toEqual(["a.aof.1.base.rdb", FIRST, SECOND]);
});

test("a command larger than the window, and one of many words", () => {
  const large = request("SET", "k", "x".repeat(1_000_000));
  const many = request("SADD", ...Array.from({ length: 1000 }, (_none, at) => String(at)));
  expect(load(ONE, { [FIRST]: joined(large, many, SET) }).commands.map((text) => text.length)).toEqual([
    1_000_006, 3894, 13,
  ]);
});

describe("an end that comes too early", () => {
  const tails: [string, Uint8Array, number][] = [
    ["in a string", SET.subarray(0, 30), 30],
    ["in a line", SET.subarray(0, 2), 2],
    ["in zeros", joined("\0".repeat(5000)), 5000],
    ["in a command and zeros", joined(SET.subarray(0, 12), "\0".repeat(99)), 111],
    ["in a string and zeros", joined(SET.subarray(0, 29), "\0".repeat(99)), 128],
    ["in a transaction", joined(request("MULTI"), SET), 48],
    ["in a command of a transaction", joined(request("MULTI"), SET, SET.subarray(0, 20)), 68],
  ];

  test.each(tails)("%s is cut off, and it is said how much", (_name, tail, dropped) => {
    expect(load(ONE, { [FIRST]: joined(SET, tail) }).commands[0]).toBe("SET foo hello");
    expect(latin1(disk.contents(`/dir/aof/${FIRST}`))).toBe(latin1(SET));
    expect(log.text).toContain(`# !!! Truncating the AOF ${FIRST} at offset 33 !!!`);
    expect(log.text).toContain(`# Dropping the last ${String(dropped)} bytes of the AOF ${FIRST}: `);
    expect(load("", {}).commands).toEqual(["SET foo hello"]);
  });

  test.each(tails)("%s is refused with aof-load-truncated no", (_name, tail) => {
    const file = joined(SET, tail);
    expect(refusal(() => load(ONE, { [FIRST]: file }, false)).message).toMatch(
      /^Unexpected end of file reading the append only file a\.aof\.1\.incr\.aof\. You can: 1\) Make a backup/,
    );
    expect(disk.contents(`/dir/aof/${FIRST}`)).toEqual(file);
  });

  test("in a file that is not the last is refused, unless those behind it are empty", () => {
    const torn = joined(SET, "*1");
    const error = refusal(() => load(TWO, { [FIRST]: torn, [SECOND]: SET }));
    expect(error.message).toBe("Fatal error: the truncated file is not the last file");
    expect(disk.contents(`/dir/aof/${FIRST}`)).toEqual(torn);
    expect(load(TWO, { [SECOND]: new Uint8Array(0) }).commands).toEqual(["SET foo hello"]);
  });
});

describe("damage", () => {
  const damages: [string, Uint8Array, number][] = [
    ["what is no command", joined(SET, "!!!", SET), 33],
    ["a wrong length", joined(SET, "*3\r\n$3\r\nSET\r\n$4\r\nfoo\r\n$5\r\nhello\r\n", SET), 50],
    ["a length far too large", joined(SET, "*3\r\n$3\r\nSET\r\n$3000000\r\nfoo\r\n$5\r\nhello\r\n", SET), 56],
    ["too many words", joined(SET, "*4000000\r\n$3\r\nSET\r\n$3\r\nfoo\r\n$5\r\nhello\r\n", SET), 72],
    ["zeros in the middle", joined(SET, "\0".repeat(50), SET), 33],
    ["no words", joined(SET, "*0\r\n", SET), 33],
    ["a number beyond all limits", joined(SET, "*99999999999\r\n", SET), 33],
  ];

  test.each(damages)("%s is refused, and it is said where", (_name, file, offset) => {
    const error = refusal(() => load(ONE, { [FIRST]: file }));
    expect(error.message).toBe(
      `Bad file format reading the append only file ${FIRST}: make a backup of your AOF file, then use ./redis-check-aof --fix <filename.manifest>`,
    );
    expect(error.kind).toBe("damaged");
    expect(log.text).toContain(`is damaged at offset ${String(offset)}: `);
    expect(log.text).toContain("All before offset 33 of ");
    expect(disk.contents(`/dir/aof/${FIRST}`)).toEqual(file);
  });

  test("a dump that is cut off", () => {
    const dump = dumpOf([entry("a", "b")]);
    const error = refusal(() => load("file b seq 1 type b\n", { b: dump.subarray(0, dump.length - 9) }));
    expect(error.message).toContain("Unrecoverable error reading the append only file b: ");
    expect(log.text).toContain("Error reading the RDB base file b, AOF loading aborted");
  });
});

test("a missing file is refused", () => {
  expect(refusal(() => load(ONE, {})).message).toBe(
    `Unable to obtain the AOF file ${FIRST} length. stat: No such file or directory`,
  );
});

test("a single file of before Redis 7 becomes the base", () => {
  disk.place("/dir/a.aof", joined(dumpOf([entry("a", "b")]), SET));
  const found = load("", {});
  expect(found.commands).toEqual(["SET foo hello"]);
  expect(latin1(disk.contents("/dir/aof/a.aof.manifest"))).toBe("file a.aof seq 1 type b\n");
  expect(disk.kind("/dir/a.aof")).toBeNull();
  expect(log.text).toContain("Successfully migrated an old-style AOF file (a.aof) into the AOF directory (aof).");
});
