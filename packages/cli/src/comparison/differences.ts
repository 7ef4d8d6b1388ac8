/**
 * What sider-cli does otherwise than redis-cli 7.0.15, on purpose. The test checks that each difference is really there, and the README
 * tells those that a person or a script may meet.
 */
import { script, verbatim, type Invocation } from "./invocation.ts";

/** Parts of a result, as `toMatchObject` compares them. */
export interface Part {
  code?: number;
  stdout?: string | RegExp;
  stderr?: string | RegExp;
}

export interface Difference {
  readonly reason: string;
  readonly invocation: Invocation;
  readonly redisCli: Part;
  readonly siderCli: Part;
}

const NUMBERS =
  "an option without a number where one belongs is a mistake: 0 would be another database, or no run at all";
const TYPES = "hiredis 1.0 does not know the type, or redis-cli cannot print it";
const STRICT = "RESP3 has no such thing, and no server says it; hiredis takes it";
const LENIENT = "the reply is printed, where redis-cli gives up";
const NAMES = "it says what it is";
const NUL = "a NUL byte is data; redis-cli's text ends there";

export const DIFFERENCES: readonly Difference[] = [
  {
    reason: NAMES,
    invocation: [["--version"]],
    redisCli: { code: 0, stdout: /^redis-cli 7\.0\.15\n$/, stderr: "" },
    siderCli: { code: 0, stdout: /^sider-cli \d+\.\d+\.\d+\n$/, stderr: "" },
  },
  {
    reason: NAMES,
    invocation: [["-2", "-3", "-v"]],
    redisCli: { code: 0, stdout: /^redis-cli/, stderr: "" },
    siderCli: { code: 0, stdout: /^sider-cli/, stderr: "" },
  },
  {
    reason: NAMES,
    invocation: [["--help"]],
    redisCli: { code: 0, stdout: /Usage: redis-cli/, stderr: "" },
    siderCli: { code: 0, stdout: /Usage: sider-cli/, stderr: "" },
  },
  {
    reason: NAMES,
    invocation: [["-h"]],
    redisCli: { code: 0, stdout: /Usage: redis-cli/, stderr: "" },
    siderCli: { code: 0, stdout: /Usage: sider-cli/, stderr: "" },
  },
  {
    reason: NAMES,
    invocation: [["--ldb", "ping"]],
    redisCli: { code: 1, stdout: "", stderr: /require --eval\.\nTry redis-cli --help for more information\.\n$/ },
    siderCli: { code: 1, stdout: "", stderr: /require --eval\.\nTry sider-cli --help for more information\.\n$/ },
  },
  {
    reason: "the help is made from command-spec, in its own words",
    invocation: [["help", "get"]],
    redisCli: { code: 0, stdout: /summary:/, stderr: "" },
    siderCli: { code: 0, stdout: /GET key/, stderr: "" },
  },
  {
    reason: NUMBERS,
    invocation: [["-n", "two", "ping"]],
    redisCli: { code: 0, stdout: "PONG\n" },
    siderCli: { code: 1, stdout: "", stderr: "Invalid number for -n: 'two'\n" },
  },
  {
    reason: NUMBERS,
    invocation: [["-r", "x", "ping"]],
    redisCli: { code: 0, stdout: "" },
    siderCli: { code: 1, stdout: "", stderr: "Invalid number for -r: 'x'\n" },
  },
  {
    reason: NUMBERS,
    invocation: [["-i", "soon", "ping"]],
    redisCli: { code: 0, stdout: "PONG\n" },
    siderCli: { code: 1, stdout: "", stderr: "Invalid number of seconds for -i: 'soon'\n" },
  },
  {
    reason: NUMBERS,
    invocation: [["-u", "redis://127.0.0.1:{port}/two", "ping"]],
    redisCli: { code: 0, stdout: "PONG\n" },
    siderCli: { code: 1, stdout: "", stderr: "Invalid host, port or database number in URI\n" },
  },
  {
    reason: "a port that does not exist is refused; redis-cli takes what is left of it",
    invocation: [["-h", "127.0.0.1", "-p", "65537", "ping"]],
    redisCli: { code: 1, stdout: "", stderr: /^Could not connect/ },
    siderCli: { code: 1, stdout: "", stderr: "Invalid port: '65537'\n" },
  },
  {
    reason: "a user left empty in a URI is the default user, as libraries have it; redis-cli logs in as nobody",
    invocation: [
      ["-u", "redis://:secret@127.0.0.1:{port}", "--no-auth-warning", "acl", "whoami"],
      { before: [["ACL", "SETUSER", "default", "resetpass", ">secret"]] },
    ],
    redisCli: { code: 0, stdout: /^NOAUTH/, stderr: /^AUTH failed: WRONGPASS/ },
    siderCli: { code: 0, stdout: "default\n", stderr: "" },
  },
  {
    reason: TYPES,
    invocation: [["get", "x"], { answers: ["(12345678901234567890\r\n"] }],
    redisCli: { code: 1, stdout: "", stderr: "Unknown reply type: 13\n" },
    siderCli: { code: 0, stdout: "12345678901234567890\n", stderr: "" },
  },
  {
    reason: TYPES,
    invocation: [["--no-raw", "get", "x"], { answers: ["*2\r\n:1\r\n(-5\r\n"] }],
    redisCli: { code: 1, stdout: "", stderr: "Unknown reply type: 13\n" },
    siderCli: { code: 0, stdout: "1) (integer) 1\n2) (big number) -5\n", stderr: "" },
  },
  {
    reason: TYPES,
    invocation: [["get", "x"], { answers: ["!5\r\nERR x\r\n"] }],
    redisCli: { code: 1, stdout: "", stderr: 'Error: Protocol error, got "!" as reply type byte\n' },
    siderCli: { code: 0, stdout: "ERR x\n\n", stderr: "" },
  },
  {
    reason: TYPES,
    invocation: [["get", "x"], { answers: ["|1\r\n+ttl\r\n:9\r\n+OK\r\n"] }],
    redisCli: { code: 1, stdout: "", stderr: 'Error: Protocol error, got "|" as reply type byte\n' },
    siderCli: { code: 0, stdout: "OK\n", stderr: "" },
  },
  {
    reason: LENIENT,
    invocation: [["get", "x"], { answers: [",nan\r\n"] }],
    redisCli: { code: 1, stdout: "", stderr: "Error: Bad double value\n" },
    siderCli: { code: 0, stdout: "nan\n", stderr: "" },
  },
  {
    reason: LENIENT,
    invocation: [["get", "x"], { answers: [":+5\r\n"] }],
    redisCli: { code: 1, stdout: "", stderr: "Error: Bad integer value\n" },
    siderCli: { code: 0, stdout: "5\n", stderr: "" },
  },
  {
    reason: STRICT,
    invocation: [["get", "x"], { answers: ["#T\r\n"] }],
    redisCli: { code: 0, stdout: "(true)\n" },
    siderCli: { code: 1, stdout: "", stderr: /^Error: Protocol error: invalid value/ },
  },
  {
    reason: STRICT,
    invocation: [["--no-raw", "get", "x"], { answers: ["%-1\r\n"] }],
    redisCli: { code: 0, stdout: "(nil)\n" },
    siderCli: { code: 1, stdout: "", stderr: /^Error: Protocol error: negative length/ },
  },
  {
    reason: STRICT,
    invocation: [["get", "x"], { answers: ["*1\r\n>1\r\n:1\r\n"] }],
    redisCli: { code: 0, stdout: "1\n" },
    siderCli: { code: 1, stdout: "", stderr: /^Error: Protocol error: push inside a reply/ },
  },
  {
    reason: "nesting ends at 1,000, where a program's stack is safe",
    invocation: [["get", "x"], { answers: ["*1\r\n".repeat(1001) + ":1\r\n"] }],
    redisCli: { code: 0, stdout: "1\n" },
    siderCli: { code: 1, stdout: "", stderr: /^Error: Protocol error: nested too deeply/ },
  },
  {
    reason: NUL,
    invocation: [["--no-raw", "get", "x"], { answers: ["+a\0b\r\n"] }],
    redisCli: { code: 0, stdout: "a\n" },
    siderCli: { code: 0, stdout: "a\0b\n" },
  },
  {
    reason: NUL,
    invocation: [["--csv", "get", "x"], { answers: ["-ERR a\0b\r\n"] }],
    redisCli: { code: 0, stdout: 'ERROR,"ERR a"\n' },
    siderCli: { code: 0, stdout: 'ERROR,"ERR a\\x00b"\n' },
  },
  {
    reason: NUL,
    invocation: script("strlen text\0more\nping\n"),
    redisCli: { code: 0, stdout: "11\nPONG\n" },
    siderCli: { code: 0, stdout: "0\nPONG\n" },
  },
  {
    reason: "what is no RESP is named, and the server with it",
    invocation: [["get", "x"], { answers: ["HTTP/1.1 400 Bad Request\r\n\r\n"] }],
    redisCli: { code: 1, stdout: "", stderr: 'Error: Protocol error, got "H" as reply type byte\n' },
    siderCli: {
      code: 1,
      stdout: "",
      stderr: /^Error: Protocol error: unknown type \(does a Redis-compatible server listen at /,
    },
  },
  {
    reason: "what is no RESP is named, and ends a script in both",
    invocation: script("get x\nget y\n", [], { answers: ["+fine\r\n?\r\n"] }),
    redisCli: { code: 1, stdout: "fine\n", stderr: 'Error: Protocol error, got "?" as reply type byte\n' },
    siderCli: { code: 1, stdout: "fine\n", stderr: /^Error: Protocol error: unknown type / },
  },
  {
    reason: "streamed types of RESP3, which no server sends, are refused in other words",
    invocation: [["get", "x"], { answers: ["$?\r\n;1\r\na\r\n;0\r\n"] }],
    redisCli: { code: 1, stdout: "", stderr: "Error: Bad bulk string length\n" },
    siderCli: { code: 1, stdout: "", stderr: /^Error: Protocol error: streamed replies are not supported/ },
  },
  {
    reason: "a server that closes before it has said who may come in is asked once, not twice",
    invocation: [["-a", "x", "--no-auth-warning", "get", "x"], { answers: ["+OK\r\n"], greetings: { AUTH: "" } }],
    redisCli: { code: 1, stdout: "", stderr: "\nI/O error\n\nI/O error\nError: Server closed the connection\n" },
    siderCli: { code: 1, stdout: "", stderr: "Error: Server closed the connection\n" },
  },
  {
    reason: "messages that came with the last reply are shown too",
    invocation: [["-3", "get", "x"], { answers: [`+OK\r\n>1\r\n${verbatim("late")}`], env: { FAKETTY: "1" } }],
    redisCli: { code: 0, stdout: "OK\n" },
    siderCli: { code: 0, stdout: "OK\n1) late\n" },
  },
];
