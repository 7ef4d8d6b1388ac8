import { setImmediate as turn } from "node:timers/promises";
import { expect, test } from "vitest";
import { ReplyRound } from "./reply-round.ts";

class Member {
  written: string[] = [];
  readonly order: string[];
  readonly name: string;

  constructor(name: string, order: string[]) {
    this.name = name;
    this.order = order;
  }

  writeNow(bytes: Uint8Array, start: number, end: number): void {
    this.written.push(new TextDecoder().decode(bytes.slice(start, end)));
    this.order.push(this.name);
  }
}

function add(round: ReplyRound, member: Member, text: string, isGrouped = false): boolean {
  const bytes = new TextEncoder().encode(`..${text}`);
  return round.add(member, bytes, 2, bytes.length, isGrouped);
}

test("what a turn replies is written at its end, in order, one write for replies of one member that follow each other", async () => {
  const round = new ReplyRound();
  const order: string[] = [];
  const [one, other] = [new Member("one", order), new Member("other", order)];
  expect([add(round, one, "a"), add(round, one, "b"), add(round, other, "c"), add(round, one, "d")]).not.toContain(
    false,
  );
  expect(order).toEqual([]);
  await turn();
  await turn();
  expect([one.written, other.written, order]).toEqual([["ab", "d"], ["c"], ["one", "other", "one"]]);
  expect(round.isEmpty).toBe(true);
});

test("more than the round holds is written before the turn ends; long replies are not for it", () => {
  const round = new ReplyRound();
  const member = new Member("one", []);
  for (let count = 0; count < 40; count++) expect(add(round, member, "x".repeat(16_000))).toBe(true);
  expect(member.written.length).toBeGreaterThan(1);
  round.flush();
  expect(member.written.join("").length).toBe(40 * 16_000);
  expect(add(round, member, "x".repeat(17_000))).toBe(false);
});

test("a member that is alone turn after turn is written to at once, and tried again later", () => {
  const round = new ReplyRound();
  const member = new Member("one", []);
  let direct = 0;
  for (let count = 0; count < 1000; count++) {
    if (!add(round, member, "x")) direct++;
    round.flush();
  }
  expect(direct).toBeGreaterThan(900);
  expect(member.written.length).toBe(1000 - direct);
});

test("nothing joins a round while it is written", () => {
  const round = new ReplyRound();
  const order: string[] = [];
  const late = new Member("late", order);
  const joined: boolean[] = [];
  round.add({ writeNow: () => joined.push(add(round, late, "x")) }, new Uint8Array(3), 0, 3, false);
  round.flush();
  expect(joined).toEqual([false]);
});

test("replies that wait for one sync of a turn are never written at once", () => {
  const round = new ReplyRound();
  const member = new Member("one", []);
  for (let count = 0; count < 1000; count++) {
    expect(add(round, member, "x", true)).toBe(true);
    round.flush();
  }
});
