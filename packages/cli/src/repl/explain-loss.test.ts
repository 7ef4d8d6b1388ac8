import { expect, test } from "vitest";
import type { Loss } from "../session/attendant.ts";
import { explainLoss } from "./explain-loss.ts";
import { KnownCommands } from "./grammar/known-commands.ts";

function explained(loss: Partial<Loss>): string {
  const none = { args: null, wasInTransaction: false, wasSubscribed: false };
  return explainLoss({ ...none, ...loss }, (args) => new KnownCommands().find(args)).join();
}

test("who may have changed something is told so", () => {
  expect(explained({ args: ["set", "k", "v"] })).toMatch(/^Whether SET was executed is not known/);
  expect(explained({ args: ["eval", "return 1", "0"] })).toMatch(/^Whether EVAL was executed/);
  expect(explained({ args: ["get", "k"] })).toBe("");
  expect(explained({ args: ["ping"] })).toBe("");
  expect(explained({})).toBe("");
});

test("what is gone with the connection", () => {
  expect(explained({ wasInTransaction: true, args: ["set", "k", "v"] })).toMatch(/^The transaction is lost/);
  expect(explained({ wasSubscribed: true })).toMatch(/^The subscriptions are lost/);
  expect(explained({ wasInTransaction: true, args: ["exec"] })).toMatch(/^Whether the transaction was executed/);
});
