import { describe, expect, it } from "vitest";
import { findCommand } from "./commands.ts";
import { elementRange, firstElementAt } from "./elements.ts";

function rangeOf(name: string): readonly [number, number] {
  const command = findCommand(name);
  if (command === undefined) throw new Error(`no command ${name}`);
  const { first, step } = elementRange(command);
  return [first, step];
}

describe("elementRange", () => {
  it.each([
    ["hget", 2, 0],
    ["hset", 2, 2],
    ["hmset", 2, 2],
    ["hmget", 2, 1],
    ["hincrby", 2, 0],
    ["sadd", 2, 1],
    ["sismember", 2, 0],
    ["zadd", 3, 2],
    ["zincrby", 3, 0],
    ["zrank", 2, 0],
    ["zmscore", 2, 1],
    ["geoadd", 4, 3],
  ])("%s", (name, first, step) => {
    expect(rangeOf(name)).toEqual([first, step]);
  });

  it.each(["get", "mget", "ping", "smove", "hgetall", "zrange", "lpush", "zunion"])("%s names none", (name) => {
    expect(rangeOf(name)).toEqual([0, 0]);
  });
});

describe("firstElementAt", () => {
  const range = elementRange(findCommand("zadd"));

  it.each([
    ["ZADD key 1 member", 3],
    ["ZADD key NX 1 member", 4],
    ["ZADD key 1 one 2 two", 3],
    ["ZADD key GT 1 one 2 two", 4],
  ])("%s", (command, at) => {
    expect(firstElementAt(range, command.split(" ").length)).toBe(at);
  });
});
