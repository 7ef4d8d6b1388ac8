/**
 * Sound invocations of every command, from command-spec's argument trees: one with nothing but what it needs, and one for each
 * option and each alternative. Their words remember which argument they are, so that a sweep can put something else there.
 */
import { type Argument, type Command, type CommandGroup, eachCommand, type LeafArgument } from "@sider/command-spec";

import { leftOut } from "../diff/weights.ts";

/** One argument of an invocation; `argument` is null for the command's name and for literal words. */
export interface Word {
  text: string;
  argument: LeafArgument | null;
}
export type Invocation = readonly Word[];

/** What keys of a sample data set are called by: a kind and a number, as "list:1". */
export const keyKinds = [
  "string",
  "list",
  "hash",
  "set",
  "sorted-set",
  "stream",
  "hyperloglog",
  "geo",
  "missing",
] as const;
export type KeyKind = (typeof keyKinds)[number];

const kindByGroup: Partial<Record<CommandGroup, KeyKind>> = {
  list: "list",
  hash: "hash",
  set: "set",
  "sorted-set": "sorted-set",
  stream: "stream",
  hyperloglog: "hyperloglog",
  geo: "geo",
};
const kindByCommand: Readonly<Record<string, KeyKind>> = { sort: "list", sort_ro: "list" };

/** The kind of key that a command works on. */
export function kindFor(command: Command): KeyKind {
  return kindByCommand[command.fullName] ?? kindByGroup[command.group] ?? "string";
}

/** Commands that make three keys of every kind but "missing". */
export function sampleKeys(): string[][] {
  return [1, 2, 3].flatMap((number) => [
    ["SET", `string:${number}`, String(number)],
    ["RPUSH", `list:${number}`, "1", "2", "3"],
    ["HSET", `hash:${number}`, "f1", "1", "f2", "two"],
    ["SADD", `set:${number}`, "m1", "m2", String(number)],
    ["ZADD", `sorted-set:${number}`, "1", "m1", "2", "m2", String(number + 2), `m${number + 2}`],
    ["XADD", `stream:${number}`, "1-1", "f1", "1"],
    ["XADD", `stream:${number}`, "2-1", "f1", "2", "f2", "3"],
    ["XADD", `stream:${number}`, "3-1", "f2", "4"],
    ["XGROUP", "CREATE", `stream:${number}`, "g", "0", "ENTRIESREAD", "0"],
    // As if it had been read, but at a time that both servers have in common.
    ["XCLAIM", `stream:${number}`, "g", "c", "0", "1-1", "TIME", "1600000000000", "FORCE", "LASTID", "1-1"],
    ["PFADD", `hyperloglog:${number}`, "a", "b", `c${number}`],
    ["GEOADD", `geo:${number}`, "13.361389", "38.115556", "m1", "15.087269", "37.502669", "m2"],
  ]);
}

/** By "command.argument", "group.argument", "type.argument" or "argument", the first of them that is there. */
const texts: Readonly<Record<string, string>> = {
  start: "0",
  stop: "-1",
  end: "-1",
  index: "0",
  count: "1",
  cursor: "0",
  pattern: "*",
  "by-pattern": "*",
  "get-pattern": "#",
  limit: "1",
  offset: "0",
  numkeys: "1",
  timeout: "0.01",
  rank: "1",
  "num-matches": "1",
  len: "10",
  element: "1",
  pivot: "2",
  field: "f1",
  value: "1",
  increment: "1",
  decrement: "1",
  member: "m1",
  member1: "m1",
  member2: "m2",
  score: "1",
  weight: "2",
  min: "-inf",
  max: "+inf",
  "string.min": "-",
  "string.max": "+",
  group: "g",
  consumer: "c",
  id: "1-1",
  "xadd.id": "9-9",
  "xread.id": "0",
  "xreadgroup.id": ">",
  threshold: "1",
  "stream.start": "-",
  "xautoclaim.start": "0",
  "stream.end": "+",
  "min-idle-time": "0",
  ms: "0",
  "last-id": "9-9",
  lastid: "2-2",
  "entries-added": "5",
  entriesread: "1",
  "max-deleted-id": "0-0",
  longitude: "13.3",
  latitude: "38.1",
  radius: "300",
  width: "300",
  height: "300",
  seconds: "100",
  milliseconds: "100000",
  "stream.milliseconds": "5",
  "unix-time-seconds": "99999999999",
  "unix-time-milliseconds": "99999999999999",
  ttl: "0",
  frequency: "1",
  db: "1",
  index1: "0",
  index2: "1",
  "destination-db": "1",
  type: "string",
  encoding: "u8",
  "setbit.value": "1",
  bit: "1",
  "min-match-len": "1",
};

/** Arguments whose words depend on the clock or on chance. */
const isUnsteady = (argument: Argument): boolean => argument.token === "*";

/** The commands and subcommands whose replies can be compared with those of redis-server. */
export function comparedCommands(): Command[] {
  return [...eachCommand()].filter(({ fullName, subcommands }) => subcommands.size === 0 && !(fullName in leftOut));
}

/** Sound invocations of a command; `payload` is what RESTORE gets. The first has no options. */
export function invocationsOf(command: Command, payload: string): Invocation[] {
  const name = command.fullName.split("|").map(literal);
  const found = sequences(command, command.arguments).map((words) => [...name, ...words]);
  return found.map((words) => numbered(command, words, payload));
}

/** The arguments one after the other: all that must be there, then each variant of each with the others as they were. */
function sequences(command: Command, parts: readonly Argument[]): Word[][] {
  const variants = parts.map((part) => variantsOf(command, part));
  const plain = parts.map((part, at) => (part.optional === true ? [] : (variants[at]?.[0] ?? [])));
  const varied = variants.flatMap((choices, at) => choices.map((choice) => plain.with(at, choice).flat()));
  const seen = new Set<string>();
  return [plain.flat(), ...varied].filter((words) => {
    const text = JSON.stringify(words.map((word) => word.argument?.name ?? word.text));
    return !seen.has(text) && seen.add(text);
  });
}

function variantsOf(command: Command, argument: Argument): Word[][] {
  const once = bodiesOf(command, argument);
  const token = argument.token === undefined || argument.type === "pure-token" ? [] : [literal(argument.token)];
  const single = once.map((body) => [...token, ...body]);
  const first = once[0];
  if (argument.multiple !== true || first === undefined) return single;
  const twice = [...token, ...first, ...(argument.multipleToken === true ? token : []), ...first];
  return followsCount(command, argument) || argument.name === "weight" ? [twice, ...single] : [...single, twice];
}

function bodiesOf(command: Command, argument: Argument): Word[][] {
  if (argument.type === "block") return sequences(command, argument.arguments);
  if (argument.type === "oneof") {
    return argument.arguments.filter((part) => !isUnsteady(part)).flatMap((part) => variantsOf(command, part));
  }
  if (argument.type === "pure-token") return [[literal(argument.token ?? argument.name)]];
  const { fullName, group } = command;
  const names = [`${fullName}.${argument.name}`, `${group}.${argument.name}`, `${argument.type}.${argument.name}`];
  const text = [...names, argument.name].map((name) => texts[name]).find((found) => found !== undefined) ?? "x";
  return [[{ text, argument }]];
}

function followsCount(command: Command, argument: Argument): boolean {
  return argument.type === "key" && command.arguments.some(({ name }) => name === "numkeys");
}

function literal(text: string): Word {
  return { text, argument: null };
}

/** Gives the keys their names, and says how many they are where a number of them is asked for. */
function numbered(command: Command, words: readonly Word[], payload: string): Invocation {
  let keys = 0;
  const counted = words.filter((word, at) => isKey(word) && words.slice(0, at).some(isCount)).length;
  return words.map((word) => {
    const text = isKey(word) ? `${kindFor(command)}:${(keys++ % 3) + 1}` : isCount(word) ? String(counted) : word.text;
    return { ...word, text: word.argument?.name === "serialized-value" ? payload : text };
  });
}

const isKey = (word: Word): boolean => word.argument?.type === "key";
const isCount = (word: Word): boolean => word.argument?.name === "numkeys";

/** The same invocation with another text at one place. */
export function withText(invocation: Invocation, at: number, text: string): string[] {
  return invocation.map((word, index) => (index === at ? text : word.text));
}

/** The places of the words that fulfil a condition. */
export function placesOf(invocation: Invocation, isWanted: (argument: LeafArgument) => boolean): number[] {
  return invocation.flatMap(({ argument }, at) => (argument !== null && isWanted(argument) ? [at] : []));
}
