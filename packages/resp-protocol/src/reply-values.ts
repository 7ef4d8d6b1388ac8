/**
 * What replies become. RESP has more types than JavaScript's usual ones: errors are values (`ReplyError`), since they may stand inside an array.
 *
 *     + $ =  string (or Uint8Array)    :  number, bigint beyond 2^53    ,  number    (  bigint    #  boolean    _ $-1 *-1  null
 *     * >    array                     ~  Set or array                  %  Map, object or flat array            - !  ReplyError
 *
 * Options keep more of what was sent: VerbatimString, NumberText (of `,` and `(`), Elements (of `~` and `%`), text as bytes.
 */

import { utf8Decoder } from "./text-codec.ts";

/** A value that a reply is decoded to. */
export type Reply =
  | string
  | number
  | bigint
  | boolean
  | null
  | Uint8Array
  | ReplyError
  | VerbatimString
  | NumberText
  | Elements
  | Reply[]
  | Set<Reply>
  | Map<Reply, Reply>
  | { [key: string]: Reply };

/** An error reply. It is handed over, not thrown; it has no stack trace, which would cost more than all else. */
export class ReplyError extends Error {
  constructor(message: string) {
    const errors = Error as { stackTraceLimit?: number };
    const limit = errors.stackTraceLimit;
    errors.stackTraceLimit = 0;
    super(message);
    if (limit === undefined) delete errors.stackTraceLimit;
    else errors.stackTraceLimit = limit;
    this.name = "ReplyError";
  }

  /** The first word of the message: "ERR", "WRONGTYPE", "MOVED", ... */
  get code(): string {
    const space = this.message.indexOf(" ");
    return space < 0 ? this.message : this.message.slice(0, space);
  }
}

/** A verbatim string with its format ("txt", "mkd"), for callers that ask for it. */
export class VerbatimString {
  readonly format: string;
  readonly text: string;

  constructor(format: string, text: string) {
    this.format = format;
    this.text = text;
  }

  toString(): string {
    return this.text;
  }
}

/** A double or a big number as the server wrote it ("3", "3.0", "inf"), for callers that ask for it. */
export class NumberText {
  readonly type: "double" | "big number";
  readonly text: string;

  constructor(type: "double" | "big number", text: string) {
    this.type = type;
    this.text = text;
  }

  toString(): string {
    return this.text;
  }
}

/** A map or a set in full, for callers that ask for it: in order, with what is repeated. A map has keys and values in turn. */
export class Elements {
  readonly type: "map" | "set";
  readonly values: Reply[];

  constructor(type: "map" | "set", values: Reply[]) {
    this.type = type;
    this.values = values;
  }
}

/** What maps become. */
export type MapForm = "map" | "object" | "array" | "elements";

/** How a ReplyParser represents values, and what it accepts. */
export interface ReplyOptions {
  /** Bulk and verbatim strings: UTF-8 text, or bytes. Default "string". */
  bulks?: "string" | "bytes";
  /** Statuses, errors and verbatim strings: UTF-8, or binary text, which has a character for each byte. Default "utf8". */
  texts?: "utf8" | "binary";
  /** Doubles and big numbers as number and bigint, or as NumberText. Default "value". */
  numbers?: "value" | "text";
  /** Default "map"; "object" turns keys into strings; "array" is keys and values in turn, as RESP2 has it; "elements" is Elements. */
  maps?: MapForm;
  /** Default "set"; "elements" is Elements. */
  sets?: "set" | "array" | "elements";
  /** Verbatim strings as their text alone or as VerbatimString. Default "text". */
  verbatims?: "text" | "object";
  /** Longest bulk string. Default 512 MiB. */
  maxBulkBytes?: number;
  /** Most elements (pairs for a map) of one aggregate. Default 2^31 - 1. */
  maxElements?: number;
  /** Longest line: simple strings, errors, numbers. Default 64 KiB. */
  maxLineBytes?: number;
  /** Deepest nesting of aggregates. Default 128. */
  maxDepth?: number;
}

/** Keys and values in turn, as the form that was asked for. */
export function mapOf(flat: Reply[], form: MapForm): Reply {
  if (form === "array") return flat;
  if (form === "elements") return new Elements("map", flat);
  if (form === "map") {
    const map = new Map<Reply, Reply>();
    for (let index = 0; index < flat.length; index += 2) map.set(flat[index], flat[index + 1]);
    return map;
  }
  const object = Object.create(null) as { [key: string]: Reply };
  for (let index = 0; index < flat.length; index += 2) object[keyText(flat[index])] = flat[index + 1];
  return object;
}

/** The elements of a set, as the form that was asked for. */
export function setOf(values: Reply[], form: "set" | "array" | "elements"): Reply {
  if (form === "array") return values;
  return form === "set" ? new Set(values) : new Elements("set", values);
}

/** Keys that are aggregates, which no server sends, all become the same text. */
function keyText(key: Reply): string {
  if (typeof key !== "object" || key === null) return String(key);
  if (key instanceof Uint8Array) return utf8Decoder.decode(key);
  if (key instanceof ReplyError) return key.message;
  return key instanceof VerbatimString || key instanceof NumberText ? key.text : "[aggregate]";
}
