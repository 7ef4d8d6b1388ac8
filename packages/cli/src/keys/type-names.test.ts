import { expect, test } from "vitest";
import { TypeNames } from "./type-names.ts";

/** The names in order, after so many look-ups. */
function listed(names: readonly string[], lookUps: number): string[] {
  const table = new TypeNames<string>();
  for (const name of names) table.add(name, name);
  for (let count = 0; count < lookUps; count++) table.find("string");
  return table.values();
}

const TYPES = ["string", "list", "set", "hash", "zset", "stream"];

test("names are found, others are not", () => {
  const table = new TypeNames<number>();
  for (const [index, name] of TYPES.entries()) table.add(name, index);
  expect(TYPES.map((name) => table.find(name))).toEqual([0, 1, 2, 3, 4, 5]);
  expect(table.find("none")).toBeUndefined();
  expect(table.values().sort()).toEqual([0, 1, 2, 3, 4, 5]);
});

test("the order is that of redis-cli, which changes while its table grows", () => {
  const settled = listed(TYPES, 100);
  expect(settled).toEqual(["list", "hash", "string", "stream", "set", "zset"]);
  expect(listed(TYPES, 0)).not.toEqual(settled);
  expect(listed(TYPES, 0).sort()).toEqual([...settled].sort());
});
