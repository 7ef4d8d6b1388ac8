import { commands, eachCommand, usageText } from "@sider/command-spec";
import { expect, test } from "vitest";
import { KnownCommands, nameLength } from "./known-commands.ts";
import { matchArguments, type Match, type Slot } from "./match.ts";

/** Matches a line without quotes. */
function match(line: string): Match {
  const words = line.split(" ").filter(Boolean);
  const command = new KnownCommands().find(words);
  if (command === undefined) throw new Error(line);
  return matchArguments(command.arguments, words.slice(nameLength(command)));
}

function nameOf(slot: Slot): string {
  return slot.kind === "token" ? slot.token : slot.argument.name;
}

test.each([
  ["get", "key"],
  ["get k", ""],
  ["mset a", "value [key value ...]"],
  ["mset a 1", "[key value ...]"],
  ["getrange k 1", "end"],
  // Optional arguments go as they are typed, in any order.
  [
    "set k v xx",
    "[GET] [EX seconds | PX milliseconds | EXAT unix-time-seconds | PXAT unix-time-milliseconds | KEEPTTL]",
  ],
  ["set k v get nx ex", "seconds"],
  ["set k v ex 10 get nx", ""],
  ["set k v ex 10", "[NX | XX] [GET]"],
  ["zadd k", "[NX | XX] [GT | LT] [CH] [INCR] score member [score member ...]"],
  ["zadd k ch", "[NX | XX] [GT | LT] [INCR] score member [score member ...]"],
  ["zadd k 1", "member [score member ...]"],
  ["zadd k 1 a", "[score member ...]"],
  // A count says how many keys there are.
  ["zunion 2 a", "[key ...] [WEIGHTS weight [weight ...]] [AGGREGATE <SUM | MIN | MAX>] [WITHSCORES]"],
  ["zunion 2 a b", "[WEIGHTS weight [weight ...]] [AGGREGATE <SUM | MIN | MAX>] [WITHSCORES]"],
  ["zunion 2 a b weights", "weight [weight ...] [AGGREGATE <SUM | MIN | MAX>] [WITHSCORES]"],
  ["zunion 2 a b weights 1 2 aggregate", "<SUM | MIN | MAX> [WITHSCORES]"],
  ["zunion 2 a b withscores weights 1", "[weight ...] [AGGREGATE <SUM | MIN | MAX>]"],
  ["blpop a", "[key ...] timeout"],
  ["lpop k", "[count]"],
  ["lpop k 1", ""],
  ["xadd s", "[NOMKSTREAM] [<MAXLEN | MINID> [= | ~] threshold [LIMIT count]] <* | id> field value [field value ...]"],
  ["xadd s maxlen ~", "threshold [LIMIT count] [NOMKSTREAM] <* | id> field value [field value ...]"],
  ["xadd s maxlen ~ 5 limit 3 *", "field value [field value ...]"],
  ["xadd s * f", "value [field value ...]"],
  ["xread count", "count [BLOCK milliseconds] STREAMS key [key ...] id [id ...]"],
  ["xread block 0", "[COUNT count] STREAMS key [key ...] id [id ...]"],
  ["sort k get a", "[GET pattern ...] [BY pattern] [LIMIT offset count] [ASC | DESC] [ALPHA] [STORE destination]"],
  ["sort k get a limit", "offset count [BY pattern] [ASC | DESC] [ALPHA] [STORE destination]"],
  [
    "geosearch k frommember",
    "member <BYRADIUS radius <M | KM | FT | MI> | BYBOX width height <M | KM | FT | MI>> [ASC | DESC] [COUNT count [ANY]] [WITHCOORD] [WITHDIST] [WITHHASH]",
  ],
  ["hello 3 setname", "clientname [AUTH username password]"],
  ["xpending k g idle", "min-idle-time start end count [consumer]"],
  ["config get", "parameter [parameter ...]"],
])("what is missing behind %j", (line, missing) => {
  expect(match(line)).toMatchObject({ fits: true, missing: missing === "" ? [] : (expect.anything() as string[]) });
  expect(match(line).missing.join(" ")).toBe(missing);
});

test.each(["get k extra", "set k v nonsense", "set k v ex 1 px 2", "lmove a b left up"])("%j fits nothing", (line) => {
  expect(match(line)).toMatchObject({ fits: false, missing: [], next: [] });
});

test.each<[string, string[]]>([
  ["get", ["key"]],
  ["set k", ["value"]],
  ["set k v", ["NX", "XX", "GET", "EX", "PX", "EXAT", "PXAT", "KEEPTTL"]],
  ["set k v nx", ["GET", "EX", "PX", "EXAT", "PXAT", "KEEPTTL"]],
  ["set k v ex", ["seconds"]],
  ["lmove a b left", ["LEFT", "RIGHT"]],
  ["del a", ["key"]],
  ["zunion 2 a", ["key"]],
  ["zunion 2 a b", ["WEIGHTS", "AGGREGATE", "WITHSCORES"]],
  ["xadd s", ["NOMKSTREAM", "MAXLEN", "MINID", "*", "id"]],
])("what may stand behind %j", (line, next) => {
  expect(match(line).next.map(nameOf)).toEqual(next);
});

test("what the words are", () => {
  expect(match("zadd k nx 1.5 m").roles.map(nameOf)).toEqual(["key", "NX", "score", "member"]);
});

test("without a word all of the usage is missing, for every command", () => {
  for (const command of eachCommand()) {
    const { fits, missing } = matchArguments(command.arguments, []);
    const usage = usageText(command).split(" ").slice(nameLength(command)).join(" ");
    expect([fits, missing.join(" ")], command.fullName).toEqual([true, usage]);
  }
  expect(commands.size).toBeGreaterThan(100);
});
