import { Buffer } from "node:buffer";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { startAnsweringServer } from "../testing/answering-server.ts";
import { compareCli } from "../testing/compare-cli.ts";
import { freePort, redisCliPresent, runRedisCli } from "../testing/redis.ts";
import { runCli } from "../testing/run-cli.ts";
import { useRedis } from "../testing/use-redis.ts";

const STEPS = `local n = redis.call('incr', KEYS[1])
local t = {ARGV[1], ARGV[2]}
redis.debug('now', n)
t[3] = n
return t
`;

describe.skipIf(!redisCliPresent())("--eval", () => {
  const redis = useRedis();
  const folder = mkdtempSync(join(tmpdir(), "sider-eval-"));
  const script = (name: string, text: string | Uint8Array): string => {
    writeFileSync(join(folder, name), text);
    return join(folder, name);
  };

  afterAll(async () => {
    rmSync(folder, { recursive: true });
  });

  const all = script("all.lua", "return {KEYS, ARGV, #KEYS, false}");
  const cases: string[][] = [
    ["--eval", all],
    ["--eval", all, "a", "b"],
    ["--eval", all, "a", "b", ",", "c", "d"],
    ["--eval", all, ",", "c"],
    ["--eval", all, "a", ","],
    ["--eval", all, "a,b", "c", ",", ",", "d,"],
    ["--eval", all, "z\u00fcrich", ",", "a b", '"quoted"'],
    ["--no-raw", "--eval", all, "a", ",", "b"],
    ["--csv", "--eval", all, "a", ",", "b"],
    ["--json", "--eval", all, "a", ",", "b"],
    ["-3", "--no-raw", "--eval", all, "a", ",", "b"],
    ["-r", "3", "--eval", all, "x"],
    ["-n", "99", "--eval", all, "x"],
    ["--eval", script("error.lua", "return redis.error_reply('MY error')")],
    ["-e", "--eval", script("error.lua", "return redis.error_reply('MY error')")],
    ["-e", "--eval", all],
    ["--eval", script("syntax.lua", "return (")],
    ["-e", "--eval", script("syntax.lua", "return (")],
    ["--eval", script("empty.lua", "")],
    ["--eval", script("bytes.lua", Buffer.from("return '\xff\xfe\x01'", "latin1"))],
    ["--eval", script("long.lua", `return ${"1 + ".repeat(30)}1 -- ${"x".repeat(100_000)}`)],
    ["--eval", join(folder, "none.lua")],
    ["--eval", join(folder, "all.lua", "x")],
  ];

  test.each(cases.map((args) => [args.join(" ").replace(folder, ""), args] as const))("%s", async (_, args) => {
    await compareCli([...redis.atPort, ...args]);
  });

  test("nobody listens", async () => {
    await compareCli(["-p", String(await freePort()), "--eval", all]);
  });

  test("a folder is no script", async () => {
    expect(await runCli([...redis.atPort, "--eval", folder])).toEqual({
      ...{ code: 1, stdout: "" },
      stderr: `Can't open file '${folder}': Is a directory\n`,
    });
  });

  const steps = script("steps.lua", STEPS);
  const sessions: [title: string, input: string, args?: string[]][] = [
    ["to its end, and on", "s\ns\nn\nc\nget counter\nping\n"],
    ["all commands", "list\nw\nhelp\nb 4\nb\nc\nprint\np n\np t\ntrace\nredis incr counter\nb -4\nb 0\nc\n"],
    ["code with blanks and quotes", "s\ne return n + 1\neval return 'a  b' .. \"c\"\ne error('x')\nc\n"],
    ["unbalanced quotes, empty lines, unknown commands", 's\n"x\n\n   \nnosuch a b\nc\n'],
    ["quit", "s\nquit\ns\n"],
    ["exit", "EXIT\n"],
    ["the end of the input", "s\n"],
    ["no input", ""],
    ["abort", "a\n"],
    ["restart", "s\nrestart\nc\nquit\n"],
    ["restart after the end", "c\nrestart\nc\n"],
    ["without keeping what it does", "c\nget counter\n", ["--ldb"]],
    ["keeping what it does", "s\nc\nget counter\n", ["--ldb-sync-mode"]],
    ["in colours", "s\nb 3\nc\np n\nredis ping\nredis get\nnosuch\nc\n"],
  ];

  test.each(sessions)("--ldb: %s", async (title, input, options = ["--ldb"]) => {
    const env: Record<string, string> = title === "in colours" ? { TERM: "xterm" } : {};
    const args = [...redis.atPort, ...options, "--eval", steps, "counter", ",", "one", "two"];
    await redis.client.send(["FLUSHALL"]);
    const expected = await runRedisCli(args, { input, env });
    await redis.client.send(["FLUSHALL"]);
    expect(await runCli(args, { input, env })).toEqual(expected);
  });

  test("--ldb: NO_COLOR", async () => {
    const args = [...redis.atPort, "--ldb", "--eval", steps, "counter"];
    const { stdout } = await runCli(args, { input: "s\nc\n", env: { TERM: "xterm", NO_COLOR: "1" } });
    expect(stdout).not.toContain("\x1b");
  });

  test("--ldb: a script that cannot be compiled, one that fails", async () => {
    for (const text of ["return (", "error('failed')"]) {
      const args = [...redis.atPort, "--ldb", "--eval", script("wrong.lua", text)];
      expect(await runCli(args, { input: "c\nping\n" })).toEqual(await runRedisCli(args, { input: "c\nping\n" }));
    }
  });

  test("--ldb: a server without a debugger", async () => {
    const server = await startAnsweringServer(() => "-ERR unknown subcommand\r\n");
    const { code, stderr } = await runCli(["-p", String(server.port), "--ldb", "--eval", all]);
    expect({ code, stderr }).toEqual({
      code: 1,
      stderr: "The server does not start its Lua debugger: ERR unknown subcommand\n",
    });
    await server.stop();
  });
});
