/**
 * The command line: options first, as redis-cli takes them, then the command with its arguments.
 *
 *     sider-cli -h example.org -p 7000 --csv  LRANGE list 0 -1
 *               options, each a row of OPTIONS  rest: sent as it is
 *
 * The first argument that begins with no dash ends the options. `-h` without a value is a call for help.
 */
import { DEFAULT_HOST, DEFAULT_PORT, type ServerAddress } from "./client/address.ts";
import { parseUri } from "./client/uri.ts";
import type { OutputFormat } from "./format/format-reply.ts";
import { binaryOf } from "./format/printer.ts";

export interface Options {
  host: string;
  port: number;
  /** Overrides host and port. */
  socketPath: string | undefined;
  username: string | undefined;
  password: string | undefined;
  /** Whether the password stood on the command line, where others can see it. */
  isPasswordVisible: boolean;
  warnsOfVisiblePassword: boolean;
  database: number;
  /** RESP3 is demanded, or wished for by a format that can show more of it; -2 overrides a wish. */
  resp3: "demanded" | "wished" | "no";
  isResp2Demanded: boolean;
  /** Undefined: depends on whether the output is a terminal. */
  format: OutputFormat | undefined;
  showsPushes: boolean | undefined;
  elementDelimiter: string;
  replyDelimiter: string;
  isInputQuoted: boolean;
  lastArgumentFromInput: boolean;
  /** The argument with this text is replaced by what stands on standard input. */
  inputTag: string | undefined;
  /** Negative: without end. */
  repeat: number;
  intervalMs: number;
  failsOnErrorReply: boolean;
  /** Set by --help and --version: nothing else is done. */
  information: "help" | "version" | undefined;
  /** The command, as it stood on the command line. */
  command: string[];
}

interface OptionRow {
  readonly names: readonly string[];
  /** What is shown for the value in the help; absent when there is none. */
  readonly value?: string;
  readonly help: string;
  apply(options: Options, value: string): void;
}

/** What is wrong with a command line, to be shown to a person. */
export class UsageError extends Error {}

export const OPTIONS: readonly OptionRow[] = [
  row("-h", "<host>", `Host of the server (${DEFAULT_HOST}).`, (options, value) => (options.host = value)),
  row("-p", "<port>", `Port of the server (${DEFAULT_PORT}).`, (options, value) => (options.port = portOf(value))),
  row(
    "-s",
    "<path>",
    "Unix socket of the server, instead of host and port.",
    (options, value) => (options.socketPath = value),
  ),
  row("-u", "<uri>", "redis://[[user]:password@]host[:port][/db] or unix:///path[?db=n].", applyUri),
  row(
    ["-a", "--pass"],
    "<password>",
    "Password. Others can see it: the environment variable REDISCLI_AUTH is safer.",
    applyPassword,
  ),
  row("--user", "<name>", "User to authenticate as; needs a password.", (options, value) => (options.username = value)),
  row(
    "--no-auth-warning",
    null,
    "Do not warn of a password on the command line.",
    (options) => (options.warnsOfVisiblePassword = false),
  ),
  row("-n", "<db>", "Number of the database.", (options, value) => (options.database = integerOf("-n", value))),
  row("-2", null, "Speak RESP2.", (options) => (options.isResp2Demanded = true)),
  row("-3", null, "Speak RESP3.", (options) => (options.resp3 = "demanded")),
  row(
    "--raw",
    null,
    "Print values alone (default unless the output is a terminal).",
    (options) => (options.format = "raw"),
  ),
  row(
    "--no-raw",
    null,
    "Print types, numbers and quotes (default on a terminal).",
    (options) => (options.format = "standard"),
  ),
  row("--csv", null, "Print comma-separated values.", (options) => (options.format = "csv")),
  row("--json", null, "Print JSON; speaks RESP3 where the server does, unless -2.", (options) =>
    applyJson(options, "json"),
  ),
  row("--quoted-json", null, "As --json, in printable ASCII.", (options) => applyJson(options, "quoted-json")),
  row(
    "-d",
    "<text>",
    "Stands between the elements of a raw reply (a line end).",
    (options, value) => (options.elementDelimiter = binaryOf(value)),
  ),
  row(
    "-D",
    "<text>",
    "Stands after each raw reply (a line end).",
    (options, value) => (options.replyDelimiter = binaryOf(value)),
  ),
  row("--show-pushes", "<yes|no>", "Print out-of-band messages of RESP3 (yes on a terminal).", applyShowPushes),
  row("-x", null, "Take the last argument from standard input.", (options) => (options.lastArgumentFromInput = true)),
  row("-X", "<tag>", "Take the argument <tag> from standard input.", (options, value) => (options.inputTag = value)),
  row(
    "--quoted-input",
    null,
    "Arguments are quoted as at the prompt: '\"\\x00\"'.",
    (options) => (options.isInputQuoted = true),
  ),
  row(
    "-r",
    "<count>",
    "Run the command so many times; -1 for ever.",
    (options, value) => (options.repeat = integerOf("-r", value)),
  ),
  row(
    "-i",
    "<seconds>",
    "Wait so long after each run; 0.1 is possible.",
    (options, value) => (options.intervalMs = secondsOf(value) * 1000),
  ),
  row("-e", null, "Exit with 1 when the reply is an error.", (options) => (options.failsOnErrorReply = true)),
  row("--help", null, "Print this and exit.", (options) => (options.information = "help")),
  row(["-v", "--version"], null, "Print the version and exit.", (options) => (options.information = "version")),
];

function row(
  names: string | readonly string[],
  value: string | null,
  help: string,
  apply: (options: Options, value: string) => void,
): OptionRow {
  return { names: typeof names === "string" ? [names] : names, help, apply, ...(value === null ? {} : { value }) };
}

/** Reads a command line (without the program) and the environment. Throws a UsageError. */
export function parseOptions(args: readonly string[], environment: NodeJS.ProcessEnv = {}): Options {
  const options = defaults();
  let at = 0;
  while (at < args.length && args[at]?.startsWith("-") && options.information === undefined) {
    at += applyOption(options, args[at] ?? "", args[at + 1]);
  }
  options.command = args.slice(at);
  options.password ??= environment["REDISCLI_AUTH"];
  if (options.isResp2Demanded && options.resp3 === "demanded") {
    throw new UsageError("Options -2 and -3 are mutually exclusive.");
  }
  if (options.lastArgumentFromInput && options.inputTag !== undefined) {
    throw new UsageError("Options -x and -X are mutually exclusive.");
  }
  return options;
}

/** Where the options say that the server is. */
export function addressOf(options: Options): ServerAddress {
  if (options.socketPath !== undefined) return { kind: "unix", path: options.socketPath };
  return { kind: "tcp", host: options.host, port: options.port };
}

/** Gives how many arguments the option took. */
function applyOption(options: Options, name: string, value: string | undefined): number {
  const found = OPTIONS.find((option) => option.names.includes(name));
  if (name === "-h" && value === undefined) {
    options.information = "help";
    return 1;
  }
  if (found === undefined || (found.value !== undefined && value === undefined)) {
    throw new UsageError(`Unrecognized option or bad number of args for: '${name}'`);
  }
  found.apply(options, value ?? "");
  return found.value === undefined ? 1 : 2;
}

function defaults(): Options {
  return {
    host: DEFAULT_HOST,
    port: DEFAULT_PORT,
    socketPath: undefined,
    username: undefined,
    password: undefined,
    isPasswordVisible: false,
    warnsOfVisiblePassword: true,
    database: 0,
    resp3: "no",
    isResp2Demanded: false,
    format: undefined,
    showsPushes: undefined,
    elementDelimiter: "\n",
    replyDelimiter: "\n",
    isInputQuoted: false,
    lastArgumentFromInput: false,
    inputTag: undefined,
    repeat: 1,
    intervalMs: 0,
    failsOnErrorReply: false,
    information: undefined,
    command: [],
  };
}

function applyPassword(options: Options, value: string): void {
  options.password = value;
  options.isPasswordVisible = true;
}

function applyUri(options: Options, value: string): void {
  const uri = readUri(value);
  if (uri.address.kind === "unix") options.socketPath = uri.address.path;
  else {
    options.host = uri.address.host;
    options.port = uri.address.port;
  }
  if (uri.username !== undefined) options.username = uri.username;
  if (uri.password !== undefined) applyPassword(options, uri.password);
  if (uri.database !== undefined) options.database = uri.database;
}

function readUri(text: string): ReturnType<typeof parseUri> {
  try {
    return parseUri(text);
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error));
  }
}

function applyJson(options: Options, format: OutputFormat): void {
  options.format = format;
  if (options.resp3 === "no") options.resp3 = "wished";
}

function applyShowPushes(options: Options, value: string): void {
  if (!/^[yn]/i.test(value)) {
    throw new UsageError(`Unknown --show-pushes value '${value}' (valid: '[y]es', '[n]o')`);
  }
  options.showsPushes = /^y/i.test(value);
}

function integerOf(name: string, text: string): number {
  if (!/^[+-]?\d{1,15}$/.test(text)) throw new UsageError(`Invalid number for ${name}: '${text}'`);
  return Number(text);
}

function portOf(text: string): number {
  const port = integerOf("-p", text);
  if (port < 0 || port > 65535) throw new UsageError(`Invalid port: '${text}'`);
  return port;
}

function secondsOf(text: string): number {
  if (!/^(\d+\.?\d*|\.\d+)$/.test(text)) throw new UsageError(`Invalid number of seconds for -i: '${text}'`);
  return Number(text);
}
