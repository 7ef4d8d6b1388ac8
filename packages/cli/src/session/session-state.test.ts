import { ReplyError } from "@sider/resp-protocol/client";
import { expect, test } from "vitest";
import { defaults } from "../options/options.ts";
import { SessionState } from "./session-state.ts";

function after(...lines: readonly (string | [line: string, reply: ReplyError | null])[]): SessionState {
  const state = new SessionState({ ...defaults(), database: 1, password: "first" });
  state.database = 1;
  for (const line of lines) {
    const [command, reply] = typeof line === "string" ? [line, "OK"] : line;
    state.follow(command.split(" "), reply);
  }
  return state;
}

const REFUSED = new ReplyError("ERR no");

test("the next connection is as the last one was", () => {
  expect(after().greetings).toEqual([
    ["AUTH", "first"],
    ["SELECT", "1"],
  ]);
  expect(after("select 3", "auth second").greetings).toEqual([
    ["AUTH", "second"],
    ["SELECT", "3"],
  ]);
  expect(after("AUTH user third").authentication).toEqual(["AUTH", "user", "third"]);
  expect(after("hello 3 auth user fourth setname x")).toMatchObject({
    resp3: "demanded",
    authentication: ["AUTH", "user", "fourth"],
  });
  expect(after("hello 3", "hello 2").resp3).toBe("no");
  expect(after("auth second", "hello 3", "reset")).toMatchObject({
    resp3: "no",
    database: 0,
    greetings: [["AUTH", "first"]],
  });
});

test("what is refused changes nothing", () => {
  expect(after(["select 3", REFUSED], ["auth x", REFUSED], ["multi", REFUSED])).toMatchObject({
    database: 1,
    isInTransaction: false,
    authentication: ["AUTH", "first"],
  });
});

test("a transaction that is undone takes its database back", () => {
  expect(after("multi", "select 3")).toMatchObject({ isInTransaction: true, database: 3 });
  expect(after("multi", "select 3", "exec")).toMatchObject({ isInTransaction: false, database: 3 });
  expect(after("multi", "select 3", ["exec", null]).database).toBe(1);
  expect(after("multi", "select 3", ["exec", REFUSED]).database).toBe(1);
  expect(after("multi", "select 3", "discard")).toMatchObject({ isInTransaction: false, database: 1 });
});
