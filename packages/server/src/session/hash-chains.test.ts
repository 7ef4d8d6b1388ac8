import { expect, test } from "vitest";
import { link, unlink } from "./hash-chains.ts";

class Node {
  sameHash: Node | null = null;
  readonly name: string;

  constructor(name: string) {
    this.name = name;
  }
}

function namesIn(chains: ReadonlyMap<number, Node>, hash: number): string {
  let names = "";
  for (let node = chains.get(hash) ?? null; node !== null; node = node.sameHash) names += node.name;
  return names;
}

test.each([
  ["the first", 2, "ba"],
  ["one between others", 1, "ca"],
  ["the last", 0, "cb"],
])("%s of a chain is removed, the others stay", (_what, at, left) => {
  const chains = new Map<number, Node>();
  const nodes = ["a", "b", "c"].map((name) => new Node(name));
  for (const node of nodes) link(chains, 7, node);
  link(chains, 8, new Node("other"));
  expect(namesIn(chains, 7)).toBe("cba");
  unlink(chains, 7, nodes[at]);
  unlink(chains, 7, new Node("a"));
  expect([namesIn(chains, 7), namesIn(chains, 8)]).toEqual([left, "other"]);
});

test("a chain goes with its last node", () => {
  const chains = new Map<number, Node>();
  const node = new Node("a");
  link(chains, 7, node);
  unlink(chains, 7, node);
  expect(chains.size).toBe(0);
});
