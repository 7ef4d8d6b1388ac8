/** Places on the globe, in sorted sets. */

import { MULTIPLE, OPTIONAL, block, double, integer, key, oneOf, pureToken, string } from "../arguments.ts";
import { READ_ONE_KEY, UPDATE_ONE_KEY, keyAt } from "../key-specs.ts";
import type { Argument, CommandRows, HistoryEntry, KeySpec } from "../row.ts";

const UNIT = oneOf("unit", [pureToken("M"), pureToken("KM"), pureToken("FT"), pureToken("MI")]);
const ORDER = oneOf("order", [pureToken("ASC"), pureToken("DESC")], OPTIONAL);
const COUNT = block("count-block", [integer("count", { token: "COUNT" }), pureToken("ANY", OPTIONAL)], OPTIONAL);
/** As COUNT, where the table says when ANY came. */
const COUNT_SINCE = block(
  "count-block",
  [integer("count", { token: "COUNT" }), pureToken("ANY", { optional: true, since: "6.2.0" })],
  OPTIONAL,
);
const WITH = [
  pureToken("WITHCOORD", OPTIONAL),
  pureToken("WITHDIST", OPTIONAL),
  pureToken("WITHHASH", OPTIONAL),
] as const;

const COORDINATES = [double("longitude"), double("latitude")] as const;
const RADIUS = [double("radius"), UNIT] as const;
const FROM = oneOf("from", [
  string("member", { token: "FROMMEMBER" }),
  block("fromlonlat", COORDINATES, { token: "FROMLONLAT" }),
]);
const BY = oneOf("by", [
  block("circle", [double("radius", { token: "BYRADIUS" }), UNIT]),
  block("box", [double("width", { token: "BYBOX" }), double("height"), UNIT]),
]);
const STORE = oneOf(
  "store",
  [
    key("storekey", 1, { token: "STORE", displayText: "key" }),
    key("storedistkey", 2, { token: "STOREDIST", displayText: "key" }),
  ],
  OPTIONAL,
);

const SEARCH_COMPLEXITY = "O(N+log(M)), N = members in the cells around the area, M = members of the set";
const ANY_HISTORY: HistoryEntry = ["6.2.0", "COUNT takes `ANY`"];
const UNITS_HISTORY: HistoryEntry = ["7.0.0", "Units may be upper case"];
const FOUND_REPLY = "The members found, each with what was asked for";

const DEPRECATED = { documentFlags: ["deprecated"], deprecatedSince: "6.2.0" } as const;

/** A source that is read and a destination after STORE or STOREDIST, searched for from a position. */
function sourceAndStore(startFrom: number): KeySpec[] {
  const after = (keyword: string): KeySpec => ({
    flags: ["OW", "update"],
    beginSearch: { type: "keyword", keyword, startFrom },
    findKeys: { type: "range", lastKey: 0, keyStep: 1, limit: 0 },
  });
  return [...READ_ONE_KEY, after("STORE"), after("STOREDIST")];
}

function radiusArguments(centre: readonly Argument[], count: Argument): Argument[] {
  return [key(), ...centre, ...RADIUS, ...WITH, count, ORDER];
}

export const geoRows = {
  geoadd: {
    summary: "Adds members with their coordinates, or moves them; creates the key if there is none",
    since: "3.2.0",
    complexity: "O(log(N)) for each member, N = members of the set",
    arity: -5,
    flags: ["write", "denyoom"],
    categories: ["geo"],
    keys: UPDATE_ONE_KEY,
    arguments: [
      key(),
      oneOf("condition", [pureToken("NX"), pureToken("XX")], { optional: true, since: "6.2.0" }),
      pureToken("CH", { name: "change", optional: true, since: "6.2.0" }),
      block("data", [...COORDINATES, string("member")], MULTIPLE),
    ],
    history: [["6.2.0", "Takes `CH`, `NX` and `XX`"]],
    reply: "How many members were added, with CH: added or moved",
  },

  geodist: {
    summary: "Returns the distance between two members",
    since: "3.2.0",
    complexity: "O(1)",
    arity: -4,
    flags: ["readonly"],
    categories: ["geo"],
    keys: READ_ONE_KEY,
    arguments: [key(), string("member1"), string("member2"), { ...UNIT, optional: true }],
    reply: "The distance with four decimals, or nil when one of them is missing",
  },

  geohash: {
    summary: "Returns members' places as standard geohashes",
    since: "3.2.0",
    complexity: "O(1) for each member",
    arity: -2,
    flags: ["readonly"],
    categories: ["geo"],
    keys: READ_ONE_KEY,
    arguments: [key(), string("member", { optional: true, multiple: true })],
    reply: "A geohash of eleven letters for each member, nil for a missing one",
  },

  geopos: {
    summary: "Returns members' coordinates",
    since: "3.2.0",
    complexity: "O(1) for each member",
    arity: -2,
    flags: ["readonly"],
    categories: ["geo"],
    keys: READ_ONE_KEY,
    arguments: [key(), string("member", { optional: true, multiple: true })],
    reply: "Longitude and latitude for each member, nil for a missing one",
  },

  georadius: {
    summary: "Finds, or stores, the members within a distance of a place",
    since: "3.2.0",
    complexity: SEARCH_COMPLEXITY,
    arity: -6,
    flags: ["write", "denyoom"],
    categories: ["geo"],
    keys: sourceAndStore(6),
    arguments: [...radiusArguments(COORDINATES, COUNT_SINCE), STORE],
    history: [ANY_HISTORY, UNITS_HISTORY],
    ...DEPRECATED,
    replacedBy: "`GEOSEARCH` and `GEOSEARCHSTORE` with the `BYRADIUS` argument",
    reply: `${FOUND_REPLY}; with STORE their number`,
  },

  georadius_ro: {
    summary: "Finds the members within a distance of a place",
    since: "3.2.10",
    complexity: SEARCH_COMPLEXITY,
    arity: -6,
    flags: ["readonly"],
    categories: ["geo"],
    keys: READ_ONE_KEY,
    arguments: radiusArguments(COORDINATES, COUNT_SINCE),
    history: [ANY_HISTORY, UNITS_HISTORY],
    ...DEPRECATED,
    replacedBy: "`GEOSEARCH` with the `BYRADIUS` argument",
    reply: FOUND_REPLY,
  },

  georadiusbymember: {
    summary: "Finds, or stores, the members within a distance of one of them",
    since: "3.2.0",
    complexity: SEARCH_COMPLEXITY,
    arity: -5,
    flags: ["write", "denyoom"],
    categories: ["geo"],
    keys: sourceAndStore(5),
    arguments: [...radiusArguments([string("member")], COUNT), STORE],
    history: [ANY_HISTORY, UNITS_HISTORY],
    ...DEPRECATED,
    replacedBy: "`GEOSEARCH` and `GEOSEARCHSTORE` with the `BYRADIUS` and `FROMMEMBER` arguments",
    reply: `${FOUND_REPLY}; with STORE their number`,
  },

  georadiusbymember_ro: {
    summary: "Finds the members within a distance of one of them",
    since: "3.2.10",
    complexity: SEARCH_COMPLEXITY,
    arity: -5,
    flags: ["readonly"],
    categories: ["geo"],
    keys: READ_ONE_KEY,
    arguments: radiusArguments([string("member")], COUNT),
    history: [ANY_HISTORY, UNITS_HISTORY],
    ...DEPRECATED,
    replacedBy: "`GEOSEARCH` with the `BYRADIUS` and `FROMMEMBER` arguments",
    reply: FOUND_REPLY,
  },

  geosearch: {
    summary: "Finds the members inside a circle or a box",
    since: "6.2.0",
    complexity: SEARCH_COMPLEXITY,
    arity: -7,
    flags: ["readonly"],
    categories: ["geo"],
    keys: READ_ONE_KEY,
    arguments: [key(), FROM, BY, ORDER, COUNT, ...WITH],
    history: [UNITS_HISTORY],
    reply: FOUND_REPLY,
  },

  geosearchstore: {
    summary: "Stores the members inside a circle or a box under another key",
    since: "6.2.0",
    complexity: SEARCH_COMPLEXITY,
    arity: -8,
    flags: ["write", "denyoom"],
    categories: ["geo"],
    keys: [keyAt(1, ["OW", "update"]), keyAt(2, ["RO", "access"])],
    arguments: [key("destination"), key("source", 1), FROM, BY, ORDER, COUNT, pureToken("STOREDIST", OPTIONAL)],
    history: [UNITS_HISTORY],
    reply: "How many members were stored",
  },
} as const satisfies CommandRows;
