/**
 * Keys and values for the types beyond strings: a few keys for each type, few fields, members, scores and ids, so that commands
 * meet; now and then what no command should take.
 */
import type { CommandGroup } from "@sider/command-spec";

import type { Random } from "../support/random.ts";

type Draw = (random: Random) => string;

const numbered = (prefix: string, count: number): string[] =>
  Array.from({ length: count }, (_, index) => `${prefix}${index}`);

/** Keys that mostly hold a value of the group's type. */
const keysByGroup: Partial<Record<CommandGroup, readonly string[]>> = {
  hash: numbered("h:", 4),
  list: numbered("l:", 4),
  set: numbered("s:", 5),
  "sorted-set": numbered("z:", 5),
  stream: numbered("x:", 3),
  hyperloglog: numbered("p:", 3),
  geo: numbered("g:", 3),
};
/** Commands of other groups that want keys of these types. */
const keysByCommand: Readonly<Record<string, readonly string[]>> = {
  sort: [...numbered("l:", 4), ...numbered("s:", 5), ...numbered("z:", 5)],
  sort_ro: [...numbered("l:", 4), ...numbered("s:", 5), ...numbered("z:", 5)],
};

/** All keys of all types. */
export const typedKeys: readonly string[] = Object.values(keysByGroup).flat();

/** The keys that suit a command, or null when any will do. */
export function keysFor(command: string, group: CommandGroup): readonly string[] | null {
  return keysByCommand[command] ?? keysByGroup[group] ?? null;
}

const members = [...numbered("m", 10), ...numbered("", 8), "", "-1", "007", "n\0n", "\xff\xfe", "a b", "x".repeat(70)];
const fields = [...numbered("f", 8), "1", "2", "", "\0f", "y".repeat(70)];
const scores = [
  "0",
  "1",
  "1",
  "2",
  "3",
  "-1",
  "1.5",
  "-0",
  "0.1",
  "3.25",
  "1e3",
  "inf",
  "-inf",
  "+inf",
  "100",
  "1e300",
];
const badScores = ["nan", "", "abc", "1 ", " 1", "1e400", "0x10", "(1", "infinity", "-nan", "1e-400"];
const scoreBorders = ["-inf", "+inf", "(0", "(1", "1", "2", "0", "(-1", "-1", "(3", "1.5", "(inf", "100", "inf"];
const textBorders = ["-", "+", "[m1", "(m1", "[m5", "(m5", "[", "(", "[a", "[z", "[1", "(2", "[\xff"];
const badBorders = ["", "(", "abc", "(abc", "nan", "m1", "--"];
const rankBorders = ["0", "-1", "1", "2", "-2", "3", "-3", "5", "100", "-100"];
const idBorders = ["-", "+", "0", "5", "10-1", "(5", "(5-1", "0-0", "20", "18446744073709551615-18446744073709551615"];
const badIds = [
  "",
  "abc",
  "1-",
  "-1",
  "1-2-3",
  "1-x",
  "18446744073709551616",
  "$",
  ">",
  "(-",
  "0-18446744073709551616",
];
const longitudes = ["13.361389", "15.087269", "2.349014", "-0.1278", "0", "180", "-180", "179.9", "-122.42", "139.69"];
const latitudes = [
  "38.115556",
  "37.502669",
  "48.864716",
  "51.5074",
  "0",
  "85.05112878",
  "-85.05112878",
  "66.5",
  "-33.9",
];
/** A command that waits costs its whole timeout, and 0 would wait for ever. */
const timeouts = ["0.001", "0.002", "0.003", "0.001", "-1", "abc", "", "-0.5", "1e400", "nan"];
const waitsMs = ["1", "2", "1", "-1", "abc", "1.5"];

const orBad = (good: readonly string[], bad: readonly string[], share = 0.04): Draw => {
  return (random) => random.pick(random.chance(share) ? bad : good);
};
const integer = (low: number, high: number): Draw => {
  return (random) => String(random.integer(low, high));
};
const member: Draw = (random) => (random.chance(0.7) ? random.pick(members) : `m${random.integer(0, 300)}`);
const scoreBorder = orBad(scoreBorders, [...badBorders, ...textBorders]);
const textBorder = orBad(textBorders, [...badBorders, ...scoreBorders]);
/** ZRANGE and ZRANGESTORE: which kind is meant depends on an option; most are ranks. */
const anyBorder: Draw = (random) => {
  const kind = random.fraction();
  return random.pick(kind < 0.5 ? rankBorders : kind < 0.75 ? scoreBorders : kind < 0.97 ? textBorders : badBorders);
};

/** By "group.argument" or "command.argument"; the latter wins. */
const draws: Readonly<Record<string, Draw>> = {
  "hash.field": (random) => (random.chance(0.8) ? random.pick(fields) : `f${random.integer(0, 200)}`),
  "hash.increment": integer(-10, 10),
  "list.index": integer(-8, 8),
  "list.start": integer(-8, 8),
  "list.stop": integer(-8, 8),
  "list.count": integer(-3, 6),
  "list.rank": integer(-3, 3),
  "list.num-matches": integer(-1, 4),
  "list.len": integer(-1, 8),
  "list.element": member,
  "list.pivot": member,
  "set.member": member,
  "set.limit": integer(-1, 5),
  "set.count": integer(-6, 8),
  "sorted-set.member": member,
  "sorted-set.score": orBad(scores, badScores),
  "sorted-set.increment": orBad(scores, badScores),
  "sorted-set.weight": orBad(scores, badScores),
  "sorted-set.min": scoreBorder,
  "sorted-set.max": scoreBorder,
  "sorted-set.start": anyBorder,
  "sorted-set.stop": anyBorder,
  "sorted-set.offset": integer(-2, 5),
  "sorted-set.count": integer(-6, 8),
  "sorted-set.limit": integer(-1, 5),
  "zrevrange.start": integer(-8, 8),
  "zrevrange.stop": integer(-8, 8),
  "zremrangebyrank.start": integer(-8, 8),
  "zremrangebyrank.stop": integer(-8, 8),
  "zlexcount.min": textBorder,
  "zlexcount.max": textBorder,
  "zrangebylex.min": textBorder,
  "zrangebylex.max": textBorder,
  "zrevrangebylex.min": textBorder,
  "zrevrangebylex.max": textBorder,
  "zremrangebylex.min": textBorder,
  "zremrangebylex.max": textBorder,
  "stream.field": (random) => random.pick(fields),
  "stream.group": (random) => random.pick(["group1", "group2", "group3"]),
  "stream.consumer": (random) => random.pick(["alice", "bob", "carol"]),
  "stream.start": orBad(idBorders, badIds),
  "stream.end": orBad(idBorders, badIds),
  "stream.id": drawId,
  "stream.start-id": drawId,
  "stream.lastid": drawId,
  "stream.last-id": drawId,
  "stream.max-deleted-id": drawId,
  "stream.threshold": (random) => (random.chance(0.7) ? String(random.integer(0, 20)) : drawId(random)),
  "stream.count": integer(-1, 5),
  "stream.min-idle-time": integer(-1, 0),
  "stream.ms": integer(0, 10),
  "stream.entries-added": integer(-1, 50),
  "stream.entriesread": integer(-1, 50),
  "xread.milliseconds": (random) => random.pick(waitsMs),
  "xreadgroup.milliseconds": (random) => random.pick(waitsMs),
  "xread.id": (random) => (random.chance(0.1) ? "$" : drawId(random)),
  "xreadgroup.id": (random) => (random.chance(0.6) ? ">" : drawId(random)),
  "xadd.id": drawNewId,
  "hyperloglog.element": (random) => `e${random.integer(0, 3000)}`,
  "geo.longitude": (random) => drawDegrees(random, longitudes, 180),
  "geo.latitude": (random) => drawDegrees(random, latitudes, 85),
  "geo.radius": (random) => drawLength(random),
  "geo.width": (random) => drawLength(random),
  "geo.height": (random) => drawLength(random),
  "geo.member": member,
  "geo.member1": member,
  "geo.member2": member,
  "geo.count": integer(-1, 6),
  "sort.pattern": drawSortPattern,
  "sort_ro.pattern": drawSortPattern,
  "sort.offset": integer(-2, 6),
  "sort_ro.offset": integer(-2, 6),
  "sort.count": integer(-2, 6),
  "sort_ro.count": integer(-2, 6),
};

/** The draw for an argument of a command of the new types, or null where it is drawn like any other. */
export function typedDraw(command: string, group: CommandGroup, argument: string): Draw | null {
  if (argument === "timeout") return (random) => random.pick(timeouts);
  return draws[`${command}.${argument}`] ?? draws[`${group}.${argument}`] ?? null;
}

/** Commands that may wait: what is drawn for their timeouts must stay as it is. */
export function mayWait(name: string): boolean {
  return /^(b(lpop|rpop|lmove|lmpop|rpoplpush|zpopmin|zpopmax|zmpop)|xread|xreadgroup)$/i.test(name);
}

/** Never `*`: it would be the time of the server. */
function drawNewId(random: Random): string {
  if (random.chance(0.03)) return random.pick(badIds.filter((id) => id !== "$"));
  if (random.chance(0.1)) return `${random.integer(1, 100)}-*`;
  return random.chance(0.9) ? `${random.integer(1, 400)}-${random.integer(0, 3)}` : String(random.integer(0, 20));
}

function drawId(random: Random): string {
  if (random.chance(0.03)) return random.pick(badIds);
  if (random.chance(0.1)) return random.pick(["0", "0-0", "0-1", "5-1"]);
  return `${random.integer(1, 400)}-${random.integer(0, 3)}`;
}

/** Coordinates of few places meet; random ones lie at distances that are all different. */
function drawDegrees(random: Random, known: readonly string[], limit: number): string {
  if (random.chance(0.02)) return random.pick(["nan", "abc", "200", "-200", "inf", "1e30", "90"]);
  if (random.chance(0.2)) return random.pick(known);
  return String(Number(((random.fraction() * 2 - 1) * limit).toFixed(random.integer(3, 9))));
}

function drawLength(random: Random): string {
  if (random.chance(0.03)) return random.pick(["-1", "abc", "nan", "inf", "1e300", "", "0"]);
  return String(Number((10 ** (random.fraction() * 7)).toFixed(3)));
}

function drawSortPattern(random: Random): string {
  return random.pick(["#", "nosort", "key:*", "n:*", "h:*->f1", "h:0->*", "*", "key:*->", "->*", "h:*->f*"]);
}
