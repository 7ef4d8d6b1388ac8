/** Every command with every option on sound keys and on missing ones, in both protocols: shapes and contents beside redis-server. */
import { describe, expect, test } from "vitest";

import { programsPresent } from "../support/programs.ts";
import { subjectPresent } from "../support/server.ts";
import { comparedCommands, invocationsOf } from "./invocations.ts";
import { useSweep } from "./sweep.ts";

const canRun = subjectPresent() && programsPresent("both protocols", "redis-server");
/** They change the protocol, or what becomes of the commands after them. */
const changesConnection = ["hello", "reset", "multi"];

describe.skipIf(!canRun)("every command as redis-server answers it", () => {
  const sweep = useSweep();

  test.each(["2", "3"])("in RESP%s", { timeout: 60_000 }, async (protocol) => {
    await sweep.current.both("HELLO", protocol);
    for (const command of comparedCommands()) {
      if (changesConnection.includes(command.fullName)) continue;
      for (const invocation of invocationsOf(command, sweep.payload)) {
        const words = invocation.map(({ text }) => text);
        await sweep.current.compare(words);
        if (command.keys.length > 0)
          await sweep.current.compare(words.map((word) => word.replace(/^[a-z-]+:(?=\d$)/, "missing:")));
      }
    }
    expect(sweep.current.report()).toBe("");
  });
});
