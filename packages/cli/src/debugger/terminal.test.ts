/** The Lua debugger as a person has it: the built program at a real pseudo-terminal, beside a real server. */
import { afterEach, describe, expect, test } from "vitest";
import { redisCliPresent } from "../testing/redis.ts";
import { builtCli } from "../testing/shell.ts";
import { KEYS, TerminalProgram, terminalPresent } from "../testing/terminal-program.ts";
import { useRedis } from "../testing/use-redis.ts";

const PROMPT = "lua debugger>";
const YELLOW = 3;
const SCRIPT = "local n = 40\nn = n + 2\nreturn n\n";

describe.skipIf(!terminalPresent() || !redisCliPresent())("--ldb at a terminal", () => {
  const redis = useRedis();
  let screen: TerminalProgram | undefined;

  afterEach(() => screen?.stop());

  async function start(): Promise<TerminalProgram> {
    const files = { "script.lua": SCRIPT };
    // It stands between the quotes of a shell.
    const command = `${builtCli().replaceAll("'", "")} -p ${redis.port} --ldb --eval script.lua`;
    screen = new TerminalProgram(command, { files });
    await screen.waitForLine(PROMPT);
    return screen;
  }

  test("to the end of the script, and on with an ordinary prompt", async () => {
    const terminal = await start();
    expect(terminal.rows).toContain("-> 1   local n = 40");
    expect(terminal.styleOf("-> 1")?.color).toBe(YELLOW);
    terminal.type("s", KEYS.enter);
    await terminal.waitFor("-> 2   n = n + 2");
    await terminal.waitForLine(PROMPT);
    terminal.type("print n", KEYS.enter);
    await terminal.waitFor("<value> 40");
    terminal.type("continue", KEYS.enter);
    await terminal.waitFor("(Lua debugging session ended -- dataset changes rolled back)");
    expect(terminal.rows).toContain("(integer) 42");
    await terminal.waitForLine(`127.0.0.1:${redis.port}>`);
    terminal.type("ping", KEYS.enter);
    await terminal.waitFor("PONG");
    terminal.type("restart", KEYS.enter);
    await terminal.waitForLine(PROMPT);
    terminal.type("quit", KEYS.enter);
    expect(await terminal.exitCode).toBe(0);
    expect(terminal.wasRestored).toBe(true);
  });

  test.each([KEYS.ctrlC, KEYS.ctrlD])("%j leaves", async (key) => {
    const terminal = await start();
    terminal.type(key);
    expect(await terminal.exitCode).toBe(0);
    expect(terminal.cursor.column).toBe(0);
    expect(terminal.wasRestored).toBe(true);
  });
});
