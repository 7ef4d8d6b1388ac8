/**
 * Random commands from command-spec's argument trees: options present or not, alternatives, repetitions, options in any order
 * and any case; now and then two alternatives that exclude each other, a wrong number of arguments, or an unknown name.
 */
import type { Argument, Command } from "@sider/command-spec";

import type { Random, WeightedChoice } from "../support/random.ts";
import { isForTransactions, sequenceFor, transactionOf } from "./sequences.ts";
import type { Step } from "./steps.ts";
import { mayWait, typedDraw } from "./typed-values.ts";
import { allKeys, drawBytes, randomLetters, valueFor } from "./values.ts";
import { commandChoice } from "./weights.ts";

const unknownNames = ["nosuchcommand", "", "get\0", "client nosuch", "object nosuch", "config nosuch", "memory nosuch"];
/** Commands whose second argument is a whole command. */
const takesCommand = ["command|getkeys", "command|getkeysandflags"];
/** Commands that make a string as long as a number says: numbers between these would cost megabytes for nothing. */
const growing = ["setrange", "setbit", "bitfield"];
/** Commands that take a time: a small number in its place would let a key expire during the run. */
const timing = ["set", "setex", "psetex", "getex", "expire", "pexpire", "expireat", "pexpireat", "restore"];
/** Commands that draw as many elements as a negative number says, again and again: those of millions take both servers for hours. */
const drawing = ["srandmember", "hrandfield", "zrandmember"];
const leastCostlyNumber = 100_000;
const mostCostlyNumber = 2 ** 32;

export class StepGenerator {
  readonly #random: Random;
  readonly #payloads: readonly string[];
  readonly #choice: WeightedChoice<Command>;
  /** What the last command needs behind it. */
  readonly #followUps: string[][] = [];

  /** `payloads` are DUMP payloads that RESTORE may get; `only` restricts the commands. */
  constructor(random: Random, payloads: readonly string[], only: readonly string[] = []) {
    this.#random = random;
    this.#payloads = payloads;
    this.#choice = commandChoice(only);
  }

  /** Whether the next step belongs to the last one: SPOP, say, is followed by the deletion of what chance has left. */
  get isAmidSequence(): boolean {
    return this.#followUps.length > 0;
  }

  /** The next step of the run. */
  next(): Step {
    const random = this.#random;
    const followUp = this.#followUps.shift();
    if (followUp !== undefined) return { kind: "command", args: followUp };
    if (random.chance(0.002)) return { kind: "scan", options: this.#scanOptions() };
    if (random.chance(0.005)) return { kind: "exchange", key: random.pick(allKeys), target: random.pick(allKeys) };
    for (;;) {
      const args = this.#command();
      if (isCostly(args)) continue;
      const [first = args, ...rest] = isMulti(args) ? this.#transaction() : sequenceFor(args);
      this.#followUps.push(...rest);
      return { kind: "command", args: first };
    }
  }

  /** MULTI up to its end, now and then with a key watched and changed before it. */
  #transaction(): string[][] {
    const random = this.#random;
    const commands: string[][] = [];
    for (let left = random.integer(0, 5); left > 0;) {
      const args = this.#command();
      if (!isForTransactions(args) || isCostly(args)) continue;
      commands.push(args);
      left--;
    }
    const sequence = transactionOf(commands, random.chance(0.85) ? "EXEC" : "DISCARD");
    const key = random.pick(allKeys);
    if (random.chance(0.3))
      sequence.unshift(["WATCH", key], random.chance(0.5) ? ["APPEND", key, "x"] : ["STRLEN", key]);
    return sequence;
  }

  #scanOptions(): string[] {
    const random = this.#random;
    const options = [
      ["COUNT", String(random.integer(1, 30))],
      ["MATCH", random.pick(["*", "key:*", "*\0*"])],
      ["TYPE", random.pick(["string", "list", "set", "zset", "hash", "stream"])],
    ];
    return random.shuffle(options.filter(() => random.chance(0.4))).flat();
  }

  #command(): string[] {
    const random = this.#random;
    if (random.chance(0.003)) return [...random.pick(unknownNames).split(" "), ...this.#junk()];
    const command = this.#choice.pick(random);
    const args = [...this.#name(command), ...this.#arguments(command)];
    return random.chance(0.03) && !mayWait(command.fullName) ? this.#spoil(args) : args;
  }

  #name(command: Command): string[] {
    return command.fullName.split("|").map((word) => this.#anyCase(word));
  }

  #arguments(command: Command): string[] {
    if (takesCommand.includes(command.fullName)) return this.#command();
    // What stands at a fixed place comes first; the options after it may stand in any order.
    const isOption = (argument: Argument): boolean => argument.optional === true;
    const groups = command.arguments.map((argument) => ({ argument, words: this.#expand(command, argument) }));
    if (this.#random.chance(0.95)) this.#countKeys(command, groups);
    const fixed = groups.filter(({ argument }) => !isOption(argument));
    const options = groups.filter(({ argument }) => isOption(argument));
    const ordered = this.#random.chance(0.3) ? this.#random.shuffle(options) : options;
    return [...fixed, ...ordered].flatMap(({ words }) => words);
  }

  /** Lets numkeys say how many keys follow, and gives as many weights. */
  #countKeys(command: Command, groups: { argument: Argument; words: string[] }[]): void {
    const at = groups.findIndex(({ argument }) => argument.name === "numkeys");
    const keys = groups[at + 1]?.words;
    if (at < 0 || keys === undefined) return;
    const count = groups[at];
    if (count !== undefined) count.words = [String(keys.length)];
    const weights = groups.find(({ argument }) => argument.name === "weight" && argument.type !== "block");
    if (weights === undefined || weights.words.length === 0) return;
    weights.words = ["WEIGHTS", ...keys.flatMap(() => this.#once(command, weights.argument))];
  }

  /** The words of one argument, with its token, repeated where it may be. */
  #expand(command: Command, argument: Argument): string[] {
    const random = this.#random;
    if (argument.optional === true && random.chance(0.6)) return [];
    const times = argument.multiple === true ? random.integer(1, 4) : 1;
    const words = Array.from({ length: times }, (_, at) => [
      ...(at === 0 || argument.multipleToken === true ? this.#token(argument) : []),
      ...this.#once(command, argument),
    ]);
    return words.flat();
  }

  #token(argument: Argument): string[] {
    return argument.token === undefined || argument.type === "pure-token" ? [] : [this.#anyCase(argument.token)];
  }

  #once(command: Command, argument: Argument): string[] {
    if (argument.type === "block") return argument.arguments.flatMap((part) => this.#expand(command, part));
    if (argument.type === "oneof") return this.#alternatives(command, argument.arguments);
    // An id that is the server's time would differ.
    if (argument.token === "*") return [typedDraw(command.fullName, command.group, "id")?.(this.#random) ?? "1-1"];
    if (argument.type === "pure-token") return [this.#anyCase(argument.token ?? argument.name)];
    return [valueFor(this.#random, command, argument, this.#payloads)];
  }

  /** One of the alternatives; rarely two, which most commands must refuse. */
  #alternatives(command: Command, alternatives: readonly Argument[]): string[] {
    const count = this.#random.chance(0.05) ? 2 : 1;
    return Array.from({ length: count }, () => this.#expand(command, this.#random.pick(alternatives))).flat();
  }

  /** Makes a command wrong: an argument too few, too many, or replaced. */
  #spoil(args: string[]): string[] {
    const random = this.#random;
    const at = random.integer(1, args.length);
    const kind = random.integer(0, 3);
    const isTiming = timing.includes((args[0] ?? "").toLowerCase());
    const word = isTiming ? randomLetters(random, random.integer(0, 5)) : drawBytes(random);
    if (kind === 0) return args.toSpliced(at, 1);
    if (kind === 1) return [...args, word];
    if (kind === 2) return args.toSpliced(at, 0, word);
    return args.toSpliced(at, 1, word);
  }

  #junk(): string[] {
    return Array.from({ length: this.#random.integer(1, 3) }, () => drawBytes(this.#random));
  }

  #anyCase(word: string): string {
    const random = this.#random;
    if (random.chance(0.7)) return word.toUpperCase();
    if (random.chance(0.7)) return word.toLowerCase();
    return word.replaceAll(/./g, (letter) => (random.chance(0.5) ? letter.toUpperCase() : letter.toLowerCase()));
  }
}

function isMulti(args: readonly string[]): boolean {
  return args.length === 1 && args[0]?.toLowerCase() === "multi";
}

function isCostly(args: readonly string[]): boolean {
  const name = (args[0] ?? "").toLowerCase();
  if (drawing.includes(name)) return args.some((argument) => Number(argument) <= -leastCostlyNumber);
  if (!growing.includes(name)) return false;
  return args.some((argument) => {
    const number = Number(argument.replace("#", ""));
    return number >= leastCostlyNumber && number < mostCostlyNumber;
  });
}
