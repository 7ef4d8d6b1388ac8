/** --askpass at a pretended terminal, and from a pipe beside redis-cli. */
import { PassThrough } from "node:stream";
import { afterEach, describe, expect, test } from "vitest";
import { askPassword } from "./ask-password.ts";
import { binaryOf } from "./format/printer.ts";
import type { ProgramProcess } from "./process.ts";
import { redisCliPresent, runRedisCli } from "./testing/redis.ts";
import { runCli } from "./testing/run-cli.ts";
import { startScriptedServer, type ScriptedServer } from "./testing/scripted-server.ts";

let server: ScriptedServer | undefined;
afterEach(async () => {
  await server?.stop();
  server = undefined;
});

/** What comes of these keys, and what the screen shows; the terminal must be as before. */
async function type(...keys: string[]): Promise<{ password: string | undefined | null; screen: string }> {
  const modes: boolean[] = [];
  const stdin = Object.assign(new PassThrough(), { isTTY: true, setRawMode: (isRaw: boolean) => modes.push(isRaw) });
  const stderr = new PassThrough();
  const asking = askPassword({ stdin, stderr } as unknown as ProgramProcess);
  for (const key of keys) stdin.write(key);
  const password = await asking;
  expect(modes).toEqual([true, false]);
  return { password, screen: String(stderr.read()).replace("Please input password: ", "? ") };
}

test.each([
  [["secret\r"], "secret", "? ******\n"],
  [["p", "ä", "\u{1f511}", "\r"], binaryOf("pä\u{1f511}"), "? ***\n"],
  [["ax", "\x7f", "b\r"], "ab", "? **\b \b*\n"],
  [["\x7fwrong", "\x15", "\x7f", "ok\n"], "ok", `? *****${"\b \b".repeat(5)}**\n`],
  [["a", "\x1b[A", "\x1b[3~", "\x01", "b\r"], "ab", "? **\n"],
  [["\r"], "", "? \n"],
  [["a", "\x04", "\x03"], null, "? *\n"],
  [["\x04"], undefined, "? \n"],
])("keys %j", async (keys, password, screen) => {
  expect(await type(...keys)).toEqual({ password, screen });
});

test.each([
  ["secret\nping\n", "", [], "AUTH secret ping"],
  ["secret", "", ["ping"], "AUTH secret ping"],
  ["\n", "", ["ping"], "AUTH  ping"],
  ["", "", ["ping"], "ping"],
  ["", "theirs", ["-a", "ours", "--no-auth-warning", "ping"], "ping"],
  ["secret\nvalue", "", ["-x", "set", "key"], "AUTH secret set key value"],
  ["secret\n", "", ["--user", "alice", "ping"], "AUTH alice secret ping"],
  [Uint8Array.of(0xff, 0xe9, 0x0a), "", ["ping"], "AUTH \xff\xe9 ping"],
])("input %j", async (input, REDISCLI_AUTH, args, expected) => {
  server = await startScriptedServer(["+OK\r\n", "+OK\r\n"], true);
  await runCli(["-p", String(server.port), "--askpass", ...args], { input, env: { REDISCLI_AUTH } });
  const words = server.received.flatMap((pieces) => [...pieces.join("").matchAll(/\$\d+\r\n([^\r]*)\r\n/g)]);
  expect(words.map(([, word]) => word).join(" ")).toBe(expected);
});

describe.skipIf(!redisCliPresent())("beside redis-cli", () => {
  test.each([
    ["-WRONGPASS invalid username-password pair or user is disabled.\r\n", ["ping"], "wrong\n"],
    ["-WRONGPASS no\r\n", ["-e", "ping"], "wrong"],
    ["-ERR no\r\n", [], "wrong\nping\nping\n"],
    ["+OK\r\n", ["--user", "alice", "ping"], "right\n"],
  ])("the server says %j to AUTH", async (answer, args, input) => {
    server = await startScriptedServer([answer, "+PONG\r\n", "+PONG\r\n", "+PONG\r\n"], true);
    const all = ["-p", String(server.port), "--askpass", ...args];
    const expected = await runRedisCli(all, { input });
    expect(await runCli(all, { input })).toEqual(expected);
  });
});
