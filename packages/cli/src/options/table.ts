/** One row per option: its names, its help, what it does to the options. The help is made from it. */
import { DEFAULT_HOST, DEFAULT_PORT } from "../client/address.ts";
import { parseUri } from "../client/uri.ts";
import type { OutputFormat } from "../format/format-reply.ts";
import { binaryOf } from "../format/printer.ts";
import { splitArguments } from "../split-arguments.ts";
import { integerOf, portOf, secondsOf } from "./numbers.ts";
import { UsageError, type Mode, type Options } from "./options.ts";

export interface OptionRow {
  readonly names: readonly string[];
  /** What is shown for the value in the help; absent when there is none. */
  readonly value?: string;
  readonly help: string;
  /** Whether an argument behind the value belongs to the option as well. */
  readonly takesMore?: (argument: string) => boolean;
  /** Not in the help: an option of what is not available. */
  readonly isUnlisted?: boolean;
  apply(options: Options, value: string, more: readonly string[]): void;
}

export const OPTIONS: readonly OptionRow[] = [
  row("-h", "<host>", `Host of the server (${DEFAULT_HOST}).`, (options, value) => (options.host = value)),
  row("-p", "<port>", `Port of the server (${DEFAULT_PORT}).`, (options, value) => (options.port = portOf(value))),
  row(
    "-s",
    "<path>",
    "Unix socket of the server, instead of host and port.",
    (options, value) => (options.socketPath = value),
  ),
  row("-u", "<uri>", "redis[s]://[[user]:password@]host[:port][/db] or unix:///path[?db=n].", applyUri),
  row(
    ["-a", "--pass"],
    "<password>",
    "Password. Others can see it: the environment variable REDISCLI_AUTH is safer.",
    applyPassword,
  ),
  row("--user", "<name>", "User to authenticate as; needs a password.", (options, value) => {
    options.username = binaryOf(value);
  }),
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
  row("-X", "<tag>", "Take the argument <tag> from standard input.", (options, value) => {
    options.inputTag = binaryOf(value);
  }),
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
    (options, value) => (options.intervalMs = secondsOf("-i", value) * 1000),
  ),
  row("-e", null, "Exit with 1 when the reply is an error.", (options) => (options.failsOnErrorReply = true)),
  row("--askpass", null, "Ask for the password; -a and REDISCLI_AUTH do not count.", (options) => {
    options.asksForPassword = true;
  }),
  row("-c", null, "Cluster mode: follow -ASK and -MOVED redirections.", (options) => (options.isClusterMode = true)),
  row("--tls", null, "Speak TLS.", ({ tls }) => (tls.isOn = true)),
  row("--sni", "<host>", "The name that TLS asks the server for.", ({ tls }, value) => (tls.serverName = value)),
  row(
    "--cacert",
    "<file>",
    "Certificates (PEM) of the authorities to trust.",
    ({ tls }, value) => (tls.authorityFile = value),
  ),
  row(
    "--cacertdir",
    "<folder>",
    "Folder with such files; without either, those of the system count.",
    ({ tls }, value) => (tls.authorityFolder = value),
  ),
  row("--insecure", null, "Do not check the server's certificate.", ({ tls }) => (tls.isInsecure = true)),
  row("--cert", "<file>", "Certificate to authenticate with.", ({ tls }, value) => (tls.certificateFile = value)),
  row("--key", "<file>", "Its private key.", ({ tls }, value) => (tls.keyFile = value)),
  row(
    "--tls-ciphers",
    "<list>",
    "Ciphers up to TLS 1.2, as OpenSSL lists them.",
    ({ tls }, value) => (tls.ciphers = value),
  ),
  row("--tls-ciphersuites", "<list>", "Ciphers of TLS 1.3.", ({ tls }, value) => (tls.cipherSuites = value)),
  row("--stat", null, "Show keys, memory, clients and requests, a line each second or -i.", mode("stat")),
  row("--latency", null, "Measure the latency of PING until it is interrupted.", mode("latency")),
  row("--latency-history", null, "As --latency, anew each 15 seconds or -i.", (options) => {
    options.modes.add("latency");
    options.modeOptions.showsLatencyHistory = true;
  }),
  row("--latency-dist", null, "Latencies as a coloured spectrum, a line each second or -i.", mode("latency-dist")),
  row("--mono", null, "Without colours in --latency-dist.", ({ modeOptions }) => (modeOptions.isMonochrome = true)),
  row("--lru-test", "<keys>", "A cache's load, 80 % of it on 20 % of the keys, and its hits.", (options, value) => {
    options.modes.add("lru-test");
    options.modeOptions.lruTestKeys = integerOf("--lru-test", value);
  }),
  row(["--replica", "--slave"], null, "Behave as a replica and print the commands that arrive.", mode("replica")),
  row("--rdb", "<file>", "Fetch a dump from the server; - writes it to standard output.", (options, value) =>
    wantDump(options, value, false),
  ),
  row("--functions-rdb", "<file>", "As --rdb, with nothing but the functions.", (options, value) =>
    wantDump(options, value, true),
  ),
  row("--pipe", null, "Send what stands on standard input, RESP requests, as fast as it goes.", mode("pipe")),
  row(
    "--pipe-timeout",
    "<seconds>",
    "How long --pipe waits for the last replies (30; 0: for ever).",
    (options, value) => {
      options.modeOptions.pipeTimeoutSeconds = integerOf("--pipe-timeout", value);
    },
  ),
  row("--bigkeys", null, "Look for the keys with the most elements.", mode("bigkeys")),
  row("--memkeys", null, "Look for the keys that take the most memory.", mode("memkeys")),
  row("--memkeys-samples", "<count>", "As --memkeys, looking at so many elements of a key.", (options, value) => {
    options.modes.add("memkeys");
    options.modeOptions.memorySamples = integerOf("--memkeys-samples", value);
  }),
  row("--hotkeys", null, "Look for the keys that are used most; needs an LFU policy.", mode("hotkeys")),
  row("--scan", null, "Print the names of all keys.", mode("scan")),
  row(
    "--pattern",
    "<pattern>",
    "Keys of --scan, --bigkeys, --memkeys and --hotkeys (*).",
    ({ modeOptions }, value) => (modeOptions.pattern = binaryOf(value)),
  ),
  row("--quoted-pattern", "<pattern>", "As --pattern, quoted as at the prompt.", applyQuotedPattern),
  row("--count", "<count>", "How many keys SCAN looks at in a call.", ({ modeOptions }, value) => {
    modeOptions.scanCount = integerOf("--count", value);
  }),
  row(
    "--intrinsic-latency",
    "<seconds>",
    "Measure how long this machine makes a busy process wait.",
    (options, value) => {
      options.modes.add("intrinsic-latency");
      options.modeOptions.intrinsicLatencySeconds = integerOf("--intrinsic-latency", value);
    },
  ),
  row("--eval", "<file>", "Run a Lua script: keys follow, then a comma, then arguments.", (options, value) => {
    options.modes.add("eval");
    options.modeOptions.evalFile = value;
  }),
  row("--ldb", null, "With --eval: in the server's debugger.", (options) => wantDebugger(options, "forked")),
  row("--ldb-sync-mode", null, "As --ldb; the server stands still and changes remain.", (options) =>
    wantDebugger(options, "synchronous"),
  ),
  {
    ...row("--cluster", "<subcommand> ...", "Look at a cluster and its nodes: see --cluster help.", () => undefined),
    takesMore: (argument) => !argument.startsWith("-"),
    apply(options, value, more) {
      options.modes.add("cluster");
      options.modeOptions.clusterCommand = [value, ...more];
    },
  },
  row("--cluster-only-masters", null, "Masters only, in --cluster call.", ({ modeOptions }) => {
    modeOptions.wantsOnlyMasters = true;
  }),
  row("--cluster-only-replicas", null, "Replicas only, in --cluster call.", ({ modeOptions }) => {
    modeOptions.wantsOnlyReplicas = true;
  }),
  row(
    "--cluster-search-multiple-owners",
    null,
    "Look for slots with several owners, in --cluster check.",
    (options) => {
      options.modeOptions.looksForOwners = true;
    },
  ),
  ...clusterChanges(["replicas", "master-id", "from", "to", "from-user", "from-pass"], "<value>"),
  ...clusterChanges(["slots", "timeout", "pipeline", "threshold"], "<value>"),
  ...clusterChanges(["from-askpass", "yes", "simulate", "replace", "copy", "slave"], null),
  ...clusterChanges(["use-empty-masters", "fix-with-unreachable-masters"], null),
  ...clusterChanges(["weight"], "<node>=<weight>").map((option) => ({
    ...option,
    takesMore: (argument: string) => !argument.startsWith("--") && argument.includes("="),
  })),
  row("--verbose", null, "Say more.", (options) => (options.isVerbose = true)),
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

/** Options of the subcommands of --cluster that are not available: known, so that it is those that are told of. */
function clusterChanges(names: readonly string[], value: string | null): OptionRow[] {
  return names.map((name) => ({ ...row(`--cluster-${name}`, value, "", () => undefined), isUnlisted: true }));
}

function mode(name: Mode): (options: Options) => void {
  return (options) => options.modes.add(name);
}

function wantDump(options: Options, file: string, hasFunctionsOnly: boolean): void {
  const isSecond = options.modes.has("rdb") && options.modeOptions.hasFunctionsOnly !== hasFunctionsOnly;
  if (isSecond) options.modeOptions.hasBothDumps = true;
  options.modes.add("rdb");
  options.modeOptions.rdbFile = file;
  options.modeOptions.hasFunctionsOnly = hasFunctionsOnly;
}

function wantDebugger(options: Options, kind: "forked" | "synchronous"): void {
  options.modeOptions.debugger = kind;
  options.format = "raw";
}

function applyQuotedPattern({ modeOptions }: Options, value: string): void {
  const parts = splitArguments(binaryOf(value));
  if (parts?.length !== 1) throw new UsageError("Invalid quoted string specified for --quoted-pattern.");
  modeOptions.pattern = parts[0];
}

function applyPassword(options: Options, value: string): void {
  options.password = binaryOf(value);
  options.isPasswordVisible = true;
}

function applyUri(options: Options, value: string): void {
  const uri = readUri(value);
  if (uri.address.kind === "unix") options.socketPath = uri.address.path;
  else {
    options.host = uri.address.host;
    options.port = uri.address.port;
  }
  if (uri.username !== undefined) options.username = binaryOf(uri.username);
  if (uri.password !== undefined) applyPassword(options, uri.password);
  if (uri.database !== undefined) options.database = uri.database;
  if (uri.tls === true) options.tls.isOn = true;
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
  if (/^[yn]/i.test(value)) options.showsPushes = /^y/i.test(value);
  else options.notices.push(`Unknown --show-pushes value '${value}' (valid: '[y]es', '[n]o')`);
}
