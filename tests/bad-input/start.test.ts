/** Starts that cannot work: exit code 1 and a line that says what is wrong, in redis-server's words. */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, describe, expect, test } from "vitest";

import { useDirectory } from "../support/directory.ts";
import { type ProgramResult, runProgram } from "../support/run-program.ts";
import { answersPong, freePort, serverCommand, startServer, subjectKind, subjectPresent } from "../support/server.ts";

describe.skipIf(!subjectPresent())("starts that cannot work", () => {
  const directory = useDirectory();
  let port = 0;
  beforeAll(async () => {
    port = await freePort();
  });
  const run = (...args: string[]): Promise<ProgramResult> =>
    runProgram([...serverCommand(subjectKind), ...args], "", 10_000);
  const runWithFile = (text: string): Promise<ProgramResult> => {
    const file = join(directory.path, "redis.conf");
    writeFileSync(file, text.replaceAll("PORT", String(port)).replaceAll("FOLDER", directory.path));
    return run(file);
  };

  test("a port in use", async () => {
    const first = await startServer({ kind: subjectKind });
    try {
      const { code, output } = await run(
        "--port",
        String(first.port),
        "--bind",
        "127.0.0.1",
        "--save",
        "",
        "--dir",
        directory.path,
      );
      expect(code).toBe(1);
      expect(output).toContain(
        `Could not create server TCP listening socket 127.0.0.1:${first.port}: bind: Address already in use`,
      );
      expect(output.toLowerCase()).toContain(`failed listening on port ${first.port} (tcp), aborting.`);
      expect(await answersPong(first.port)).toBe(true);
    } finally {
      await first.stop("SIGKILL");
    }
  });

  test("a configuration file that is not there", async () => {
    const { code, output } = await run(join(directory.path, "missing.conf"));
    expect(code).toBe(1);
    expect(output).toContain(
      `can't open config file '${join(directory.path, "missing.conf")}': No such file or directory`,
    );
  });

  test.each([
    ["an unknown directive", "port PORT\nnosuch 1\n", 2, "nosuch 1", "Bad directive or wrong number of arguments"],
    ["a number that is none", "port abc\n", 1, "port abc", "argument couldn't be parsed into an integer"],
    ["a number out of range", "port 99999\n", 1, "port 99999", "argument must be between 0 and 65535 inclusive"],
    ["an open quote", 'port PORT\n\nbind "open\n', 3, 'bind "open', "Unbalanced quotes in configuration line"],
    ["a size that is none", "maxmemory 1zb\n", 1, "maxmemory 1zb", "argument must be a memory value"],
    ["a yes or no that is neither", "appendonly maybe\n", 1, "appendonly maybe", "argument must be 'yes' or 'no'"],
  ])("%s in the file names file line and directive", async (_, text, line, directive, message) => {
    const { code, output } = await runWithFile(text);
    expect(code).toBe(1);
    expect(output).toContain(`at line ${line}`);
    expect(output).toContain(`>>> '${directive}'`);
    expect(output).toContain(message);
  });

  test("an include that is not there", async () => {
    const { code, output } = await runWithFile("include FOLDER/other.conf\n");
    expect(code).toBe(1);
    expect(output).toContain(`can't open config file '${directory.path}/other.conf': No such file or directory`);
  });

  test("an unknown option on the command line", async () => {
    const { code, output } = await run("--port", String(port), "--nosuch", "1");
    expect(code).toBe(1);
    expect(output).toContain("nosuch");
    expect(output).toContain("Bad directive or wrong number of arguments");
  });

  test("a directory that is not there", async () => {
    const { code, output } = await run("--port", String(port), "--dir", join(directory.path, "missing"));
    expect(code).toBe(1);
    expect(output).toContain("No such file or directory");
  });
});
