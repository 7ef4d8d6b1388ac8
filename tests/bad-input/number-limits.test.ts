/**
 * Every number that a command takes at the limits of its type and beyond them, and what only looks like a number: replies, and what
 * has become of the keys, beside redis-server. The commands and the places come from command-spec.
 */
import type { Command, LeafArgument } from "@sider/command-spec";
import { describe, expect, test } from "vitest";

import { programsPresent } from "../support/programs.ts";
import { subjectPresent } from "../support/server.ts";
import { comparedCommands, invocationsOf, placesOf, withText } from "./invocations.ts";
import { useSweep } from "./sweep.ts";

const canRun = subjectPresent() && programsPresent("numbers at their limits", "redis-server");

const numbers = [
  ...["0", "-1", "1", "2147483647", "2147483648", "-2147483648", "4294967295", "4294967296"],
  ...["9223372036854775807", "9223372036854775808", "-9223372036854775808", "-9223372036854775809"],
  ...["-9223372036854775807", "4611686018427387904", "-4611686018427387904", "-4611686018427387903"],
  ...["18446744073709551615", "18446744073709551616", "9007199254740993", "9223372036854775"],
  ...[
    "1.5",
    "",
    " 1",
    "1 ",
    "+1",
    "01",
    "0x10",
    "1e3",
    "nan",
    "inf",
    "+inf",
    "-inf",
    "infinity",
    "1e400",
    "-1e400",
    "1e-400",
  ],
  ...["-0", "-", "(1", "(", "[1", "18446744073709551615-18446744073709551615", "0-18446744073709551616", "1\0"],
];
/** Arguments that are text to command-spec, but numbers or hold numbers to the command. */
const readAsNumbers =
  /^(id|start|stop|end|min|max|threshold|last-?id|min-idle-time|max-deleted-id|encoding|score|timeout)$/;
const groups = ["list", "hash", "set", "sorted-set", "stream", "hyperloglog", "geo", "generic", "string"];

/** Left out, and why. */
const isLeftOut = ([name = "", ...words]: readonly string[]): boolean => {
  // A time to live of 1 ms is over on one side and not yet on the other when both are looked at.
  const milliseconds = words.findIndex((word) => /^px$/i.test(word)) + 1;
  if (milliseconds > 0 && words[milliseconds] === "1") return true;
  if (/^(psetex|pexpire|restore)$/.test(name) && words[1] === "1") return true;
  // As many random elements as asked for, each maybe twice: replies of gigabytes, in Redis as in Sider.
  if (/^(s|z|h)rand(member|field)$/.test(name))
    return words.some((word) => /^-(2147483648|46|92233720368547758)/.test(word) && word !== "-9223372036854775809");
  return false;
};

describe.skipIf(!canRun)("numbers at their limits, as redis-server takes them", () => {
  const sweep = useSweep();

  test.each(groups)("%s commands", { timeout: 120_000 }, async (group) => {
    for (const command of comparedCommands().filter((command) => command.group === group)) {
      for (const args of withNumbers(command, sweep.payload)) await sweep.current.compare(args);
    }
    expect(sweep.current.report()).toBe("");
  });
});

function isNumber({ type, name }: LeafArgument): boolean {
  return type === "integer" || type === "double" || type === "unix-time" || readAsNumbers.test(name);
}

function withNumbers(command: Command, payload: string): string[][] {
  const seen = new Set<string>();
  const all = invocationsOf(command, payload).flatMap((invocation) => {
    return placesOf(invocation, isNumber).flatMap((at) => {
      // The same argument stands in every invocation of the command: once is enough, except where an option changes its meaning.
      const around = `${at} ${invocation[at - 1]?.text} ${/range|store$/.test(command.name) ? invocation.length : ""}`;
      if (seen.has(around)) return [];
      seen.add(around);
      return numbers.map((number) => withText(invocation, at, number));
    });
  });
  return all.filter((args) => !isLeftOut(args));
}
