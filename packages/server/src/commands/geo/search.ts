/**
 * Searches: GEOSEARCH and GEOSEARCHSTORE, and the older GEORADIUS family, which says the same in other words. All of them share one
 * set of options; which of them a form knows is in its `SearchForm`.
 */
import { box, circle, NIL, type Coordinates, type SearchShape } from "@sider/datastructures";
import {
  createLooseSortedSet,
  freeLooseSortedSet,
  lookupWrite,
  LooseValue,
  NO_EXPIRY,
  placeSortedSet,
  putScore,
  removeEntry,
  TYPE_SORTED_SET,
} from "@sider/keyspace-engine";
import type { CommandContext } from "../../dispatch/command-context.ts";
import { NOT_AN_INTEGER, SYNTAX_ERROR } from "../../dispatch/error-texts.ts";
import { FoundPlaces } from "./found-places.ts";
import { placeOfMember } from "./members.ts";
import { readCoordinates, readDouble, readUnit, replyCoordinates, replyDistance } from "./places.ts";

const NO_SUCH_MEMBER = "ERR could not decode requested zset member";
const NEAREST_FIRST = 1;
const FARTHEST_FIRST = -1;

/** How a command words its search. */
interface SearchForm {
  /** The argument that names the set. */
  readonly source: number;
  /** The first argument that may be an option. */
  readonly options: number;
  /** What the fixed arguments say of the centre; "options": it is among the options, and so is the shape. */
  readonly centre: "coordinates" | "member" | "options";
  /** Whether STORE and STOREDIST may name a destination. */
  readonly mayStore: boolean;
  /** The argument that names the destination; 0: none. */
  readonly destination: number;
}

/** What a search was asked for. */
class Search {
  readonly centre: Coordinates = { longitude: 0, latitude: 0 };
  hasMember = false;
  hasCoordinates = false;
  hasRadius = false;
  hasBox = false;
  radius = 0;
  width = 0;
  height = 0;
  metersPerUnit = 1;
  direction = 0;
  /** 0: all. */
  count = 0;
  isAny = false;
  withDistance = false;
  withHash = false;
  withCoordinates = false;
  /** Argument that names the destination; 0: reply with what is found. */
  destination = 0;
  storesDistance = false;

  shape(): SearchShape {
    const { longitude, latitude } = this.centre;
    if (this.hasBox) return box(longitude, latitude, this.width, this.height, this.metersPerUnit);
    return circle(longitude, latitude, this.radius * this.metersPerUnit);
  }
}

const found = new FoundPlaces();
const stored = new LooseValue();

const geosearchForm: SearchForm = { source: 1, options: 2, centre: "options", mayStore: false, destination: 0 };
const geosearchstoreForm: SearchForm = { source: 2, options: 3, centre: "options", mayStore: false, destination: 1 };
const georadiusForm: SearchForm = { source: 1, options: 6, centre: "coordinates", mayStore: true, destination: 0 };
const byMemberForm: SearchForm = { source: 1, options: 5, centre: "member", mayStore: true, destination: 0 };

/** GEOSEARCH key FROMMEMBER member | FROMLONLAT lon lat BYRADIUS radius unit | BYBOX width height unit [options] */
export function geosearch(context: CommandContext): void {
  search(context, geosearchForm);
}

/** GEOSEARCHSTORE destination source ... [STOREDIST] */
export function geosearchstore(context: CommandContext): void {
  search(context, geosearchstoreForm);
}

/** GEORADIUS key longitude latitude radius unit [options] [STORE key | STOREDIST key] */
export function georadius(context: CommandContext): void {
  search(context, georadiusForm);
}

/** GEORADIUS_RO: without STORE. */
export function georadiusReadOnly(context: CommandContext): void {
  search(context, { ...georadiusForm, mayStore: false });
}

/** GEORADIUSBYMEMBER key member radius unit [options] [STORE key | STOREDIST key] */
export function georadiusbymember(context: CommandContext): void {
  search(context, byMemberForm);
}

/** GEORADIUSBYMEMBER_RO: without STORE. */
export function georadiusbymemberReadOnly(context: CommandContext): void {
  search(context, { ...byMemberForm, mayStore: false });
}

function search(context: CommandContext, form: SearchForm): void {
  const entry = context.readTyped(form.source, TYPE_SORTED_SET);
  if (context.error !== null) return;
  const wanted = new Search();
  wanted.destination = form.destination;
  readFixedArguments(context, form, entry, wanted);
  for (let index = form.options; index < context.count && context.error === null;) {
    index = readOption(context, form, entry, wanted, index);
  }
  checkOptions(context, form, wanted);
  if (context.error !== null) return;
  if (entry === NIL) {
    if (wanted.destination > 0) store(context, form, wanted, []);
    else context.reply.arrayHeader(0);
    return;
  }
  found.search(context.keyspace, entry, wanted.shape(), wanted.isAny ? wanted.count : 0);
  // The nearest of all: without an order, COUNT alone asks for one.
  const isNearest = wanted.count > 0 && wanted.direction === 0 && !wanted.isAny;
  const order = found.ordered(isNearest ? NEAREST_FIRST : wanted.direction, wanted.count);
  if (wanted.destination > 0) store(context, form, wanted, order);
  else replyFound(context, wanted, order);
}

/** Centre and radius of the GEORADIUS family; of a key that is missing the member's are not even looked at. */
function readFixedArguments(context: CommandContext, form: SearchForm, entry: number, wanted: Search): void {
  if (form.centre === "options") return;
  if (form.centre === "coordinates") {
    if (!readCoordinates(context, 2, wanted.centre)) return;
  } else {
    if (entry === NIL) return;
    if (!placeOfMember(context, entry, 2, wanted.centre)) return context.refuse(NO_SUCH_MEMBER);
  }
  readRadius(context, form.options - 2, wanted);
}

function readRadius(context: CommandContext, index: number, wanted: Search): void {
  const radius = readDouble(context, index, "ERR need numeric radius");
  if (context.error !== null) return;
  if (radius < 0) return context.refuse("ERR radius cannot be negative");
  wanted.radius = radius;
  wanted.metersPerUnit = readUnit(context, index + 1);
}

function readBox(context: CommandContext, index: number, wanted: Search): void {
  const width = readDouble(context, index, "ERR need numeric width");
  if (context.error !== null) return;
  const height = readDouble(context, index + 1, "ERR need numeric height");
  if (context.error !== null) return;
  if (height < 0 || width < 0) return context.refuse("ERR height or width cannot be negative");
  wanted.width = width;
  wanted.height = height;
  wanted.metersPerUnit = readUnit(context, index + 2);
}

/** Reads the option at `index` and gives the index behind it; refuses what is none. */
function readOption(context: CommandContext, form: SearchForm, entry: number, wanted: Search, index: number): number {
  const following = context.count - index - 1;
  if (readWord(context, wanted, index)) return index + 1;
  if (context.is(index, "count") && following >= 1) {
    readCount(context, wanted, index + 1);
    return index + 2;
  }
  if (form.mayStore && following >= 1 && (context.is(index, "store") || context.is(index, "storedist"))) {
    wanted.destination = index + 1;
    wanted.storesDistance = context.is(index, "storedist");
    return index + 2;
  }
  if (form.destination > 0 && context.is(index, "storedist")) {
    wanted.storesDistance = true;
    return index + 1;
  }
  if (form.centre === "options") return readSearchOption(context, entry, wanted, index, following);
  context.refuse(SYNTAX_ERROR);
  return index;
}

/** Options of one word. */
function readWord(context: CommandContext, wanted: Search, index: number): boolean {
  if (context.is(index, "withdist")) wanted.withDistance = true;
  else if (context.is(index, "withhash")) wanted.withHash = true;
  else if (context.is(index, "withcoord")) wanted.withCoordinates = true;
  else if (context.is(index, "any")) wanted.isAny = true;
  else if (context.is(index, "asc")) wanted.direction = NEAREST_FIRST;
  else if (context.is(index, "desc")) wanted.direction = FARTHEST_FIRST;
  else return false;
  return true;
}

function readCount(context: CommandContext, wanted: Search, index: number): void {
  wanted.count = context.integer(index, -(2 ** 63), 2 ** 63, NOT_AN_INTEGER);
  if (context.error === null && wanted.count <= 0) context.refuse("ERR COUNT must be > 0");
}

/** Centre and shape among the options. */
function readSearchOption(
  context: CommandContext,
  entry: number,
  wanted: Search,
  index: number,
  following: number,
): number {
  if (context.is(index, "frommember") && following >= 1 && !wanted.hasCoordinates) {
    if (entry !== NIL && !placeOfMember(context, entry, index + 1, wanted.centre)) context.refuse(NO_SUCH_MEMBER);
    wanted.hasMember = true;
    return index + 2;
  }
  if (context.is(index, "fromlonlat") && following >= 2 && !wanted.hasMember) {
    readCoordinates(context, index + 1, wanted.centre);
    wanted.hasCoordinates = true;
    return index + 3;
  }
  if (context.is(index, "byradius") && following >= 2 && !wanted.hasBox) {
    readRadius(context, index + 1, wanted);
    wanted.hasRadius = true;
    return index + 3;
  }
  if (context.is(index, "bybox") && following >= 3 && !wanted.hasRadius) {
    readBox(context, index + 1, wanted);
    wanted.hasBox = true;
    return index + 4;
  }
  context.refuse(SYNTAX_ERROR);
  return index;
}

function checkOptions(context: CommandContext, form: SearchForm, wanted: Search): void {
  const { destination, withDistance, withHash, withCoordinates } = wanted;
  if (destination > 0 && (withDistance || withHash || withCoordinates)) {
    const who = form.destination > 0 ? "GEOSEARCHSTORE" : "STORE option in GEORADIUS";
    context.refuse(`ERR ${who} is not compatible with WITHDIST, WITHHASH and WITHCOORD options`);
  }
  if (form.centre === "options" && !wanted.hasMember && !wanted.hasCoordinates) {
    context.refuse(`ERR exactly one of FROMMEMBER or FROMLONLAT can be specified for ${context.text(0)}`);
  }
  if (form.centre === "options" && !wanted.hasRadius && !wanted.hasBox) {
    context.refuse(`ERR exactly one of BYRADIUS and BYBOX can be specified for ${context.text(0)}`);
  }
  if (wanted.isAny && wanted.count === 0) context.refuse("ERR the ANY argument requires COUNT argument");
}

function replyFound(context: CommandContext, wanted: Search, order: readonly number[]): void {
  const { reply } = context;
  const extras = Number(wanted.withDistance) + Number(wanted.withHash) + Number(wanted.withCoordinates);
  reply.arrayHeader(order.length);
  for (const at of order) {
    if (extras > 0) reply.arrayHeader(extras + 1);
    reply.bulk(found.bytes, found.offsets[at], found.offsets[at + 1] - found.offsets[at]);
    if (wanted.withDistance) replyDistance(reply, found.meters[at] / wanted.metersPerUnit);
    if (wanted.withHash) reply.integer(Math.trunc(found.scores[at]));
    if (wanted.withCoordinates) {
      replyCoordinates(reply, { longitude: found.longitudes[at], latitude: found.latitudes[at] });
    }
  }
}

/** Puts what was found under the destination, or removes it where nothing was. */
function store(context: CommandContext, form: SearchForm, wanted: Search, order: readonly number[]): void {
  const { keyspace, database } = context;
  const key = context.otherKey(wanted.destination);
  const old = lookupWrite(keyspace, database, key);
  if (order.length > 0) {
    placeFound(context, wanted, order, old);
    keyspace.changed(database, key, "z", form.destination > 0 ? "geosearchstore" : "georadiusstore");
    keyspace.dirty += order.length - 1;
  } else if (old !== NIL) {
    removeEntry(keyspace, database, key.hash, old);
    keyspace.changed(database, key, "g", "del");
  }
  context.reply.integer(order.length);
}

function placeFound(context: CommandContext, wanted: Search, order: readonly number[], old: number): void {
  const { keyspace, database } = context;
  const { offsets, bytes, meters, scores } = found;
  const longestBytes = order.reduce((longest, at) => Math.max(longest, offsets[at + 1] - offsets[at]), 0);
  createLooseSortedSet(keyspace, stored, order.length, longestBytes);
  try {
    for (const at of order) {
      const score = wanted.storesDistance ? meters[at] / wanted.metersPerUnit : scores[at];
      putScore(keyspace, stored, bytes, offsets[at], offsets[at + 1] - offsets[at], score);
    }
    placeSortedSet(keyspace, database, context.otherKey(wanted.destination), old, stored, NO_EXPIRY);
  } catch (error) {
    freeLooseSortedSet(keyspace, stored);
    throw error;
  }
}
