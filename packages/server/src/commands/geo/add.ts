/** GEOADD: coordinates become scores, which are added as ZADD adds them. */
import { NIL, scoreOfPlace, type Coordinates } from "@sider/datastructures";
import {
  addLocated,
  closeLooseValue,
  createLooseSortedSet,
  expectScored,
  freeLooseSortedSet,
  locateMember,
  LooseValue,
  MemberPlace,
  NO_EXPIRY,
  openLooseValue,
  placeSortedSet,
  rescoreLocated,
  TYPE_SORTED_SET,
} from "@sider/keyspace-engine";
import type { CommandContext } from "../../dispatch/command-context.ts";
import { SYNTAX_ERROR } from "../../dispatch/error-texts.ts";
import type { PropagatedWord } from "../../propagation/index.ts";
import { readCoordinates } from "./places.ts";

const ARGUMENTS_PER_PLACE = 3;

const options = { onlyNew: false, onlyKnown: false, countsMoved: false, firstPlace: 0 };
const coordinates: Coordinates = { longitude: 0, latitude: 0 };
const set = new LooseValue();
const located = new MemberPlace();
const done = { added: 0, moved: 0 };

/** GEOADD key [NX | XX] [CH] longitude latitude member [longitude latitude member ...] */
export function geoadd(context: CommandContext): void {
  if (!readAddOptions(context)) return;
  const scores = readScores(context);
  if (scores === null) return;
  const { keyspace, database } = context;
  const key = context.key(1);
  const entry = context.writeTyped(key, TYPE_SORTED_SET);
  if (context.error !== null) return;
  done.added = 0;
  done.moved = 0;
  if (entry !== NIL) addToSet(context, entry, scores);
  else if (!options.onlyKnown) addNewSet(context, scores);
  const changes = done.added + done.moved;
  if (changes > 0) {
    keyspace.changed(database, context.key(1), "z", "zadd");
    keyspace.dirty += changes - 1;
    if (context.propagates) propagateScores(context, scores);
  }
  context.reply.integer(options.countsMoved ? changes : done.added);
}

function propagateScores(context: CommandContext, scores: readonly number[]): void {
  const words: PropagatedWord[] = ["zadd", context.key(1)];
  for (let index = 2; index < options.firstPlace; index++) words.push(context.text(index));
  scores.forEach((score, at) => words.push(score, context.text(options.firstPlace + at * ARGUMENTS_PER_PLACE + 2)));
  context.propagateAs(...words);
}

function readAddOptions(context: CommandContext): boolean {
  options.onlyNew = false;
  options.onlyKnown = false;
  options.countsMoved = false;
  let index = 2;
  for (; index < context.count; index++) {
    if (context.is(index, "nx")) options.onlyNew = true;
    else if (context.is(index, "xx")) options.onlyKnown = true;
    else if (context.is(index, "ch")) options.countsMoved = true;
    else break;
  }
  options.firstPlace = index;
  const rest = context.count - index;
  if (rest === 0 || rest % ARGUMENTS_PER_PLACE !== 0 || (options.onlyNew && options.onlyKnown)) {
    context.refuse(SYNTAX_ERROR);
  }
  return context.error === null;
}

/** The scores of all places, or null when one was refused. */
function readScores(context: CommandContext): number[] | null {
  const scores: number[] = [];
  for (let index = options.firstPlace; index < context.count; index += ARGUMENTS_PER_PLACE) {
    if (!readCoordinates(context, index, coordinates)) return null;
    scores.push(scoreOfPlace(coordinates.longitude, coordinates.latitude));
  }
  return scores;
}

function addToSet(context: CommandContext, entry: number, scores: readonly number[]): void {
  const { keyspace } = context;
  openLooseValue(keyspace.heap, entry, set);
  try {
    expectScored(keyspace, set, scores.length);
    putPlaces(context, scores);
  } finally {
    closeLooseValue(keyspace.heap, entry, set);
  }
}

function addNewSet(context: CommandContext, scores: readonly number[]): void {
  const { keyspace, database } = context;
  createLooseSortedSet(keyspace, set, scores.length, context.lengthOf(options.firstPlace + 2));
  try {
    putPlaces(context, scores);
    placeSortedSet(keyspace, database, context.key(1), NIL, set, NO_EXPIRY);
  } catch (error) {
    freeLooseSortedSet(keyspace, set);
    throw error;
  }
}

function putPlaces(context: CommandContext, scores: readonly number[]): void {
  const { keyspace } = context;
  for (let at = 0; at < scores.length; at++) {
    const member = context.value(options.firstPlace + at * ARGUMENTS_PER_PLACE + 2);
    const { bytes, offset, length } = member;
    if (!locateMember(keyspace, set, bytes, offset, length, located)) {
      if (options.onlyKnown) continue;
      addLocated(keyspace, set, bytes, offset, length, scores[at], located);
      done.added++;
    } else if (!options.onlyNew && located.score !== scores[at]) {
      rescoreLocated(keyspace, set, bytes, offset, length, scores[at], located);
      done.moved++;
    }
  }
}
