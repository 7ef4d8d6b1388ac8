/** Every command beside redis-server with a key of every other type at every key's place, and with arguments too few and too many. */
import { arityMatches, type Command, eachCommand } from "@sider/command-spec";
import { describe, expect, test } from "vitest";

import { programsPresent } from "../support/programs.ts";
import { subjectPresent } from "../support/server.ts";
import { comparedCommands, type Invocation, invocationsOf, keyKinds, placesOf, withText } from "./invocations.ts";
import { useSweep } from "./sweep.ts";

const canRun = subjectPresent() && programsPresent("wrong arguments", "redis-server");
/** Commands that redis-server 7.0 does not have. */
const newSince70 = ["client|no-touch", "client|setinfo"];

describe.skipIf(!canRun)("wrong arguments, as redis-server judges them", () => {
  const sweep = useSweep();

  test("a key of every other type in each key's place", { timeout: 120_000 }, async () => {
    const withKeys = comparedCommands().filter(({ keys }) => keys.length > 0);
    for (const command of withKeys) {
      for (const invocation of invocationsOf(command, sweep.payload)) {
        for (const args of withOtherKeys(invocation)) await sweep.current.compare(args);
      }
    }
    expect(sweep.current.report()).toBe("");
  });

  test("a number of arguments that the arity forbids", async () => {
    for (const command of [...eachCommand()].filter(({ fullName }) => !newSince70.includes(fullName))) {
      for (const args of forbiddenCounts(command)) await sweep.current.compare(args);
    }
    expect(sweep.current.report()).toBe("");
  });

  test("one argument too few or too many, wherever the options end", { timeout: 120_000 }, async () => {
    for (const command of comparedCommands()) {
      for (const invocation of invocationsOf(command, sweep.payload)) {
        const words = invocation.map(({ text }) => text);
        if (words.length > 1) await sweep.current.compare(words.slice(0, -1));
        for (const word of ["more", ""]) await sweep.current.compare([...words, word]);
      }
    }
    expect(sweep.current.report()).toBe("");
  });
});

function withOtherKeys(invocation: Invocation): string[][] {
  const places = placesOf(invocation, ({ type }) => type === "key");
  return places.flatMap((at) => keyKinds.map((kind) => withText(invocation, at, `${kind}:1`)));
}

function forbiddenCounts(command: Command): string[][] {
  const name = command.fullName.split("|");
  const most = Math.abs(command.arity) + 2;
  const counts = Array.from({ length: most }, (_, at) => at + 1);
  return counts
    .filter((count) => count >= name.length && !arityMatches(command.arity, count))
    .map((count) => [...name, ...Array.from({ length: count - name.length }, () => "x")]);
}
