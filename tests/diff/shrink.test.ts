/** The reduction itself, without servers: a made-up difference that needs three steps among many. */
import { expect, test } from "vitest";

import { Random } from "../support/random.ts";
import { shrink } from "./shrink.ts";
import type { CommandStep, Step } from "./steps.ts";

const command = (...args: string[]): CommandStep => ({ kind: "command", args });
const failing = command("GET", "a");

/** The difference shows when SELECT 1, SET a and APPEND a come before, in that order. */
async function shows(steps: readonly Step[]): Promise<boolean> {
  const names = steps.map((step) => (step.kind === "command" ? step.args.join(" ") : ""));
  const at = ["SELECT 1", "SET a 1", "APPEND a 2", "GET a"].map((name) => names.indexOf(name));
  return at.every((position, index) => position >= 0 && position > (at[index - 1] ?? -1));
}

test("only the steps that matter are left", async () => {
  const random = new Random(7);
  const noise = (): Step => command("SET", random.pick(["a", "b", "c"]), random.pick(["2", "3"]));
  const many = (count: number): Step[] => Array.from({ length: count }, noise);
  const needed = [command("SELECT", "1"), command("SET", "a", "1"), command("APPEND", "a", "2")];
  const history = needed.flatMap((step) => [...many(300), step]);
  expect(await shrink(history, failing, shows)).toEqual([...needed, failing]);
});

test("a difference that does not come back is said to be so", async () => {
  expect(await shrink([command("SET", "a", "2")], failing, shows)).toBeNull();
});
