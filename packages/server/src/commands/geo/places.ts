/** What geo commands read and print: coordinates, units, distances. */
import { isScorable, type Coordinates } from "@sider/datastructures";
import { parseDouble } from "@sider/keyspace-engine";
import { PROTOCOL_BYTES, type ReplyWriter } from "@sider/resp-protocol";
import type { CommandContext } from "../../dispatch/command-context.ts";
import { NOT_A_FLOAT } from "../../dispatch/error-texts.ts";

const UNKNOWN_UNIT = "ERR unsupported unit provided. please use M, KM, FT, MI";
/** From here on adding a number rounds the sum to an integer, ties to even. */
const INTEGER_DOUBLES = 2 ** 52;
const DISTANCE_SCALE = 10_000;
const DISTANCE_DECIMALS = 4;
const COORDINATE_DECIMALS = 17;
const { COMMA, CR, LF } = PROTOCOL_BYTES;

/** Argument `index` as a double; refuses and gives NaN when it is none. */
export function readDouble(context: CommandContext, index: number, error = NOT_A_FLOAT): number {
  const text = context.value(index);
  const value = parseDouble(text.bytes, text.offset, text.length);
  if (Number.isNaN(value)) context.refuse(error);
  return value;
}

/** Arguments `index` and the next as longitude and latitude; refuses what has no score. */
export function readCoordinates(context: CommandContext, index: number, out: Coordinates): boolean {
  out.longitude = readDouble(context, index);
  if (context.error === null) out.latitude = readDouble(context, index + 1);
  if (context.error !== null) return false;
  if (isScorable(out.longitude, out.latitude)) return true;
  context.refuse(`ERR invalid longitude,latitude pair ${sixDecimals(out.longitude)},${sixDecimals(out.latitude)}`);
  return false;
}

/** As C's %f. */
function sixDecimals(value: number): string {
  if (!Number.isFinite(value)) return value < 0 ? "-inf" : "inf";
  return Math.abs(value) < 1e21 ? signed(value, value.toFixed(6)) : `${String(BigInt(value))}.000000`;
}

function signed(value: number, text: string): string {
  return Object.is(value, -0) ? `-${text}` : text;
}

/** Meters in the unit that argument `index` names; refuses and gives 0 when there is no such unit. */
export function readUnit(context: CommandContext, index: number): number {
  if (context.is(index, "m")) return 1;
  if (context.is(index, "km")) return 1000;
  if (context.is(index, "ft")) return 0.3048;
  if (context.is(index, "mi")) return 1609.34;
  context.refuse(UNKNOWN_UNIT);
  return 0;
}

/** A distance as a bulk string with four decimals. */
export function replyDistance(reply: ReplyWriter, distance: number): void {
  const scaled = distance * DISTANCE_SCALE + INTEGER_DOUBLES - INTEGER_DOUBLES;
  const whole = Math.floor(scaled / DISTANCE_SCALE);
  const decimals = String(scaled - whole * DISTANCE_SCALE).padStart(DISTANCE_DECIMALS, "0");
  reply.bulkLatin1(`${String(whole)}.${decimals}`);
}

/** Longitude and latitude, with up to 17 decimals; doubles in RESP3. */
export function replyCoordinates(reply: ReplyWriter, place: Coordinates): void {
  reply.arrayHeader(2);
  replyDegrees(reply, place.longitude);
  replyDegrees(reply, place.latitude);
}

function replyDegrees(reply: ReplyWriter, degrees: number): void {
  const text = degreesText(degrees);
  if (reply.protocol === 2) {
    reply.bulkLatin1(text);
    return;
  }
  // A double as RESP3 has it, but with digits of its own.
  let at = reply.reserve(text.length + 3);
  const bytes = reply.bytes;
  bytes[at++] = COMMA;
  for (let index = 0; index < text.length; index++) bytes[at++] = text.charCodeAt(index);
  bytes[at++] = CR;
  bytes[at++] = LF;
  reply.length = at;
}

function degreesText(degrees: number): string {
  const text = degrees.toFixed(COORDINATE_DECIMALS).replace(/\.?0+$/, "");
  return text === "-0" ? "0" : text;
}
