/**
 * One row of a comparison: how both programs are called, and what the server does. The tables beside this file are lists of rows by
 * subject; `../redis-cli.test.ts` runs them all.
 */
import type { RunOptions } from "../testing/run-cli.ts";

/** Of a call beside its arguments: standard input, environment, and the server's part. */
export interface Surroundings extends RunOptions {
  /** Requests to the server before the call, beside its usual data. */
  before?: readonly (readonly string[])[];
  /** RESP of a server of its own in place of redis-server: the answers to the requests in turn. */
  answers?: readonly string[];
  /** What that server says to AUTH, SELECT and HELLO; +OK unless named here. "" closes the connection. */
  greetings?: Readonly<Record<string, string>>;
  /** What that server says when somebody connects, before it is asked. */
  welcome?: string;
  /** Whether that server closes the connection behind its last answer. */
  closes?: boolean;
  /** Whether that server answers each request with the request itself. */
  mirrors?: boolean;
}

export type Invocation = readonly [args: readonly string[], surroundings?: Surroundings];

/** Every format in both protocols. */
export const FORMATS = ["--no-raw", "--raw", "--csv", "--json", "--quoted-json"].flatMap((format) => [
  [format, "-2"],
  [format, "-3"],
]);

/** Output as on a terminal. */
export const TERMINAL = { FAKETTY: "1" };

/** The 256 bytes. */
export const ALL_BYTES = Uint8Array.from({ length: 256 }, (_, byte) => byte);

/** A bulk string in RESP; binary text. */
export function bulk(text: string): string {
  return `$${text.length}\r\n${text}\r\n`;
}

/** A verbatim string in RESP3; binary text. */
export function verbatim(text: string, format = "txt"): string {
  return `=${text.length + 4}\r\n${format}:${text}\r\n`;
}

/** Each of the calls with each list of options before it. */
export function inFormats(formats: readonly (readonly string[])[], calls: readonly Invocation[]): Invocation[] {
  return calls.flatMap(([args, around = {}]) => formats.map((options): Invocation => [[...options, ...args], around]));
}

/** Lines on standard input, with options. */
export function script(
  input: string | Uint8Array,
  args: readonly string[] = [],
  around: Surroundings = {},
): Invocation {
  return [args, { ...around, input }];
}

/** The output without the times of commands that took half a second or more, as happens on a machine that is busy. */
export function withoutTimes<Result extends { stdout: string }>(result: Result): Result {
  return { ...result, stdout: result.stdout.replace(/^\(\d+\.\d\ds\)\n/gm, "") };
}

/** What a row is called in a report. */
export function titleOf([args, around = {}]: Invocation): string {
  const { input = "", env = {}, before = [], ...server } = around;
  const parts = [...args, ...before.map((request) => request.join(" ")), ...Object.entries(env).flat(), input];
  const told = Object.keys(server).length === 0 ? "" : JSON.stringify(server);
  return `${parts.join(" ")} ${told}`.replace(/[^ -~]/g, ".").slice(0, 90);
}
