/** Every command with every option on sound keys and on missing ones, in both protocols: shapes and contents beside redis-server. */
import { eachCommand } from "@sider/command-spec";
import { afterAll, beforeAll, describe, expect, test } from "vitest";

import { leftOut } from "../diff/weights.ts";
import { programsPresent } from "../support/programs.ts";
import { subjectPresent } from "../support/server.ts";
import { invocationsOf } from "./invocations.ts";
import { Sweep } from "./sweep.ts";

const canRun = subjectPresent() && programsPresent("both protocols", "redis-server");
/** They change the protocol themselves. */
const changesProtocol = ["hello", "reset"];

describe.skipIf(!canRun)("every command as redis-server answers it", () => {
  let sweep: Sweep;
  let payload = "";
  beforeAll(async () => {
    sweep = await Sweep.start();
    payload = await sweep.payload();
  });
  afterAll(() => sweep.stop());

  test.each(["2", "3"])("in RESP%s", { timeout: 60_000 }, async (protocol) => {
    await sweep.both("HELLO", protocol);
    for (const command of eachCommand()) {
      const { fullName } = command;
      if (command.subcommands.size > 0 || fullName in leftOut || changesProtocol.includes(fullName)) continue;
      for (const invocation of invocationsOf(command, payload)) {
        const words = invocation.map(({ text }) => text);
        await sweep.compare(words);
        if (command.keys.length > 0)
          await sweep.compare(words.map((word) => word.replace(/^[a-z-]+:(?=\d$)/, "missing:")));
      }
    }
    expect(sweep.report()).toBe("");
  });
});
