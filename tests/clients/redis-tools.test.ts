/** redis-cli and redis-benchmark, the tools that everyone reaches for first. */
import { describe, expect, test } from "vitest";

import { programsPresent } from "../support/programs.ts";
import { runProgram } from "../support/run-program.ts";
import { subjectPresent } from "../support/server.ts";
import { useSubject } from "../support/subject.ts";

const isReady = subjectPresent();

describe.skipIf(!isReady || !programsPresent("redis-cli smoke tests", "redis-cli"))("redis-cli", () => {
  const server = useSubject();
  const cli = async (args: readonly string[], input = ""): Promise<string> =>
    (await runProgram(["redis-cli", "-p", String(server.current.port), ...args], input)).output;

  test("one command", async () => {
    expect(await cli(["SET", "greeting", "hello"])).toBe("OK\n");
    expect(await cli(["GET", "greeting"])).toBe("hello\n");
    expect(await cli(["GET", "missing"])).toBe("\n");
    expect(await cli(["GET"])).toBe("ERR wrong number of arguments for 'get' command\n\n");
  });

  test("commands from standard input", async () => {
    expect(await cli([], "SELECT 1\nINCR n\nINCR n\nTYPE n\n")).toBe("OK\n1\n2\nstring\n");
  });

  test("RESP3", async () => {
    expect(await cli(["-3", "--no-raw", "CONFIG", "GET", "maxmemory"])).toContain('1# "maxmemory" => "0"');
  });

  test("--scan, --bigkeys and --stat's INFO", async () => {
    await cli(["MSET", "a", "1", "b", "2"]);
    expect((await cli(["--scan"])).split("\n")).toEqual(expect.arrayContaining(["a", "b"]));
    expect(await cli(["--bigkeys"])).toContain("summary");
    expect(await cli(["INFO"])).toContain("# Keyspace");
  });

  test("mass insertion with --pipe", async () => {
    const protocol = Array.from({ length: 1000 }, (_, index) => `SET pipe:${index} ${index}\r\n`).join("");
    expect(await cli(["--pipe"], protocol)).toContain("errors: 0, replies: 1000");
  });
});

describe.skipIf(!isReady || !programsPresent("redis-benchmark smoke tests", "redis-benchmark"))(
  "redis-benchmark",
  () => {
    const server = useSubject();

    test.each(["1", "16"])("all string tests at pipeline depth %s", async (depth) => {
      const args = ["-p", String(server.current.port), "-n", "2000", "-P", depth, "-r", "100", "-q", "--csv"];
      const { code, output } = await runProgram(["redis-benchmark", ...args, "-t", "ping,set,get,incr,mset"]);
      expect(code).toBe(0);
      for (const name of ["PING_INLINE", "PING_MBULK", "SET", "GET", "INCR", "MSET (10 keys)"]) {
        expect(output).toContain(`"${name}"`);
      }
      expect(output).not.toContain("WARNING");
    });

    test("in RESP3", async () => {
      const args = ["-p", String(server.current.port), "-n", "1000", "-3", "-q", "-t", "set,get"];
      expect((await runProgram(["redis-benchmark", ...args])).code).toBe(0);
    });
  },
);
