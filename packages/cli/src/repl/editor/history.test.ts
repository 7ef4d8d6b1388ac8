import { expect, test } from "vitest";
import { HistoryWalk } from "./history-walk.ts";
import { ReverseSearch } from "./reverse-search.ts";

const LINES = ["get newest", "set k v", "get k", "set k w", "Ping"];

test("walking from line to line, and back to what was typed", () => {
  const walk = new HistoryWalk(LINES, "");
  expect([walk.older(), walk.older()]).toEqual(["get newest", "set k v"]);
  expect([walk.newer(), walk.newer(), walk.newer()]).toEqual(["get newest", "", null]);
});

test("walking among lines that begin with what was typed", () => {
  const walk = new HistoryWalk(LINES, "set");
  expect([walk.older(), walk.older(), walk.older()]).toEqual(["set k v", "set k w", null]);
  expect([walk.newer(), walk.newer()]).toEqual(["set k v", "set"]);
});

test("searching: older ones, newer ones, none", () => {
  const search = new ReverseSearch(LINES);
  expect(search.found).toBeNull();
  search.type("k");
  expect(search.found).toEqual({ line: "set k v", start: 4 });
  search.older();
  search.older();
  expect(search.found?.line).toBe("set k w");
  search.older();
  expect(search.prompt).toBe("(failed reverse-i-search)`k': ");
  expect(search.found?.line).toBe("set k w");
  search.newer();
  expect(search.found?.line).toBe("get k");
  expect(search.prompt).toBe("(reverse-i-search)`k': ");
  search.type(" ");
  expect(search.found?.line).toBe("set k w");
  search.erase();
  expect(search.found?.line).toBe("set k v");
  search.erase();
  expect(search.found).toBeNull();
});

test("case counts where the text has capital letters", () => {
  const search = new ReverseSearch(LINES);
  search.type("ping");
  expect(search.found?.line).toBe("Ping");
  const exact = new ReverseSearch(LINES);
  exact.type("Set");
  expect(exact.found).toBeNull();
});
