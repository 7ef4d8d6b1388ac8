/** What a command line says. `parse.ts` reads one, `table.ts` has a row for each option. */
import { DEFAULT_HOST, DEFAULT_PORT } from "../client/address.ts";
import type { OutputFormat } from "../format/format-reply.ts";

/** What sider-cli does beside commands and the prompt, in the order in which one counts when several are asked for. */
export const MODES = [
  "cluster",
  "latency",
  "latency-dist",
  "replica",
  "rdb",
  "pipe",
  "bigkeys",
  "memkeys",
  "hotkeys",
  "stat",
  "scan",
  "lru-test",
  "intrinsic-latency",
  "eval",
] as const;

export type Mode = (typeof MODES)[number];

/** TLS as the command line has it: paths and names, nothing read yet. */
export interface TlsOptions {
  isOn: boolean;
  serverName: string | undefined;
  authorityFile: string | undefined;
  authorityFolder: string | undefined;
  /** The server's certificate is not checked. */
  isInsecure: boolean;
  certificateFile: string | undefined;
  keyFile: string | undefined;
  /** OpenSSL's lists: up to TLS 1.2, and of TLS 1.3. */
  ciphers: string | undefined;
  cipherSuites: string | undefined;
}

/** The options of single modes. */
export interface ModeOptions {
  /** --latency-history. */
  showsLatencyHistory: boolean;
  /** --mono: without colours. */
  isMonochrome: boolean;
  lruTestKeys: number;
  intrinsicLatencySeconds: number;
  /** --rdb and --functions-rdb: "-" is standard output. */
  rdbFile: string | undefined;
  hasFunctionsOnly: boolean;
  /** Both were asked for: refused. */
  hasBothDumps: boolean;
  /** --pipe-timeout; 0: without end. */
  pipeTimeoutSeconds: number;
  /** --memkeys-samples; 0: the server's default. */
  memorySamples: number;
  /** --pattern and --quoted-pattern, binary text. */
  pattern: string | undefined;
  /** --count: a hint for SCAN. */
  scanCount: number | undefined;
  evalFile: string | undefined;
  /** --ldb, --ldb-sync-mode. */
  debugger: "off" | "forked" | "synchronous";
  /** --cluster: the subcommand and its arguments. */
  clusterCommand: string[];
  /** --cluster-only-masters, --cluster-only-replicas. */
  wantsOnlyMasters: boolean;
  wantsOnlyReplicas: boolean;
  /** --cluster-search-multiple-owners. */
  looksForOwners: boolean;
}

export interface Options {
  host: string;
  port: number;
  /** Overrides host and port. */
  socketPath: string | undefined;
  /** Binary text, as the password. */
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
  /** Binary text, both. */
  elementDelimiter: string;
  replyDelimiter: string;
  isInputQuoted: boolean;
  lastArgumentFromInput: boolean;
  /** The argument with this (binary) text is replaced by what stands on standard input. */
  inputTag: string | undefined;
  /** Negative: without end. */
  repeat: number;
  intervalMs: number;
  failsOnErrorReply: boolean;
  /** Follows -MOVED and -ASK redirections. */
  isClusterMode: boolean;
  /** Asks for the password on the terminal; neither the command line nor the environment have a say then. */
  asksForPassword: boolean;
  tls: TlsOptions;
  /** What to do instead of a command or the prompt; of several, the first in the order of MODES. */
  modes: Set<Mode>;
  modeOptions: ModeOptions;
  isVerbose: boolean;
  /** What is to be told a person, but stops nothing. */
  notices: string[];
  /** Set by --help and --version: nothing else is done. */
  information: "help" | "version" | undefined;
  /** The command, as it stood on the command line: ordinary text, of which `binaryOf` gives the bytes. */
  command: string[];
}

/** What is wrong with a command line, to be shown to a person. */
export class UsageError extends Error {}

/** The options of an empty command line. */
export function defaults(): Options {
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
    isClusterMode: false,
    asksForPassword: false,
    tls: {
      isOn: false,
      serverName: undefined,
      authorityFile: undefined,
      authorityFolder: undefined,
      isInsecure: false,
      certificateFile: undefined,
      keyFile: undefined,
      ciphers: undefined,
      cipherSuites: undefined,
    },
    modes: new Set(),
    modeOptions: {
      showsLatencyHistory: false,
      isMonochrome: false,
      lruTestKeys: 0,
      intrinsicLatencySeconds: 0,
      rdbFile: undefined,
      hasFunctionsOnly: false,
      hasBothDumps: false,
      pipeTimeoutSeconds: 30,
      memorySamples: 0,
      pattern: undefined,
      scanCount: undefined,
      evalFile: undefined,
      debugger: "off",
      clusterCommand: [],
      wantsOnlyMasters: false,
      wantsOnlyReplicas: false,
      looksForOwners: false,
    },
    isVerbose: false,
    notices: [],
    information: undefined,
    command: [],
  };
}
