/** Numbers beyond their type, for counting commands and for every numeric option: an error, and the value stays as it was. */
import { afterAll, beforeAll, describe, expect, test } from "vitest";

import { RawConnection } from "../support/connection.ts";
import { subjectPresent } from "../support/server.ts";
import { useSubject } from "../support/subject.ts";

const notAnInteger = "-ERR value is not an integer or out of range\r\n";
const wouldOverflow = "-ERR increment or decrement would overflow\r\n";
const maximum = "9223372036854775807";
const minimum = "-9223372036854775808";
const beyond = "9223372036854775808";

describe.skipIf(!subjectPresent())("numbers beyond their type", () => {
  const server = useSubject();
  let connection: RawConnection;
  const call = async (...args: string[]): Promise<string> => (await connection.call(...args)).toString("latin1");
  beforeAll(async () => {
    connection = await RawConnection.open(server.current.port);
  });
  afterAll(() => {
    connection.close();
  });

  test.each([
    [maximum, ["INCR", "n"], wouldOverflow],
    [maximum, ["INCRBY", "n", "1"], wouldOverflow],
    [minimum, ["DECR", "n"], wouldOverflow],
    [minimum, ["INCRBY", "n", "-1"], wouldOverflow],
    ["1", ["DECRBY", "n", minimum], "-ERR decrement would overflow\r\n"],
    ["1", ["INCRBY", "n", beyond], notAnInteger],
    [beyond, ["INCR", "n"], notAnInteger],
    ["01", ["INCR", "n"], notAnInteger],
    [" 1", ["INCR", "n"], notAnInteger],
    ["1e400", ["INCRBYFLOAT", "n", "abc"], "-ERR value is not a valid float\r\n"],
    ["1", ["INCRBYFLOAT", "n", "inf"], "-ERR increment would produce NaN or Infinity\r\n"],
  ])("%s, then %j", async (value, command, error) => {
    await call("SET", "n", value);
    expect(await call(...command)).toBe(error);
    expect(await call("GET", "n")).toBe(`$${value.length}\r\n${value}\r\n`);
  });

  test.each([
    ["SET", "k", "v", "EX"],
    ["SET", "k", "v", "PX"],
    ["SET", "k", "v", "EXAT"],
    ["SET", "k", "v", "PXAT"],
    ["GETEX", "k", "EX"],
    ["GETEX", "k", "PXAT"],
    ["EXPIRE", "k"],
    ["PEXPIRE", "k"],
    ["EXPIREAT", "k"],
    ["PEXPIREAT", "k"],
    ["SCAN", "0", "COUNT"],
    ["COPY", "k", "k2", "DB"],
    ["MOVE", "k"],
    ["GETRANGE", "k", "0"],
    ["LCS", "k", "k", "IDX", "MINMATCHLEN"],
  ])("%s %s %s %s <number>", async (...command) => {
    await call("SET", "k", "v");
    for (const number of [beyond, `-${beyond}9`, "99999999999999999999999", "1.5", "", "x", "1 "]) {
      expect(await call(...command, number)).toMatch(
        /^-ERR (value is not an integer|value is out of range|invalid DB index)/,
      );
    }
    expect(await call("TTL", "k")).toBe(":-1\r\n");
  });

  test.each([
    [["SET", "k", "v", "EX", maximum], "-ERR invalid expire time in 'set' command\r\n"],
    [["SET", "k", "v", "PX", maximum], "-ERR invalid expire time in 'set' command\r\n"],
    [["SETEX", "k", maximum, "v"], "-ERR invalid expire time in 'setex' command\r\n"],
    [["PSETEX", "k", "0", "v"], "-ERR invalid expire time in 'psetex' command\r\n"],
    [["EXPIRE", "k", maximum], "-ERR invalid expire time in 'expire' command\r\n"],
    [["EXPIRE", "k", minimum], "-ERR invalid expire time in 'expire' command\r\n"],
    [["SETRANGE", "k", maximum, "v"], "-ERR string exceeds maximum allowed size (proto-max-bulk-len)\r\n"],
    [["SETRANGE", "k", "-1", "v"], "-ERR offset is out of range\r\n"],
    [["SETBIT", "k", "4294967296", "1"], "-ERR bit offset is not an integer or out of range\r\n"],
    [["GETBIT", "k", "-1"], "-ERR bit offset is not an integer or out of range\r\n"],
    [["SELECT", beyond], notAnInteger],
    [["SELECT", "16"], "-ERR DB index is out of range\r\n"],
    [["SCAN", "x"], "-ERR invalid cursor\r\n"],
    [["CLIENT", "KILL", "ID", beyond], "-ERR client-id should be greater than 0\r\n"],
    [["CLIENT", "PAUSE", beyond], "-ERR timeout is not an integer or out of range\r\n"],
    [["RESTORE", "new", "-1", "x"], "-ERR Invalid TTL value, must be >= 0\r\n"],
    [["HELLO", beyond], "-ERR Protocol version is not an integer or out of range\r\n"],
  ])("%j", async (command, error) => {
    expect(await call(...command)).toBe(error);
  });
});
