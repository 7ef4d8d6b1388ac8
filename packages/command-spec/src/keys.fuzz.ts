/**
 * Random calls of every command, made from its argument tree: the key specs have to find exactly the words that the tree
 * made as keys. And random words: nothing throws, and every position is one of the arguments.
 */

import { describe, expect, it } from "vitest";
import { eachCommand } from "./commands.ts";
import type { Command } from "./commands.ts";
import { arityMatches } from "./derived.ts";
import { extractKeys } from "./keys.ts";
import type { Argument, LeafArgument } from "./row.ts";
import { tokensOf } from "./completions.ts";

const seed = Number(process.env["SIDER_SEED"] ?? Date.now() % 2 ** 31);
const rounds = Math.ceil(60 * Number(process.env["SIDER_FUZZ_SCALE"] ?? 1));

/** Numbers below `bound`, the same ones for the same seed (mulberry32). */
function randomNumbers(start: number): (bound: number) => number {
  let state = start | 0;
  return (bound) => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) % bound;
  };
}

class CallMaker {
  readonly words: string[];
  readonly keys: number[] = [];
  readonly #below: (bound: number) => number;
  /** Where the number of keys to come goes, and how many of something came last: of the keys of streams there are as many ids. */
  #countAt = 0;
  #times = 1;

  constructor(command: Command, below: (bound: number) => number) {
    this.words = command.fullName.split("|");
    this.#below = below;
    this.#addAll(command.arguments);
  }

  #addAll(parts: readonly Argument[]): void {
    for (const part of parts) {
      if (part.optional === true && this.#below(2) === 0) continue;
      const times = part.multiple === true ? this.#timesOf(part) : 1;
      for (let time = 0; time < times; time++) this.#addOnce(part, time === 0 || part.multipleToken === true);
    }
  }

  #timesOf(part: Argument): number {
    if (part.name === "id" && this.words.includes("STREAMS")) return this.#times;
    this.#times = 1 + this.#below(3);
    if (part.type === "key" && this.#countAt > 0) this.words[this.#countAt] = String(this.#times);
    return this.#times;
  }

  #addOnce(part: Argument, withToken: boolean): void {
    if (part.token !== undefined && withToken) this.words.push(part.token);
    if (part.type === "pure-token") return;
    if (part.type === "block") this.#addAll(part.arguments);
    else if (part.type === "oneof") this.#addOnce(part.arguments[this.#below(part.arguments.length)], true);
    else this.#addLeaf(part);
  }

  #addLeaf(part: LeafArgument): void {
    if (part.name === "numkeys") this.#countAt = this.words.length;
    if (part.type === "key") this.keys.push(this.words.length);
    this.words.push(`${part.name}${this.#below(10)}`);
  }
}

describe(`keys of random calls, SIDER_SEED=${seed}`, () => {
  const below = randomNumbers(seed);
  it.each([...eachCommand()].map((command) => [command.fullName, command]))("%s", (_name, row) => {
    const command = row;
    for (let round = 0; round < rounds; round++) {
      const call = new CallMaker(command, below);
      // With no source its second spec fits nothing, and then Redis finds no keys at all.
      if (command.fullName === "pfmerge" && call.words.length === 2) continue;
      const found = extractKeys(command, call.words).map(({ position }) => position);
      expect(found, call.words.join(" ")).toEqual(call.keys);
      if (command.subcommands.size === 0 && command.fullName !== "debug") {
        expect(arityMatches(command.arity, call.words.length), call.words.join(" ")).toBe(true);
      }
    }
  });

  it("of nonsense stay inside the arguments", () => {
    for (let round = 0; round < rounds; round++) {
      for (const command of eachCommand()) {
        const choices = ["a", "", "0", "-1", "GET", ...tokensOf(command.arguments)];
        const words = [...command.fullName.split("|")];
        for (let count = below(8); count > 0; count--) words.push(choices[below(choices.length)]);
        for (const { position } of extractKeys(command, words)) {
          expect(Number.isInteger(position) && position >= 1, words.join(" ")).toBe(true);
        }
      }
    }
  });
});
