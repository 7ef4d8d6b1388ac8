/** The prompt as a person has it: the built program at a real pseudo-terminal, typed at and read from its screen. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, describe, expect, test } from "vitest";
import { freePort } from "../testing/redis.ts";
import { resp, startSmallServer, type Answer, type SmallServer } from "../testing/small-server.ts";
import { KEYS, TerminalProgram, terminalPresent, type TerminalOptions } from "../testing/terminal-program.ts";

const BIN = join(import.meta.dirname, "../../bin/sider-cli.js");
const OK = "+OK\r\n";
const [GREEN, YELLOW, MAGENTA, CYAN] = [2, 3, 5, 6];

let server: SmallServer | undefined;
let program: TerminalProgram | undefined;
afterEach(async () => {
  await program?.stop();
  await server?.stop();
  program = server = undefined;
});

const KEY_NAMES = ["user:1", "user:2", "with blanks"];

/** What the server of these tests has to say, by the request in small letters. */
const REPLIES: Readonly<Record<string, string>> = {
  ping: "+PONG\r\n",
  "get greeting": resp("hello"),
  "get user:1": resp("Ada"),
  "incr n": resp(43),
  "get missing": resp(null),
  "incr greeting": "-ERR value is not an integer or out of range\r\n",
  "hgetall user:1": resp(["name", "Ada", "occupation", "poet"]),
  "keys *": resp(Array.from({ length: 60 }, (_, index) => `key ${index}`)),
  multi: OK,
  exec: "*1\r\n+OK\r\n",
  "set k v": OK,
  "select 2": OK,
  "auth secret": OK,
  monitor: OK + '+1.0 [0 x] "get" "k"\r\n',
  "config get maxm*": resp(["maxmemory", "0", "maxmemory-policy", "noeviction"]),
  "hscan user:1 0 match * count 1000": resp(["0", ["name", "Ada", "occupation", "poet"]]),
  "command list": resp(["get", "ft.search"]),
  "command docs ft.search": resp([
    "ft.search",
    ["summary", "Searches", "since", "1.0.0", "group", "module", "arguments", [["name", "query", "type", "string"]]],
  ]),
};

const answer: Answer = (args) => {
  const line = args.join(" ").toLowerCase();
  if (line === "blpop q 0") return null;
  if (args[0] !== "SCAN") return REPLIES[line] ?? `-ERR unknown command '${line}'\r\n`;
  const prefix = args[3]?.slice(0, -1) ?? "";
  return resp(["0", KEY_NAMES.filter((name) => name.startsWith(prefix))]);
};

/** The program, at a server that answers so, when the prompt is there. */
async function open(options: TerminalOptions = {}, answers = answer, ...args: string[]): Promise<TerminalProgram> {
  server = await startSmallServer(answers);
  const terminal = at(server.port, options, ...args);
  await terminal.waitForLine(/> ?$/);
  return terminal;
}

function at(port: number, options: TerminalOptions = {}, ...args: string[]): TerminalProgram {
  return (program = new TerminalProgram(`${process.execPath} ${BIN} -p ${port} ${args.join(" ")}`, options));
}

/** The prompt with what is typed behind it. */
function line(typed = "", state = ""): string {
  return `127.0.0.1:${server?.port ?? 0}${state}> ${typed}`.trimEnd();
}

describe.runIf(terminalPresent())("at a terminal", () => {
  test("a command, its reply in colours, the prompt again, quit", async () => {
    const terminal = await open();
    terminal.type(
      "get greeting",
      KEYS.enter,
      "incr n",
      KEYS.enter,
      "get missing",
      KEYS.enter,
      "incr greeting",
      KEYS.enter,
    );
    await terminal.waitFor("(error) ERR");
    await terminal.waitForLine(line());
    expect(terminal.rows).toEqual([
      line("get greeting"),
      '"hello"',
      line("incr n"),
      "(integer) 43",
      line("get missing"),
      "(nil)",
      line("incr greeting"),
      "(error) ERR value is not an integer or out of range",
      line(),
    ]);
    const colors = ['"hello"', "(integer)", "(nil)", "(error)"].map((text) => terminal.styleOf(text)?.color);
    expect(colors).toEqual([GREEN, CYAN, 8, 1]);
    terminal.type("quit", KEYS.enter);
    expect(await terminal.exitCode).toBe(0);
  });

  test("colours and hints while one types", async () => {
    const terminal = await open();
    terminal.type("set key 5 ex 10 ");
    await terminal.waitForLine(line("set key 5 ex 10 [NX | XX] [GET]"));
    const colors = ["set", "key", "5", "ex"].map((text) => terminal.styleOf(text)?.color);
    expect(colors).toEqual([CYAN, YELLOW, CYAN, MAGENTA]);
    expect(terminal.styleOf("[NX")?.isFaint).toBe(true);
    terminal.type(KEYS.ctrlU, "getra");
    await terminal.waitForLine(line("getrange key start end"));
    expect(terminal.styleOf("nge key")?.isFaint).toBe(true);
    terminal.type(KEYS.tab);
    await terminal.waitUntil(() => terminal.cursor.column === line("getrange").length + 1, "a blank");
    terminal.type(KEYS.ctrlU, 'get "open');
    await terminal.waitUntil(() => terminal.styleOf('"open')?.color === 1, "red");
  });

  test("no colour with NO_COLOR, in the line and in replies", async () => {
    const terminal = await open({ env: { NO_COLOR: "1" } });
    terminal.type("get greeting", KEYS.enter);
    await terminal.waitFor('"hello"');
    await terminal.waitForLine(line());
    terminal.type("set key v");
    await terminal.waitFor("[NX");
    expect(["get", '"hello"', "set", "key"].map((text) => terminal.styleOf(text)?.color)).toEqual([
      null,
      null,
      null,
      null,
    ]);
    terminal.type(KEYS.ctrlU, ":set color", KEYS.enter, "set");
    await terminal.waitUntil(() => terminal.styleOf("set")?.color === CYAN, "colour");
  });

  test("TERM=dumb: lines as the terminal edits them, nothing else", async () => {
    const terminal = await open({ env: { TERM: "dumb" } });
    terminal.type("get greeting\n");
    await terminal.waitFor('"hello"');
    await terminal.waitForLine(line());
    expect(terminal.styleOf("hello")?.color).toBeNull();
    expect(terminal.isOrdinary).toBe(true);
    terminal.type("blpop q 0\n");
    await terminal.waitUntil(() => server?.requests.at(-1) === "blpop q 0", "the request");
    terminal.type(KEYS.ctrlC);
    await terminal.waitForLine(line());
    terminal.type(KEYS.ctrlD);
    expect(await terminal.exitCode).toBe(0);
  });

  test("Tab: keys of the right type, a menu to choose from, fields, parameters, users", async () => {
    const terminal = await open();
    terminal.type("get us", KEYS.tab);
    await terminal.waitForLine("user:1  user:2");
    expect(server?.requests).toEqual(["SCAN 0 MATCH us* COUNT 1000 TYPE string"]);
    terminal.type(KEYS.tab);
    await terminal.waitUntil(() => terminal.rows.at(-2) === line("get user:1"), "the first");
    expect(terminal.styleOf("user:1  ")?.isInverse).toBe(true);
    terminal.type(KEYS.tab, KEYS.shiftTab, KEYS.enter);
    await terminal.waitForLine(line("get user:1"));
    terminal.type(KEYS.enter);
    await terminal.waitFor('"Ada"');
    await terminal.waitForLine(line());
    terminal.type("get us", KEYS.tab);
    await terminal.waitForLine("user:1  user:2");
    terminal.type(KEYS.tab, KEYS.escape);
    await terminal.waitForLine(line("get us"));
    terminal.type(KEYS.ctrlU, "hget user:1 ", KEYS.tab);
    await terminal.waitForLine("name        occupation");
    terminal.type(KEYS.ctrlU, "del wi", KEYS.tab);
    await terminal.waitForLine(line('del "with blanks"  [key ...]'.replace("  ", " ")));
    terminal.type(KEYS.ctrlU, "config get maxm", KEYS.tab);
    await terminal.waitForLine("maxmemory         maxmemory-policy");
    terminal.type(KEYS.tab, KEYS.tab);
    await terminal.waitUntil(() => terminal.rows.at(-2) === line("config get maxmemory-policy"), "the second");
  });

  test("a server that is slow has no candidates, and holds nobody up", async () => {
    const terminal = await open({}, (args, socket) => (args[0] === "SCAN" ? null : answer(args, socket)));
    terminal.type("get us", KEYS.tab, "er:1", KEYS.enter);
    await terminal.waitFor('"Ada"');
    await terminal.waitUntil(() => server?.requests.at(-1)?.startsWith("SCAN 0 MATCH us*") === true, "the question");
  });

  test("commands that only the server knows have hints and help", async () => {
    const terminal = await open();
    terminal.type("ft.search ");
    await terminal.waitForLine(line("ft.search query"));
    terminal.type(KEYS.ctrlU, "help ft.search", KEYS.enter);
    await terminal.waitFor("summary: Searches");
  });

  test("editing: to the ends, by words, killing, yanking", async () => {
    const terminal = await open();
    terminal.type("one two-three four", KEYS.ctrlA, "0 ", KEYS.ctrlE, "!", KEYS.altB, KEYS.altB, "x");
    await terminal.waitForLine(line("0 one two-xthree four!"));
    terminal.type(KEYS.ctrlK, KEYS.ctrlW, KEYS.ctrlA, KEYS.altF, KEYS.altF, "s", KEYS.ctrlE, KEYS.ctrlY);
    await terminal.waitForLine(line("0 ones two-x"));
    terminal.type(KEYS.ctrlU, "abc", KEYS.left, KEYS.backspace, KEYS.right, "d");
    await terminal.waitForLine(line("acd"));
  });

  test("wide characters, a line longer than the terminal, another size", async () => {
    const terminal = await open({ columns: 40 });
    terminal.type("set 漢字 😀 v");
    await terminal.waitUntil(() => terminal.rows.at(-1)?.startsWith(line("set 漢字 😀 v")) === true, "漢字");
    terminal.type(KEYS.left, KEYS.left, KEYS.backspace, KEYS.left, KEYS.left, "x");
    await terminal.waitForLine(line("set 漢x字  v"));
    expect(terminal.cursor.column).toBe(line("set 漢x").length + 1);
    terminal.type(KEYS.ctrlE, KEYS.ctrlU, "echo ", "0123456789".repeat(6));
    await terminal.waitUntil(() => terminal.rows.length === 3, "three rows");
    expect(terminal.rows.join("")).toBe(line(`echo ${"0123456789".repeat(6)}`));
    terminal.type(KEYS.ctrlA, "5 ");
    await terminal.waitUntil(() => terminal.rows.join("").includes("> 5 echo"), "at the beginning");
    expect(terminal.cursor).toEqual({ row: 0, column: line("5 ").length + 1 });
    terminal.resize(90, 24);
    await terminal.waitUntil(() => terminal.rows.at(-1) === line(`5 echo ${"0123456789".repeat(6)}`), "one row");
    terminal.resize(50, 24);
    await terminal.waitUntil(
      () => terminal.rows.slice(-2).join("") === line(`5 echo ${"0123456789".repeat(6)}`),
      "two",
    );
  });

  test("a line longer than the screen shows the part with the cursor", async () => {
    const terminal = await open({ columns: 30, rows: 4 });
    terminal.type("echo ", "x".repeat(200), "end");
    await terminal.waitForLine(/x+end$/);
    terminal.type(KEYS.ctrlA);
    await terminal.waitUntil(() => terminal.rows[0]?.startsWith(line("echo")), "the beginning");
    terminal.type(KEYS.ctrlC);
    await terminal.waitUntil(() => terminal.rows[0] === line(), "the empty line");
  });

  test("history: Up, Up behind a beginning, Ctrl-R, the file without passwords", async () => {
    const terminal = await open({ env: { REDISCLI_HISTFILE: "" } });
    for (const typed of ["ping", "get greeting", "auth secret", "get user:1"]) {
      terminal.type(typed, KEYS.enter);
      await terminal.waitForLine(line());
    }
    terminal.type(KEYS.up);
    await terminal.waitForLine(line("get user:1"));
    terminal.type(KEYS.up, KEYS.up);
    await terminal.waitForLine(line("ping [message]"));
    terminal.type(KEYS.down, KEYS.down, KEYS.down);
    await terminal.waitForLine(line());
    terminal.type("p", KEYS.up);
    await terminal.waitForLine(line("ping [message]"));
    terminal.type(KEYS.ctrlU, KEYS.ctrlR, "ge");
    await terminal.waitForLine("(reverse-i-search)`ge': get user:1");
    terminal.type(KEYS.ctrlR);
    await terminal.waitForLine("(reverse-i-search)`ge': get greeting");
    terminal.type("x");
    await terminal.waitForLine("(failed reverse-i-search)`gex': get greeting");
    terminal.type(KEYS.ctrlG);
    await terminal.waitForLine(line());
    terminal.type(KEYS.ctrlR, "greet", KEYS.escape);
    await terminal.waitForLine(line("get greeting"));
    terminal.type(KEYS.ctrlU, KEYS.ctrlR, "greet", KEYS.enter);
    await terminal.waitUntil(
      () => server?.requests.filter((request) => request === "get greeting").length === 2,
      "twice",
    );
    await terminal.waitForLine(line());
    expect(readFileSync(terminal.file(".sidercli_history"), "utf8")).toBe(
      "ping\nget greeting\nget user:1\nget greeting\n",
    );
  });

  test("pasted lines run one after the other; a Tab among them is a blank", async () => {
    const terminal = await open();
    terminal.type("\x1b[200~get\tgreeting\nping\rincr", "\x1b[201~");
    await terminal.waitForLine(line("incr key"));
    expect(terminal.rows.slice(0, -1)).toEqual([line("get greeting"), '"hello"', line("ping"), "PONG"]);
    terminal.type(" n\rping\rquit\r");
    expect(await terminal.exitCode).toBe(0);
    expect(server?.requests).toEqual(["get greeting", "ping", "incr n", "ping"]);
  });

  test("Ctrl-C: gives up what waits, empties the line, leaves", async () => {
    const terminal = await open();
    terminal.type("blpop q 0", KEYS.enter);
    await terminal.waitUntil(() => server?.requests.at(-1) === "blpop q 0", "the request");
    terminal.type("typed ahead", KEYS.ctrlC);
    await terminal.waitForLine(line());
    expect(server?.sockets.size).toBe(1);
    terminal.type("flushall", KEYS.ctrlC, "ping", KEYS.enter);
    await terminal.waitFor("PONG");
    await terminal.waitForLine(line());
    terminal.type(KEYS.ctrlC);
    expect(await terminal.exitCode).toBe(0);
    expect(server?.requests).toEqual(["blpop q 0", "ping"]);
  });

  test("MONITOR until Ctrl-C", async () => {
    const terminal = await open();
    terminal.type("monitor", KEYS.enter);
    await terminal.waitForLine('1.0 [0 x] "get" "k"');
    terminal.type(KEYS.ctrlC);
    await terminal.waitForLine(line());
  });

  test("the prompt shows database and transaction", async () => {
    const terminal = await open();
    terminal.type("select 2", KEYS.enter);
    await terminal.waitForLine(line("", "[2]"));
    terminal.type("multi", KEYS.enter);
    await terminal.waitForLine(line("", "[2](TX)"));
    expect(terminal.styleOf("(TX)")?.color).toBe(YELLOW);
    terminal.type("exec", KEYS.enter);
    await terminal.waitForLine(line("", "[2]"));
    terminal.type(KEYS.ctrlD);
    expect(await terminal.exitCode).toBe(0);
  });

  test.each([
    ["RESP2", "*"],
    ["RESP3", ">"],
  ])("subscribed in %s: messages above the prompt, other commands, and back", async (_, sign) => {
    const push = (...elements: (string | number)[]): string => resp(elements).replace("*", sign);
    const terminal = await open({}, ([name = "", ...channels], socket) => {
      if (name === "ping") return sign === "*" ? resp(["pong", ""]) : "+PONG\r\n";
      if (!/subscribe$/.test(name)) return answer([name, ...channels], socket);
      const left = name === "subscribe" ? 1 : 0;
      return (channels.length > 0 ? channels : ["a"]).map((channel, at) => push(name, channel, left + at)).join("");
    });
    terminal.type("subscribe a b", KEYS.enter);
    await terminal.waitForLine(line("", "(subscribed mode)"));
    terminal.type("subscribe c", KEYS.enter);
    await terminal.waitUntil(() => server?.requests.length === 2, "two requests");
    await terminal.waitForLine(line("", "(subscribed mode)"));
    terminal.type("pi");
    await terminal.waitForLine(line("ping [message]", "(subscribed mode)"));
    for (const socket of server?.sockets ?? []) socket.write(push("message", "a", "news"));
    await terminal.waitFor('3) "news"');
    await terminal.waitForLine(line("ping [message]", "(subscribed mode)"));
    terminal.type("ng", KEYS.enter);
    await terminal.waitUntil(
      () => /^(1\) "pong"|PONG)$/.test(terminal.rows.at(-2) ?? "") || terminal.rows.at(-3) === '1) "pong"',
      "pong",
    );
    await terminal.waitForLine(line("", "(subscribed mode)"));
    terminal.type(KEYS.ctrlC);
    await terminal.waitForLine(line());
    terminal.type("ping", KEYS.enter);
    await terminal.waitUntil(() => server?.requests.filter((request) => request === "ping").length === 2, "again");
  });

  test("what is taller than the screen goes to the pager", async () => {
    const pager = "head -n 3; printf 'END'; read -r answer < /dev/tty";
    const terminal = await open({ rows: 10, env: { PAGER: pager } });
    terminal.type("keys *", KEYS.enter);
    await terminal.waitForLine("END");
    expect(terminal.rows.slice(-4, -1)).toEqual([' 1) "key 0"', ' 2) "key 1"', ' 3) "key 2"']);
    expect(terminal.isOrdinary).toBe(true);
    terminal.type("q\n");
    await terminal.waitForLine(line());
    terminal.type("keys *", KEYS.enter);
    await terminal.waitForLine("END");
    terminal.type(KEYS.ctrlC);
    await terminal.waitForLine(line());
    terminal.type(":set nopager", KEYS.enter, "keys *", KEYS.enter);
    await terminal.waitFor('60) "key 59"');
    terminal.type(KEYS.ctrlD);
    expect(await terminal.exitCode).toBe(0);
  });

  test("a pager that is not there is no loss", async () => {
    const terminal = await open({ rows: 10, env: { PAGER: "/no/such/pager 2>/dev/null" } });
    terminal.type("keys *", KEYS.enter);
    await terminal.waitFor('60) "key 59"');
    await terminal.waitForLine(line());
  });

  test("a message that comes unasked is shown above the line", async () => {
    const terminal = await open();
    terminal.type("get gree");
    await terminal.waitForLine(line("get gree"));
    for (const socket of server?.sockets ?? []) socket.write(">2\r\n$10\r\ninvalidate\r\n*1\r\n$3\r\nkey\r\n");
    await terminal.waitFor("-> invalidate: 'key'");
    terminal.type("ting", KEYS.enter);
    await terminal.waitFor('"hello"');
    expect(terminal.rows.slice(0, 2)).toEqual(["-> invalidate: 'key'", line("get greeting")]);
  });

  test("a connection that is lost is made anew with the next command, as the same user, in the same database", async () => {
    const terminal = await open();
    terminal.type("auth secret", KEYS.enter, "select 2", KEYS.enter);
    await terminal.waitForLine(line("", "[2]"));
    for (const socket of server?.sockets ?? []) socket.destroy();
    await terminal.waitForLine("not connected>");
    terminal.type("ping", KEYS.enter);
    await terminal.waitForLine(line("", "[2]"));
    expect(server?.requests).toEqual(["auth secret", "select 2", "AUTH secret", "SELECT 2", "ping"]);
  });

  test("a transaction that is lost is told, and what was typed for it is dropped", async () => {
    const terminal = await open({}, (args, socket) => {
      if (args[0] !== "set") return answer(args, socket);
      socket.destroy();
      return null;
    });
    terminal.type("multi\rset k v\rping\rexec\r");
    await terminal.waitFor("The transaction is lost with it");
    await terminal.waitForLine("not connected>");
    terminal.type("set k v", KEYS.enter);
    await terminal.waitFor("Whether SET was executed is not known. It is not sent again.");
    expect(server?.requests).toEqual(["multi", "set k v", "set k v"]);
  });

  test("nobody listens: a message, and another attempt with each command", async () => {
    const terminal = at(await freePort());
    await terminal.waitForLine("not connected>");
    terminal.type("ping", KEYS.enter);
    await terminal.waitUntil(
      () => terminal.rows.filter((row) => row.endsWith("Connection refused")).length === 2,
      "two",
    );
    await terminal.waitForLine("not connected>");
    terminal.type("exit", KEYS.enter);
    expect(await terminal.exitCode).toBe(0);
  });

  test("preferences: the file, :set, and their list", async () => {
    const terminal = await open({ files: { ".redisclirc": ":set nohints\n\n:set nonsense\n" } });
    await terminal.waitFor(".redisclirc: unknown redis-cli preference 'nonsense'");
    terminal.type("hgetall user:1", KEYS.enter);
    await terminal.waitFor('1# "name"       => "Ada"');
    terminal.type(":set nopretty", KEYS.enter, "hgetall user:1", KEYS.enter);
    await terminal.waitFor('4) "poet"');
    terminal.type(":set", KEYS.enter);
    await terminal.waitFor(":set nopretty");
    await terminal.waitFor(":set nohints");
    terminal.type(":set nosuch", KEYS.enter);
    await terminal.waitFor("unknown redis-cli preference 'nosuch'");
  });

  test("help with colours, of a command and of a group", async () => {
    const terminal = await open({ rows: 60 });
    terminal.type("help getrange", KEYS.enter);
    await terminal.waitFor("GETRANGE key start end");
    await terminal.waitFor("acl: @read @string @slow");
    expect(terminal.styleOf("acl:")?.color).toBe(YELLOW);
    terminal.type("? @hyperloglog", KEYS.enter);
    await terminal.waitFor("PFADD key");
  });

  test("Ctrl-Z gives the terminal to the shell, and takes it back", async () => {
    const terminal = await open();
    // No shell with jobs is there: the program goes on at once, as if it had been continued.
    terminal.type("get gree\x1ating", KEYS.enter);
    await terminal.waitFor('"hello"');
    await terminal.waitForLine(line());
    expect(terminal.isOrdinary).toBe(false);
  });

  test("clear empties the screen", async () => {
    const terminal = await open();
    terminal.type("ping", KEYS.enter);
    await terminal.waitFor("PONG");
    terminal.type("clear", KEYS.enter);
    await terminal.waitUntil(() => terminal.rows.join() === line(), "nothing but the prompt");
    terminal.type("ping", KEYS.ctrlL);
    await terminal.waitUntil(() => terminal.rows.join().startsWith(line("ping")), "the line at the top");
  });

  test.each<[string, (terminal: TerminalProgram) => void, number]>([
    ["Ctrl-D", (terminal) => terminal.type(KEYS.ctrlD), 0],
    ["quit behind a pasted line", (terminal) => terminal.type("ping\rquit\r"), 0],
    ["SIGTERM", (terminal) => terminal.kill("SIGTERM"), 143],
    ["SIGHUP", (terminal) => terminal.kill("SIGHUP"), 129],
  ])("the terminal is restored after %s", async (_, leave, exitCode) => {
    const terminal = await open();
    expect(terminal.isOrdinary).toBe(false);
    leave(terminal);
    expect(await terminal.exitCode).toBe(exitCode);
    expect(terminal.wasRestored).toBe(true);
  });
});
