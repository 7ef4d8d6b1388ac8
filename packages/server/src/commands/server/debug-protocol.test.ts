import { expect, test } from "vitest";
import { createTestServer } from "../../testing/test-client.ts";

const allowed = { "enable-debug-command": "yes" };
const PUSHED = ">2\r\n$16\r\nserver-cpu-usage\r\n:42\r\n$40\r\nSome real reply following the push reply\r\n";
const ATTRIBUTE = "|1\r\n$14\r\nkey-popularity\r\n*2\r\n$7\r\nkey:123\r\n:90\r\n";
const ATTRIBUTED = "$39\r\nSome real reply following the attribute\r\n";
const BIG = "1234567999999999999999999999999999999";

test.each([
  ["string", "$11\r\nHello World\r\n", "$11\r\nHello World\r\n"],
  ["integer", ":12345\r\n", ":12345\r\n"],
  ["double", "$5\r\n3.141\r\n", ",3.141\r\n"],
  ["bignum", `$37\r\n${BIG}\r\n`, `(${BIG}\r\n`],
  ["null", "$-1\r\n", "_\r\n"],
  ["array", "*3\r\n:0\r\n:1\r\n:2\r\n", "*3\r\n:0\r\n:1\r\n:2\r\n"],
  ["set", "*3\r\n:0\r\n:1\r\n:2\r\n", "~3\r\n:0\r\n:1\r\n:2\r\n"],
  ["map", "*6\r\n:0\r\n:0\r\n:1\r\n:1\r\n:2\r\n:0\r\n", "%3\r\n:0\r\n#f\r\n:1\r\n#t\r\n:2\r\n#f\r\n"],
  ["attrib", ATTRIBUTED, ATTRIBUTE + ATTRIBUTED],
  ["push", "-ERR RESP2 is not supported by this command\r\n", PUSHED],
  ["verbatim", "$25\r\nThis is a verbatim\nstring\r\n", "=29\r\ntxt:This is a verbatim\nstring\r\n"],
  ["TRUE", ":1\r\n", "#t\r\n"],
  ["false", ":0\r\n", "#f\r\n"],
])("%s in both protocols", (type, inProtocol2, inProtocol3) => {
  const client = createTestServer(allowed).connect();
  expect(client.send("DEBUG", "PROTOCOL", type)).toBe(inProtocol2);
  client.send("HELLO", 3);
  expect(client.send("DEBUG", "PROTOCOL", type)).toBe(inProtocol3);
});

test.each(["foo", "constructor", ""])("%j is no type", (type) => {
  expect(createTestServer(allowed).connect().send("DEBUG", "PROTOCOL", type)).toMatch(
    /^-ERR Wrong protocol type name\. Please use one of the following: string\|.*\|true\|false\r\n$/,
  );
});
