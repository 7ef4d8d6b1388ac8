/** What is known of single members: GEODIST, GEOHASH, GEOPOS. */
import { distanceMeters, NIL, placeOfScore, standardGeohash, type Coordinates } from "@sider/datastructures";
import { MemberPlace, sortedSetLocate, TYPE_SORTED_SET } from "@sider/keyspace-engine";
import type { CommandContext } from "../../dispatch/command-context.ts";
import { SYNTAX_ERROR } from "../../dispatch/error-texts.ts";
import { readUnit, replyCoordinates, replyDistance } from "./places.ts";

const located = new MemberPlace();
const from: Coordinates = { longitude: 0, latitude: 0 };
const to: Coordinates = { longitude: 0, latitude: 0 };

/** Looks the member of argument `index` up in an entry (NIL: none); its score is in `located`. */
function locate(context: CommandContext, entry: number, index: number): boolean {
  if (entry === NIL) return false;
  const member = context.value(index);
  return sortedSetLocate(context.keyspace, entry, member.bytes, member.offset, member.length, located);
}

/** Puts the place of the member of argument `index` into `out`; false when it is not there. */
export function placeOfMember(context: CommandContext, entry: number, index: number, out: Coordinates): boolean {
  if (!locate(context, entry, index)) return false;
  placeOfScore(located.score, out);
  return true;
}

/** GEODIST key member1 member2 [unit] */
export function geodist(context: CommandContext): void {
  if (context.count > 5) return context.refuse(SYNTAX_ERROR);
  const metersPerUnit = context.count === 5 ? readUnit(context, 4) : 1;
  if (context.error !== null) return;
  const entry = context.readTyped(1, TYPE_SORTED_SET);
  if (context.error !== null) return;
  if (!placeOfMember(context, entry, 2, from) || !placeOfMember(context, entry, 3, to)) {
    context.reply.nullBulk();
    return;
  }
  const meters = distanceMeters(from.longitude, from.latitude, to.longitude, to.latitude);
  replyDistance(context.reply, meters / metersPerUnit);
}

/** GEOHASH key [member ...] */
export function geohash(context: CommandContext): void {
  const entry = context.readTyped(1, TYPE_SORTED_SET);
  if (context.error !== null) return;
  context.reply.arrayHeader(context.count - 2);
  for (let index = 2; index < context.count; index++) {
    if (locate(context, entry, index)) context.reply.bulkLatin1(standardGeohash(located.score));
    else context.reply.nullBulk();
  }
}

/** GEOPOS key [member ...] */
export function geopos(context: CommandContext): void {
  const entry = context.readTyped(1, TYPE_SORTED_SET);
  if (context.error !== null) return;
  context.reply.arrayHeader(context.count - 2);
  for (let index = 2; index < context.count; index++) {
    if (placeOfMember(context, entry, index, from)) replyCoordinates(context.reply, from);
    else context.reply.nullArray();
  }
}
